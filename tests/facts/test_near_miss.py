"""Derived words in words: by how much an event missed the window, whose opinion is what."""

from typing import Any

import pytest

from signals.facts.near_miss import _BEHIND, _BESIDE, near_miss
from signals.facts.registry import dictionary
from tests.facts.kit import BLANK, Trial, criteria, f1


def behind(trial: Trial, field: str, kind: str = "adverse event") -> str:
    fact = trial.fact(kind, "AE-1")
    assert fact is not None
    return near_miss(fact, field, trial.monitor.context)


def given(*starts: str) -> Trial:
    trial = Trial()
    trial.enrolment()
    for number, start in enumerate(starts, 1):
        trial.infusion(start, f"I{number}")
    return trial


@pytest.mark.parametrize(
    ("starts", "onset", "words"),
    [
        (
            ("03-02 10:00",),
            "2026-03-07",
            (
                "began 2026-03-07, 5 days after the last infusion (2026-03-02);"
                " the window ends at 4 (2026-03-06)"
            ),
        ),
        (
            ("03-02 10:00", "03-12 10:00"),
            "2026-03-15",
            (
                "began 2026-03-15, 13 days after the first infusion (2026-03-02);"
                " the window is cut off at 12 (2026-03-14)"
            ),
        ),
        (
            ("03-02 10:00",),
            "2026-03",
            (
                "began between 2026-03-01 and 2026-03-31;"
                " the window runs from 2026-03-02 to 2026-03-06"
            ),
        ),
        (
            ("03-02 10:00",),
            "2026-03-01",
            "began 2026-03-01, before the first infusion (2026-03-02), and became no worse since",
        ),
        ((), "2026-03-01", "no infusion is on record, so there is no window"),
    ],
)
def test_by_how_much_the_window_was_missed(starts: tuple[str, ...], onset: str, words: str) -> None:
    trial = given(*starts)
    trial.adverse_event("04-02 09:00", onset=onset)
    assert behind(trial, "dlt_window") == words


def test_an_event_from_before_is_not_emergent() -> None:
    trial = given("03-02 10:00")
    trial.adverse_event("03-20 09:00", onset="2026-02-27")
    assert behind(trial, "treatment_emergent") == (
        "began 2026-02-27, before the first infusion (2026-03-02), and became no worse since"
    )


def test_both_opinions_are_told() -> None:
    trial = f1()
    trial.adverse_event("03-06 09:00", investigator="UNLIKELY")
    assert behind(trial, "causality") == (
        "the investigator's opinion is not related, the sponsor's missing; either makes it related"
    )


def test_severity_is_told_beside_seriousness() -> None:
    trial = f1()
    trial.adverse_event("03-06 09:00", grade=4)
    assert behind(trial, "serious") == (
        "recorded as serious: no; no criterion is met, grade 4, not fatal"
    )


@pytest.mark.parametrize(
    ("onset", "words"),
    [
        # Consent on 18 February 2026; the last infusion on 9 March 2026, and two years.
        ("2026-02-17", "began 2026-02-17, 1 day before consent (2026-02-18)"),
        ("2028-03-12", "began 2028-03-12, 3 days after the end of the period (2028-03-09)"),
    ],
)
def test_by_how_much_the_period_for_serious_events_was_missed(onset: str, words: str) -> None:
    trial = f1()
    trial.adverse_event("2028-04-01 09:00", onset=onset, serious="Y")
    assert behind(trial, "in_sae_period") == words


GRAVE = {"serious": "Y", "grade": 4, "criteria": criteria(life_threatening="Y")}
MILDER = {"serious": "Y", "grade": 3, "criteria": criteria(hospitalization="Y")}


@pytest.mark.parametrize(
    ("said", "duty", "words"),
    [
        ({**MILDER, "investigator": "POSSIBLE"}, "initial_7", "neither fatal nor life-threatening"),
        ({**GRAVE, "investigator": "POSSIBLE"}, "initial_15", "it is due in 7 days instead"),
        (
            {**MILDER, "investigator": "UNRELATED", "sponsor": "UNRELATED"},
            "initial_15",
            "both parties say that it is not related",
        ),
        ({**MILDER, "investigator": "POSSIBLE"}, "initial_15", "the report is open"),
    ],
)
def test_why_a_report_is_not_owed(said: dict[str, Any], duty: str, words: str) -> None:
    trial = f1()
    trial.adverse_event("03-06 09:00", **said)
    assert behind(trial, duty, "case") == words


def test_a_criterion_that_nobody_answered_is_not_denied() -> None:
    trial = f1()
    trial.adverse_event("03-06 09:00", grade=3, serious=None, criteria=BLANK)
    assert behind(trial, "serious") == (
        "recorded as serious: missing; not every criterion is answered, grade 3"
    )


@pytest.mark.parametrize(
    ("onset", "words"),
    [
        # The last infusion on 9 March 2026, and 21 days: 30 March is the last day.
        (
            "2026-03-31",
            "began 2026-03-31, 22 days after the last infusion (2026-03-09); it ends at 21",
        ),
        (
            "2026-03-01",
            "began 2026-03-01, before the first infusion (2026-03-02), and became no worse since",
        ),
    ],
)
def test_by_how_much_the_safety_period_was_missed(onset: str, words: str) -> None:
    trial = f1()
    trial.adverse_event("04-02 09:00", onset=onset)
    assert behind(trial, "in_safety_period") == words


def test_after_the_cap_the_window_is_told_too() -> None:
    # Two infusions ten days apart: the window is cut off 12 days after the first.
    trial = given("03-02 10:00", "03-12 10:00")
    trial.adverse_event("04-02 09:00", onset="2026-03-20")
    assert behind(trial, "dlt_after_cap") == (
        "began 2026-03-20, 18 days after the first infusion (2026-03-02);"
        " the window is cut off at 12 (2026-03-14)"
    )


def test_counts_stand_behind_a_proposal() -> None:
    trial = f1()
    (level,) = (fact for fact in trial.facts_of("dose level") if fact.key == ("DL1",))
    assert near_miss(level, "two_within_six", trial.monitor.context) == (
        "0 of 0 evaluable subjects had a toxicity"
    )


def test_nothing_is_told_from_a_field_that_is_not_known() -> None:
    treated, untreated = f1(), given()
    for trial in (treated, untreated):
        trial.adverse_event("03-06 09:00", onset="2026-03-05")
    assert behind(untreated, "after_infusion") == ""
    assert behind(treated, "after_infusion") == "days after the nearest infusion before it: 0"


def test_the_words_name_fields_that_their_kind_has() -> None:
    for (kind, field), told in _BESIDE.items():
        fields = dictionary()[kind].fields
        assert field in fields
        assert told.format_map(dict.fromkeys(fields, "x"))
    assert {(kind, field) for kind, field in _BEHIND if field not in dictionary()[kind].fields} == (
        set()
    )


def test_a_plain_field_tells_all_by_itself() -> None:
    trial = f1()
    trial.adverse_event("03-06 09:00")
    assert behind(trial, "grade") == ""
