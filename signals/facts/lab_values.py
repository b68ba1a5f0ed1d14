"""What a laboratory result says: its value in SI units, its limit of normal, its day.

A value is a set of possibilities: ``<0.1`` is anything below.  What was not done, or cannot be
converted, has no value (DOMAIN 1.7).
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter

from signals.chart.timeline import happened
from signals.chart.view import View
from signals.events import Measured, Record
from signals.events.units import NotConverted, to_si
from signals.facts.kind import RecordChange
from signals.facts.refs import ref
from signals.facts.value import Ordered, Ref, exactly
from signals.immutable import immutable

LAB = "lab-result"
KEPT = 65_536
"""How many records' values are kept: a course is read again with every one that follows it."""
NO_DAY = "the day of a result is not known: its latest possible day is taken"


@immutable(frozen=True, slots=True, eq=False)
class Result:
    """A value and when it was taken; of a record or a sample one is kept, and equal to itself only.

    ``earliest`` and ``latest``: the instants between which it was taken; ``day`` its local day, or
    the latest it can be if ``exact_day`` is False, for the day is not known.
    """

    value: Ordered
    earliest: datetime | None
    latest: datetime
    records: tuple[Ref, ...]
    day: date = field(init=False)
    exact_day: bool = field(init=False)

    def __post_init__(self) -> None:
        day, earliest = self.latest.date(), self.earliest
        object.__setattr__(self, "day", day)
        object.__setattr__(self, "exact_day", earliest is not None and earliest.date() == day)


BY_TIME = attrgetter("latest", "records")
"""By the latest instant at which it may have been taken, then by its records."""


@immutable(frozen=True, slots=True)
class Looked:
    """The instants between which another result can change a fact; None without end."""

    first: datetime | None
    last: datetime | None


@lru_cache(maxsize=KEPT)
def value_of(record: Record) -> Ordered | None:
    """The value in the SI unit of its test, or None."""
    data = record.data
    result: object = data.result_raw
    if data.status == "NOT DONE" or not isinstance(result, Measured) or data.test is None:
        return None
    converted = to_si(data.test, result.value, data.unit_raw)
    if isinstance(converted, NotConverted):
        return None
    if result.comparator == "":
        return exactly(converted)
    low, low_open, high, high_open = Measured(result.comparator, converted).bounds()
    return Ordered(low=low, low_open=low_open, high=high, high_open=high_open)


@lru_cache(maxsize=KEPT)
def upper_limit(record: Record) -> Decimal | None:
    """The upper limit of normal in the SI unit of the test; without a unit of its own in the result's."""
    data = record.data
    if data.range_high is None or data.test is None:
        return None
    limit = to_si(data.test, data.range_high.value, data.range_unit or data.unit_raw)
    return None if isinstance(limit, NotConverted) or limit <= 0 else limit


def over_limit(record: Record) -> Ordered | None:
    """The value in multiples of its upper limit of normal; without limit anything; None: no value."""
    value, limit = value_of(record), upper_limit(record)
    if value is None or limit is None:
        return None if value is None else Ordered()
    return times(value, limit)


def times(value: Ordered, unit: Decimal) -> Ordered:
    """The value in multiples of ``unit``."""
    low = value.low / unit if isinstance(value.low, Decimal) else None
    high = value.high / unit if isinstance(value.high, Decimal) else None
    return Ordered(value.records, value.assumed, low, high, value.low_open, value.high_open)


def taken(record: Record) -> tuple[datetime | None, datetime]:
    """When a record happened: not after its entry, where that is all that is known."""
    when = happened(record)
    if when is not None:
        return when.earliest, when.latest
    return None, record.recorded_at or record.arrival


@lru_cache(maxsize=KEPT)
def result_of(record: Record) -> Result | None:
    """The value that a record gives, if it gives one."""
    value = value_of(record)
    return None if value is None else Result(value, *taken(record), (ref(record),))


def results(
    view: View, subject: str | None, test: str, first: datetime, last: datetime
) -> list[Result]:
    """The values of a test that may have been taken between two instants, in order."""
    found = [
        result
        for record in view.of_person_within(LAB, subject, first, last, test)
        if record.data.test == test
        and (result := result_of(record)) is not None
        and result.latest >= first
        and (result.earliest is None or result.earliest <= last)
    ]
    return sorted(found, key=BY_TIME)


def results_of(change: RecordChange, tests: Container[str]) -> list[Record]:
    """The versions of a changed laboratory result that are of one of these tests."""
    return [each for each in change.versions if each.data.test in tests]


def of_test(
    view: View, subject: str | None, test: str, first: datetime, last: datetime
) -> list[Record]:
    """The current results of a test of the person that may lie between two instants."""
    records = view.of_person_within(LAB, subject, first, last, test)
    return [each for each in records if each.data.test == test and _overlaps(each, first, last)]


def may_lie_within(versions: list[Record], first: datetime | None, last: datetime | None) -> bool:
    """Whether some version may have happened between two instants; None is without end."""
    return any(_overlaps(each, first, last) for each in versions)


def _overlaps(record: Record, first: datetime | None, last: datetime | None) -> bool:
    earliest, latest = taken(record)
    begins = earliest is None or last is None or earliest <= last
    return begins and (first is None or latest >= first)
