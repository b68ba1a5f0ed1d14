"""Transfusions and anti-infectives of the reference subject: 23 February to 6 April 2026."""

from __future__ import annotations

from typing import Any

import pytest

from tests.facts.kit import SUBJECT, Trial
from tests.outcomes.kit import answers, flags, numbers, reference, share, table


def transfused(trial: Trial, day: str | None, record_id: str = "TR-1", **said: Any) -> None:
    data = {"component": "RBC", "units": "2", "start": day, **said}
    trial.add("05-01 10:00", "transfusion", record_id, data)


def given(trial: Trial, start: str | None, end: str | None = None, **said: Any) -> None:
    data = {"class": "ANTI_INFECTIVE", "atc": "J01DH02", "systemic": True, "start": start}
    name = f"CM-{len(trial.journal)}"
    trial.add("05-01 10:00", "medication", name, {**data, "end": end, **said})


@pytest.mark.parametrize(
    ("day", "answer"),
    [
        ("2026-02-22", "no"),
        ("2026-02-23", "yes"),
        ("2026-04-06T23:50", "yes"),
        ("2026-04-07", "no"),
        ("2026-04", "undetermined"),
        (None, "undetermined"),
    ],
)
def test_a_transfusion_counts_in_the_window(day: str | None, answer: str) -> None:
    trial = reference()
    transfused(trial, day)
    assert answers(table(trial, "O15")) == {SUBJECT: answer}


def test_units_and_days() -> None:
    trial = reference()
    transfused(trial, "2026-03-10T08:00", "TR-1")
    transfused(trial, "2026-03-10T20:00", "TR-2", component="PLATELET", units="1")
    transfused(trial, "2026-03-12", "TR-3", units=None, volume_mL="200")
    found = table(trial, "O15")
    assert numbers(found) == {SUBJECT: 3}
    assert numbers(found, 1) == {SUBJECT: 2}, "two units of one day are one day"
    assert share(found, "RBC") == (1, 1)
    assert share(found, "PLASMA") == (0, 1)
    assert flags(found, -2) == ("a transfusion without units: not added",)


def test_an_unknown_component_may_be_any() -> None:
    trial = reference()
    transfused(trial, "2026-03-10", component=None)
    assert answers(table(trial, "O15")) == {SUBJECT: "yes"}
    assert answers(table(trial, "O15"), 1) == {SUBJECT: "undetermined"}


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ({}, "yes"),
        ({"atc": "J02AC03"}, "yes"),
        ({"atc": "J06BA02"}, "no"),
        ({"systemic": False}, "no"),
        ({"atc": None}, "yes"),
        ({"atc": None, "systemic": None}, "undetermined"),
        ({"atc": None, "class": "OTHER"}, "no"),
        ({"atc": None, "class": None}, "undetermined"),
    ],
)
def test_what_is_a_systemic_anti_infective(said: dict[str, Any], answer: str) -> None:
    trial = reference()
    given(trial, "2026-03-10", "2026-03-12", **said)
    assert answers(table(trial, "O16")) == {SUBJECT: answer}


@pytest.mark.parametrize(
    ("start", "end", "answer", "new"),
    [
        ("2026-02-10", "2026-02-22", "no", "no"),
        ("2026-02-10", "2026-02-23", "yes", "no"),
        ("2026-04-06", "2026-04-30", "yes", "yes"),
        ("2026-04-07", "2026-04-30", "no", "no"),
        ("2026-02-10", None, "undetermined", "no"),
    ],
)
def test_a_day_in_the_window_is_enough(start: str, end: str | None, answer: str, new: str) -> None:
    trial = reference()
    given(trial, start, end)
    found = table(trial, "O16")
    assert answers(found) == {SUBJECT: answer}
    assert answers(found, 4) == {SUBJECT: new}, "newly begun"


def test_what_still_goes_on_was_begun_before() -> None:
    trial = reference()
    given(trial, "2026-02-10", ongoing=True)
    found = table(trial, "O16")
    assert answers(found) == {SUBJECT: "yes"}
    assert numbers(found) == {SUBJECT: 43}, "the whole window"
    assert flags(found, -1) == ("begun before the window and continued",)


def test_days_of_two_medicines_are_counted_once() -> None:
    trial = reference()
    given(trial, "2026-03-10", "2026-03-14", intent="PROPHYLAXIS")
    given(trial, "2026-03-13", "2026-03-16", intent="EMPIRICAL")
    found = table(trial, "O16")
    assert numbers(found) == {SUBJECT: 7}
    assert share(found, "prophylaxis") == share(found, "empirical") == (1, 1)
    assert share(found, "targeted") == (0, 1)
