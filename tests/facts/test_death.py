"""Deaths by any record, and the synthetic event that stands in for a missing one (DOMAIN 4.1)."""

from typing import Any

import pytest

from tests.facts.kit import Trial, criteria, f1

FATAL: dict[str, Any] = {
    "serious": "Y",
    "grade": 5,
    "outcome": "FATAL",
    "criteria": criteria(death="Y"),
}
BOTH_DENY: dict[str, Any] = {"investigator": "UNRELATED", "sponsor": "UNRELATED"}
SEVEN = "CN-CDE/initial-7"


@pytest.mark.parametrize(
    ("said", "dead"),
    [
        ({"grade": 5}, True),
        ({"outcome": "FATAL"}, True),
        ({"criteria": criteria(death="Y")}, True),
        ({"grade": 4, "criteria": criteria(life_threatening="Y")}, False),
    ],
)
def test_an_adverse_event_implies_death(said: dict[str, Any], dead: bool) -> None:
    trial = f1()
    trial.adverse_event("03-10 09:00", **said)
    assert (trial.state("SAE-12") == "firing") == dead
    assert trial.fact("adverse event", "DEATH-NOS") is None


@pytest.mark.parametrize(
    ("said", "dead"),
    [
        ({"status": "DEAD"}, True),
        ({"status": "LOST", "death_date": "2026-03-09"}, True),
        ({"status": "LOST"}, False),
    ],
)
def test_a_status_implies_death(said: dict[str, Any], dead: bool) -> None:
    trial = f1()
    trial.status("03-10 09:00", **said)
    assert (trial.state("SAE-12") == "firing") == dead
    assert (trial.state("SAE-01", "DEATH-NOS") == "firing") == dead
    assert (trial.duties("DEATH-NOS") == {SEVEN: ("open", "26-03-17")}) == dead


def test_without_a_receipt_the_entry_is_taken_and_said() -> None:
    trial = f1()
    trial.status("03-10 09:00", status="DEAD", received_by_sponsor_at=None)
    assert trial.day0("DEATH-NOS/CN-CDE/initial-7") == "26-03-10"
    assumed = trial.assumed("obligation", "status", "001-004/DEATH-NOS/CN-CDE/initial-7")
    assert "receipt by the sponsor not recorded" in assumed


def died(**said: Any) -> Trial:
    trial = f1()
    trial.status("03-10 09:00", **({"status": "DEAD", "death_date": "2026-03-09"} | said))
    return trial


def test_the_death_itself() -> None:
    trial = died()
    assert trial.field("death", "implied_by", "001-004") == "subject status"
    assert trial.field("death", "linked", "001-004") == "no"
    assert str(trial.field("death", "death_date", "001-004")) == "2026-03-09"
    trial.adverse_event("03-11 09:00", "AE-9", onset="2026-03-09", **FATAL)
    assert trial.field("death", "implied_by", "001-004") == "adverse event and subject status"
    assert trial.field("death", "linked", "001-004") == "yes"
    assert trial.field("death", "since_receipt", "001-004").isoformat()[5:13] == "03-10T09"


def test_it_was_first_heard_of_by_the_first_version_that_told_it() -> None:
    trial = f1()
    trial.adverse_event("03-10 09:00", **FATAL)
    trial.follow_up("03-14 09:00", narrative="more")
    assert trial.field("death", "since_receipt", "001-004").isoformat()[5:13] == "03-10T09"


def test_an_event_named_as_the_cause_links_it() -> None:
    trial = f1()
    trial.adverse_event("03-08 09:00", "AE-3")
    trial.status(
        "03-10 09:00", status="DEAD", death_cause={"kind": "ADVERSE_EVENT", "record_id": "AE-3"}
    )
    assert trial.fact("adverse event", "DEATH-NOS") is None
    assert trial.field("death", "linked", "001-004") == "yes"


def test_a_name_of_no_event_links_nothing() -> None:
    trial = died(death_cause={"kind": "ADVERSE_EVENT", "record_id": "AE-77"})
    assert trial.state("SAE-01", "DEATH-NOS") == "firing"


def test_a_fatal_event_entered_later_joins_the_case() -> None:
    trial = died()
    trial.adverse_event("03-12 09:00", "AE-9", onset="2026-03-09", **FATAL)
    assert trial.fact("adverse event", "DEATH-NOS") is None
    assert trial.state("SAE-01", "DEATH-NOS") == "withdrawn"
    assert trial.state("SAE-01", "AE-9") == "firing"
    assert trial.duties("DEATH-NOS") == {SEVEN: ("open", "26-03-17")}
    assert trial.duties("AE-9") == {}


def test_one_that_had_its_case_keeps_it() -> None:
    """The death case then waits for a person, and the event has the clock of its upgrade."""
    trial = f1()
    trial.adverse_event("03-08 09:00", "AE-3", investigator="POSSIBLE")
    trial.status("03-10 09:00", status="DEAD", death_date="2026-03-09")
    trial.follow_up("03-12 09:00", "AE-3", **FATAL)
    assert trial.ae("case", "AE-3") == "AE-3"
    assert trial.duties("AE-3") == {SEVEN: ("open", "26-03-19")}
    assert trial.duties("DEATH-NOS") == {SEVEN: ("end proposed", "26-03-17")}


def test_a_case_record_counts_as_a_case_of_its_own() -> None:
    trial = died()
    trial.case("03-11 09:00", "C-1", "AE-9")
    trial.adverse_event("03-12 09:00", "AE-9", onset="2026-03-09", **FATAL)
    assert trial.ae("case", "AE-9") == "AE-9"


def test_told_at_the_same_moment_it_is_no_death_nos() -> None:
    trial = f1()
    trial.adverse_event("03-10 09:00", "AE-9", **FATAL)
    trial.status("03-10 09:00", status="DEAD", death_date="2026-03-10")
    assert trial.duties("DEATH-NOS") == {}
    assert trial.duties("AE-9") == {SEVEN: ("open", "26-03-17")}


def test_a_denied_cause_waits_for_the_signature() -> None:
    trial = died()
    trial.adverse_event("03-12 09:00", "AE-9", onset="2026-03-09", **FATAL)
    trial.follow_up("03-13 09:00", "AE-9", **BOTH_DENY)
    assert trial.duties("DEATH-NOS") == {SEVEN: ("end proposed", "26-03-17")}, "no quiet answer"
    trial.sign_off("03-14 09:00", "NOT_REPORTABLE", f"DEATH-NOS/{SEVEN}")
    assert trial.duties("DEATH-NOS") == {SEVEN: ("signed off", "26-03-17")}


def test_a_suspected_cause_after_the_signature_opens_it_again() -> None:
    trial = died()
    trial.sign_off("03-11 09:00", "NOT_REPORTABLE", f"DEATH-NOS/{SEVEN}")
    assert trial.duties("DEATH-NOS") == {SEVEN: ("signed off", "26-03-17")}
    trial.adverse_event("03-12 09:00", "AE-9", onset="2026-03-09", investigator="POSSIBLE", **FATAL)
    assert trial.duties("DEATH-NOS") == {SEVEN: ("open", "26-03-19")}


def test_a_death_that_was_none_waits_for_a_person() -> None:
    trial = died()
    trial.add(
        "03-12 09:00",
        "subject-status",
        "DS-1",
        {"status": "ACTIVE", "last_known_alive": "2026-03-12"},
        why="CORRECTION",
    )
    assert trial.duties("DEATH-NOS") == {SEVEN: ("end proposed", "26-03-17")}
    assert trial.state("SAE-12") == "withdrawal_pending"
    assert trial.state("SAE-01", "DEATH-NOS") == "withdrawal_pending"
    assert trial.state("SAE-03", "DEATH-NOS") == "withdrawal_pending"


@pytest.mark.parametrize("kind", ["subject-status", "adverse-event"])
def test_a_void_death_waits_for_a_person(kind: str) -> None:
    trial = died() if kind == "subject-status" else f1()
    if kind == "adverse-event":
        trial.adverse_event("03-10 09:00", **FATAL)
    trial.void("03-12 09:00", "DS-1" if kind == "subject-status" else "AE-1", kind=kind)
    assert trial.state("SAE-12") == "withdrawal_pending"
    case = "DEATH-NOS" if kind == "subject-status" else "AE-1"
    assert trial.duties(case) == {SEVEN: ("end proposed", "26-03-17")}


def test_the_event_void_again_the_synthetic_one_stands_again() -> None:
    trial = died()
    trial.adverse_event("03-12 09:00", "AE-9", onset="2026-03-09", **FATAL)
    trial.void("03-13 09:00", "AE-9")
    assert trial.state("SAE-01", "DEATH-NOS") == "firing"
    assert trial.duties("DEATH-NOS") == {SEVEN: ("open", "26-03-17")}


def test_a_death_under_one_number_and_its_event_under_another() -> None:
    trial = died()
    with trial.of("001-011"):
        trial.adverse_event("03-12 09:00", "AE-1", onset="2026-03-09", **FATAL)
    assert trial.field("death", "linked", "001-004") == "no"
    with trial.of("001-011"):
        trial.enrolment("03-13 09:00", previous_subject_id="001-004")
        assert trial.duties("AE-1") == {SEVEN: ("open", "26-03-19")}
    assert trial.field("death", "linked", "001-004") == "yes"
    assert trial.duties("DEATH-NOS") == {SEVEN: ("end proposed", "26-03-17")}


def test_two_fatal_events_of_one_id_under_two_numbers_are_two() -> None:
    trial = f1()
    trial.adverse_event("03-10 09:00", **FATAL)
    with trial.of("001-011"):
        trial.enrolment("03-10 10:00", previous_subject_id="001-004")
        trial.adverse_event("03-10 11:00", **FATAL)
        assert trial.field("death", "linked", "001-011") == "yes"
    assert trial.state("SAE-12") == "firing"


@pytest.mark.parametrize("nameless", [1, 3])
def test_a_version_without_the_code_tells_the_death_of_its_subject(nameless: int) -> None:
    """The caller gave no code: before it was known, or once more after that."""
    trial = f1()
    with trial.of(None if nameless == 1 else "001-004"):
        trial.adverse_event("03-10 09:00", "AE-N", **(FATAL if nameless == 1 else {}))
    trial._last["adverse-event", "001-004", "AE-N"] = (1, dict(trial.journal[-1][0].raw["data"]))
    trial.follow_up("03-11 09:00", "AE-N")
    if nameless == 3:
        trial._last["adverse-event", None, "AE-N"] = trial._last["adverse-event", "001-004", "AE-N"]
        with trial.of(None):
            trial.follow_up("03-12 09:00", "AE-N", **FATAL)
    assert trial.state("SAE-12") == "firing"
    assert trial.fact("death", None) is None
    due = "26-03-18" if nameless == 1 else "26-03-19"
    assert trial.duties("AE-N") == {SEVEN: ("open", due)}
