"""What once was owed goes away by a report, a person, or the first answer to what was assumed."""

from typing import Any

import pytest

from tests.facts.kit import BLANK, Trial, criteria, f1

HOSPITAL: dict[str, Any] = {"serious": "Y", "criteria": criteria(hospitalization="Y")}
LIFE: dict[str, Any] = {"serious": "Y", "criteria": criteria(life_threatening="Y")}
NOT_SERIOUS: dict[str, Any] = {"serious": "N", "criteria": criteria()}
DUE = "26-03-25"
DUTY = "AE-1/CN-CDE/initial-15"


def owed(**said: Any) -> Trial:
    trial = f1()
    trial.adverse_event("03-10 09:00", **(HOSPITAL | said))
    assert trial.duties() == {"CN-CDE/initial-15": ("open", DUE)}
    return trial


def status(trial: Trial) -> str:
    return trial.duties()["CN-CDE/initial-15"][0]


@pytest.mark.parametrize(
    ("first", "then", "found"),
    [
        # The first answer of a party to what was assumed ends it quietly.
        ({}, {"investigator": "UNRELATED", "sponsor": "UNRELATED"}, "answered"),
        ({"investigator": "UNRELATED"}, {"sponsor": "UNLIKELY"}, "answered"),
        ({"sponsor": "UNRELATED"}, {"investigator": "UNRELATED"}, "answered"),
        # Half an answer is none.
        ({}, {"investigator": "UNRELATED"}, "open"),
        ({}, {"sponsor": "UNRELATED"}, "open"),
        ({}, {"investigator": "POSSIBLE"}, "open"),
        # A changed mind needs a person.
        (
            {"investigator": "POSSIBLE"},
            {"investigator": "UNRELATED", "sponsor": "UNRELATED"},
            "end proposed",
        ),
        (
            {"sponsor": "POSSIBLE", "investigator": "UNRELATED"},
            {"sponsor": "UNRELATED"},
            "end proposed",
        ),
        # Seriousness is never answered quietly, also where it was assumed.
        ({}, NOT_SERIOUS, "end proposed"),
        (
            {"serious": None, "criteria": {**BLANK, "death": "N"}, "grade": 2},
            NOT_SERIOUS,
            "end proposed",
        ),
    ],
)
def test_answers_and_proposals(first: dict[str, Any], then: dict[str, Any], found: str) -> None:
    trial = owed(**first)
    trial.follow_up("03-12 09:00", **then)
    assert status(trial) == found
    shown = {"answered": "cleared", "open": "firing", "end proposed": "withdrawal_pending"}
    assert trial.state("SAE-04") == shown[found]


def test_doubt_after_the_answer_is_a_new_clock() -> None:
    trial = owed()
    trial.follow_up("03-12 09:00", investigator="UNRELATED", sponsor="UNRELATED")
    trial.follow_up("03-20 09:00", investigator="POSSIBLE")
    assert trial.duties() == {"CN-CDE/initial-15": ("open", "26-04-04")}


def test_back_to_serious_before_a_signature_keeps_day_0() -> None:
    trial = owed(investigator="POSSIBLE")
    trial.follow_up("03-12 09:00", **NOT_SERIOUS)
    trial.follow_up("03-20 09:00", **HOSPITAL)
    assert trial.duties() == {"CN-CDE/initial-15": ("open", DUE)}
    assert trial.state("SAE-04") == "firing"


def test_the_answer_was_in_time_by_its_receipt() -> None:
    trial = owed()
    trial.wait("03-26 09:00")
    assert trial.state("SAE-06", DUTY) == "firing"
    trial.follow_up(
        "03-27 09:00", received="03-25 20:00", investigator="UNRELATED", sponsor="UNRELATED"
    )
    assert trial.state("SAE-06", DUTY) == "withdrawal_pending"


@pytest.mark.parametrize("what", ["SERIOUSNESS_DOWNGRADE", "NOT_REPORTABLE"])
def test_a_signature_ends_what_was_proposed(what: str) -> None:
    trial = owed(investigator="POSSIBLE")
    trial.follow_up("03-12 09:00", **NOT_SERIOUS)
    trial.sign_off("03-13 09:00", what, "AE-1" if what.startswith("SER") else DUTY)
    assert status(trial) == "signed off"
    assert trial.state("SAE-04") == "withdrawn"
    trial.wait("03-30 09:00")
    assert trial.state("SAE-06", DUTY) is None


def test_not_reportable_ends_what_is_open() -> None:
    trial = owed(investigator="POSSIBLE")
    trial.sign_off("03-13 09:00", "NOT_REPORTABLE", DUTY)
    assert status(trial) == "signed off"
    assert trial.state("SAE-04") == "cleared"


def test_a_downgrade_that_is_none_signs_nothing_away() -> None:
    trial = owed(investigator="POSSIBLE")
    trial.sign_off("03-13 09:00", "SERIOUSNESS_DOWNGRADE", "AE-1")
    assert status(trial) == "open"


@pytest.mark.parametrize("what", ["SERIOUSNESS_DOWNGRADE", "NOT_REPORTABLE"])
def test_a_refusal_opens_it_again(what: str) -> None:
    trial = owed(investigator="POSSIBLE")
    trial.follow_up("03-12 09:00", **NOT_SERIOUS)
    trial.sign_off("03-13 09:00", what, "AE-1" if what.startswith("SER") else DUTY, "N")
    assert trial.duties() == {"CN-CDE/initial-15": ("open", DUE)}
    assert trial.state("SAE-04") == "firing"
    trial.follow_up("03-14 09:00", sponsor="UNRELATED")
    assert status(trial) == "end proposed", "upheld until the evidence changes"


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"narrative": "more of it"}, ("signed off", DUE)),
        ({"criteria": criteria(hospitalization="Y", disability="Y")}, ("open", "26-04-04")),
        ({"sponsor": "POSSIBLE"}, ("open", "26-04-04")),
        ({"onset": "2026-03-09"}, ("open", "26-04-04")),
        ({"term": "Erythema multiforme"}, ("open", "26-04-04")),
        ({"infusion_ref": "I3"}, ("open", "26-04-04")),
    ],
)
def test_only_a_significant_change_reopens_what_was_signed(
    change: dict[str, Any], found: tuple[str, str]
) -> None:
    trial = owed(investigator="POSSIBLE")
    trial.sign_off("03-13 09:00", "NOT_REPORTABLE", DUTY)
    trial.follow_up("03-20 09:00", **change)
    assert trial.duties() == {"CN-CDE/initial-15": found}


def test_what_is_reopened_keeps_its_new_day_0_when_its_end_is_proposed() -> None:
    trial = owed(investigator="POSSIBLE")
    trial.sign_off("03-13 09:00", "NOT_REPORTABLE", DUTY)
    trial.follow_up("03-20 09:00", sponsor="POSSIBLE")
    trial.follow_up("03-21 09:00", **NOT_SERIOUS)
    assert trial.duties() == {"CN-CDE/initial-15": ("end proposed", "26-04-04")}


def test_a_second_signature_ends_it_again() -> None:
    trial = owed(investigator="POSSIBLE")
    trial.sign_off("03-13 09:00", "NOT_REPORTABLE", DUTY)
    trial.follow_up("03-20 09:00", sponsor="POSSIBLE")
    trial.sign_off("03-21 09:00", "NOT_REPORTABLE", DUTY)
    assert status(trial) == "signed off"


def test_a_void_signature_is_none() -> None:
    trial = owed(investigator="POSSIBLE")
    trial.sign_off("03-13 09:00", "NOT_REPORTABLE", DUTY, record_id="DEC-9")
    trial.void("03-14 09:00", "DEC-9", kind="decision")
    assert status(trial) == "open"


def test_an_event_entered_in_error_waits_for_a_person() -> None:
    trial = owed(investigator="POSSIBLE")
    trial.void("03-12 09:00")
    assert trial.duties() == {"CN-CDE/initial-15": ("end proposed", DUE)}
    assert trial.state("SAE-04") == "withdrawal_pending"
    assert trial.state("SAE-01") == "withdrawal_pending"
    trial.adverse_event("03-13 09:00", onset="2026-03-10", investigator="POSSIBLE", **HOSPITAL)
    assert trial.duties() == {"CN-CDE/initial-15": ("open", DUE)}


def test_a_void_infusion_takes_the_suspect_product_away_and_a_person_signs() -> None:
    trial = Trial()
    trial.enrolment()
    trial.infusion("03-02 10:00", "I1")
    trial.adverse_event("03-10 09:00", **HOSPITAL)
    trial.void("03-12 09:00", "I1", kind="infusion")
    assert trial.duties() == {"CN-CDE/initial-15": ("end proposed", DUE)}


def test_a_late_infusion_opens_the_clock_from_the_receipt_of_the_event() -> None:
    trial = Trial()
    trial.enrolment()
    trial.adverse_event("03-10 09:00", **HOSPITAL)
    assert trial.duties() == {}
    trial.infusion("03-02 10:00", "I1", arrives="03-12 09:00")
    assert trial.duties() == {"CN-CDE/initial-15": ("open", DUE)}


def test_what_was_recorded_as_life_threatening_keeps_its_day_0_for_15_days() -> None:
    trial = f1()
    trial.adverse_event("03-10 09:00", investigator="POSSIBLE", **LIFE)
    trial.follow_up("03-12 09:00", **HOSPITAL)
    assert trial.duties() == {
        "CN-CDE/initial-7": ("end proposed", "26-03-17"),
        "CN-CDE/initial-15": ("open", DUE),
    }


def test_a_signature_for_another_number_of_the_person_signs_nothing() -> None:
    """Both numbers have an AE-1; the decision is about the one under its own number."""
    trial = owed(investigator="POSSIBLE")
    trial.follow_up("03-12 09:00", **NOT_SERIOUS)
    with trial.of("001-011"):
        trial.enrolment(previous_subject_id="001-004")
        trial.adverse_event("03-12 10:00", investigator="POSSIBLE", **HOSPITAL)
        trial.sign_off("03-13 09:00", "SERIOUSNESS_DOWNGRADE", "AE-1")
    assert status(trial) == "end proposed"
