"""Blood counts and fever of the reference subject: anchor 23 February, window to 6 April 2026.

Days from the anchor: 20 March is 25, 5 April 41, 6 April 42.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.facts.kit import SUBJECT, Trial
from tests.outcomes.kit import (
    answers,
    course,
    curve,
    died,
    flags,
    left_out,
    numbers,
    reference,
    table,
    times,
)

UNITS = {"NEUT": "10*9/L", "WBC": "10*9/L", "PLAT": "10*9/L", "HGB": "g/L"}


def lab(trial: Trial, test: str, *counts: tuple[str, str], **said: Any) -> None:
    """Results of one test: (day of 2026, value)."""
    for day, value in counts:
        data = {"test": test, "result_raw": value, "unit_raw": UNITS[test]}
        full = f"2026-{day}"
        data |= {"collected_at": full if "T" in full else f"{full}T08:00", **said}
        name = f"{test}-{day}"
        trial.add(f"{full[:10]} 20:00", "lab-result", name, data)


def neutrophils(*counts: tuple[str, str]) -> Trial:
    trial = reference()
    lab(trial, "NEUT", ("03-10", "0.1"), *counts)
    return trial


def only(trial: Trial, code: str, today: str = "2028-12-31", place: int = 0) -> tuple[int, str]:
    return times(table(trial, code, today), place)[SUBJECT]


THREE = (("03-20", "0.6"), ("03-21", "0.7"), ("03-22", "0.9"))


# ---------------------------------------------------------------------- O4


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        (THREE, (25, "event")),
        (THREE[:2], (26, "censored")),
        ((("03-20", "0.5"), ("03-21", "0.5"), ("03-22", "0.5")), (25, "event")),
        ((("03-20", "0.6"), ("03-21", "0.49"), ("03-22", "0.9")), (27, "censored")),
        ((("03-20", "0.6"), ("03-23", "0.8"), ("03-27", "1.1")), (25, "event")),
        ((("03-20", "0.6"), ("03-23", "0.8"), ("03-28", "1.1")), (33, "censored")),
        ((("04-06", "0.6"), ("04-07", "0.7"), ("04-08", "0.9")), (42, "event")),
        ((("04-07", "0.6"), ("04-08", "0.7"), ("04-09", "0.9")), (42, "censored")),
        ((), (15, "censored")),
    ],
)
def test_three_results_of_half_within_a_week_are_recovery(
    counts: tuple[tuple[str, str], ...], expected: tuple[int, str]
) -> None:
    assert only(neutrophils(*counts), "O4") == expected


def test_recovery_to_one_is_the_supportive_curve() -> None:
    trial = neutrophils(*THREE, ("03-24", "1.0"), ("03-25", "1.1"), ("03-26", "1.2"))
    found = table(trial, "O4")
    assert times(found) == {SUBJECT: (25, "event")}
    assert times(found, 2) == {SUBJECT: (29, "event")}


def test_before_the_end_of_the_index_course_nothing_recovers() -> None:
    trial = reference()
    course(trial, "2026-02-23", "2026-03-21")
    lab(trial, "NEUT", ("03-10", "0.1"), *THREE, ("03-23", "1.0"), ("03-24", "1.1"))
    assert only(trial, "O4") == (27, "event"), "22 March is the first day after the course"


def test_another_course_censors_the_day_before() -> None:
    trial = neutrophils()
    again = {"kind": "CHEMOTHERAPY", "course_id": "C2", "start": "2026-03-20"}
    trial.add("03-20 20:00", "therapy", "TH-2", again)
    lab(trial, "NEUT", ("03-25", "0.6"), ("03-26", "0.7"), ("03-27", "0.9"))
    assert only(trial, "O4") == (24, "censored")


def test_death_competes_and_is_censored_in_the_supportive_curve() -> None:
    trial = neutrophils()
    died(trial, "03-15")
    assert only(trial, "O4") == (20, "competing event")
    assert only(trial, "O4", place=1) == (20, "censored")


def test_a_death_after_the_window_does_not_lengthen_what_was_counted() -> None:
    trial = neutrophils()
    died(trial, "05-15")
    assert only(trial, "O4") == (15, "censored")


@pytest.mark.parametrize(
    ("value", "why"),
    [("0.5", "neutrophils were never below"), (None, "no neutrophil count after the anchor")],
)
def test_who_is_not_in_the_set(value: str | None, why: str) -> None:
    trial = reference()
    if value is not None:
        lab(trial, "NEUT", ("03-10", value))
    assert left_out(table(trial, "O4")) == {SUBJECT: why}


def test_an_open_window_counts_in_the_curve() -> None:
    assert only(neutrophils(*THREE), "O4", "2026-03-25") == (25, "event")


# ---------------------------------------------------------------------- O7 to O10


@pytest.mark.parametrize(
    ("day", "value", "answer"),
    [
        ("03-10", "49", "yes"),
        ("03-10", "50", "no"),
        ("03-10", "<60", "undetermined"),
        ("03-10", "<50", "yes"),
        ("04-06", "49", "yes"),
        ("04-07", "49", "no"),
    ],
)
def test_severe_thrombocytopenia(day: str, value: str, answer: str) -> None:
    trial = reference()
    lab(trial, "PLAT", ("03-01", "80"), (day, value))
    assert answers(table(trial, "O7")) == {SUBJECT: answer}


def test_lower_levels_of_platelets() -> None:
    trial = reference()
    lab(trial, "PLAT", ("03-10", "19"))
    found = table(trial, "O7")
    said = [answers(found, place)[SUBJECT] for place in range(5)]
    assert said == ["yes", "yes", "yes", "yes", "no"], "50, incident, 25, 20, 10"


@pytest.mark.parametrize(("value", "incident"), [("49", {}), ("50", {SUBJECT: "yes"})])
def test_severe_at_the_anchor_is_prevalent(value: str, incident: dict[str, str]) -> None:
    trial = reference()
    lab(trial, "PLAT", ("02-22", value), ("03-10", "30"))
    found = table(trial, "O7")
    assert answers(found) == {SUBJECT: "yes"}
    assert answers(found, 1) == incident


def test_without_a_count_after_the_anchor_the_subject_is_not_counted() -> None:
    trial = reference()
    lab(trial, "PLAT", ("02-23", "30"))
    for code in ("O7", "O8"):
        assert left_out(table(trial, code)) == {SUBJECT: "no count after the anchor"}


PLATELETS = (("03-10", "20"), ("03-20", "60"), ("03-21", "55"), ("03-22", "70"))


@pytest.mark.parametrize(
    ("transfused", "expected"),
    [
        (None, (25, "event")),
        ("2026-03-13", (25, "event")),
        ("2026-03-14", (26, "event")),
        ("2026-03-15", (27, "censored")),
        ("2026-03-22", (27, "censored")),
    ],
)
def test_platelets_recover_a_week_after_the_last_transfusion(
    transfused: str | None, expected: tuple[int, str]
) -> None:
    trial = reference()
    lab(trial, "PLAT", *PLATELETS, *((("03-23", "70"),) if expected[0] == 26 else ()))
    if transfused is not None:
        data = {"component": "PLATELET", "units": "1", "start": transfused}
        trial.add("03-25 10:00", "transfusion", "TR-1", data)
    assert only(trial, "O8") == expected


def test_red_cells_do_not_hide_the_recovery_of_platelets() -> None:
    trial = reference()
    lab(trial, "PLAT", *PLATELETS)
    trial.add("03-25 10:00", "transfusion", "TR-1", {"component": "RBC", "start": "2026-03-19"})
    assert only(trial, "O8") == (25, "event")


def test_who_was_never_severe_is_not_in_the_time_to_recovery() -> None:
    trial = reference()
    lab(trial, "PLAT", ("03-10", "50"))
    assert left_out(table(trial, "O8")) == {SUBJECT: "severe within the window: no"}


@pytest.mark.parametrize(("value", "answer"), [("79", "yes"), ("80", "no")])
def test_severe_anaemia(value: str, answer: str) -> None:
    trial = reference()
    lab(trial, "HGB", ("03-10", value))
    assert answers(table(trial, "O9")) == {SUBJECT: answer}


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ({"grade": 3}, "yes"),
        ({"grade": 2}, "no"),
        ({"grade": None}, "undetermined"),
        ({"grade": 3, "onset": "2026-02-01", "end": "2026-02-22"}, "no"),
        ({"grade": 3, "onset": "2026-04-07"}, "no"),
    ],
)
def test_an_event_of_anaemia_counts_too(said: dict[str, Any], answer: str) -> None:
    trial = reference()
    lab(trial, "HGB", ("03-10", "95"))
    trial.adverse_event("04-20 10:00", **({"term": "Anemia", "onset": "2026-03-10"} | said))
    assert answers(table(trial, "O9")) == {SUBJECT: answer}


def test_two_results_show_the_recovery_of_haemoglobin() -> None:
    trial = reference()
    lab(trial, "HGB", ("03-10", "70"), ("03-20", "80"), ("03-22", "85"))
    assert only(trial, "O10") == (25, "event")


def test_a_haemolysed_sample_is_flagged() -> None:
    trial = reference()
    lab(trial, "HGB", ("03-10", "70"), haemolysed=True)
    assert flags(table(trial, "O9")) == ("a sample was haemolysed",)


# ---------------------------------------------------------------------- O5, O6


def warm(trial: Trial, *readings: tuple[str, str]) -> None:
    """Oral temperatures: (time of 2026, degrees)."""
    for when, value in readings:
        reading = {"value": value, "unit": "Cel", "route": "ORAL"}
        at = when.replace(" ", "T")
        data = {"at": f"2026-{at}", "temperature": reading}
        trial.add(f"2026-{when}", "vital-signs", f"VS-{when}", data)


@pytest.mark.parametrize(
    ("count", "degrees", "ctcae", "idsa"),
    [
        ("0.4", "38.4", "yes", "yes"),
        ("0.4", "38.3", "no", "yes"),
        ("0.4", "38.2", "no", "no"),
        ("0.8", "38.4", "yes", "no"),
        ("1.0", "38.4", "no", "no"),
        (None, "38.4", "no", "no"),
    ],
)
def test_febrile_neutropenia(count: str | None, degrees: str, ctcae: str, idsa: str) -> None:
    trial = reference()
    if count is not None:
        lab(trial, "NEUT", ("03-10", count))
    warm(trial, ("03-10 12:00", degrees))
    found = table(trial, "O5")
    assert answers(found) == {SUBJECT: ctcae}
    assert answers(found, 1) == {SUBJECT: idsa}


@pytest.mark.parametrize(("day", "idsa"), [("03-12T12:00", "yes"), ("03-12T12:01", "no")])
def test_neutrophils_that_fall_within_48_hours_count_for_idsa(day: str, idsa: str) -> None:
    trial = reference()
    lab(trial, "NEUT", ("03-10", "0.8"), (day, "0.4"))
    warm(trial, ("03-10 12:00", "38.5"))
    assert answers(table(trial, "O5"), 1) == {SUBJECT: idsa}


@pytest.mark.parametrize(
    ("when", "answer"),
    [("02-22 23:50", "no"), ("02-23 00:10", "yes"), ("04-06 23:50", "yes"), ("04-07 00:10", "no")],
)
def test_fever_counts_in_the_window(when: str, answer: str) -> None:
    trial = reference()
    lab(trial, "NEUT", ("02-22", "0.4"), ("04-06", "0.4"))
    warm(trial, (when, "38.5"))
    assert answers(table(trial, "O5")) == {SUBJECT: answer}


def test_a_later_recovery_does_not_undo_a_fever_that_was() -> None:
    trial = reference()
    lab(trial, "NEUT", ("03-10", "0.4"), ("03-11", "1.5"))
    warm(trial, ("03-10 12:00", "38.5"))
    assert answers(table(trial, "O5")) == {SUBJECT: "yes"}


def test_an_adverse_event_of_the_name_counts_too() -> None:
    trial = reference()
    said: dict[str, Any] = {"onset": "2026-03-10", "end": "2026-03-12", "grade": 3}
    trial.adverse_event("03-20 10:00", term="Febrile neutropenia", **said)
    assert answers(table(trial, "O5")) == {SUBJECT: "yes"}
    assert numbers(table(trial, "O6")) == {SUBJECT: 3}


def test_days_run_to_the_last_reading_before_48_afebrile_hours() -> None:
    trial = reference()
    lab(trial, "NEUT", ("03-10", "0.2"), ("03-12", "0.2"), ("03-16", "0.2"))
    warm(trial, ("03-10 12:00", "38.5"), ("03-12 11:00", "38.0"), ("03-16 12:00", "38.6"))
    found = table(trial, "O6")
    assert numbers(found) == {SUBJECT: 4}, "10 to 12 and 16 March"
    assert numbers(found, 1) == {SUBJECT: 3}


def test_the_day_before_the_neutrophils_are_back_ends_it() -> None:
    trial = reference()
    lab(trial, "NEUT", ("03-10", "0.2"), ("03-12", "1.0"))
    warm(trial, ("03-10 12:00", "38.5"), ("03-11 12:00", "38.5"), ("03-13 10:00", "38.5"))
    assert numbers(table(trial, "O6")) == {SUBJECT: 2}, "10 and 11 March"


def test_fever_on_day_42_is_censored_there() -> None:
    trial = reference()
    lab(trial, "NEUT", ("04-05", "0.2"), ("04-07", "0.2"))
    warm(trial, ("04-05 12:00", "38.5"), ("04-07 10:00", "38.5"))
    found = table(trial, "O6")
    assert times(found) == {SUBJECT: (2, "censored")}
    assert curve(found).name.endswith("some still ongoing")
