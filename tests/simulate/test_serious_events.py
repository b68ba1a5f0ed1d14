"""Serious events as the truth counts them, and the clusters they make (DOMAIN 4.1, 8)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from signals.simulate.draw import ZONE, stamp
from signals.simulate.serious_events import clusters_of_serious_events, is_serious, serious_events
from signals.simulate.story import adverse_event, criteria
from signals.simulate.tape import Place, Tape
from signals.simulate.truth import Truth

BEGIN = datetime(2026, 3, 2, 15, tzinfo=ZONE)
NOBODY = Place(None, None)
HOSPITAL = "hospitalization"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"serious": "Y"}, True),
        ({"serious": "N"}, False),
        ({"serious": "N", "criteria": criteria(HOSPITAL)}, True),
        ({"serious": "N", "criteria": criteria()}, False),
        ({"serious": "N", "grade": 5}, True),
        ({"serious": "N", "grade": 4}, False),
        ({"serious": "N", "outcome": "FATAL"}, True),
        # Not said, unless all six criteria are denied, is taken for serious.
        ({"serious": None, "criteria": None}, True),
        ({"serious": None, "criteria": criteria()}, False),
        ({"serious": None, "criteria": {**criteria(), "disability": None}}, True),
    ],
)
def test_what_is_serious(said: dict[str, Any], expected: bool) -> None:
    assert is_serious(said) is expected


class Told:
    """A tape to write serious events on, and the clusters in it."""

    def __init__(self) -> None:
        self.tape = Tape(1, BEGIN + timedelta(days=400))

    def event(self, day: int, subject: str, term: str = "Anxiety", **said: Any) -> "Told":
        """A serious event, received on a day."""
        return self.of(Place("WHC", subject), "AE-1", day, term, **said)

    def of(self, place: Place, record_id: str, day: int, term: str, **said: Any) -> "Told":
        """The same, of a record that is named."""
        received = BEGIN + timedelta(days=day)
        data = adverse_event(term, 3, None, received, HOSPITAL) | said
        self.tape.put("adverse-event", place, record_id, data, received + timedelta(minutes=10))
        return self

    def death(self, day: int, subject: str, **said: Any) -> "Told":
        """A death, told by the status of the subject."""
        learned = BEGIN + timedelta(days=day)
        data = {"status": "DEAD", "received_by_sponsor_at": stamp(learned), **said}
        self.tape.put("subject-status", Place("WHC", subject), "DS-1", data, learned)
        return self

    def clusters(self, rule: str) -> dict[str | None, int]:
        """Of a rule: what it is about, and on which day it may come."""
        truth = Truth(self.tape.cut)
        clusters_of_serious_events(self.tape, truth)
        found = [each for each in truth.findings() if each.rule == rule]
        assert {each.kind for each in found} <= {"background"}
        return {next(iter(each.about.values())): (each.since - BEGIN).days for each in found}


@pytest.mark.parametrize(("apart", "expected"), [(0, {"Anxiety": 0}), (60, {"Anxiety": 60})])
def test_the_same_term_in_two_subjects_at_most_sixty_days_apart(
    apart: int, expected: dict[str, int]
) -> None:
    assert Told().event(0, "001-001").event(apart, "001-002").clusters("AGG-02") == expected
    assert not Told().event(0, "001-001").event(61, "001-002").clusters("AGG-02")
    assert not Told().event(0, "001-001").event(apart, "001-002", "Fall").clusters("AGG-02")
    not_serious: dict[str, Any] = {"serious": "N", "criteria": criteria()}
    assert not Told().event(0, "001-001").event(apart, "001-002", **not_serious).clusters("AGG-02")


def test_one_subject_alone_is_no_cluster_of_a_term() -> None:
    twice = Told().event(0, "001-001").of(Place("WHC", "001-001"), "AE-2", 3, "Anxiety")
    assert not twice.clusters("AGG-02")


def test_days_are_counted_by_receipt_and_a_cluster_begins_by_arrival() -> None:
    # Received on day 20, but entered on day 100, when the other is 61 days old, counted by receipt.
    late = {"received_by_sponsor_at": stamp(BEGIN + timedelta(days=20))}
    assert Told().event(39, "001-001").event(100, "001-002", **late).clusters("AGG-02") == {
        "Anxiety": 100
    }


def test_a_criterion_makes_an_event_serious_that_is_called_not_serious() -> None:
    no = {"serious": "N"}
    both = Told().event(0, "001-001", **no).event(2, "002-001", **no)
    assert both.clusters("AGG-02") == {"Anxiety": 2}


def test_an_event_of_nobody_is_one_when_its_subject_is_known() -> None:
    calls = Told().of(NOBODY, "AE-CALL-1", 0, "Hypertension")
    calls.of(Place("WHC", "001-001"), "AE-CALL-1", 4, "Hypertension")
    assert len(serious_events(calls.tape)) == 1
    assert not calls.clusters("AGG-02")
    calls.of(NOBODY, "AE-CALL-2", 9, "Hypertension")
    assert calls.clusters("AGG-02") == {"Hypertension": 9}


def test_three_subjects_of_a_site_with_receipts_on_fourteen_days() -> None:
    def three(last: int) -> Told:
        one = Told().event(0, "001-001", "Fall").event(5, "001-002", "Colitis")
        return one.event(last, "001-003", "Syncope")

    assert three(13).clusters("AGG-01") == {"WHC": 13}
    assert not three(14).clusters("AGG-01")
    assert not Told().event(0, "001-001").event(13, "001-002").clusters("AGG-01")


def test_deaths_that_no_event_tells_are_serious_events() -> None:
    of_the_disease = {"death_cause": {"kind": "PRIMARY_DISEASE"}}
    untold = Told().death(0, "001-001").death(1, "001-002", **of_the_disease)
    assert untold.clusters("AGG-02") == {"Death NOS": 1}


def test_deaths_that_an_event_tells_are_not_counted_again() -> None:
    named = {"death_cause": {"kind": "ADVERSE_EVENT", "record_id": "AE-1"}}
    assert not Told().death(0, "001-001", **named).death(1, "001-002", **named).clusters("AGG-02")
    fatal = Told().event(0, "001-001", "Fall", outcome="FATAL").death(1, "001-001")
    fatal.event(0, "001-002", "Sepsis", grade=5).death(1, "001-002")
    assert not fatal.clusters("AGG-02")
