"""What is near a fever after an infusion, told step by step (IRR-06)."""

from typing import Any

import pytest

from tests.facts.kit import Trial, check_from_scratch, f1

_PATTERN = "hypotension_or_oxygen_near_fever"


def _read(trial: Trial, told: str, at: str | None, **signs: Any) -> None:
    data = signs if at is None else {"at": f"2026-{at.replace(' ', 'T')}"} | signs
    trial.add(told, "vital-signs", f"VS-{len(trial.journal)}", data)


def _fever(value: str = "38.5") -> dict[str, Any]:
    return {"temperature": {"value": value, "unit": "Cel", "route": "ORAL"}}


@pytest.mark.parametrize(
    ("low_pressure", "answer"),
    [("03-06 08:59", "yes"), ("03-06 09:00", "yes"), ("03-06 09:01", "no")],
)
def test_a_reading_of_the_next_infusion_lies_near_a_fever_of_the_first(
    low_pressure: str, answer: str
) -> None:
    trial = f1(infusions=2)
    _read(trial, "03-05 09:30", "03-05 09:00", **_fever())
    assert trial.field("cytokine release", _PATTERN, "I1") == "no"
    _read(trial, "03-06 20:00", low_pressure, systolic_mmHg="89")
    assert trial.field("cytokine release", _PATTERN, "I1") == answer
    check_from_scratch(trial)


def test_a_fever_without_a_date_may_lie_near_any_reading() -> None:
    trial = f1(infusions=2)
    _read(trial, "03-05 09:30", None, **_fever())
    assert trial.field("cytokine release", _PATTERN, "I1") == "no"
    _read(trial, "03-12 20:00", "03-12 08:00", systolic_mmHg="89")
    assert trial.field("cytokine release", _PATTERN, "I1") == {"yes", "no"}
    check_from_scratch(trial)


@pytest.mark.parametrize(
    ("grown", "answer"), [("03-13 20:00", "yes"), ("03-14 08:00", "no"), (None, "no")]
)
def test_a_culture_explains_a_fever_within_seven_days(grown: str | None, answer: str) -> None:
    trial = f1(infusions=1)
    _read(trial, "03-06 10:00", "03-06 09:00", **_fever(), systolic_mmHg="89")
    assert trial.field("cytokine release", "infection_7d", "I1") == "no"
    if grown is not None:
        data = {"collected_at": f"2026-{grown.replace(' ', 'T')}", "result": "POSITIVE"}
        trial.add("03-14 20:00", "microbiology", "MB-1", data | {"specimen": "BLOOD"})
    assert trial.field("cytokine release", "infection_7d", "I1") == answer
    check_from_scratch(trial)
