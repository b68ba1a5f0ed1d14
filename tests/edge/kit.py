"""Words and short stories that several files of edge cases use."""

from __future__ import annotations

from typing import Any

from tests.facts.kit import Trial, criteria

SUSPECTED: dict[str, Any] = {"investigator": "POSSIBLE"}
DENIED: dict[str, Any] = {"investigator": "UNRELATED", "sponsor": "UNRELATED"}
SERIOUS: dict[str, Any] = {"serious": "Y", "criteria": criteria(hospitalization="Y")}
LIFE_THREATENING: dict[str, Any] = {
    "serious": "Y",
    "grade": 4,
    "criteria": criteria(life_threatening="Y"),
}
FATAL: dict[str, Any] = {
    "serious": "Y",
    "grade": 5,
    "outcome": "FATAL",
    "criteria": criteria(death="Y"),
}


def dlt(trial: Trial, record_id: str = "AE-1") -> list[str]:
    """The DLT rules that stand on an event, with their states."""
    rules = ("DLT-01", "DLT-02", "DLT-03")
    found = [(rule, trial.state(rule, record_id)) for rule in rules]
    return [
        f"{rule} {state}" for rule, state in found if state not in (None, "cleared", "withdrawn")
    ]


def treated(*jurisdictions: str, on: str = "02-05 10:00") -> Trial:
    """One subject with one infusion."""
    trial = Trial(*jurisdictions)
    trial.enrolment("2026-01-20 10:00", consented_at="2026-01-18", enrolled_at="2026-01-20")
    trial.infusion(on, "I1")
    return trial
