"""The regions of a field that conditions can tell apart, each with a value that stands for it.

Limits cut an ordered field into cells, words cut a coded one into groups.  A field may lie in one
cell, or (not fully known) in several: both are regions, and so is knowing nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import combinations, pairwise
from typing import NamedTuple

from signals.facts.kind import Field, FieldType
from signals.facts.value import ANY_ORDERED, ANY_WORD, Coded, Ordered, Scalar, Value
from signals.rulebook.spec import Between, Compare, Condition, Known, Limit, MayBe, OneOf

NOW = datetime(2026, 1, 1, tzinfo=UTC)
"""The instant at which regions of running fields are looked at; any would do."""

_ALL_SUBSETS = 4


class Region(NamedTuple):
    """What a field may be, in words, and a value that says it."""

    words: str
    value: Value


def regions(field: Field, conditions: Iterable[Condition]) -> tuple[list[Region], list[Region]]:
    """The regions of single cells and of nothing known; and those of several cells."""
    inner = [each.inner if isinstance(each, MayBe) else each for each in conditions]
    if field.type in (FieldType.WORD, FieldType.TEXT):
        return _coded(field, [each for each in inner if isinstance(each, OneOf)])
    return _ordered(field, [each for each in inner if not isinstance(each, OneOf | Known)])


def _coded(field: Field, conditions: Sequence[OneOf]) -> tuple[list[Region], list[Region]]:
    words = _telling(field, conditions)
    single = [_some((word,)) for word in words]
    if field.type is FieldType.TEXT:
        single.append(_some(("(another word)",)))
    single.append(Region("not known", ANY_WORD))
    sizes = range(2, len(words) + 1) if len(words) <= _ALL_SUBSETS else (2, len(words))
    several = [_some(chosen) for size in sizes for chosen in combinations(words, size)]
    return single, several


def _telling(field: Field, conditions: Sequence[OneOf]) -> list[str]:
    """One word for every group of words that the conditions treat alike."""
    groups: dict[tuple[bool, ...], str] = {}
    mentioned = {word.casefold() for each in conditions for word in each.words}
    for word in field.words or sorted(mentioned):
        alike = tuple(
            word.casefold() in {each.casefold() for each in condition.words}
            for condition in conditions
        )
        groups.setdefault(alike, word)
    return list(groups.values())


def _some(words: Sequence[str]) -> Region:
    return Region(" or ".join(words), Coded(words=frozenset(words)))


def _ordered(
    field: Field, conditions: Iterable[Compare | Between]
) -> tuple[list[Region], list[Region]]:
    points = _points(field, sorted({_number(limit) for limit in _limits(conditions)}))
    single = [_span(field, point, point) for point in points]
    single.append(Region("not known", ANY_ORDERED))
    return single, [_span(field, low, high) for low, high in combinations(points, 2)]


def _limits(conditions: Iterable[Compare | Between]) -> Iterable[Limit]:
    for each in conditions:
        yield from (each.limit,) if isinstance(each, Compare) else (each.low, each.high)


def _points(field: Field, limits: Sequence[Decimal]) -> list[Decimal]:
    """A point in every cell: at each limit, between two, below all and above all."""
    if not limits:
        return [Decimal(1)]
    points = [limits[0] - 1, *limits, limits[-1] + 1]
    for low, high in pairwise(limits):
        middle = (low + high) / 2
        points.append(middle if field.type is FieldType.NUMBER else Decimal(int(middle)))
    return sorted(set(points))


def _span(field: Field, low: Decimal, high: Decimal) -> Region:
    first, last = _scalar(field, low), _scalar(field, high)
    if field.type is FieldType.SINCE:
        first, last = last, first
    words = _text(field, low)
    if low != high:
        words = f"{words} to {_text(field, high)}"
    return Region(words, Ordered(low=first, high=last))


def _number(limit: Limit) -> Decimal:
    if isinstance(limit, timedelta):
        return Decimal(int(limit.total_seconds()))
    if isinstance(limit, datetime):
        return Decimal(int(limit.timestamp()))
    return Decimal(limit.toordinal()) if isinstance(limit, date) else limit


def _scalar(field: Field, number: Decimal) -> Scalar:
    if field.type is FieldType.DATE:
        return date.fromordinal(int(number))
    if field.type is FieldType.INSTANT:
        return datetime.fromtimestamp(int(number), UTC)
    if field.type is FieldType.SINCE:
        return NOW - timedelta(seconds=int(number))
    if field.type is FieldType.UNTIL:
        return NOW + timedelta(seconds=int(number))
    return number


def _text(field: Field, number: Decimal) -> str:
    if field.type in (FieldType.SINCE, FieldType.UNTIL):
        return str(timedelta(seconds=int(number)))
    unit = f" {field.unit}" if field.unit else ""
    return f"{_scalar(field, number)}{unit}"
