"""Episodes of fever, and the neutrophils that belong to them (registered outcomes 5 and 6).

A febrile episode holds the readings of 38.0 degrees and more with less than 48 hours between them.
The neutrophils of a reading are the latest count of the 48 hours before it, else the first of the
24 hours after.  Hours are exact, both ends included; a count of which only the day is known lies
within if it may.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from signals.facts.lab_values import Result
from signals.facts.recovery import is_below, is_reached
from signals.facts.temperatures import Reading
from signals.facts.value import Ordered

BEFORE, AFTER, OLD = timedelta(hours=48), timedelta(hours=24), timedelta(days=7)
AFEBRILE = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Matched:
    """A reading by which the criterion of fever is met, with its neutrophils, if any.

    ``neutropenic``: whether they were low, and no count since showed 1.0 or more; None: not sure.
    ``unknown``: nothing counted near it, and the last known count low, old or absent (LAB-03).
    """

    reading: Reading
    count: Result | None
    neutropenic: bool | None
    unknown: bool


def episodes(readings: Iterable[Reading]) -> list[list[Reading]]:
    """Readings of 38.0 and more, in order, parted where 48 hours pass without another."""
    found: list[list[Reading]] = []
    for reading in readings:
        if not found or reading.earliest - found[-1][-1].latest >= AFEBRILE:
            found.append([])
        found[-1].append(reading)
    return found


def match(reading: Reading, counts: Sequence[Result], limit: Decimal) -> Matched:
    """A reading with the neutrophil counts from a week before it to the end of its episode."""
    usable = [each for each in counts if is_usable(each, limit)]
    count = _matched(reading, usable)
    low = None if count is None else is_low(count.value, limit)
    if low is not False and count is not None and _risen(reading, usable, limit):
        low = False
    return Matched(
        reading,
        count,
        neutropenic=low if count is not None else False,
        unknown=count is None and _is_suspect(reading, usable, limit),
    )


def is_usable(result: Result, limit: Decimal) -> bool:
    """Not a mere upper bound that shows nothing (DOMAIN 1.7)."""
    return result.value.low is not None or is_below(result.value, limit)


def is_low(value: Ordered, limit: Decimal) -> bool | None:
    """Whether a count is below the limit; None if it may be either."""
    if is_below(value, limit):
        return True
    return False if is_reached(value, limit) else None


def _matched(reading: Reading, counts: Sequence[Result]) -> Result | None:
    """The latest of the 48 hours before, of several the lowest; else the first of the day after."""
    before = [each for each in counts if _lies(each, reading.earliest - BEFORE, reading.latest)]
    if before:
        return max(before, key=lambda each: (min(each.latest, reading.latest), -_high(each)))
    after = [each for each in counts if _lies(each, reading.latest, reading.latest + AFTER)]
    return min(after, key=lambda each: (each.latest, _high(each)), default=None)


def _is_suspect(reading: Reading, counts: Sequence[Result], limit: Decimal) -> bool:
    """The last known count is low, older than a week, or absent."""
    earlier = [each for each in counts if _lies(each, reading.earliest - OLD, reading.latest)]
    if not earlier:
        return True
    last = max(earlier, key=lambda each: (each.latest, -_high(each)))
    return is_low(last.value, limit) is not False


def _risen(reading: Reading, counts: Sequence[Result], limit: Decimal) -> bool:
    """Whether a count surely taken after the reading shows that the neutrophils are back."""
    return any(
        each.earliest is not None
        and each.earliest > reading.latest
        and is_reached(each.value, limit)
        for each in counts
    )


def _lies(result: Result, first: datetime, last: datetime) -> bool:
    return result.latest >= first and result.earliest is not None and result.earliest <= last


def _high(result: Result) -> Decimal:
    return result.value.high if isinstance(result.value.high, Decimal) else Decimal("Infinity")
