"""Infection and bleeding of the reference subject: anchor 23 February, window to 6 April 2026."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.facts.kit import SUBJECT
from tests.outcomes.kit import (
    Told,
    answers,
    died,
    flags,
    left_out,
    numbers,
    reference,
    seen,
    share,
    table,
    times,
)

INFECTION: dict[str, Any] = {"term": "Lung infection"}
BLEEDING: dict[str, Any] = {"term": "Epistaxis"}
CLASS = "Infections and infestations"


@pytest.mark.parametrize(
    ("onset", "answer"),
    [
        ("2026-02-22", "no"),
        ("2026-02-23", "yes"),
        ("2026-04-06", "yes"),
        ("2026-04-07", "no"),
        ("2026-04", "undetermined"),
    ],
)
@pytest.mark.parametrize(("code", "said"), [("O11", INFECTION), ("O13", BLEEDING)])
def test_the_window_is_the_anchor_and_42_days(
    code: str, said: dict[str, Any], onset: str, answer: str
) -> None:
    trial = reference()
    trial.adverse_event("05-01 10:00", onset=onset, **said)
    assert answers(table(trial, code)) == {SUBJECT: answer}


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ({"term": "Fever"}, "no"),
        ({"term": "Fever", "meddra": {"soc_name": CLASS, "pt_name": "Pneumonia"}}, "yes"),
        ({"term": "Lung infection", "meddra": {"soc_name": "Investigations"}}, "no"),
        ({"term": None, "term_verbatim": "something"}, "undetermined"),
    ],
)
def test_what_is_an_infection(said: dict[str, Any], answer: str) -> None:
    trial = reference()
    trial.adverse_event("03-10 10:00", **said)
    assert answers(table(trial, "O11")) == {SUBJECT: answer}


def test_the_supportive_counts() -> None:
    trial = reference()
    trial.adverse_event("03-10 10:00", "AE-1", term="Sepsis", grade=4)
    trial.adverse_event("03-10 10:00", "AE-2", term="Epistaxis", grade=2)
    infection, bleeding = table(trial, "O11"), table(trial, "O13")
    assert share(infection, "infection, grade 3 or higher") == (1, 1)
    assert share(infection, "infection, bloodstream") == (1, 1)
    assert share(bleeding, "bleeding, grade 2 or higher") == (1, 1)
    assert share(bleeding, "bleeding, grade 3 or higher") == (0, 1)


def test_days_are_counted_once_both_ends_included() -> None:
    trial = reference()
    trial.adverse_event("03-30 10:00", "AE-1", onset="2026-03-10", end="2026-03-14", **INFECTION)
    trial.adverse_event("03-30 11:00", "AE-2", onset="2026-03-13", end="2026-03-16", **INFECTION)
    found = table(trial, "O12")
    assert numbers(found) == {SUBJECT: 7}, "10 to 16 March"
    assert found.measures[1].spread.median == Decimal("4.5"), "5 and 4"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        # From 1 April: six days to the end of the window on the 6th.
        ("2026-04-06", {SUBJECT: 6}),
        ("2026-04-07", None),
    ],
)
def test_what_goes_on_beyond_the_window_is_censored(
    end: str, expected: dict[str, int] | None
) -> None:
    trial = reference()
    trial.adverse_event("04-20 10:00", onset="2026-04-01", end=end, **INFECTION)
    found = table(trial, "O12")
    if expected is None:
        assert times(found) == {SUBJECT: (6, "censored")}
    else:
        assert numbers(found) == expected


def test_without_an_end_it_lasts_until_last_seen_and_is_censored() -> None:
    trial = reference()
    trial.adverse_event("03-12 10:00", onset="2026-03-12", **BLEEDING)
    seen(trial, "03-20")
    assert times(table(trial, "O14")) == {SUBJECT: (9, "censored")}


def test_death_ends_it() -> None:
    trial = reference()
    trial.adverse_event("03-12 10:00", onset="2026-03-12", **BLEEDING)
    died(trial, "03-15")
    assert numbers(table(trial, "O14")) == {SUBJECT: 4}


def test_a_start_known_by_its_month_is_imputed_and_flagged() -> None:
    trial = reference()
    trial.adverse_event("03-31 10:00", onset="2026-03", end="2026-03-04", **BLEEDING)
    found = table(trial, "O14")
    assert numbers(found) == {SUBJECT: 3}, "from the first infusion"
    assert flags(found) == ("start imputed",)


def test_a_subject_without_the_event_is_not_in_the_duration() -> None:
    assert left_out(table(reference(), "O12")) == {SUBJECT: "infection: no"}


def test_without_an_index_therapy_nothing_can_be_counted_from() -> None:
    trial = Told()
    trial.enrolment()
    trial.infusion("03-02 10:00", "I1")
    for code in ("O11", "O13", "O15", "O16"):
        why = "no index therapy with a date: nothing to count from"
        assert left_out(table(trial, code)) == {SUBJECT: why}


@pytest.mark.parametrize(
    ("today", "why"), [("2026-04-06", {SUBJECT: "the window is not over"}), ("2026-04-07", {})]
)
def test_an_open_window_does_not_count(today: str, why: dict[str, str]) -> None:
    assert left_out(table(reference(), "O11", today)) == why
