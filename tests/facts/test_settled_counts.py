"""What is over is asked again only by a result that may change it (DOMAIN 2.2, D11)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from signals.monitor.scratch import differences
from tests.facts.kit import SUBJECT, Trial, f1


def anchored() -> Trial:
    """F1 with its index chemotherapy of 23 February to 1 March."""
    trial = f1()
    course = {"kind": "CHEMOTHERAPY", "start": "2026-02-23", "end": "2026-03-01", "is_index": True}
    trial.add("02-23 12:00", "therapy", "TX-1", course)
    return trial


def result(trial: Trial, day: str, test: str, value: str, unit: str, **said: Any) -> None:
    """A result of 06:00 of a day (``03-20``), told at 08:00; what was kept must be what is."""
    data = {"test": test, "result_raw": value, "unit_raw": unit}
    data |= {"collected_at": f"2026-{day}T06:00"} | said
    trial.add(f"{day} 08:00", "lab-result", f"LB-{test}-{day}", data)
    assert differences(trial.monitor) == []


def count(trial: Trial, day: str, value: str, **said: Any) -> None:
    result(trial, day, "NEUT", value, "10*9/L", **said)


def recovered() -> Trial:
    """Recovered on 20 March, from a nadir of 0.1 on 10 March."""
    trial = anchored()
    for day, value in (("03-10", "0.1"), ("03-20", "0.6"), ("03-21", "0.7"), ("03-22", "0.9")):
        count(trial, day, value)
    return trial


@pytest.mark.parametrize(("value", "expected"), [("1.2", "yes"), ("0.1", "yes"), ("0.09", "no")])
def test_only_a_count_below_the_nadir_takes_recovery_back(value: str, expected: str) -> None:
    trial = recovered()
    count(trial, "03-25", value)
    assert trial.field("neutrophil recovery", "neutrophils_recovered", SUBJECT) == expected


def test_a_percentage_that_joins_its_sample_takes_recovery_back() -> None:
    trial = recovered()
    result(trial, "03-25", "WBC", "2.0", "10*9/L", sample_id="S-1")
    assert trial.field("neutrophil recovery", "neutrophils_recovered", SUBJECT) == "yes"
    result(trial, "03-25", "NEUTLE", "1", "%", sample_id="S-1")
    assert trial.field("neutrophil recovery", "neutrophils_recovered", SUBJECT) == "no"


def test_a_later_entry_of_an_earlier_day_moves_recovery() -> None:
    trial = recovered()
    count(trial, "03-26", "0.9", collected_at="2026-03-21T18:00")
    assert trial.field("neutrophil recovery", "recovered_on", SUBJECT) == date(2026, 3, 20)
    count(trial, "03-27", "0.4", collected_at="2026-03-21T20:00")
    assert trial.field("neutrophil recovery", "neutrophils_recovered", SUBJECT) == "no"


@pytest.mark.parametrize(("value", "expected"), [("50", "recovered"), ("49", "open")])
def test_only_a_low_value_opens_another_episode(value: str, expected: str) -> None:
    trial = anchored()
    result(trial, "03-09", "PLAT", "50", "10*9/L")
    assert trial.fact("thrombocytopenia", SUBJECT) is None
    result(trial, "03-10", "PLAT", "49", "10*9/L")
    assert trial.field("thrombocytopenia", "episode", SUBJECT) == "open"
    for day in ("03-20", "03-21", "03-22"):
        result(trial, day, "PLAT", "60", "10*9/L")
    assert trial.field("thrombocytopenia", "episode", SUBJECT) == "recovered"
    result(trial, "03-25", "PLAT", value, "10*9/L")
    assert trial.field("thrombocytopenia", "episode", SUBJECT) == expected
