"""Edge cases, area death, with their neighbours."""

from typing import Any

from tests.edge.kit import FATAL, SUSPECTED
from tests.facts.kit import Trial, criteria, f1


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
