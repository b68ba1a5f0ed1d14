"""EDGE_CASES.csv, area clock, with its neighbours."""

from typing import Any

import pytest

from tests.facts.kit import Trial, criteria, f1

SERIOUS: dict[str, Any] = {"serious": "Y", "criteria": criteria(hospitalization="Y")}
LIFE_THREATENING: dict[str, Any] = {
    "serious": "Y",
    "grade": 4,
    "criteria": criteria(life_threatening="Y"),
}
FATAL: dict[str, Any] = {
    "serious": "Y",
    "grade": 5,
    "outcome": "FATAL",
    "criteria": criteria(death="Y"),
}
SUSPECTED: dict[str, Any] = {"investigator": "POSSIBLE"}


def treated(*jurisdictions: str, on: str = "02-05 10:00") -> Trial:
    trial = Trial(*jurisdictions)
    trial.enrolment("2026-01-20 10:00", consented_at="2026-01-18", enrolled_at="2026-01-20")
    trial.infusion(on, "I1")
    return trial


def test_ec_052_late_on_day_0_and_over_the_new_year() -> None:
    trial = treated()
    trial.adverse_event("02-10 23:50", **FATAL, **SUSPECTED)
    assert trial.day0("AE-1/CN-CDE/initial-7") == "26-02-10"
    assert trial.due("SAE-03") == {"CN-CDE initial, 7 days": "26-02-17"}
    assert trial.alert("SAE-03").due[0].due.isoformat() == "2026-02-17T23:59:59+08:00"


@pytest.mark.parametrize(
    ("sent", "due"),
    [("02-15 10:00", "26-02-23"), ("02-17 10:00", "26-02-25"), ("02-20 10:00", "26-02-25")],
)
def test_ec_052_the_completion_is_due_8_days_after_it_and_at_most_on_day_15(
    sent: str, due: str
) -> None:
    trial = treated()
    trial.adverse_event("02-10 23:50", **FATAL, **SUSPECTED)
    trial.submission(sent, "SUB-1", "AE-1/CN-CDE/initial-7")
    assert trial.duties()["CN-CDE/completion"] == ("open", due)
    trial.submission("02-22 10:00", "SUB-2", "AE-1/CN-CDE/completion")
    assert trial.duties()["CN-CDE/completion"][0] == "met"


def test_ec_052_ten_minutes_later_is_another_day() -> None:
    trial = treated()
    trial.adverse_event("02-11 00:00", onset="2026-02-10", **FATAL, **SUSPECTED)
    assert trial.duties() == {"CN-CDE/initial-7": ("open", "26-02-18")}


def test_ec_054_a_leap_day_counts() -> None:
    trial = treated(on="2028-02-05 10:00")
    trial.adverse_event("2028-02-20 10:00", **SERIOUS, **SUSPECTED)
    assert trial.duties() == {"CN-CDE/initial-15": ("open", "28-03-06")}


def test_ec_055_a_leap_day_counts_in_the_7_days() -> None:
    trial = treated(on="2028-02-05 10:00")
    trial.adverse_event("2028-02-25 10:00", **FATAL, **SUSPECTED)
    assert trial.duties() == {"CN-CDE/initial-7": ("open", "28-03-03")}


def test_ec_057_the_receipt_of_a_delegate_is_day_0() -> None:
    trial = f1()
    trial.adverse_event("03-04 15:00", received="03-03 20:00", onset="2026-03-03", **SERIOUS)
    assert trial.day0("AE-1/CN-CDE/initial-15") == "26-03-03"


def test_ec_058_the_minimum_criteria_are_complete_when_the_subject_is_known() -> None:
    # SAE-10, which asks for the subject in between, is a later issue.
    trial = f1(infusions=0)
    trial.subject = None
    trial.adverse_event("03-01 10:00", "AE-N", **SERIOUS, **SUSPECTED)
    assert trial.duties("AE-N") == {}
    assert trial.state("SAE-01", "AE-N") == "firing"
    said = trial._said("AE-N")
    trial.subject = "001-004"
    trial.add(
        "03-05 10:00",
        "adverse-event",
        "AE-N",
        said | {"received_by_sponsor_at": "2026-03-05T10:00:00+08:00"},
        version=2,
        why="FOLLOW_UP",
    )
    assert trial.duties("AE-N") == {"CN-CDE/initial-15": ("open", "26-03-20")}
    assert trial.day0("AE-N/CN-CDE/initial-15") == "26-03-05"
    with trial.of(None):
        assert trial.state("SAE-01", "AE-N") == "withdrawn"
        assert "now under" in trial.alert("SAE-01", "AE-N").change


def ec_060(died: str) -> Trial:
    trial = treated()
    trial.adverse_event("03-01 10:00", **SERIOUS, **SUSPECTED)
    trial.follow_up(died, **FATAL)
    return trial


def test_ec_060_a_death_opens_its_own_clock_and_closes_none() -> None:
    trial = ec_060("03-05 10:00")
    assert trial.duties() == {
        "CN-CDE/initial-7": ("open", "26-03-12"),
        "CN-CDE/initial-15": ("open", "26-03-16"),
    }
    assert list(trial.due("SAE-08").values()) == ["26-03-12", "26-03-16"], "the earliest governs"
    both = ("AE-1/CN-CDE/initial-7", "AE-1/CN-CDE/initial-15")
    trial.submission("03-10 10:00", "SUB-1", *both)
    assert {status for status, _ in trial.duties().values()} == {"met", "open"}
    assert trial.duties()["CN-CDE/completion"] == ("open", "26-03-18")
    assert (trial.state("SAE-03"), trial.state("SAE-04")) == ("cleared", "cleared")


def test_ec_060_a_report_that_covers_one_leaves_the_other() -> None:
    trial = ec_060("03-05 10:00")
    trial.submission("03-10 10:00", "SUB-1", "AE-1/CN-CDE/initial-7")
    assert (trial.state("SAE-03"), trial.state("SAE-04")) == ("cleared", "firing")


def test_ec_061_the_earlier_due_date_governs() -> None:
    trial = ec_060("03-14 10:00")
    assert trial.duties() == {
        "CN-CDE/initial-7": ("open", "26-03-21"),
        "CN-CDE/initial-15": ("open", "26-03-16"),
    }
    assert list(trial.due("SAE-08").values()) == ["26-03-16", "26-03-21"]
    assert trial.state("SAE-08") == "firing"


def reported() -> Trial:
    trial = treated()
    trial.adverse_event("03-01 10:00", narrative="as told", **SERIOUS, **SUSPECTED)
    trial.submission("03-10 10:00", "SUB-1", "AE-1/CN-CDE/initial-15")
    return trial


def test_ec_063_significant_information_after_the_report_is_due_in_15_days() -> None:
    trial = reported()
    trial.follow_up("03-20 10:00", criteria=criteria(hospitalization="Y", disability="Y"))
    assert trial.duties()["CN-CDE/follow-up-2026-03-20"] == ("open", "26-04-04")
    trial.submission("03-25 10:00", "SUB-2", "AE-1/CN-CDE/follow-up-2026-03-20", report="FOLLOW_UP")
    assert trial.duties()["CN-CDE/follow-up-2026-03-20"][0] == "met"


@pytest.mark.parametrize(("significant", "follow_up"), [("N", False), ("Y", True), (None, True)])
def test_ec_064_a_spelling_error_is_significant_until_a_person_says_no(
    significant: str | None, follow_up: bool
) -> None:
    trial = reported()
    trial.correct("03-20 10:00", narrative="as it was told", significant=significant)
    assert ("CN-CDE/follow-up-2026-03-20" in trial.duties()) == follow_up


def test_ec_064_a_change_on_the_list_cannot_be_declared_insignificant() -> None:
    trial = reported()
    trial.follow_up("03-20 10:00", sponsor="UNRELATED", significant="N")
    assert "CN-CDE/follow-up-2026-03-20" in trial.duties()


def test_ec_066_the_7_days_run_from_receipt_in_the_us_too() -> None:
    trial = treated("CN-CDE", "US-IND")
    trial.adverse_event("03-01 10:00", **LIFE_THREATENING, **SUSPECTED)
    trial.follow_up("03-04 10:00", sponsor_determined_at="2026-03-04")
    assert trial.duties() == {
        "CN-CDE/initial-7": ("open", "26-03-08"),
        "US-IND/initial-7": ("open", "26-03-08"),
        "US-IND/initial-15": ("open", "26-03-16"),
    }
    trial.submission("03-05 10:00", "SUB-1", "AE-1/US-IND/initial-7", jurisdiction="US-IND")
    assert "US-IND/completion" not in trial.duties(), "the written report takes its place"


def test_ec_067_a_downgrade_waits_for_a_signature() -> None:
    # SAE-09 shows it in a later issue; the obligation and SAE-04 already wait.
    trial = treated()
    trial.adverse_event("03-01 10:00", **SERIOUS, **SUSPECTED)
    trial.follow_up("03-03 10:00", serious="N", criteria=criteria())
    assert trial.duties() == {"CN-CDE/initial-15": ("end proposed", "26-03-16")}
    assert trial.state("SAE-04") == "withdrawal_pending"
    assert trial.due("SAE-04") == {"CN-CDE initial, 15 days": "26-03-16"}, "still due"
    trial.sign_off("03-04 10:00", "SERIOUSNESS_DOWNGRADE", "AE-1")
    assert trial.duties() == {"CN-CDE/initial-15": ("signed off", "26-03-16")}
    assert trial.state("SAE-04") == "withdrawn"


def test_ec_067_unsigned_it_is_breached() -> None:
    trial = treated()
    trial.adverse_event("03-01 10:00", **SERIOUS, **SUSPECTED)
    trial.follow_up("03-03 10:00", serious="N", criteria=criteria())
    obligation = "AE-1/CN-CDE/initial-15"
    trial.wait("03-16 23:59:59")
    assert trial.state("SAE-06", obligation) is None
    trial.wait("03-17 00:00:00")
    assert trial.state("SAE-06", obligation) == "firing"
    assert trial.story("SAE-05", obligation) == ["03-13 23:59 firing", "03-17 00:00 cleared"]


def test_ec_069_two_messages_of_one_worldwide_case_are_one_clock() -> None:
    trial = treated()
    trial.adverse_event("03-01 10:00", "AE-1", **SERIOUS, **SUSPECTED)
    trial.case("03-01 11:00", "C-1", "AE-1", worldwide_id="CN-X-1", safety_report_id="A")
    trial.adverse_event("03-04 10:00", "AE-2", **SERIOUS, **SUSPECTED)
    trial.case("03-04 11:00", "C-2", "AE-2", worldwide_id="CN-X-1", safety_report_id="B")
    assert trial.duties("AE-1") == {"CN-CDE/initial-15": ("open", "26-03-16")}
    assert trial.duties("AE-2") == {}
    assert trial.state("SAE-04", "AE-2") == "withdrawn"


def test_ec_069_another_worldwide_case_has_its_own_clock() -> None:
    trial = treated()
    trial.adverse_event("03-01 10:00", "AE-1", **SERIOUS, **SUSPECTED)
    trial.case("03-01 11:00", "C-1", "AE-1", worldwide_id="CN-X-1")
    trial.adverse_event("03-04 10:00", "AE-2", **SERIOUS, **SUSPECTED)
    trial.case("03-04 11:00", "C-2", "AE-2", worldwide_id="CN-X-2")
    assert trial.duties("AE-2") == {"CN-CDE/initial-15": ("open", "26-03-19")}


def ec_072(onset: str, *, first: tuple[str, ...] = ()) -> Trial:
    trial = f1()
    trial.rsi("2026-01-05 09:00", "RSI-1", "2026-01-01", *first)
    trial.rsi("03-10 08:00", "RSI-2", "2026-03-10", "rash maculo-papular")
    trial.adverse_event("03-12 10:00", onset=onset, **SERIOUS, **SUSPECTED)
    trial.follow_up("03-12 18:00", expected="Y")
    return trial


def test_ec_072_the_information_in_force_at_onset_judges() -> None:
    trial = ec_072("2026-03-05")
    assert trial.field("case", "expectedness", "AE-1") == "assumed unexpected"
    assert trial.duties() == {"CN-CDE/initial-15": ("open", "26-03-27")}
    assert "expectedness-disagrees" in trial.checks("adverse-event/AE-1")


def test_ec_072_on_its_first_day_the_new_one_judges() -> None:
    trial = ec_072("2026-03-10")
    assert trial.duties() == {"CN-CDE/initial-15": ("answered", "26-03-27")}
    assert trial.checks("adverse-event/AE-1") == set()


def test_ec_073_unrelated_by_both_is_no_susar() -> None:
    trial = f1()
    trial.adverse_event("03-06 10:00", investigator="UNRELATED", sponsor="UNRELATED", **SERIOUS)
    assert trial.state("SAE-01") == "firing"
    assert trial.duties() == {}
    assert trial.standing("SAE-03", "SAE-04") == set()


def test_ec_075_a_planned_stay_is_not_serious_and_a_prolonged_one_is() -> None:
    trial = f1()
    trial.adverse_event("03-06 10:00", "AE-1", term="Nausea", **SUSPECTED)
    assert trial.state("SAE-01") is None
    trial.follow_up("03-07 10:00", "AE-1", criteria=criteria(hospitalization="Y"))
    assert trial.state("SAE-01") == "firing"
    assert trial.state("SAE-08") == "firing"


@pytest.mark.parametrize("life_threatening", ["N", None])
def test_ec_076_grade_4_is_not_serious_by_itself(life_threatening: str | None) -> None:
    trial = f1()
    trial.adverse_event(
        "03-06 10:00",
        term="Neutrophil count decreased",
        grade=4,
        criteria=criteria(life_threatening=life_threatening),
        **SUSPECTED,
    )
    assert trial.ae("serious") == "no"
    assert trial.ae("life_threatening") == "no"
    assert trial.standing("SAE-01", "SAE-03", "SAE-04") == set()


@pytest.mark.parametrize(
    ("grade", "duty"), [(1, "15"), (2, "15"), (3, "15"), (4, "7"), (5, "7"), (None, "7")]
)
@pytest.mark.parametrize("stated", [None, "N"])
def test_ec_078_serious_without_a_criterion(
    grade: int | None, duty: str, stated: str | None
) -> None:
    trial = f1()
    trial.adverse_event(
        "03-06 10:00",
        serious="Y",
        grade=grade,
        criteria=dict.fromkeys(criteria(), stated),
        **SUSPECTED,
    )
    days = {"7": "26-03-13", "15": "26-03-21"}
    assert trial.duties() == {f"CN-CDE/initial-{duty}": ("open", days[duty])}
    assert "serious-without-criterion" in trial.checks("adverse-event/AE-1")


def test_ec_078_until_the_criterion_is_entered() -> None:
    trial = f1()
    blank: dict[str, Any] = dict.fromkeys(criteria())
    trial.adverse_event("03-06 10:00", serious="Y", grade=4, criteria=blank, **SUSPECTED)
    assert "life-threatening" in trial.assumed(
        "obligation", "status", "001-004/AE-1/CN-CDE/initial-7"
    )
    trial.follow_up("03-08 10:00", criteria=criteria(hospitalization="Y"))
    assert trial.duties() == {
        "CN-CDE/initial-7": ("end proposed", "26-03-13"),
        "CN-CDE/initial-15": ("open", "26-03-21"),
    }, "the 15-day report takes over with the same day 0"


def test_ec_079_grade_5_without_a_date_of_death() -> None:
    trial = f1()
    trial.adverse_event(
        "03-10 10:00", serious="Y", grade=5, criteria=dict.fromkeys(criteria()), **SUSPECTED
    )
    assert trial.state("SAE-12") == "firing"
    assert trial.duties() == {"CN-CDE/initial-7": ("open", "26-03-17")}
    question = ("DQ-04", "adverse-event/AE-1", "grade-5-without-death-date")
    assert trial.state(*question) == "firing"
    assert str(trial.alert(*question).priority) == "critical"
    assert trial.field("death", "death_date", "001-004") == (None, None)
    trial.status("03-11 10:00", status="DEAD", death_date="2026-03-10")
    assert trial.state(*question) == "cleared"


def test_ec_081_a_death_without_an_event_stands_as_death_nos() -> None:
    trial = f1()
    trial.status("03-20 10:00", status="DEAD", death_date="2026-03-19", received="03-20 09:00")
    assert trial.state("SAE-12") == "firing"
    assert trial.state("SAE-01", "DEATH-NOS") == "firing"
    assert trial.duties("DEATH-NOS") == {"CN-CDE/initial-7": ("open", "26-03-27")}
    assert trial.field("case", "causality_expedited", "DEATH-NOS") == "assumed related"
    assert trial.ae("grade", "DEATH-NOS") == 5
    assert str(trial.ae("onset", "DEATH-NOS")) == "2026-03-19"


def test_ec_081_the_cause_told_later_joins_the_case_and_pv_signs() -> None:
    trial = f1()
    trial.status("03-20 10:00", status="DEAD", death_date="2026-03-19")
    opinions: dict[str, Any] = {"investigator": "UNRELATED", "sponsor": "UNRELATED"}
    trial.adverse_event("03-22 10:00", "AE-9", onset="2026-03-19", **FATAL, **opinions)
    assert trial.ae("case", "AE-9") == "DEATH-NOS"
    assert trial.duties("DEATH-NOS") == {"CN-CDE/initial-7": ("end proposed", "26-03-27")}
    assert trial.state("SAE-03", "DEATH-NOS") == "withdrawal_pending"
    trial.sign_off("03-23 10:00", "NOT_REPORTABLE", "DEATH-NOS/CN-CDE/initial-7")
    assert trial.duties("DEATH-NOS") == {"CN-CDE/initial-7": ("signed off", "26-03-27")}
    assert trial.state("SAE-03", "DEATH-NOS") == "withdrawn"
    assert trial.state("SAE-12") == "firing"


def test_ec_081_a_related_cause_keeps_the_clock_and_its_day_0() -> None:
    trial = f1()
    trial.status("03-20 10:00", status="DEAD", death_date="2026-03-19")
    trial.adverse_event("03-22 10:00", "AE-9", onset="2026-03-19", **FATAL, **SUSPECTED)
    assert trial.duties("DEATH-NOS") == {"CN-CDE/initial-7": ("open", "26-03-27")}
    assert trial.duties("AE-9") == {}


def test_ec_083_alive_after_death_is_a_critical_contradiction() -> None:
    trial = f1()
    trial.status("05-02 10:00", "DS-1", status="DEAD", death_date="2026-05-01")
    trial.status("05-21 10:00", "DS-2", status="ACTIVE", last_known_alive="2026-05-20")
    question = ("DQ-04", "subject-status/DS-1", "death-then-alive")
    assert str(trial.alert(*question).priority) == "critical"
    assert trial.state("SAE-12") == "firing", "still treated as a death"
    assert trial.duties("DEATH-NOS") == {"CN-CDE/initial-7": ("open", "26-05-09")}


def test_ec_083_alive_on_the_day_of_death_is_none() -> None:
    trial = f1()
    trial.status("05-02 10:00", "DS-1", status="DEAD", death_date="2026-05-01")
    trial.status("05-21 10:00", "DS-2", status="LOST", last_known_alive="2026-05-01")
    assert trial.checks() == set()


def test_ec_085_a_death_before_any_infusion_runs_no_clock() -> None:
    trial = Trial()
    trial.enrolment()
    trial.status("03-01 10:00", status="DEAD", death_date="2026-02-28")
    assert trial.state("SAE-12") == "firing"
    assert trial.state("SAE-01", "DEATH-NOS") == "firing"
    assert trial.duties("DEATH-NOS") == {}
    assert trial.standing("SAE-03", "SAE-04") == set()
