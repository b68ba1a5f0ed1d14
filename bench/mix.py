"""A seeded mix of events shaped like a trial, as bytes of the service's own journal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from random import Random

from bench.subject import Amounts, Event, Subject, event

_BEGIN = datetime(2024, 1, 8, 9, tzinfo=timezone(timedelta(hours=8)))
_ENROLMENT_EVERY = timedelta(days=10)
_OF_A_SUBJECT = 1400
_SURPLUS = 1.2


def trial(subjects: int, seed: int) -> list[Event]:
    """The journal of a study with that many subjects, in the order of arrival."""
    random = Random(seed)  # noqa: S311 - repeatable, not secret
    events = [_reference_safety_information(random)]
    for number in range(1, subjects + 1):
        enrolled = _BEGIN + number * _ENROLMENT_EVERY
        events += Subject(f"001-{number:03}", enrolled, random).events(Amounts())
    return sorted(events, key=lambda each: each.arrival)


def chart(records: int, seed: int) -> list[Event]:
    """The first ``records`` events of one subject of whom more is recorded, or less, than usual."""
    random = Random(seed)  # noqa: S311 - repeatable, not secret
    amounts = Amounts().times(_SURPLUS * records / _OF_A_SUBJECT)
    events = Subject("001-001", _BEGIN, random).events(amounts)
    return sorted(events, key=lambda each: each.arrival)[:records]


def shares(events: Iterable[Event]) -> dict[str, float]:
    """The share of each kind, the largest first."""
    counted = Counter(each.kind for each in events)
    return {kind: count / counted.total() for kind, count in counted.most_common()}


def _reference_safety_information(random: Random) -> Event:
    expected = {
        "term": "Fever",
        "meddra_llt": 10016558,
        "max_grade": 2,
        "fatal_expected": False,
        "life_threatening_expected": False,
    }
    data = {
        "ib_version": "1.0",
        "valid_from": "2024-01-01",
        "valid_to": None,
        "expected": [expected],
    }
    return event(random, "reference-safety-information", "RSI-1", _BEGIN, data)
