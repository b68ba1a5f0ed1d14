"""Edge cases, areas infusion and identity, with their neighbours."""

import pytest

from tests.edge.kit import SUSPECTED, dlt
from tests.facts.kit import Trial, at, f1


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
