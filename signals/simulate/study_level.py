"""What is not about one subject: reference safety information, aggregates, silences."""

from __future__ import annotations

from itertools import pairwise

from signals.simulate.draw import clock, days, hours
from signals.simulate.plan import SITES, START, Plan
from signals.simulate.serious_events import clusters_of_serious_events
from signals.simulate.story import iso
from signals.simulate.tape import Place, Tape
from signals.simulate.truth import Truth

_NOBODY = Place(None, None)
RSI_EXTENDED = 60
_SILENT_HOURS = 72


def reference_safety_information(tape: Tape) -> None:
    """First in class: at first nothing is expected, later fever up to grade 2 is."""
    changed = START + days(RSI_EXTENDED)
    first = {"ib_version": "1.0", "valid_from": iso(START - days(30)), "expected": []}
    desk = "safety-desk"
    kind = "reference-safety-information"
    tape.put(kind, _NOBODY, "RSI-1", first, clock(START, 8), source=desk)
    ended = {**first, "valid_to": iso(changed - days(1))}
    when = clock(changed - days(3), 9)
    tape.put(kind, _NOBODY, "RSI-1", ended, when, reason="FOLLOW_UP", source=desk)
    fever = {"term": "Fever", "max_grade": 2}
    fever |= {"fatal_expected": False, "life_threatening_expected": False}
    second = {"ib_version": "1.1", "valid_from": iso(changed), "expected": [fever]}
    tape.put(kind, _NOBODY, "RSI-2", second, when + hours(0.1), source=desk)


def aggregates(plan: Plan, tape: Tape, truth: Truth) -> None:
    """Clusters that ordinary numbers make, and silences of sites."""
    clusters_of_serious_events(tape, truth)
    _small_numbers(plan, truth)
    _silences(tape, truth)


def _small_numbers(plan: Plan, truth: Truth) -> None:
    """Boundaries that few subjects with scripted toxicities may cross early."""
    since = clock(START + days(14), 0)
    for endpoint in ("related_grade_3", "infusion_reaction", "secondary_malignancy"):
        why = "scripted toxicities among few subjects under follow-up"
        truth.tell("DLT-08", {"endpoint": endpoint}, since, why, "background")
    for endpoint in ("DLT", "SAE", "related_grade_3"):
        why = "scripted events gather at one level"
        truth.tell("AGG-03", {"endpoint": endpoint}, since, why, "background")
    for level in sorted({each.level for each in plan.cohorts}):
        about: dict[str, str | None] = {"dose level": level}
        why = f"{level}: scripted toxicities"
        for rule in ("DLT-05", "DLT-06", "DLT-07"):
            truth.tell(rule, about, since, why, "background")


def _silences(tape: Tape, truth: Truth) -> None:
    for site in SITES:
        times = [when for when, event in tape.arrived() if event["site_id"] == site]
        for before, after in pairwise([*times, tape.cut]):
            if after - before >= hours(_SILENT_HOURS):
                silent = before + hours(_SILENT_HOURS)
                about: dict[str, str | None] = {"source": "site", "id": site}
                truth.tell("DQ-07", about, silent, "nobody to report on", "background")
                break
