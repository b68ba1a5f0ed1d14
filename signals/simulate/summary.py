"""What a simulated trial holds, in numbers."""

from __future__ import annotations

from collections import Counter
from typing import Any

from signals.simulate.draw import stamp
from signals.simulate.trial import Trial


def summary(trial: Trial) -> dict[str, Any]:
    """Events by kind, findings by rule, subjects, follow-up, and until when to play it."""
    events = Counter(event["schema"].split("/")[0] for _, event in trial.tape.arrived())
    findings = list(trial.truth.findings())
    planted = Counter(each.rule for each in findings if each.kind == "planted")
    return {
        "plan": trial.plan.name,
        "seed": trial.tape.seed,
        "until": stamp(trial.plan.cut),
        "subjects": len(trial.scripts),
        "subject_months": round(trial.subject_months, 1),
        "events": events.total(),
        "events_by_kind": dict(sorted(events.items())),
        "planted": planted.total(),
        "planted_by_rule": dict(sorted(planted.items())),
        "background": len(findings) - planted.total(),
    }
