"""Edge cases, area death, with their neighbours."""

from typing import Any

import pytest

from tests.edge.kit import FATAL, LIFE_THREATENING, SERIOUS, SUSPECTED
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


def named_as_cause(**event: Any) -> Trial:
    """A death, told by a status that names a serious event which nobody called fatal yet."""
    trial = f1("CN-CDE", "EU-CTR")
    trial.adverse_event("03-08 10:00", **event, **SUSPECTED)
    cause = {"kind": "ADVERSE_EVENT", "record_id": "AE-1"}
    trial.status("03-20 10:00", status="DEAD", death_date="2026-03-19", death_cause=cause)
    return trial


def test_ec_081_an_event_named_as_the_cause_is_fatal_from_the_receipt_of_the_death() -> None:
    trial = named_as_cause(**SERIOUS)
    assert trial.duties("DEATH-NOS") == {}
    assert trial.ae("fatal") == "yes"
    assert trial.duties() == {
        "CN-CDE/initial-15": ("open", "26-03-23"),
        "CN-CDE/initial-7": ("open", "26-03-27"),
        "EU-CTR/initial-15": ("open", "26-03-23"),
        "EU-CTR/initial-7": ("open", "26-03-27"),
    }
    assert (trial.state("SAE-03"), trial.state("SAE-08")) == ("firing", "firing")
    trial.void("03-21 10:00", "DS-1", kind="subject-status")
    assert trial.duties()["CN-CDE/initial-7"] == ("end proposed", "26-03-27")
    assert trial.duties()["CN-CDE/initial-15"] == ("open", "26-03-23")


def test_ec_081_named_as_the_cause_a_non_serious_event_is_serious() -> None:
    trial = named_as_cause()
    assert trial.state("SAE-01") == "firing"
    assert trial.duties()["CN-CDE/initial-7"] == ("open", "26-03-27")


def test_ec_081_a_reported_life_threatening_event_that_killed_is_reported_again() -> None:
    trial = f1("CN-CDE", "EU-CTR")
    trial.adverse_event("03-08 10:00", **LIFE_THREATENING, **SUSPECTED)
    for code in ("CN-CDE", "EU-CTR"):
        name = f"AE-1/{code}/initial-7"
        trial.submission("03-10 10:00", f"SUB-{code}", name, jurisdiction=code)
    cause = {"kind": "ADVERSE_EVENT", "record_id": "AE-1"}
    trial.status("03-20 10:00", status="DEAD", death_date="2026-03-19", death_cause=cause)
    due = {name: due for name, (status, due) in trial.duties().items() if "follow-up" in name}
    assert due == {
        "CN-CDE/follow-up-2026-03-20": "26-03-27",
        "EU-CTR/follow-up-2026-03-20": "26-04-04",
    }


def test_ec_081_a_death_of_a_partial_date_lies_before_its_record() -> None:
    trial = f1()
    trial.status("03-20 10:00", status="DEAD", death_date="2026-03")
    first, last = trial.field("death", "death_date", "001-004")
    assert (first.isoformat(), last.isoformat()) == ("2026-03-01", "2026-03-20")


def test_ec_083_alive_after_death_is_a_critical_contradiction() -> None:
    trial = f1()
    trial.status("05-02 10:00", "DS-1", status="DEAD", death_date="2026-05-01")
    trial.status("05-21 10:00", "DS-2", status="ACTIVE", last_known_alive="2026-05-20")
    question = ("DQ-04", "subject-status/DS-1", "death-then-alive")
    assert str(trial.alert(*question).priority) == "critical"
    assert trial.state("SAE-12") == "firing", "still treated as a death"
    assert trial.duties("DEATH-NOS") == {"CN-CDE/initial-7": ("open", "26-05-09")}


CONTACTS: dict[str, dict[str, Any]] = {
    "lab-result": {"test": "HGB", "result_raw": "80", "unit_raw": "g/L", "range_low": "130"},
    "vital-signs": {"temperature": {"value": "37.0", "unit": "Cel"}},
    "disease-status": {"status": "CR"},
}
DATED = {"lab-result": "collected_at", "vital-signs": "at", "disease-status": "assessed_at"}


@pytest.mark.parametrize("kind", CONTACTS)
@pytest.mark.parametrize(
    ("died", "seen", "odd"),
    [
        ("2026-05-01", "2026-05-02", True),
        ("2026-05-01", "2026-05-01", False),
        ("2026-05-01", "2026-05", False),
        ("2026-05", "2026-05-20", False),
        ("2026-04", "2026-05-01", True),
    ],
)
def test_ec_083_examined_after_death(kind: str, died: str, seen: str, *, odd: bool) -> None:
    trial = f1()
    trial.status("05-22 10:00", "DS-1", status="DEAD", death_date=died)
    trial.add("05-23 10:00", kind, "R-1", {**CONTACTS[kind], DATED[kind]: seen})
    found = trial.checks("subject-status/DS-1")
    assert found == ({"death-then-alive"} if odd else set())
    trial.void("05-24 10:00", "R-1", kind=kind)
    assert trial.checks("subject-status/DS-1") == set()


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
