"""Adverse events of the reference subject: last infusion 9 March, windows to 30 March 2026."""

from __future__ import annotations

from typing import Any

import pytest

from tests.edge.kit import SERIOUS
from tests.facts.kit import SUBJECT
from tests.outcomes.kit import Told, answers, course, left_out, reference, share, table

ANY_LITERAL, ANY_EMERGENT = (
    "any adverse event, last dose on",
    "any adverse event, treatment-emergent",
)


@pytest.mark.parametrize(
    ("onset", "literal", "emergent"),
    [
        ("2026-03-01", 0, 0),
        ("2026-03-02", 0, 1),
        ("2026-03-08", 0, 1),
        ("2026-03-09", 1, 1),
        ("2026-03-30", 1, 1),
        ("2026-03-31", 0, 0),
    ],
)
def test_both_windows_hold_their_last_day(onset: str, literal: int, emergent: int) -> None:
    trial = reference()
    trial.adverse_event("04-01 10:00", onset=onset)
    found = table(trial, "O2")
    assert share(found, ANY_LITERAL) == (literal, 1)
    assert share(found, ANY_EMERGENT) == (emergent, 1)


def test_an_onset_known_in_part_is_undetermined_and_never_counted() -> None:
    trial = reference()
    trial.adverse_event("04-01 10:00", onset="2026-03")
    found = table(trial, "O2")
    assert answers(found)[SUBJECT] == "undetermined"
    assert share(found, ANY_LITERAL) == (0, 1)
    assert found.measures[0].at_most == 1  # type: ignore[union-attr]


@pytest.mark.parametrize(("since", "counted"), [("2026-02-28", 0), ("2026-03-04", 1)])
def test_an_event_from_before_counts_only_if_it_worsens(since: str, counted: int) -> None:
    trial = reference()
    trial.adverse_event("02-25 10:00", onset="2026-02-25", grade=1)
    trial.progress("03-20 10:00", since, grade=3)
    assert share(table(trial, "O2"), ANY_EMERGENT) == (counted, 1)


@pytest.mark.parametrize(("since", "counted"), [("2026-03-08", 0), ("2026-03-10", 1)])
def test_what_worsens_after_the_last_dose_counts_in_the_literal_window(
    since: str, counted: int
) -> None:
    trial = reference()
    trial.adverse_event("03-04 10:00", onset="2026-03-04", grade=1)
    trial.progress("03-20 10:00", since, grade=3)
    assert share(table(trial, "O2"), ANY_LITERAL) == (counted, 1)


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ({"onset": "2026-03-04", "end": "2026-03-08"}, "no"),
        ({"onset": "2026-03-04", "end": "2026-03-10"}, "undetermined"),
        ({"onset": "2026-03-04"}, "undetermined"),
        ({"onset": "2026-03-31"}, "no"),
    ],
)
def test_a_missing_grade_may_hide_a_worsening_only_while_the_event_lasts(
    said: dict[str, str], answer: str
) -> None:
    trial = reference()
    trial.adverse_event("04-10 10:00", grade=None, **said)
    assert answers(table(trial, "O2")) == {SUBJECT: answer}


def test_serious_events_grades_terms_and_organ_classes() -> None:
    trial = reference()
    coded = {"meddra": {"pt_name": "Rash", "soc_name": "Skin and subcutaneous tissue disorders"}}
    trial.adverse_event("03-10 10:00", "AE-1", **{"grade": 3, **coded, **SERIOUS})
    trial.adverse_event("03-11 10:00", "AE-2", term="Fever", grade=1)
    found = table(trial, "O2")
    assert share(found, "any serious adverse event, treatment-emergent") == (1, 1)
    assert share(found, "grade 3 or higher, treatment-emergent") == (1, 1)
    assert share(found, "term Rash, treatment-emergent") == (1, 1)
    assert share(found, "organ class not coded, treatment-emergent") == (1, 1)
    assert "treatment-emergent events: 2" in found.notes
    assert share(found, "worst grade 3, treatment-emergent") == (1, 1)
    assert share(found, "worst grade 1, treatment-emergent") == (0, 1)


@pytest.mark.parametrize(
    ("grades", "column"), [((None,), "unknown"), ((2, None), "unknown"), ((5, None), "5")]
)
def test_a_missing_grade_has_its_own_column(grades: tuple[Any, ...], column: str) -> None:
    trial = reference()
    for number, grade in enumerate(grades, 1):
        trial.adverse_event("03-10 10:00", f"AE-{number}", grade=grade)
    found = table(trial, "O2")
    shares = ("1", "2", "3", "4", "5", "unknown")
    having = [each for each in shares if share(found, f"worst grade {each}, last dose on")[0]]
    assert having == [column]


@pytest.mark.parametrize(
    ("today", "why"), [("2026-03-30", {SUBJECT: "the window is not over"}), ("2026-03-31", {})]
)
def test_an_open_window_does_not_count(today: str, why: dict[str, str]) -> None:
    assert left_out(table(reference(), "O2", today)) == why


def test_while_treatment_goes_on_the_last_dose_is_provisional() -> None:
    trial = reference()
    trial.plan("03-10 10:00", "I4", "03-16")
    why = "treatment goes on: the last dose is provisional"
    assert left_out(table(trial, "O2")) == {SUBJECT: why}


def test_who_was_never_treated_is_not_in_the_safety_set() -> None:
    trial = Told()
    trial.enrolment()
    course(trial)
    assert left_out(table(trial, "O2")) == {SUBJECT: "no infusion"}
