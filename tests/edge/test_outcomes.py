"""Edge cases whose answer is a date or a count in a table of outcomes, with their neighbours."""

from __future__ import annotations

from typing import Any

import pytest

from signals.outcomes.person import persons
from tests.facts.kit import SUBJECT, Trial
from tests.outcomes.kit import (
    Told,
    answers,
    assessed,
    course,
    curve,
    died,
    flags,
    left_out,
    look,
    reference,
    seen,
    share,
    table,
    times,
    treat,
)
from tests.outcomes.test_haematology import lab

IMPUTED = ("date of death imputed: the day after last known alive",)


def only(trial: Trial, code: str, today: str = "2028-12-31", place: int = 0) -> tuple[int, str]:
    return times(table(trial, code, today), place)[SUBJECT]


# ---------------------------------------------------------------------- windows


def test_ec_016_two_years_after_a_leap_day_end_on_28_february() -> None:
    trial = Told()
    trial.enrolment("2028-02-20 10:00", enrolled_at="2028-02-20")
    trial.infusion("2028-02-29 10:00", "I1")
    seen(trial, "2030-02-28")
    assert left_out(table(trial, "O21", "2030-02-28")) == {SUBJECT: "the window is not over"}
    assert answers(table(trial, "O21", "2030-03-01")) == {SUBJECT: "no"}


def test_ec_002_outside_the_dlt_window_it_still_counts_in_both_safety_windows() -> None:
    trial = reference()
    trial.adverse_event("03-14 08:00", onset="2026-03-14T00:05+08:00", investigator="POSSIBLE")
    found = table(trial, "O2")
    assert share(found, "any adverse event, last dose on") == (1, 1)
    assert share(found, "any adverse event, treatment-emergent") == (1, 1)
    assert share(table(trial, "O1"), "DL1, profile REGISTERED")[0] == 0


@pytest.mark.parametrize("onset", ["2026-04", "2026-04-01"])
def test_ec_009_a_month_after_the_safety_window_does_not_count(onset: str) -> None:
    trial = reference()
    trial.adverse_event("05-02 08:00", onset=onset)
    assert share(table(trial, "O2"), "any adverse event, last dose on") == (0, 1)
    assert answers(table(trial, "O2")) == {SUBJECT: "no"}


# ---------------------------------------------------------------------- deaths


def test_ec_079_a_grade_5_event_without_a_date_of_death_has_a_day_meanwhile() -> None:
    trial = reference()
    said: dict[str, Any] = {"grade": 5, "serious": "Y", "outcome": "FATAL", "onset": "2026-03-10"}
    trial.adverse_event("03-12 20:00", **said)
    found = table(trial, "O20")
    assert times(found) == {SUBJECT: (18, "event")}, "onset: the day after last seen"
    assert flags(found) == IMPUTED
    died(trial, "03-12")
    found = table(trial, "O20")
    assert (times(found), flags(found)) == ({SUBJECT: (20, "event")}, ())


@pytest.mark.parametrize(("alive", "days"), [("05-12", 82), ("05-31", 100), ("04-20", 70)])
def test_ec_082_a_month_of_death_is_the_day_after_last_known_alive(alive: str, days: int) -> None:
    trial = reference()
    seen(trial, alive)
    died(trial, "2026-05", entered="2026-06-02")
    found = table(trial, "O20")
    assert (times(found), flags(found)) == ({SUBJECT: (days, "event")}, IMPUTED)


def test_ec_083_a_contradictory_death_is_held() -> None:
    trial = reference()
    seen(trial, "05-20")
    died(trial, "2026-05-01", entered="2026-05-21")
    why = "date of death before a later contact alive: held until resolved"
    assert left_out(table(trial, "O20")) == {SUBJECT: why}


def test_ec_085_enrolled_never_infused_and_dead() -> None:
    trial = Told()
    trial.enrolment(in_cr_at_entry=False)
    died(trial, "03-10")
    assert only(trial, "O20") == (18, "event")
    assert only(trial, "O19") == (0, "event")
    for code in ("O2", "O21", "O22"):
        assert left_out(table(trial, code)) == {SUBJECT: "no infusion"}
    assert share(table(trial, "O1"), "DL1, profile REGISTERED") == (0, 0)


def test_ec_041_a_death_from_leukaemia_competes_with_relapse() -> None:
    trial = reference(in_cr_at_entry=True)
    died(trial, "03-12", death_cause={"kind": "PRIMARY_DISEASE"})
    assert only(trial, "O23") == (3, "competing event")
    assert only(trial, "O19") == (20, "event")
    assert only(trial, "O20") == (20, "event")


# ---------------------------------------------------------------------- recovery


def neutrophils(*counts: tuple[str, str]) -> Trial:
    trial = reference()
    lab(trial, "NEUT", ("03-10", "0.1"), *counts)
    return trial


def test_ec_104_recovered_on_the_first_of_three() -> None:
    trial = neutrophils(("03-20", "0.6"), ("03-21", "0.7"), ("03-22", "0.9"))
    assert only(trial, "O4") == (25, "event")
    assert flags(table(trial, "O4")) == ()


@pytest.mark.parametrize(
    ("third", "expected"), [("03-26", (25, "event")), ("03-28", (33, "censored"))]
)
def test_ec_106_three_results_within_a_week_though_not_daily(
    third: str, expected: tuple[int, str]
) -> None:
    trial = neutrophils(("03-20", "0.6"), ("03-23", "0.8"), (third, "1.1"))
    found = table(trial, "O4")
    assert times(found) == {SUBJECT: expected}
    sparse = ("results not of consecutive days",)
    assert flags(found) == (sparse if expected[1] == "event" else ())


def test_ec_108_never_below_is_listed_apart() -> None:
    trial = reference()
    lab(trial, "NEUT", ("03-10", "0.5"), ("03-12", "0.8"))
    assert left_out(table(trial, "O4")) == {SUBJECT: "neutrophils were never below"}


def test_ec_109_values_before_the_nadir_do_not_count() -> None:
    trial = reference()
    early = [(f"03-0{day}", "0.8") for day in range(2, 7)]
    lab(trial, "NEUT", *early, ("03-12", "0.05"))
    assert only(trial, "O4") == (17, "censored")
    lab(trial, "NEUT", ("03-20", "0.6"), ("03-21", "0.6"), ("03-22", "0.6"))
    assert only(trial, "O4") == (25, "event")


def test_ec_111_a_void_third_result_takes_the_recovery_back() -> None:
    trial = neutrophils(("03-20", "0.6"), ("03-21", "0.7"), ("03-22", "0.9"))
    assert only(trial, "O4") == (25, "event")
    trial.void("03-24 10:00", "NEUT-03-22", "lab-result")
    assert only(trial, "O4") == (26, "censored")


def test_ec_113_death_without_recovery_competes() -> None:
    trial = neutrophils(("03-12", "0.1"))
    died(trial, "03-15")
    assert only(trial, "O4") == (20, "competing event")
    point = curve(table(trial, "O4")).points
    assert point == (), "no recovery, so no step"


def test_ec_120_without_an_anchor_nothing_is_computed() -> None:
    trial = Told()
    trial.enrolment()
    trial.infusion("03-02 10:00", "I1")
    for number in range(4, 17):
        why = "no index therapy with a date: nothing to count from"
        assert left_out(table(trial, f"O{number}")) == {SUBJECT: why}


def test_ec_121_the_anchor_is_the_graft_not_its_conditioning() -> None:
    trial = Told()
    trial.enrolment()
    kinds = (("CONDITIONING", "2026-03-10", None), ("HSCT_ALLO", "2026-03-17", "2026-03-18"))
    for kind, start, done in kinds:
        data = {"kind": kind, "start": start, "completed_at": done}
        index = {"is_index": kind == "HSCT_ALLO"}
        trial.add(f"{done or start} 20:00", "therapy", kind, data | index)
    trial.infusion("03-20 10:00", "I1")
    lab(trial, "NEUT", ("03-25", "0.1"), ("04-01", "0.6"), ("04-02", "0.6"), ("04-03", "0.6"))
    assert only(trial, "O4") == (14, "event"), "1 April, from 18 March"


# ---------------------------------------------------------------------- response


def test_ec_122_remission_on_day_29_is_censored_at_28_and_opens_its_duration() -> None:
    trial = reference()
    assessed(trial, "03-21", "CR")
    assert only(trial, "O17") == (28, "censored")
    assert only(trial, "O18") == (0, "censored")
    assert curve(table(trial, "O18")).members[0].origin.isoformat() == "2026-03-21"


def test_ec_123_in_remission_at_entry() -> None:
    trial = reference(in_cr_at_entry=True)
    assessed(trial, "05-20", "RELAPSE")
    assert left_out(table(trial, "O17")) == {SUBJECT: "in complete remission at entry"}
    assert only(trial, "O18") == (89, "event"), "from enrolment"


def test_ec_125_never_in_remission() -> None:
    trial = reference()
    assessed(trial, "03-20", "NR/REFRACTORY")
    why = "no complete remission: not at risk of relapse"
    assert left_out(table(trial, "O23")) == {SUBJECT: why}
    member = curve(table(trial, "O19", "2026-04-22")).members[0]
    assert (member.days, str(member.ending)) == (0, "event")
    assert member.why == "treatment failure: no response by the landmark"


# ---------------------------------------------------------------------- tumours, identity


@pytest.mark.parametrize(("diagnosed", "answer"), [("2028-03-09", "yes"), ("2028-03-10", "no")])
def test_ec_132_a_tumour_counts_to_the_last_day_of_two_years(diagnosed: str, answer: str) -> None:
    trial = reference()
    seen(trial, "2028-03-09")
    tumour = {"new_primary": {"icd10": "C44.5", "diagnosed_at": diagnosed}}
    trial.add("2028-04-12 20:00", "disease-status", "RS-1", tumour)
    about = "disease-status/RS-1"
    trial.adjudicate("2028-05-20 10:00", "neoplasm", "CONFIRMED_NEW_PRIMARY", about)
    assert answers(table(trial, "O22")) == {SUBJECT: answer}


def test_ec_138_a_benign_tumour_is_not_counted() -> None:
    trial = reference()
    seen(trial, "2028-03-09")
    tumour = {"new_primary": {"icd10": "D12.6", "diagnosed_at": "2027-01-04"}}
    trial.add("2027-01-06 20:00", "disease-status", "RS-1", tumour)
    assert answers(table(trial, "O22")) == {SUBJECT: "no"}


def test_ec_141_a_curve_that_never_falls_to_half_has_no_median() -> None:
    trial = reference()
    seen(trial, "2026-06-01")
    with trial.of("001-005"):
        treat(trial)
        seen(trial, "2026-06-01")
    with trial.of("001-006"):
        treat(trial)
        died(trial, "03-15")
    found = curve(table(trial, "O20"))
    assert [f"{point.estimate:.4f}" for point in found.points] == ["0.6667"]
    assert found.median.time is None


def test_ec_144_a_rescreened_subject_counts_once() -> None:
    trial = reference()
    trial.adverse_event("03-10 10:00")
    with trial.of("001-014"):
        trial.enrolment("05-20 15:00", enrolled_at="2026-05-20", previous_subject_id=SUBJECT)
        course(trial, "2026-05-21", "2026-05-25")
        trial.infusion("05-28 10:00", "I9")
        trial.adverse_event("05-29 10:00", "AE-9")
    (person,) = persons(look(trial))
    assert person.numbers == (SUBJECT, "001-014")
    found = table(trial, "O2")
    assert share(found, "any adverse event, treatment-emergent") == (1, 1)
    assert "treatment-emergent events: 2" in found.notes
