"""Grades in time, effective onset and worsening (EVENTS, grade_history; DOMAIN 1.4, 3.2)."""

from typing import Any

import pytest

from tests.facts.kit import Trial, at, f1

BOTH = {"inside", "outside"}
SUSPECTED: dict[str, Any] = {"investigator": "POSSIBLE"}


def old(grade: int | None = 1, onset: str = "2026-02-25") -> Trial:
    trial = f1()
    trial.adverse_event("02-26 09:00", onset=onset, grade=grade, **SUSPECTED)
    return trial


def history(*segments: tuple[int | None, str | None]) -> list[dict[str, Any]]:
    return [{"grade": grade, "from": since} for grade, since in segments]


@pytest.mark.parametrize(
    ("since", "window", "effective"),
    [
        ("2026-03-01", "outside", None),
        ("2026-03-02", "inside", "2026-03-02"),
        ("2026-03-13", "inside", "2026-03-13"),
        ("2026-03-14", "outside", "2026-03-14"),
    ],
)
def test_a_dated_worsening_is_the_effective_onset(
    since: str, window: str, effective: str | None
) -> None:
    trial = old()
    trial.progress("03-15 09:00", since, grade=3)
    assert trial.ae("dlt_window") == window
    assert trial.ae("preexisting") == "yes"
    if effective is not None:
        assert str(trial.ae("onset_effective")) == effective
        assert trial.ae("treatment_emergent") == "yes"
    else:
        assert trial.ae("treatment_emergent") == "no"


def test_a_follow_up_began_between_the_two_receipts() -> None:
    """Received 3 and 6 March, both after the infusion: inside, though the day is not known."""
    trial = f1()
    trial.adverse_event("03-03 09:00", onset="2026-02-25", grade=1, **SUSPECTED)
    trial.follow_up("03-06 09:00", grade=3)
    assert trial.ae("onset_effective") == (at("03-03").date(), at("03-06").date())
    assert trial.ae("dlt_window") == "inside"
    assert trial.ae("grade_in_dlt_window") == 3


def test_one_that_may_have_begun_before_the_infusion_is_open() -> None:
    trial = old()
    trial.follow_up("03-06 09:00", grade=3)
    assert trial.ae("treatment_emergent") == {"yes", "no"}
    assert trial.ae("dlt_window") == BOTH
    assert trial.state("DLT-03") == "firing"
    assert trial.state("DLT-01") is None


def test_a_progression_without_its_date_is_a_follow_up_and_asks() -> None:
    trial = old()
    trial.progress("03-06 09:00", None, grade=3)
    assert trial.ae("dlt_window") == BOTH
    assert "progression-undated" in trial.checks("adverse-event/AE-1")


def test_a_sure_worsening_after_an_unsure_one_is_sure() -> None:
    trial = old()
    trial.follow_up("03-06 09:00", grade=2)
    trial.progress("03-09 09:00", "2026-03-08", grade=4)
    assert trial.ae("treatment_emergent") == "yes"
    assert trial.ae("onset_effective") == (at("03-02").date(), at("03-08").date())
    assert trial.ae("dlt_window") == "inside"


def test_a_lower_grade_is_no_worsening() -> None:
    trial = old(grade=3)
    trial.progress("03-06 09:00", "2026-03-04", grade=1)
    trial.progress("03-09 09:00", "2026-03-08", grade=3)
    assert trial.ae("treatment_emergent") == "no", "grade 3 was there before treatment"


def test_a_grade_never_stated_does_not_say_that_it_stayed() -> None:
    trial = old(grade=None)
    assert trial.ae("treatment_emergent") == {"yes", "no"}
    assert trial.ae("dlt_window") == BOTH


def test_a_history_that_is_given_counts() -> None:
    trial = old()
    trial.follow_up(
        "03-20 09:00",
        grade=3,
        grade_history=history((1, "2026-02-25"), (2, "2026-03-08"), (3, "2026-03-18")),
    )
    assert str(trial.ae("onset_effective")) == "2026-03-08"
    assert trial.ae("grade_in_dlt_window") == 2
    assert trial.ae("worst_grade") == 3
    assert trial.ae("grade") == 3


def test_an_undated_segment_may_lie_anywhere_after_the_onset() -> None:
    trial = old()
    trial.follow_up("03-20 09:00", grade=3, grade_history=history((1, "2026-02-25"), (3, None)))
    assert trial.ae("dlt_window") == BOTH
    assert trial.ae("worst_grade") == 3


def test_a_correction_starts_the_grades_anew() -> None:
    trial = f1()
    trial.adverse_event("03-06 09:00", onset="2026-03-05", grade=1, **SUSPECTED)
    trial.progress("03-20 09:00", "2026-03-18", grade=4)
    assert trial.ae("grade_in_dlt_window") == 1
    trial.correct("03-21 09:00", grade=2)
    assert trial.ae("grade_in_dlt_window") == 2
    assert trial.ae("worst_grade") == 2
    trial.progress("03-22 09:00", "2026-03-21", grade=3)
    assert (trial.ae("grade_in_dlt_window"), trial.ae("worst_grade")) == (2, 3)


@pytest.mark.parametrize(
    ("since", "grade"), [("2026-03-13", 3), ("2026-03-14", 2), ("2026-03", (2, 3))]
)
def test_the_highest_grade_that_overlaps_the_window(since: str, grade: Any) -> None:
    trial = f1()
    trial.adverse_event("03-06 09:00", onset="2026-03-05", grade=2, **SUSPECTED)
    trial.progress("03-31 09:00", since, grade=3)
    assert trial.ae("grade_in_dlt_window") == grade


def test_a_missing_grade_is_any() -> None:
    trial = f1()
    trial.adverse_event("03-11 09:00", grade=None, **SUSPECTED)
    assert trial.ae("grade") == (1, 5)
    assert trial.ae("grade_in_dlt_window") == (1, 5)
    assert trial.state("DLT-01") == "firing", "any grade satisfies the registered floor"
    assert trial.state("DLT-02") == "possible"


def test_an_hour_before_the_infusion_is_before_it_and_never_worse() -> None:
    trial = f1()
    trial.adverse_event("03-03 09:00", onset="2026-03-02T09:00:00", grade=2, **SUSPECTED)
    assert trial.ae("treatment_emergent") == "no"
    assert trial.ae("dlt_window") == "outside"


def test_worse_on_the_day_of_the_infusion_counts_as_after_it() -> None:
    trial = f1()
    trial.adverse_event("03-02 08:00", onset="2026-03-01", grade=1, **SUSPECTED)
    trial.progress("03-03 09:00", "2026-03-02", grade=2)
    assert trial.ae("dlt_window") == "inside"
