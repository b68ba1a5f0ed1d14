"""EDGE_CASES.csv, areas window, timezone, date, infusion and identity, with their neighbours."""

from datetime import datetime
from typing import Any

import pytest

from signals.facts.periods import years_later
from tests.facts.kit import ZONE, Trial, at, criteria, f1

SUSPECTED: dict[str, Any] = {"investigator": "POSSIBLE"}
SERIOUS: dict[str, Any] = {"serious": "Y", "criteria": criteria(hospitalization="Y")}


def dlt(trial: Trial, record_id: str = "AE-1") -> list[str]:
    """The DLT rules that stand on an event, with their states."""
    rules = ("DLT-01", "DLT-02", "DLT-03")
    found = [(rule, trial.state(rule, record_id)) for rule in rules]
    return [
        f"{rule} {state}" for rule, state in found if state not in (None, "cleared", "withdrawn")
    ]


def test_ec_001_the_last_minutes_of_the_window_are_inside() -> None:
    trial = f1()
    trial.adverse_event("03-14 09:00", onset="2026-03-13T23:50:00+08:00", **SUSPECTED)
    assert dlt(trial) == ["DLT-01 firing"]


def test_ec_002_minutes_after_the_window_are_outside() -> None:
    trial = f1()
    trial.adverse_event("03-14 09:00", onset="2026-03-14T00:05:00+08:00", **SUSPECTED)
    assert dlt(trial) == []
    assert trial.ae("treatment_emergent") == "yes"


@pytest.mark.parametrize(
    ("onset", "found"),
    [
        ("2026-03-13T16:30:00Z", []),
        ("2026-03-13T15:59:00Z", ["DLT-01 firing"]),
        # Midnight in the zone of the study belongs to the next day.
        ("2026-03-13T16:00:00Z", []),
        ("2026-03-13T16:30:00", ["DLT-01 firing"]),
    ],
)
def test_ec_003_an_onset_is_converted_before_it_is_placed(onset: str, found: list[str]) -> None:
    trial = f1()
    trial.adverse_event("03-15 09:00", onset=onset, investigator="LIKELY")
    assert dlt(trial) == found


@pytest.mark.parametrize("month", range(1, 13))
def test_ec_005_no_day_of_the_year_has_another_offset(month: int) -> None:
    assert at(f"{month:02}-15 12:00").strftime("%z") == "+0800"
    summer = datetime(1988, 7, 1, 12, tzinfo=ZONE)
    assert summer.strftime("%z") == "+0900", "the summer time of its years is kept"


def test_ec_006_a_date_alone_on_the_day_of_the_infusion_counts_as_after() -> None:
    trial = f1()
    trial.adverse_event("03-02 18:00", onset="2026-03-02", **SUSPECTED)
    assert dlt(trial) == ["DLT-01 firing"]
    assert trial.ae("temporality") == "ambiguous"
    assert trial.ae("treatment_emergent") == "yes"


@pytest.mark.parametrize(
    ("said", "temporality"),
    [
        ({"onset": "2026-03-02T09:59:00"}, "before"),
        ({"onset": "2026-03-02T10:00:00"}, "after"),
        # The interval of 1.3 leaves no minute after the infusion.
        ({"onset": "2026-03-02", "aware": "03-02 09:30"}, "before"),
        ({"onset": "2026-03-02", "end": "2026-03-02T09:00:00"}, "before"),
        ({"onset": "2026-03-01"}, "before"),
        ({"onset": "2026-03-03"}, "after"),
    ],
)
def test_ec_006_unless_its_interval_lies_before_the_infusion(
    said: dict[str, Any], temporality: str
) -> None:
    trial = f1()
    trial.adverse_event("03-03 18:00", **SUSPECTED, **said)
    assert trial.ae("temporality") == temporality
    assert dlt(trial) == ([] if temporality == "before" else ["DLT-01 firing"])


def test_ec_008_a_month_that_touches_the_window_is_undetermined() -> None:
    trial = f1()
    trial.adverse_event("04-10 09:00", onset="2026-03", **SUSPECTED)
    assert dlt(trial) == ["DLT-03 firing"]
    trial.correct("04-11 09:00", onset="2026-03-12")
    assert dlt(trial) == ["DLT-01 firing"]


def test_ec_009_a_month_apart_from_the_window_is_outside() -> None:
    trial = f1()
    trial.adverse_event("05-10 09:00", onset="2026-04", **SUSPECTED)
    assert dlt(trial) == []


def test_ec_011_an_unknown_onset_lies_before_its_receipt() -> None:
    trial = f1(infusions=2)
    trial.adverse_event("03-06 20:00", onset=None, **SUSPECTED)
    assert trial.ae("onset") == (None, at("03-06").date())
    trial.infusion("03-09 10:00", "I3")
    assert dlt(trial) == ["DLT-03 firing"]


def test_ec_011_received_before_the_window_it_cannot_be_inside() -> None:
    trial = f1(infusions=2)
    trial.adverse_event("03-06 20:00", onset=None, received="03-01 20:00", **SUSPECTED)
    assert dlt(trial) == []


@pytest.mark.parametrize("onset", ["2026-02-30", "2026-13", "2026---04"])
@pytest.mark.parametrize("opinion", ["POSSIBLE", None, "UNRELATED"])
def test_ec_013_an_impossible_date_is_unknown_and_stops_no_clock(
    onset: str, opinion: str | None
) -> None:
    trial = f1()
    trial.adverse_event("03-12 09:00", onset=onset, investigator=opinion, **SERIOUS)
    assert trial.ae("onset") == (None, at("03-12").date())
    assert "invalid-date" in trial.checks("adverse-event/AE-1")
    assert trial.state("DQ-04", "adverse-event/AE-1", "invalid-date") == "firing"
    assert trial.state("SAE-01") == "firing"
    assert trial.duties() == {"CN-CDE/initial-15": ("open", "26-03-27")}
    assert dlt(trial) == ([] if opinion == "UNRELATED" else ["DLT-03 firing"])


def test_ec_013_the_correction_clears_the_question() -> None:
    trial = f1()
    trial.adverse_event("03-12 09:00", onset="2026-02-30", **SUSPECTED)
    trial.correct("03-13 09:00", onset="2026-03-08")
    assert trial.checks("adverse-event/AE-1") == set()
    assert trial.state("DQ-04", "adverse-event/AE-1", "invalid-date") in ("cleared", "withdrawn")
    assert dlt(trial) == ["DLT-01 firing"]


def test_ec_014_an_onset_after_its_entry_is_unknown() -> None:
    trial = f1()
    trial.adverse_event("03-10 09:00", onset="2026-03-13", **SERIOUS)
    assert trial.ae("onset") == (None, at("03-10").date())
    assert trial.state("DQ-04", "adverse-event/AE-1", "onset-after-report") == "firing"
    assert trial.state("SAE-01") == "firing"
    assert dlt(trial) == ["DLT-03 firing"], "no window counts it as certain"


def test_ec_016_two_years_from_29_february_end_on_the_28th() -> None:
    assert years_later(at("2028-02-29 12:00").date(), 2).isoformat() == "2030-02-28"


@pytest.mark.parametrize(("onset", "inside"), [("2030-02-28", "yes"), ("2030-03-01", "no")])
def test_ec_016_a_serious_event_counts_to_that_day(onset: str, inside: str) -> None:
    trial = Trial()
    trial.enrolment("2028-02-25 15:00", consented_at="2028-02-20", enrolled_at="2028-02-25")
    trial.infusion("2028-02-29 10:00", "I1")
    trial.adverse_event("2030-03-05 09:00", onset=onset, **SERIOUS)
    assert trial.ae("in_sae_period") == inside
    assert (trial.state("SAE-01") == "firing") == (inside == "yes")
    # After the period the duty to report stays, unless the event is not related.
    assert trial.duties() == {"CN-CDE/initial-15": ("open", "30-03-20")}


def ec_017(*, planned: bool) -> Trial:
    trial = Trial()
    trial.enrolment()
    if planned:
        trial.plan("02-20 15:12", "I2", "03-09")
    trial.infusion("03-02 10:00", "I1")
    trial.adverse_event("03-07 09:00", onset="2026-03-07", **SUSPECTED)
    return trial


def test_ec_017_a_provisional_window_ends_4_days_after_the_infusion_given() -> None:
    trial = ec_017(planned=False)
    assert dlt(trial) == []
    trial.infusion("03-09 10:00", "I2")
    assert dlt(trial) == ["DLT-01 firing"]
    assert trial.alert("DLT-01").late


def test_ec_017_the_window_of_a_planned_infusion_asks() -> None:
    trial = ec_017(planned=True)
    assert dlt(trial) == ["DLT-03 firing"]
    assert trial.ae("dlt_planned_window") == "inside"
    trial.infusion("03-09 10:00", "I2")
    assert trial.state("DLT-03") == "cleared"
    assert dlt(trial) == ["DLT-01 firing"]
    assert trial.alert("DLT-01").late


@pytest.mark.parametrize("status", ["NOT_DONE", "CANCELLED"])
def test_ec_017_a_plan_given_up_asks_no_more(status: str) -> None:
    trial = ec_017(planned=True)
    trial.plan("03-10 10:00", "I2", "03-09", status=status)
    assert dlt(trial) == []


def test_ec_017_a_plan_past_its_date_still_asks() -> None:
    trial = ec_017(planned=True)
    trial.wait("03-20 10:00")
    assert dlt(trial) == ["DLT-03 firing"]


def test_ec_019_a_void_infusion_shrinks_the_window_and_a_person_signs() -> None:
    trial = f1()
    trial.adverse_event("03-12 18:00", onset="2026-03-12", **SUSPECTED)
    assert dlt(trial) == ["DLT-01 firing"]
    trial.void("03-15 09:00", "I3", kind="infusion")
    assert trial.ae("dlt_window") == "outside"
    assert dlt(trial) == ["DLT-01 withdrawal_pending"]
    trial.sign_withdrawal("03-15 12:00", "DLT-01")
    assert dlt(trial) == []


def test_ec_019_what_stays_inside_stays() -> None:
    trial = f1()
    trial.adverse_event("03-09 18:00", onset="2026-03-09", **SUSPECTED)
    trial.void("03-15 09:00", "I3", kind="infusion")
    assert dlt(trial) == ["DLT-01 firing"]


@pytest.mark.parametrize(
    ("volume", "given"), [("2", "yes"), ("0.1", "yes"), ("0", "no"), (None, "yes"), ("<1", "yes")]
)
def test_ec_020_any_volume_is_exposure(volume: str | None, given: str) -> None:
    trial = Trial()
    trial.infusion("03-02 10:00", "I1", status="STOPPED_EARLY", volume_mL=volume)
    trial.adverse_event("03-04 10:00", **SUSPECTED)
    assert trial.field("infusion", "given", "I1") == given
    assert trial.field("infusion", "status", "I1") == "stopped early"
    assert dlt(trial) == (["DLT-01 firing"] if given == "yes" else [])


def slipped() -> Trial:
    trial = Trial()
    trial.enrolment()
    for number, start in enumerate(("03-02 10:00", "03-09 10:00", "03-16 10:00"), 1):
        trial.infusion(start, f"I{number}")
    return trial


@pytest.mark.parametrize(
    ("onset", "found"),
    [
        ("2026-03-14", ["DLT-01 firing"]),
        ("2026-03-15", ["DLT-03 firing"]),
        ("2026-03-20", ["DLT-03 firing"]),
        ("2026-03-21", []),
    ],
)
def test_ec_022_between_the_cap_and_4_days_after_the_last_dose_the_committee_rules(
    onset: str, found: list[str]
) -> None:
    trial = slipped()
    trial.adverse_event("03-21 09:00", onset=onset, **SUSPECTED)
    assert dlt(trial) == found
    assert trial.ae("dlt_after_cap") == ("yes" if found == ["DLT-03 firing"] else "no")


@pytest.mark.parametrize("answer", ["DLT", "NOT_DLT"])
def test_ec_022_the_ruling_ends_the_question(answer: str) -> None:
    trial = slipped()
    trial.adverse_event("03-18 09:00", **SUSPECTED)
    assert trial.checks() == {("infusion/I3", "schedule-past-cap")}
    trial.adjudicate("03-25 09:00", "dlt", answer)
    assert dlt(trial) == []
    assert trial.ae("dlt_ruling") == answer.lower().replace("_", " ")


def test_ec_022_what_is_not_related_is_not_ruled_on() -> None:
    trial = slipped()
    trial.adverse_event("03-18 09:00", investigator="UNLIKELY")
    assert dlt(trial) == []


def test_ec_023_an_end_not_recorded_is_provisional() -> None:
    trial = Trial()
    trial.infusion("03-02 10:00", "I1", end=None)
    trial.infusion("03-05 10:00", "I2", end=None, planned_minutes=None)
    assert trial.field("infusion", "ended", "I1") == at("03-02 10:40")
    assert trial.field("infusion", "ended", "I2") == at("03-05 14:00")
    assert trial.field("infusion", "end_recorded", "I1") == "no"
    assert "not recorded" in trial.assumed("infusion", "ended", "I1")
    trial.infusion("03-02 10:00", "I1", arrives="03-06 09:00", end="2026-03-02T10:55:00")
    assert trial.field("infusion", "ended", "I1") == at("03-02 10:55")
    assert trial.field("infusion", "end_recorded", "I1") == "yes"


def test_ec_025_the_level_given_stands_beside_the_level_assigned() -> None:
    # SAE-13 and evaluability belong to later issues; the facts they need stand here.
    trial = Trial()
    trial.infusion("03-02 10:00", "I1", dose_level_assigned="DL1", dose_level_actual="DL2")
    assert trial.field("infusion", "dose_level_assigned", "I1") == "DL1"
    assert trial.field("infusion", "dose_level_given", "I1") == "DL2"
    assert trial.field("infusion", "given", "I1") == "yes"


def test_ec_144_two_numbers_are_one_person_and_events_follow_the_exposure() -> None:
    trial = Trial()
    trial.enrolment()
    trial.infusion("03-02 10:00", "I1")
    trial.subject = "001-011"
    trial.enrolment("04-01 10:00", previous_subject_id="001-004")
    trial.adverse_event("04-02 10:00", "AE-9", onset="2026-03-05", **SUSPECTED)
    assert trial.state("DLT-01", "AE-9") == "firing"
    assert trial.alert("DLT-01", "AE-9").subject_id == "001-011", "a record keeps its number"


def test_ec_144_without_the_link_they_are_two() -> None:
    trial = Trial()
    trial.enrolment()
    trial.infusion("03-02 10:00", "I1")
    trial.subject = "001-011"
    trial.enrolment("04-01 10:00")
    trial.adverse_event("04-02 10:00", "AE-9", onset="2026-03-05", **SUSPECTED)
    assert dlt(trial, "AE-9") == []
    trial.enrolment("04-03 10:00", previous_subject_id="001-004")
    assert dlt(trial, "AE-9") == ["DLT-01 firing"]
    trial.enrolment("04-04 10:00", previous_subject_id=None)
    assert dlt(trial, "AE-9") == ["DLT-01 withdrawal_pending"]
