"""Infusion reactions and tumours: first infusion 2 March 2026, window to 9 March 2028."""

from __future__ import annotations

from typing import Any

import pytest

from tests.facts.kit import SUBJECT, Trial
from tests.outcomes.kit import (
    Told,
    answers,
    course,
    died,
    left_out,
    reference,
    seen,
    share,
    table,
    times,
)

FLUSHING: dict[str, Any] = {"term": "Flushing", "investigator": "UNRELATED"}
REPORT = "disease-status/RS-1"


def tumour(trial: Trial, diagnosed: str, answer: str | None = "CONFIRMED_NEW_PRIMARY") -> None:
    data = {"new_primary": {"icd10": "C44.5", "diagnosed_at": diagnosed}}
    trial.add("2028-04-12 20:00", "disease-status", "RS-1", data)
    if answer is not None:
        trial.adjudicate("2028-05-20 10:00", "neoplasm", answer, REPORT)


# ---------------------------------------------------------------------- O21


@pytest.mark.parametrize(
    ("onset", "answer"),
    [
        ("2026-03-05T09:59", "no"),
        ("2026-03-05T10:00", "yes"),
        ("2026-03-06T10:40", "yes"),
        ("2026-03-06T10:41", "no"),
        ("2026-03-05", "yes"),
        ("2026-03-06", "undetermined"),
    ],
)
def test_an_acute_reaction_begins_within_24_hours_of_the_end(onset: str, answer: str) -> None:
    trial = reference()
    trial.adverse_event("03-08 20:00", onset=onset, **FLUSHING)
    seen(trial, "2028-03-09")
    assert answers(table(trial, "O21", "2028-03-10")) == {SUBJECT: answer}


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ({"investigator": "POSSIBLE"}, "yes"),
        ({}, "yes"),
        ({"investigator": "UNRELATED", "sponsor": "UNRELATED"}, "no"),
        ({"term": "Headache", "investigator": "POSSIBLE"}, "no"),
        ({"term": "Headache", "infusion_reaction": True}, "yes"),
        ({"term": "Headache", "infusion_ref": f"I3-{SUBJECT}"}, "yes"),
    ],
)
def test_a_delayed_reaction_is_of_its_set_and_not_unrelated(
    said: dict[str, Any], answer: str
) -> None:
    trial = reference()
    trial.adverse_event("03-20 20:00", **({"term": "Rash maculo-papular"} | said))
    seen(trial, "2028-03-09")
    assert answers(table(trial, "O21", "2028-03-10")) == {SUBJECT: answer}


@pytest.mark.parametrize(
    ("term", "onset", "answer"),
    [
        ("Arthralgia", "2026-03-23", "yes"),
        ("Arthralgia", "2026-03-24", "no"),
        ("Serum sickness", "2026-03-30", "yes"),
        ("Serum sickness", "2026-03-31", "no"),
        # Without a term it may be serum sickness, which has the longer time.
        (None, "2026-03-30", "undetermined"),
        (None, "2026-03-31", "no"),
    ],
)
def test_a_delayed_reaction_begins_within_14_or_21_days(
    term: str | None, onset: str, answer: str
) -> None:
    trial = reference()
    trial.adverse_event("04-10 20:00", term=term, onset=onset, investigator="POSSIBLE")
    seen(trial, "2028-03-09")
    assert answers(table(trial, "O21", "2028-03-10")) == {SUBJECT: answer}


def test_infusions_are_counted_too() -> None:
    trial = reference()
    trial.adverse_event("03-08 20:00", onset="2026-03-05T12:00", **FLUSHING)
    name = "infusions followed by an acute reaction"
    assert share(table(trial, "O21", "2026-05-01"), name) == (1, 3)


@pytest.mark.parametrize(("today", "of"), [("2028-03-09", 0), ("2028-03-10", 1)])
def test_the_window_must_be_over(today: str, of: int) -> None:
    trial = reference()
    seen(trial, "2028-03-08")
    assert share(table(trial, "O21", today), "any infusion reaction") == (0, of)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2028-02-08", {}),
        ("2028-02-07", {SUBJECT: "lost before the end of the window without a reaction"}),
    ],
)
def test_who_was_lost_early_without_a_reaction_is_listed(day: str, why: dict[str, str]) -> None:
    trial = reference()
    seen(trial, day)
    assert left_out(table(trial, "O21")) == why


def test_who_died_was_followed_to_the_end() -> None:
    trial = reference()
    died(trial, "2026-06-01")
    assert answers(table(trial, "O21")) == {SUBJECT: "no"}


def test_read_literally_reactions_to_earlier_infusions_drop_out() -> None:
    trial = reference()
    trial.adverse_event("03-08 20:00", onset="2026-03-05T12:00", **FLUSHING)
    seen(trial, "2028-03-09")
    found = table(trial, "O21")
    assert answers(found) == {SUBJECT: "yes"}
    assert answers(found, 1) == {SUBJECT: "no"}


# ---------------------------------------------------------------------- O22


@pytest.mark.parametrize(
    ("diagnosed", "answer"),
    [
        ("2026-03-01", "no"),
        ("2026-03-02", "yes"),
        ("2028-03-09", "yes"),
        ("2028-03-10", "no"),
        ("2028-03", "undetermined"),
    ],
)
def test_a_tumour_counts_by_its_day_of_diagnosis(diagnosed: str, answer: str) -> None:
    trial = reference()
    seen(trial, "2028-03-09")
    tumour(trial, diagnosed)
    assert answers(table(trial, "O22")) == {SUBJECT: answer}


@pytest.mark.parametrize(
    ("ruling", "answer"),
    [(None, "undetermined"), ("UNDETERMINED", "undetermined"), ("RELAPSE", "no"), ("BENIGN", "no")],
)
def test_the_undecided_make_a_range(ruling: str | None, answer: str) -> None:
    trial = reference()
    seen(trial, "2028-03-09")
    tumour(trial, "2027-01-04", ruling)
    found = table(trial, "O22")
    assert answers(found) == {SUBJECT: answer}
    first = found.measures[0]
    assert first.proportion.events == 0  # type: ignore[union-attr]
    assert first.at_most == (answer == "undetermined")  # type: ignore[union-attr]


def test_the_curve_counts_from_the_first_infusion_and_death_competes() -> None:
    trial = reference()
    tumour(trial, "2026-03-12")
    assert times(table(trial, "O22")) == {SUBJECT: (10, "event")}
    other = reference()
    died(other, "2026-03-22")
    assert times(table(other, "O22")) == {SUBJECT: (20, "competing event")}


def test_lost_early_is_left_out_of_the_share_and_censored_in_the_curve() -> None:
    trial = reference()
    seen(trial, "2026-06-10")
    found = table(trial, "O22")
    why = "lost before the end of the window without a tumour"
    assert left_out(found) == {SUBJECT: why}
    assert times(found) == {SUBJECT: (100, "censored")}


def test_the_last_day_after_a_leap_day() -> None:
    trial = Told()
    trial.enrolment("2028-02-20 10:00", enrolled_at="2028-02-20")
    course(trial, "2028-02-21", "2028-02-25")
    trial.infusion("2028-02-29 10:00", "I1")
    assert left_out(table(trial, "O22", "2030-02-28")) == {SUBJECT: "the window is not over"}
    seen(trial, "2030-02-28")
    assert answers(table(trial, "O22", "2030-03-01")) == {SUBJECT: "no"}
