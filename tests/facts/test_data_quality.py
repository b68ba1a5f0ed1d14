"""The checks of DQ-04: each found, each not found on the other side, each cleared."""

from typing import Any

import pytest

from signals.events import Record, read_event
from tests.facts.kit import BLANK, ZONE, Trial, criteria, f1

AE = "adverse-event/AE-1"
HOSPITAL: dict[str, Any] = {"serious": "Y", "criteria": criteria(hospitalization="Y")}
LIFE_N = criteria(hospitalization="Y", life_threatening="N")


@pytest.mark.parametrize(
    ("check", "wrong", "right"),
    [
        ("seriousness-missing", {"serious": None}, {"serious": "N"}),
        ("seriousness-missing", {"serious": "perhaps"}, {"serious": "Y", **HOSPITAL}),
        (
            "fatal-below-grade-5",
            {"outcome": "FATAL", "grade": 4},
            {"outcome": "FATAL", "grade": 5},
        ),
        (
            "fatal-below-grade-5",
            {"outcome": "FATAL", "grade": 1},
            {"outcome": "FATAL", "grade": None},
        ),
        ("non-serious-with-criterion", {"criteria": criteria(disability="Y")}, {}),
        ("serious-without-criterion", {"serious": "Y"}, HOSPITAL),
        ("serious-without-criterion", {"serious": "Y", "criteria": BLANK}, {"serious": "N"}),
        (
            "grade-4-not-life-threatening",
            {"grade": 4, "serious": "Y", "criteria": LIFE_N},
            {"grade": 3, "serious": "Y", "criteria": LIFE_N},
        ),
        (
            "grade-4-not-life-threatening",
            {"grade": 4},
            {"grade": 4, "term": "Platelet count decreased"},
        ),
        ("end-before-start", {"end": "2026-03-09"}, {"end": "2026-03-10"}),
        ("end-before-start", {"end": "2026-02"}, {"end": "2026-03"}),
        ("onset-after-report", {"onset": "2026-03-11"}, {"onset": "2026-03-10"}),
        ("invalid-date", {"onset": "2026-02-30"}, {"onset": "2026-02-28"}),
        ("invalid-date", {"end": "2026-03-12"}, {"end": "2026-03-10"}),
        ("unreadable-field", {"grade": "severe"}, {"grade": 3}),
        ("unreadable-field", {"outcome": "BETTER"}, {"outcome": "UNKNOWN"}),
        ("unknown-key", {"causalty": "POSSIBLE"}, {}),
    ],
)
def test_what_a_record_says_of_itself(
    check: str, wrong: dict[str, Any], right: dict[str, Any]
) -> None:
    trial = f1()
    trial.adverse_event("03-10 09:00", **wrong)
    assert check in trial.checks(AE)
    assert trial.state("DQ-04", AE, check) == "firing"
    trial = f1()
    trial.adverse_event("03-10 09:00", **right)
    assert check not in trial.checks(AE)


def test_it_is_cleared_when_it_is_resolved() -> None:
    trial = f1()
    trial.adverse_event("03-10 09:00", serious="Y")
    trial.follow_up("03-11 09:00", **HOSPITAL)
    assert trial.checks(AE) == set()
    assert trial.state("DQ-04", AE, "serious-without-criterion") == "cleared"


def test_a_void_record_contradicts_nothing() -> None:
    trial = f1()
    trial.adverse_event("03-10 09:00", serious="Y")
    trial.void("03-11 09:00")
    assert trial.checks() == set()


def test_the_finding_repeats_no_words_of_a_person() -> None:
    trial = f1()
    trial.adverse_event("03-10 09:00", outcome="died at home, says Mrs Li")
    finding = trial.field("data quality", "finding", AE, "unreadable-field")
    assert finding == "a field cannot be read: /data/outcome"


@pytest.mark.parametrize(
    ("said", "critical"),
    [({"serious": "Y"}, False), ({"serious": "Y", "grade": 5}, True)],
)
def test_what_concerns_a_death_is_critical(said: dict[str, Any], critical: bool) -> None:
    trial = f1()
    trial.adverse_event("03-10 09:00", **said)
    priority = trial.alert("DQ-04", AE, "serious-without-criterion").priority
    assert str(priority) == ("critical" if critical else "high")


def test_a_death_asks_for_its_date_until_any_record_dates_it() -> None:
    trial = f1()
    trial.adverse_event("03-10 09:00", outcome="FATAL", grade=5)
    assert "grade-5-without-death-date" in trial.checks(AE)
    trial.status("03-11 09:00", status="DEAD", death_date="2026-03")
    assert "grade-5-without-death-date" not in trial.checks(AE)
    trial.void("03-12 09:00", "DS-1", kind="subject-status")
    assert "grade-5-without-death-date" in trial.checks(AE)


@pytest.mark.parametrize(
    ("alive", "found"),
    [
        ({"last_known_alive": "2026-03-10"}, False),
        ({"last_known_alive": "2026-03-11"}, True),
        ({"last_known_alive": "2026-03"}, False),
        ({"status": "ACTIVE", "at": "2026-03-11"}, True),
        ({"status": "WITHDRAWN", "at": "2026-03-11"}, False),
    ],
)
def test_alive_after_death(alive: dict[str, Any], found: bool) -> None:
    trial = f1()
    trial.status("03-12 09:00", "DS-1", status="DEAD", death_date="2026-03-10")
    trial.status("03-31 09:00", "DS-2", **({"status": "LOST"} | alive))
    assert (("subject-status/DS-1", "death-then-alive") in trial.checks()) == found


@pytest.mark.parametrize(("last", "found"), [("03-14 10:00", False), ("03-15 10:00", True)])
def test_a_schedule_past_the_cap(last: str, found: bool) -> None:
    trial = Trial()
    trial.infusion("03-02 10:00", "I1")
    trial.infusion(last, "I2")
    assert (("infusion/I2", "schedule-past-cap") in trial.checks()) == found


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"investigator": "POSSIBLE"}, True),
        ({"sponsor": "LIKELY"}, True),
        ({"investigator": "UNLIKELY"}, False),
        ({}, False),
    ],
)
def test_related_before_the_first_infusion(said: dict[str, Any], found: bool) -> None:
    trial = f1()
    trial.adverse_event("03-01 09:00", **said)
    assert ("related-before-infusion" in trial.checks(AE)) == found
    trial.progress("03-05 09:00", "2026-03-04", grade=3)
    assert "related-before-infusion" not in trial.checks(AE)


@pytest.mark.parametrize(
    ("stated", "found"),
    [
        # 62.0e6 cells for 62 kg are 1.0e6 a kilogram; 5 % either way is allowed.
        ("1.0e6", False),
        ("1.05e6", False),
        ("1.0501e6", True),
        ("0.95e6", False),
        ("0.9499e6", True),
        ("<2e6", False),
        (None, False),
    ],
)
def test_a_dose_off_cells_by_weight(stated: str | None, found: bool) -> None:
    trial = Trial()
    trial.infusion(
        "03-02 10:00",
        "I1",
        dose_cells_per_kg_actual=stated,
        total_viable_cells="6.2e7",
        weight_kg="62.0",
    )
    assert (("infusion/I1", "dose-deviation") in trial.checks()) == found


@pytest.mark.parametrize("kind", ["infusion", "therapy", "transfusion", "medication"])
def test_an_end_before_its_start(kind: str) -> None:
    trial = Trial()
    trial.add("03-05 09:00", kind, "R-1", {"start": "2026-03-04", "end": "2026-03-03"})
    assert trial.checks(f"{kind}/R-1") == {"end-before-start"}


def test_a_report_that_names_nothing() -> None:
    trial = f1()
    trial.submission("03-10 09:00", "SUB-1")
    assert trial.checks("report-submission/SUB-1") == {"submission-covers-missing"}
    trial.submission("03-11 09:00", "SUB-1", "AE-1/CN-CDE/initial-15")
    assert trial.checks() == set()


def test_a_date_after_its_entry_save_a_plan() -> None:
    trial = Trial()
    trial.add("03-05 09:00", "lab-result", "LB-1", {"test": "HGB", "collected_at": "2026-03-06"})
    assert "invalid-date" in trial.checks("lab-result/LB-1")
    trial.plan("03-05 09:00", "I1", "03-09")
    assert trial.checks("infusion/I1") == set()


def _again(trial: Trial, when: str, **other: Any) -> None:
    """The last event once more, with other data under the same event id."""
    sent = trial.journal[-1][0]
    changed = {**sent.raw, "event_id": sent.event_id, **other, "ingested_at": when}
    record = read_event(changed, zone=ZONE, trusted=True)
    assert isinstance(record, Record)
    trial.take(record)


def test_conflict_another_content_under_one_version_is_asked_about() -> None:
    trial = f1()
    trial.adverse_event("03-10 09:00")
    _again(trial, "2026-03-10T10:00:00+08:00", data={"grade": 4})
    assert "conflicting-content" in trial.checks(AE)
    assert trial.ae("grade") == 2, "the first counts"
    trial.follow_up("03-11 09:00")
    assert "conflicting-content" not in trial.checks(AE), "a later version settles it"


def test_conflict_another_record_under_one_event_id_is_not_lost() -> None:
    trial = f1()
    trial.adverse_event("03-10 09:00")
    _again(trial, "2026-03-10T10:00:00+08:00", record_id="AE-2")
    assert trial.fact("adverse event", "AE-2") is None
    assert trial.checks("adverse-event/AE-2") == {"conflicting-content"}
    assert trial.state("DQ-04", "adverse-event/AE-2", "conflicting-content") == "firing"
