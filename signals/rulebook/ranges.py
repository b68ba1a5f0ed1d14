"""Ordered fields as ranges of comparable points: numbers, whole numbers, days, instants, ages.

Whole numbers and days are counted: a grade in the open interval from 2 to 4 is 3, and "more than 2"
is "3 or more".  Fields that run with time are read as ages (``running``).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

from signals.facts.kind import Field, FieldType
from signals.facts.value import Ordered, Scalar, Value
from signals.rulebook.running import RUNNING, span_of
from signals.rulebook.spec import Between, Compare, Limit, Operator

Point: TypeAlias = Any
"""A Decimal, an int, a datetime in UTC or a timedelta: one field only ever compares one of them."""


class Range(NamedTuple):
    """All points from ``low`` to ``high``; None is without bound, an open end is left out."""

    low: Point = None
    high: Point = None
    low_open: bool = False
    high_open: bool = False


class Region(NamedTuple):
    """Where a condition holds: inside the range, or (``negated``) outside of it.

    ``range`` None is the empty range, such as between 5 and 3, or a grade equal to 2.5.
    """

    range: Range | None
    negated: bool = False


Reader: TypeAlias = Callable[[Value | None, datetime], Range]
"""What a field may be at an instant (UTC), as comparable points."""

ANY = Range()
NO, UNKNOWN, YES = 0, 1, 2
KEPT = 1024
"""How many different values of a field are remembered with what they mean for a condition."""


def inside(possible: Range, region: Region) -> int:
    """Whether what is possible lies all (2), in part (1) or not at all (0) inside the range."""
    wanted = region.range
    if wanted is None:
        return NO
    above = YES if wanted.low is None else _above(possible, wanted.low, wanted.low_open)
    if above == NO or wanted.high is None:
        return above
    return min(above, _below(possible, wanted.high, wanted.high_open))


def _above(possible: Range, limit: Point, open_: bool) -> int:
    low = possible.low
    if low is not None and (low > limit or (low == limit and (possible.low_open or not open_))):
        return YES
    high = possible.high
    if high is not None and (high < limit or (high == limit and (possible.high_open or open_))):
        return NO
    return UNKNOWN


def _below(possible: Range, limit: Point, open_: bool) -> int:
    high = possible.high
    if high is not None and (high < limit or (high == limit and (possible.high_open or not open_))):
        return YES
    low = possible.low
    if low is not None and (low > limit or (low == limit and (possible.low_open or open_))):
        return NO
    return UNKNOWN


def region_of(condition: Compare | Between, field: Field) -> Region:
    """Where the condition holds, in the points of the field.

    Raises:
        TypeError: a limit is not of the type of the field.
    """
    if field.type in RUNNING:
        span = span_of(condition, field.type)
        return Region(_possible(Range(span.start, span.end, high_open=True)), span.negated)
    if isinstance(condition, Between):
        low, high = (_limit(limit, field.type) for limit in (condition.low, condition.high))
        return Region(_possible(_counted(Range(low, high), field.type)))
    limit = _limit(condition.limit, field.type)
    wanted = _counted(_compared(condition.operator, limit), field.type)
    return Region(_possible(wanted), negated=condition.operator == "!=")


def _compared(operator: Operator, limit: Point) -> Range:
    match operator:
        case ">=":
            return Range(low=limit)
        case ">":
            return Range(low=limit, low_open=True)
        case "<=":
            return Range(high=limit)
        case "<":
            return Range(high=limit, high_open=True)
        case "=" | "!=":
            return Range(limit, limit)


def reader(field: Field) -> Reader:
    """How a value of the field is read; a contradiction (no possibility) counts as not known."""
    if field.type in RUNNING:
        return _read_age
    type_ = field.type

    @lru_cache(maxsize=KEPT)
    def range_of(low: Scalar | None, high: Scalar | None, low_open: bool, high_open: bool) -> Range:
        range_ = Range(_point(low), _point(high), low_open, high_open)
        return _possible(_counted(range_, type_)) or ANY

    def read(value: Value | None, _now: datetime) -> Range:
        if value is None:
            return ANY
        if not isinstance(value, Ordered):
            raise TypeError(f"{field.name} is ordered, and got {value!r}")
        return range_of(value.low, value.high, value.low_open, value.high_open)

    return read


def _read_age(value: Value | None, now: datetime) -> Range:
    if value is None:
        return ANY
    if not isinstance(value, Ordered):
        raise TypeError(f"a running field holds an instant, and got {value!r}")
    latest = _instant(value.high)
    if value.low is value.high and latest is not None and not (value.low_open or value.high_open):
        return Range(now - latest, now - latest)  # one possibility, the usual case
    earliest = _instant(value.low)
    youngest = None if latest is None else now - latest
    oldest = None if earliest is None else now - earliest
    return _possible(Range(youngest, oldest, value.high_open, value.low_open)) or ANY


def _possible(range_: Range) -> Range | None:
    low, high = range_.low, range_.high
    if low is None or high is None or low < high:
        return range_
    return range_ if low == high and not (range_.low_open or range_.high_open) else None


def _counted(range_: Range, type_: FieldType) -> Range:
    """The same range with both ends included, where the points are counted."""
    if type_ not in (FieldType.INTEGER, FieldType.DATE):
        return range_
    low, high = range_.low, range_.high
    if low is not None:
        low = math.floor(low) + 1 if range_.low_open else math.ceil(low)
    if high is not None:
        high = math.ceil(high) - 1 if range_.high_open else math.floor(high)
    return Range(low, high)


def _limit(limit: Limit, type_: FieldType) -> Point:
    wanted: type = Decimal
    if type_ is FieldType.INSTANT:
        wanted = datetime
    elif type_ is FieldType.DATE:
        wanted = date
    if not isinstance(limit, wanted) or isinstance(limit, datetime) != (wanted is datetime):
        raise TypeError(f"its limits are written as {wanted.__name__}, and this is {limit!r}")
    return _point(limit)


def _point(scalar: Scalar | timedelta | None) -> Point:
    if isinstance(scalar, Decimal):
        return scalar
    if isinstance(scalar, datetime):
        return scalar.astimezone(UTC)
    if isinstance(scalar, date):
        return scalar.toordinal()
    return scalar


def _instant(scalar: Scalar | None) -> datetime | None:
    if scalar is None or isinstance(scalar, datetime):
        return scalar.astimezone(UTC) if scalar is not None else None
    raise TypeError(f"a running field holds an instant, and got {scalar!r}")
