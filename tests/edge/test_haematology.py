"""EDGE_CASES.csv, areas recovery, febrile neutropenia, anchor and Hy's law."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.facts.kit import Trial, f1

SUBJECT = "001-004"
ALL_BUT_RECOVERY = ("LAB-02", "LAB-03", "LAB-05", "LAB-06")


def chemotherapy(
    trial: Trial, *, start: str = "2026-02-23", end: str | None = "2026-03-01"
) -> None:
    course = {"kind": "CHEMOTHERAPY", "start": start, "end": end, "is_index": True}
    trial.add("02-23 12:00", "therapy", "TX-1", course)


def count(trial: Trial, day: str, value: str, test: str = "NEUT", **said: Any) -> str:
    """A result of 06:00 of a day (``03-20``), told at 08:00."""
    units = {"NEUT": "10*9/L", "PLAT": "10*9/L", "HGB": "g/L", "BILI": "umol/L"}
    data = {"test": test, "result_raw": value, "unit_raw": units.get(test, "U/L")}
    record_id = f"LB-{test}-{day}"
    trial.add(
        f"{day} 08:00", "lab-result", record_id, data | {"collected_at": f"2026-{day}T06:00"} | said
    )
    return record_id


def temperature(trial: Trial, when: str, value: str, unit: str = "Cel") -> None:
    reading = {"value": value, "unit": unit, "route": "ORAL"}
    data = {"at": f"2026-{when.replace(' ', 'T')}", "temperature": reading}
    trial.add(when, "vital-signs", f"VS-{when}", data)


def anchored() -> Trial:
    """F1 with its index chemotherapy of 23 February to 1 March."""
    trial = f1()
    chemotherapy(trial)
    return trial


def recovery(trial: Trial, name: str) -> Any:
    return trial.field("neutrophil recovery", name, trial.subject)


def counts(trial: Trial, *values: tuple[str, str]) -> None:
    for day, value in values:
        count(trial, day, value)


def test_ec_104_three_days_in_a_row_recover_on_the_first() -> None:
    trial = anchored()
    counts(trial, ("03-10", "0.1"), ("03-20", "0.6"), ("03-21", "0.7"), ("03-22", "0.9"))
    assert recovery(trial, "neutrophils_recovered") == "yes"
    assert recovery(trial, "recovered_on") == date(2026, 3, 20)
    assert (recovery(trial, "recovered_on") - recovery(trial, "anchor")).days == 25
    assert recovery(trial, "sparse") == "no"


def test_ec_106_within_a_week_they_need_not_be_of_days_in_a_row() -> None:
    trial = anchored()
    counts(trial, ("03-10", "0.1"), ("03-20", "0.6"), ("03-23", "0.8"), ("03-26", "1.1"))
    assert recovery(trial, "recovered_on") == date(2026, 3, 20)
    assert recovery(trial, "sparse") == "yes"


def test_ec_108_never_below_is_neither_recovered_nor_not() -> None:
    trial = anchored()
    counts(trial, ("03-10", "0.5"), ("03-20", "1.6"))
    assert recovery(trial, "neutrophils_recovered") == "never below"
    trial.wait("04-10 10:00")
    assert trial.state("LAB-04", SUBJECT) is None


def test_ec_109_values_before_the_nadir_do_not_count() -> None:
    trial = f1()
    graft = {"kind": "HSCT_ALLO", "completed_at": "2026-02-23", "is_index": True}
    trial.add("02-23 12:00", "therapy", "TX-1", graft)
    counts(trial, *((f"02-{day}", "0.8") for day in range(24, 29)), ("03-08", "0.05"))
    assert recovery(trial, "neutrophils_recovered") == "no"
    counts(trial, ("03-18", "0.6"), ("03-19", "0.6"), ("03-20", "0.6"))
    assert recovery(trial, "recovered_on") == date(2026, 3, 18)


def test_ec_111_a_voided_third_count_takes_recovery_back() -> None:
    trial = anchored()
    counts(trial, ("03-10", "0.1"))
    trial.wait("03-25 10:00")
    counts(trial, ("03-26", "0.6"), ("03-27", "0.7"), ("03-28", "0.9"))
    assert trial.state("LAB-04", SUBJECT) == "cleared"
    trial.add("03-29 10:00", "lab-result", "LB-NEUT-03-28", why="ENTERED_IN_ERROR", op="VOID")
    assert recovery(trial, "neutrophils_recovered") == "no"
    assert trial.story("LAB-04", SUBJECT)[-2:] == ["03-28 08:00 cleared", "03-29 10:00 firing"]


def test_ec_114_38_3_once_is_not_above_38_3() -> None:
    trial = anchored()
    count(trial, "03-10", "0.8")
    temperature(trial, "03-10 15:00", "38.3")
    assert trial.state("LAB-02", SUBJECT) is None


def test_ec_116_a_reading_below_38_between_is_not_sustained() -> None:
    trial = anchored()
    count(trial, "03-10", "0.4")
    temperature(trial, "03-10 10:00", "38.0")
    temperature(trial, "03-10 10:30", "37.6")
    temperature(trial, "03-10 11:30", "38.1")
    assert trial.state("LAB-02", SUBJECT) is None


def test_ec_117_a_count_of_six_days_ago_leaves_the_neutrophils_unknown() -> None:
    trial = anchored()
    count(trial, "03-10", "0.2")
    temperature(trial, "03-16 15:00", "38.6")
    assert trial.story("LAB-03", SUBJECT) == ["03-16 15:00 firing"]
    assert str(trial.alert("LAB-03", SUBJECT).priority) == "high"
    assert trial.state("LAB-02", SUBJECT) is None
    count(trial, "03-17", "0.2")
    assert trial.state("LAB-02", SUBJECT) == "firing"
    assert trial.state("LAB-03", SUBJECT) == "cleared"


def test_ec_119_neutropenic_fever_after_an_infusion_is_told_by_both_rules() -> None:
    trial = anchored()
    count(trial, "03-09", "0.2")
    temperature(trial, "03-09 09:45", "37.1")
    temperature(trial, "03-09 12:00", "38.4")
    assert trial.state("LAB-02", SUBJECT) == "firing"
    assert trial.state("IRR-02", "I3") == "firing"


def test_ec_120_without_an_anchor_only_recovery_is_not_followed() -> None:
    trial = f1()
    count(trial, "03-02", "0.2")
    count(trial, "03-10", "0.2")
    count(trial, "03-10", "30", "PLAT")
    count(trial, "03-10", "70", "HGB")
    temperature(trial, "03-10 15:00", "38.6")
    temperature(trial, "03-20 15:00", "38.6")
    trial.wait("05-01 10:00")
    assert trial.fact("neutrophil recovery", trial.subject) is None
    assert trial.state("LAB-04", SUBJECT) is None
    assert trial.state("DQ-05", "anchor") == "firing"
    assert all(trial.state(rule, SUBJECT) is not None for rule in ALL_BUT_RECOVERY)


def test_ec_121_the_anchor_is_the_transplantation_never_its_conditioning() -> None:
    trial = Trial()
    trial.enrolment()
    conditioning = {"kind": "CONDITIONING", "start": "2026-03-10", "course_id": "C-1"}
    graft = {"kind": "HSCT_ALLO", "start": "2026-03-18", "completed_at": "2026-03-18"}
    trial.add("03-10 12:00", "therapy", "TX-1", conditioning)
    trial.add("03-18 12:00", "therapy", "TX-2", graft | {"is_index": True})
    assert recovery(trial, "anchor") == date(2026, 3, 18)
    assert recovery(trial, "anchor_kind") == "transplantation"


@pytest.mark.parametrize(("alp", "priority"), [("150", "critical"), ("300", "high")])
def test_ec_142_a_raised_phosphatase_makes_it_high(alp: str, priority: str) -> None:
    trial = f1()
    count(trial, "03-12", alp, "ALP", range_high="100")
    count(trial, "03-12", "200", "ALT", range_high="40")
    count(trial, "03-12", "50", "BILI", range_high="20")
    assert trial.state("LAB-07", SUBJECT) == "firing"
    assert str(trial.alert("LAB-07", SUBJECT).priority) == priority
    pattern = trial.field("liver injury", "pattern", trial.subject)
    assert pattern == ("cholestatic" if alp == "300" else "mixed")
    assert trial.standing("LAB-01") == set()


def test_ec_143_forty_days_apart_are_no_pair() -> None:
    trial = f1()
    count(trial, "03-03", "200", "ALT", range_high="40")
    count(trial, "04-12", "50", "BILI", range_high="20")
    assert trial.state("LAB-07", SUBJECT) is None
