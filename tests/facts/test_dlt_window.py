"""The window for dose-limiting toxicity (DOMAIN 3.1), provisional, planned, capped, uncertain."""

from typing import Any

import pytest

from tests.facts.kit import Trial, f1

SUSPECTED: dict[str, Any] = {"investigator": "POSSIBLE"}
BOTH = {"inside", "outside"}


def given(*starts: str) -> Trial:
    trial = Trial()
    trial.enrolment()
    for number, start in enumerate(starts, 1):
        trial.infusion(start, f"I{number}")
    return trial


@pytest.mark.parametrize(
    ("onset", "window"),
    [
        ("2026-03-01", "outside"),
        ("2026-03-02", "inside"),
        ("2026-03-06", "inside"),
        ("2026-03-07", "outside"),
    ],
)
def test_one_infusion_4_days(onset: str, window: str) -> None:
    trial = given("03-02 23:30")
    trial.adverse_event("03-20 09:00", onset=onset, **SUSPECTED)
    assert trial.ae("dlt_window") == window


@pytest.mark.parametrize(
    ("onset", "window"),
    [("2026-03-08", "inside"), ("2026-03-14", "inside"), ("2026-03-15", "outside")],
)
def test_it_is_continuous_and_capped_at_12_days(onset: str, window: str) -> None:
    trial = given("03-02 10:00", "03-12 10:00")
    trial.adverse_event("03-20 09:00", onset=onset, **SUSPECTED)
    assert trial.ae("dlt_window") == window


@pytest.mark.parametrize(
    ("onset", "planned", "after_cap"),
    [
        ("2026-03-06", "outside", "no"),
        ("2026-03-07", "inside", "no"),
        ("2026-03-14", "inside", "no"),
        # The plan of 16 March would end on the 20th, and the cap stops it on the 14th.
        ("2026-03-15", "outside", "no"),
    ],
)
def test_the_planned_window_is_what_a_plan_would_add(
    onset: str, planned: str, after_cap: str
) -> None:
    trial = given("03-02 10:00")
    trial.plan("03-02 12:00", "I2", "03-16")
    trial.adverse_event("03-20 09:00", onset=onset, **SUSPECTED)
    assert trial.ae("dlt_planned_window") == planned
    assert trial.ae("dlt_after_cap") == after_cap


def test_a_plan_without_a_readable_day_may_reach_to_the_cap() -> None:
    trial = given("03-02 10:00")
    trial.plan("03-02 12:00", "I2", "03-09", planned_at="soon")
    trial.adverse_event("03-15 09:00", onset="2026-03-14", **SUSPECTED)
    assert trial.ae("dlt_planned_window") == "inside"
    assert trial.state("DLT-03") == "firing"


def test_a_plan_within_the_window_adds_nothing() -> None:
    trial = given("03-02 10:00", "03-09 10:00")
    trial.plan("03-09 12:00", "I3", "03-05")
    trial.adverse_event("03-20 09:00", onset="2026-03-14", **SUSPECTED)
    assert trial.ae("dlt_planned_window") == "outside"


@pytest.mark.parametrize(
    ("onset", "window"),
    [
        ("2026-02-28", "outside"),
        ("2026-03-05", BOTH),
        ("2026-04-04", BOTH),
        ("2026-04-05", "outside"),
    ],
)
def test_an_infusion_whose_day_is_not_known_leaves_the_ends_open(
    onset: str, window: str | set[str]
) -> None:
    trial = Trial()
    trial.infusion("03-02 10:00", "I1", arrives="04-01 09:00", start="2026-03", end=None)
    trial.adverse_event("04-10 09:00", onset=onset, **SUSPECTED)
    assert trial.ae("dlt_window") == window


def test_an_unreadable_status_does_not_undo_a_start() -> None:
    trial = Trial()
    trial.infusion("03-02 10:00", "I1", status="FINISHED")
    assert trial.field("infusion", "given", "I1") == "yes"
    assert trial.field("infusion", "status", "I1") is None


@pytest.mark.parametrize("status", ["PLANNED", "NOT_DONE", "CANCELLED"])
def test_what_was_not_given_opens_no_window(status: str) -> None:
    trial = Trial()
    trial.plan("03-02 12:00", "I1", "03-02", status=status)
    trial.adverse_event("03-03 09:00", **SUSPECTED)
    assert trial.field("infusion", "given", "I1") == "no"
    assert trial.ae("dlt_window") == "outside"
    assert trial.ae("treatment_emergent") == "no"


@pytest.mark.parametrize(("onset", "state"), [("2026-03-02", "firing"), ("2026-03-01", None)])
def test_causality_asks_only_where_the_window_may_lie(onset: str, state: str | None) -> None:
    trial = f1()
    trial.adverse_event("03-20 09:00", onset=onset)
    assert trial.state("DLT-03") == state


def test_first_and_last_infusion() -> None:
    trial = given("03-02 10:00", "03-05 10:00")
    assert [trial.field("infusion", "first", each) for each in ("I1", "I2")] == ["yes", "no"]
    assert [trial.field("infusion", "last", each) for each in ("I1", "I2")] == ["no", "yes"]
    trial.void("03-06 09:00", "I2", kind="infusion")
    assert trial.field("infusion", "last", "I1") == "yes"
    assert trial.fact("infusion", "I2") is None


def test_the_ruling_holds_for_the_versions_it_was_taken_on() -> None:
    trial = given("03-02 10:00", "03-09 10:00", "03-16 10:00")
    trial.adverse_event("03-18 09:00", **SUSPECTED)
    trial.adjudicate("03-20 09:00", "dlt", "NOT_DLT")
    assert trial.ae("dlt_ruling") == "not dlt"
    trial.correct("03-21 09:00", onset="2026-03-17")
    assert trial.ae("dlt_ruling") == "none"
    assert trial.state("DLT-03") == "firing"


@pytest.mark.parametrize(("version", "ruling"), [(1, "none"), (2, "not dlt")])
def test_a_ruling_names_what_it_was_taken_on(version: int, ruling: str) -> None:
    trial = given("03-02 10:00")
    trial.adverse_event("03-04 09:00", **SUSPECTED)
    trial.correct("03-05 09:00", onset="2026-03-03")
    named = {"kind": "adverse-event", "record_id": "AE-1", "version": version}
    trial.adjudicate("03-20 09:00", "dlt", "NOT_DLT", on=[named])
    assert trial.ae("dlt_ruling") == ruling


def test_the_last_ruling_counts_and_a_void_one_does_not() -> None:
    trial = given("03-02 10:00")
    trial.adverse_event("03-04 09:00", **SUSPECTED)
    trial.adjudicate("03-20 09:00", "dlt", "NOT_DLT")
    trial.adjudicate("03-21 09:00", "dlt", "DLT", about="adverse-event/AE-1")
    assert trial.ae("dlt_ruling") == "dlt"
    trial.void("03-22 09:00", trial.journal[-1][0].record_id, kind="decision")
    assert trial.ae("dlt_ruling") == "not dlt"
