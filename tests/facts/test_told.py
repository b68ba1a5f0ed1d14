"""What the sponsor was told and when: corrections and day 0 (DOMAIN 4.4), records that moved."""

from typing import Any

import pytest

from tests.facts.kit import BLANK, Trial, criteria, f1

HOSPITAL: dict[str, Any] = {"serious": "Y", "criteria": criteria(hospitalization="Y")}
SPONSOR, SITE = "SPONSOR_OR_DELEGATE", "SITE"


def corrected(origin: str | None, before: dict[str, Any], after: dict[str, Any]) -> Trial:
    trial = f1()
    trial.adverse_event("03-10 09:00", **({"investigator": "POSSIBLE"} | before))
    trial.correct("03-14 09:00", error_origin=origin, **after)
    return trial


@pytest.mark.parametrize(
    ("origin", "due"), [(SITE, "26-03-29"), (SPONSOR, "26-03-25"), (None, "26-03-25")]
)
def test_whose_error_it_was_decides_day_0(origin: str | None, due: str) -> None:
    trial = corrected(origin, {}, HOSPITAL)
    assert trial.duties() == {"CN-CDE/initial-15": ("open", due)}
    asks = "correction-without-origin" in trial.checks("adverse-event/AE-1")
    assert asks == (origin is None)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"criteria": BLANK}, {"serious": "Y", "criteria": criteria(life_threatening="Y")}),
        ({"criteria": None}, {"serious": "Y", "criteria": criteria(life_threatening="Y")}),
        ({}, {"serious": "Y", "criteria": criteria(life_threatening="Y")}),
        ({}, {"outcome": "FATAL"}),
        ({**HOSPITAL, "grade": 3}, {"grade": 5}),
    ],
)
def test_the_sponsor_held_the_truth_in_its_source(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    trial = corrected(SPONSOR, before, after)
    assert trial.day0("AE-1/CN-CDE/initial-7") == "26-03-10"


def test_a_causality_that_was_missing_is_carried_back_too() -> None:
    trial = Trial()
    trial.adverse_event("03-10 09:00", **HOSPITAL)
    assert trial.duties() == {}, "never treated, and nobody suspects: no suspect product"
    trial.correct("03-14 09:00", investigator="POSSIBLE", error_origin=SPONSOR)
    assert trial.day0("AE-1/CN-CDE/initial-15") == "26-03-10"


def test_only_back_to_the_first_version_with_the_wrong_value() -> None:
    trial = f1()
    trial.adverse_event("03-10 09:00", narrative="one", investigator="POSSIBLE", **HOSPITAL)
    trial.follow_up("03-11 09:00", serious="N", criteria=criteria())
    trial.follow_up("03-12 09:00", narrative="two")
    trial.correct("03-14 09:00", error_origin=SPONSOR, **HOSPITAL)
    assert trial.duties() == {"CN-CDE/initial-15": ("open", "26-03-25")}
    assert trial.ae("since_serious_receipt").isoformat()[5:16] == "03-10T09:00"


def test_it_may_be_a_breach_at_once() -> None:
    trial = f1()
    trial.adverse_event("03-01 09:00", investigator="POSSIBLE")
    trial.correct("03-20 09:00", error_origin=SPONSOR, **HOSPITAL)
    assert trial.story("SAE-06", "AE-1/CN-CDE/initial-15") == ["03-20 09:00 firing"]


def test_a_follow_up_is_told_when_it_is_received() -> None:
    trial = f1()
    trial.adverse_event("03-10 09:00", investigator="POSSIBLE")
    trial.follow_up("03-14 09:00", received="03-13 23:59", **HOSPITAL)
    assert trial.day0("AE-1/CN-CDE/initial-15") == "26-03-13"
    assert trial.ae("since_first_receipt").isoformat()[5:16] == "03-10T09:00"


@pytest.mark.parametrize("order", ["void first", "new first"])
def test_receipt_and_day_0_travel_with_a_record_that_moves(order: str) -> None:
    trial = f1()
    wrong = Trial.of
    with wrong(trial, "001-009"):
        trial.enrolment()
        trial.infusion("03-02 11:00", "I1")
        trial.adverse_event("03-04 09:00", "AE-5", investigator="POSSIBLE", **HOSPITAL)
        assert trial.duties("AE-5") == {"CN-CDE/initial-15": ("open", "26-03-19")}
        if order == "void first":
            trial.void("03-10 09:00", "AE-5")
            assert trial.duties("AE-5") == {"CN-CDE/initial-15": ("end proposed", "26-03-19")}
    moved = {"subject_id": "001-009", "record_id": "AE-5"}
    trial.adverse_event(
        "03-10 09:01",
        "AE-1",
        onset="2026-03-04",
        investigator="POSSIBLE",
        moved_from=moved,
        **HOSPITAL,
    )
    assert trial.duties("AE-1") == {"CN-CDE/initial-15": ("open", "26-03-19")}
    with wrong(trial, "001-009"):
        if order == "new first":
            assert trial.duties("AE-5") == {"CN-CDE/initial-15": ("open", "26-03-19")}
            trial.void("03-10 09:02", "AE-5")
        assert trial.duties("AE-5") == {}
        assert trial.fact("adverse event", "AE-5") is None
        assert trial.state("SAE-04", "AE-5") == "withdrawn"
        assert "now under" in trial.alert("SAE-04", "AE-5").change
