"""The day of a death in tables: stated, imputed, or contradictory.

Days from 20 February 2026: 1 May is 70, 13 May 82, 31 May 100.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.edge.kit import FATAL
from tests.facts.kit import SUBJECT, Trial
from tests.outcomes.kit import curve, died, left_out, reference, seen, table

IMPUTED = ("date of death imputed: the day after last known alive",)


def death(trial: Trial) -> tuple[int, str, tuple[str, ...]]:
    member = curve(table(trial, "O20")).members[0]
    return member.days, str(member.ending), member.flags


@pytest.mark.parametrize(
    ("alive", "days"), [("05-12", 82), ("04-20", 70), ("04-30", 70), ("05-30", 100), ("05-31", 100)]
)
def test_a_month_of_death_is_the_day_after_last_seen_within_it(alive: str, days: int) -> None:
    trial = reference()
    seen(trial, alive)
    died(trial, "2026-05", entered="2026-06-02")
    assert death(trial) == (days, "event", IMPUTED)


def test_a_stated_day_stands() -> None:
    trial = reference()
    seen(trial, "05-12")
    died(trial, "05-12")
    assert death(trial) == (81, "event", ())


def test_alive_after_the_death_is_held() -> None:
    trial = reference()
    seen(trial, "05-13")
    died(trial, "05-12")
    why = "date of death before a later contact alive: held until resolved"
    for code in ("O18", "O19", "O20"):
        assert left_out(table(trial, code)) == {SUBJECT: why}


@pytest.mark.parametrize(("collected", "held"), [("05-12T23:50", False), ("05-13T00:10", True)])
def test_examined_after_the_death_is_held_too(collected: str, held: bool) -> None:
    trial = reference()
    sample = {"test": "NEUT", "result_raw": "0.5", "unit_raw": "10*9/L"}
    data = sample | {"collected_at": f"2026-{collected}"}
    trial.add("05-14 10:00", "lab-result", "LB-1", data)
    died(trial, "05-12", entered="2026-05-15")
    assert (SUBJECT in left_out(table(trial, "O20"))) is held


@pytest.mark.parametrize(
    ("said", "days"),
    [
        # From the onset on 10 March to the receipt on the 12th; last seen on the 9th.
        ({}, 18),
        ({"end": "2026-03-11"}, 18),
        # Without an onset: the day after the last infusion.
        ({"onset": None}, 18),
    ],
)
def test_a_fatal_event_without_a_date_of_death(said: dict[str, Any], days: int) -> None:
    trial = reference()
    trial.adverse_event("03-12 20:00", **{"onset": "2026-03-10", **FATAL, **said})
    assert death(trial) == (days, "event", IMPUTED)


def test_a_status_without_a_date_of_death() -> None:
    trial = reference()
    trial.status("03-20 12:00", status="DEAD", at="2026-03-15")
    assert death(trial) == (18, "event", IMPUTED), "after the infusion of 9 March, by the 15th"
