"""Remission, relapse and survival of the reference subject: every boundary from both sides.

Days from enrolment on 20 February 2026: 20 March is 28, 21 April 60, 20 February 2028 730.
"""

from __future__ import annotations

import pytest

from tests.facts.kit import SUBJECT, Trial
from tests.outcomes.kit import (
    assessed,
    curve,
    died,
    left_out,
    numbers,
    reference,
    seen,
    table,
    times,
)


def only(trial: Trial, code: str, today: str = "2028-12-31", place: int = 0) -> tuple[int, str]:
    return times(table(trial, code, today), place)[SUBJECT]


# ---------------------------------------------------------------------- O17


@pytest.mark.parametrize(
    ("day", "status", "expected"),
    [
        ("03-20", "CR", (28, "event")),
        ("03-21", "CR", (28, "censored")),
        ("02-21", "CR", (1, "event")),
        ("03-06", "SD", (14, "censored")),
        ("03-06", "NR/REFRACTORY", (14, "censored")),
        ("03-05", "PD", (13, "competing event")),
        ("03-20", "CRi", (28, "censored")),
    ],
)
def test_time_to_remission(day: str, status: str, expected: tuple[int, str]) -> None:
    trial = reference()
    assessed(trial, day, status)
    assert only(trial, "O17") == expected


def test_incomplete_recovery_counts_in_the_supportive_curve() -> None:
    trial = reference()
    assessed(trial, "03-20", "CRi")
    assert only(trial, "O17", place=1) == (28, "event")
    assert numbers(table(trial, "O17")) == {}, "no responder"


def test_death_before_remission_competes() -> None:
    trial = reference()
    died(trial, "03-10")
    assert only(trial, "O17") == (18, "competing event")


def test_what_was_assessed_on_the_day_of_enrolment_is_the_baseline() -> None:
    trial = reference()
    assessed(trial, "02-20", "PD")
    assessed(trial, "03-10", "CR")
    assert only(trial, "O17") == (18, "event")
    assert numbers(table(trial, "O17")) == {SUBJECT: 18}


def test_without_any_assessment_nothing_is_known_after_enrolment() -> None:
    assert only(reference(), "O17") == (0, "censored")


@pytest.mark.parametrize(
    ("at_entry", "why"),
    [(True, "in complete remission at entry"), (None, "remission at entry is not recorded")],
)
def test_who_is_not_at_risk_of_remission(at_entry: bool | None, why: str) -> None:
    trial = reference(in_cr_at_entry=at_entry)
    assert left_out(table(trial, "O17")) == {SUBJECT: why}


def test_an_assessment_known_by_its_month_is_flagged() -> None:
    trial = reference()
    assessed(trial, "2026-03", "CR", "RS-1")
    member = curve(table(trial, "O17")).members[0]
    assert (member.days, member.flags) == (
        9,
        ("date of assessment RS-1 imputed: its first day",),
    )


def test_enrolled_on_a_day_not_known() -> None:
    trial = reference(enrolled_at="2026-02")
    for code in ("O17", "O18", "O19", "O20", "O23"):
        assert left_out(table(trial, code)) == {SUBJECT: "the day of enrolment is not known"}


# ---------------------------------------------------------------------- O18


def test_remission_lasts_from_its_assessment_to_relapse() -> None:
    trial = reference()
    assessed(trial, "03-21", "CR")
    assessed(trial, "05-20", "RELAPSE")
    assert only(trial, "O18") == (60, "event")


def test_remission_at_entry_lasts_from_enrolment() -> None:
    trial = reference(in_cr_at_entry=True)
    assessed(trial, "05-20", "RELAPSE")
    assert only(trial, "O18") == (89, "event")


def test_alive_in_remission_is_censored_at_the_last_assessment() -> None:
    trial = reference()
    assessed(trial, "03-21", "CR")
    assessed(trial, "04-20", "CR")
    seen(trial, "06-20")
    assert only(trial, "O18") == (30, "censored")


@pytest.mark.parametrize(
    ("day", "expected"), [("2028-02-20", (730, "event")), ("2028-02-21", (730, "censored"))]
)
def test_the_window_ends_two_years_after_enrolment(day: str, expected: tuple[int, str]) -> None:
    trial = reference(in_cr_at_entry=True)
    died(trial, day)
    assert only(trial, "O18") == expected
    assert only(trial, "O20") == expected


def test_a_transplantation_censors_in_the_sensitivity_analysis_alone() -> None:
    trial = reference()
    assessed(trial, "03-21", "CR")
    data = {"kind": "HSCT_ALLO", "start": "2026-04-10", "completed_at": "2026-04-10"}
    trial.add("04-10 20:00", "therapy", "TH-9", data)
    assessed(trial, "05-20", "RELAPSE")
    assert only(trial, "O18") == (60, "event")
    assert only(trial, "O18", place=1) == (20, "censored")


# ---------------------------------------------------------------------- O19


@pytest.mark.parametrize(
    ("today", "expected"),
    [("2026-04-21", (28, "censored")), ("2026-04-22", (0, "event"))],
)
def test_no_response_by_the_landmark_is_failure_on_day_0(
    today: str, expected: tuple[int, str]
) -> None:
    trial = reference()
    assessed(trial, "03-20", "NR/REFRACTORY")
    assert only(trial, "O19", today) == expected


def test_failure_dated_at_its_assessment_is_the_sensitivity_analysis() -> None:
    trial = reference()
    assessed(trial, "03-20", "NR/REFRACTORY")
    assert only(trial, "O19", place=1) == (28, "event")


@pytest.mark.parametrize(
    ("day", "status", "expected"),
    [
        ("04-21", "CR", (60, "censored")),
        ("04-21", "CRh", (60, "censored")),
        ("04-22", "CR", (0, "event")),
        ("04-21", "MLFS", (0, "event")),
    ],
)
def test_a_response_counts_to_the_last_day_of_the_landmark(
    day: str, status: str, expected: tuple[int, str]
) -> None:
    trial = reference()
    assessed(trial, "03-20", "SD")
    assessed(trial, day, status)
    assert only(trial, "O19") == expected


def test_death_before_the_landmark_without_response_stands_on_day_0() -> None:
    trial = reference()
    died(trial, "04-10")
    assert only(trial, "O19") == (0, "event")
    assert only(trial, "O19", place=1) == (49, "event"), "dated, in the sensitivity analysis"


def test_never_evaluable_is_censored_on_day_0() -> None:
    trial = reference()
    seen(trial, "06-20")
    assert only(trial, "O19") == (0, "censored")


def test_relapse_after_response_is_the_event() -> None:
    trial = reference()
    assessed(trial, "03-20", "CR")
    assessed(trial, "05-20", "RELAPSE")
    died(trial, "06-20")
    assert only(trial, "O19") == (89, "event")


def test_in_remission_at_entry_nothing_can_fail() -> None:
    trial = reference(in_cr_at_entry=True)
    assessed(trial, "05-20", "CR")
    assert only(trial, "O19") == (89, "censored")


def test_the_curve_drops_at_0() -> None:
    trial = reference()
    assessed(trial, "03-20", "SD")
    point = curve(table(trial, "O19")).points[0]
    assert point.time == point.estimate == 0


# ---------------------------------------------------------------------- O20


def test_alive_is_censored_where_last_seen() -> None:
    trial = reference()
    seen(trial, "03-30")
    assert only(trial, "O20") == (38, "censored")


def test_an_infusion_shows_that_the_subject_was_alive() -> None:
    assert only(reference(), "O20") == (17, "censored")


# ---------------------------------------------------------------------- O23


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-05-20", (72, "event")),
        ("2028-03-09", (731, "event")),
        ("2028-03-10", (731, "censored")),
    ],
)
def test_relapse_counts_from_the_last_infusion_for_two_years(
    day: str, expected: tuple[int, str]
) -> None:
    trial = reference(in_cr_at_entry=True)
    assessed(trial, day, "RELAPSE")
    assert only(trial, "O23") == expected


def test_a_later_remission_is_the_origin() -> None:
    trial = reference()
    assessed(trial, "03-21", "CR")
    assessed(trial, "05-20", "RELAPSE")
    assert only(trial, "O23") == (60, "event")


def test_both_origins_are_stored() -> None:
    trial = reference(in_cr_at_entry=True)
    assessed(trial, "05-20", "RELAPSE")
    assert only(trial, "O23", place=1) == (89, "event")


def test_death_without_relapse_competes() -> None:
    trial = reference(in_cr_at_entry=True)
    died(trial, "04-08")
    assert only(trial, "O23") == (30, "competing event")


@pytest.mark.parametrize(
    ("day", "why"), [("03-09", {SUBJECT: "relapsed before the last infusion"}), ("03-10", {})]
)
def test_who_relapsed_before_the_last_infusion_is_not_at_risk(
    day: str, why: dict[str, str]
) -> None:
    trial = reference(in_cr_at_entry=True)
    assessed(trial, day, "RELAPSE")
    assert left_out(table(trial, "O23")) == why
