"""Records that turn out to be of another person: every fact follows, as a fresh fold would say.

After each event ``Trial`` compares what is kept up to date with a fresh monitor.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.facts.kit import Trial

FIRST, SECOND = "001-001", "001-002"


def enrolled(trial: Trial, when: str, previous: str | None) -> None:
    with trial.of(SECOND):
        trial.enrolment(when, previous_subject_id=previous)


def test_the_response_is_told_under_the_number_of_the_infusion() -> None:
    """Of a re-screened person whose new number alone has an enrolment on file."""
    trial = Trial(subject=FIRST)
    trial.infusion("03-02 10:00", "INF-1")
    assert trial.fact("response", FIRST) is None
    enrolled(trial, "03-03 10:00", previous=FIRST)
    assert trial.fact("response", FIRST) is not None
    assert trial.fact("response", SECOND) is None


def test_a_lot_counts_a_person_of_two_numbers_once() -> None:
    trial = Trial(subject=FIRST)
    for subject in (FIRST, SECOND):
        with trial.of(subject):
            trial.infusion("03-02 10:00", "INF-1", lot="L-1", donor_id="D-1")
    assert trial.field("product source", "exposed", "lot", "L-1") == 2
    enrolled(trial, "03-03 10:00", previous=FIRST)
    assert trial.field("product source", "exposed", "lot", "L-1") == 1
    assert trial.field("product source", "exposed", "donor", "D-1") == 1
    enrolled(trial, "03-04 10:00", previous=None)
    assert trial.field("product source", "exposed", "lot", "L-1") == 2


@pytest.mark.parametrize(
    "said",
    [
        {"term": "Febrile neutropenia"},
        {"term": "Sepsis"},
        {"term": "Gastric haemorrhage"},
        {"grade": 4, "investigator": "POSSIBLE"},
        {"grade": 5, "outcome": "FATAL", "serious": "Y"},
    ],
)
def test_a_version_that_was_taken_for_the_subjects_and_is_no_more(said: dict[str, Any]) -> None:
    """It told what no version does that stays; another of its number shows that it never was."""
    trial = Trial(subject=FIRST)
    trial.enrolment()
    trial.infusion("03-02 10:00", "INF-1")
    onset = {"onset": "2026-03-03"}
    with trial.of(None):
        trial.adverse_event("03-03 12:00", "AE-7", **onset)
    trial.adverse_event("03-03 13:00", "AE-7", version=2, **onset)
    with trial.of(None):
        trial.adverse_event("03-03 14:00", "AE-7", version=3, **onset, **said)
    newest = trial.fact("adverse event", FIRST, "AE-7")
    with trial.of(None):
        trial.adverse_event("03-03 15:00", "AE-7", version=2, **onset, grade=1)
    assert trial.fact("adverse event", None, "AE-7") is not None
    assert trial.fact("adverse event", FIRST, "AE-7") != newest
