"""Who is in which set: a person counts once, under all numbers."""

from __future__ import annotations

from signals.outcomes.person import persons
from tests.facts.kit import SUBJECT
from tests.outcomes.kit import (
    Told,
    assessed,
    died,
    left_out,
    look,
    reference,
    table,
    times,
    treat,
)


def test_a_rescreened_person_counts_once_from_the_first_enrolment() -> None:
    trial = reference()
    with trial.of("001-014"):
        trial.enrolment("05-20 15:00", enrolled_at="2026-05-20", previous_subject_id=SUBJECT)
        died(trial, "06-10")
    (person,) = persons(look(trial))
    assert (person.subject, person.numbers) == ("001-014", (SUBJECT, "001-014"))
    assert times(table(trial, "O20")) == {"001-014": (110, "event")}


def test_screened_and_never_enrolled_is_nobody() -> None:
    trial = Told()
    trial.enrolment(enrolled_at=None)
    assert persons(look(trial)) == []


def test_enrolled_and_never_treated() -> None:
    trial = Told()
    trial.enrolment(in_cr_at_entry=False)
    died(trial, "03-10")
    assert times(table(trial, "O20")) == {SUBJECT: (18, "event")}
    assert times(table(trial, "O19")) == {SUBJECT: (0, "event")}
    for code in ("O2", "O11", "O21", "O22", "O23"):
        assert SUBJECT in left_out(table(trial, code))


def test_treated_without_an_enrolment_is_in_the_safety_set_alone() -> None:
    trial = Told()
    trial.infusion("03-02 10:00", "I1")
    assert left_out(table(trial, "O2", "2026-03-24")) == {}
    assert times(table(trial, "O20")) == {}


def test_a_void_record_counts_for_nothing() -> None:
    trial = reference()
    assessed(trial, "03-10", "CR", "RS-1")
    trial.void("03-11 10:00", "RS-1", "disease-status")
    assert times(table(trial, "O17")) == {SUBJECT: (0, "censored")}


def test_two_subjects_make_one_curve() -> None:
    trial = reference()
    with trial.of("001-005"):
        treat(trial)
        died(trial, "03-22")
    assert times(table(trial, "O20")) == {SUBJECT: (17, "censored"), "001-005": (30, "event")}
