"""What follows from the value of a field alone is remembered by all that the field may be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import TypeAlias, TypeVar

from signals.facts.kind import Field
from signals.facts.value import Coded, Ordered, Scalar, Value
from signals.rulebook.conditions import CODED
from signals.rulebook.ranges import KEPT
from signals.rulebook.running import RUNNING

T = TypeVar("T")
Reading: TypeAlias = Callable[[Value | None, datetime], T]
"""What a value of one field (None: anything) comes to at an instant in UTC."""

_ANY_TIME = datetime.max.replace(tzinfo=UTC)


def kept(field: Field, reading: Reading[T]) -> Reading[T]:
    """The same reading of the field, done once for equal possibilities.

    A field that runs with time is read each time.  Records and assumptions have no say in it.
    """
    if field.type in RUNNING:
        return reading
    return _by_words(reading) if field.type in CODED else _by_bounds(reading)


def _by_words(reading: Reading[T]) -> Reading[T]:
    @lru_cache(maxsize=KEPT)
    def of(words: frozenset[str] | None) -> T:
        return reading(Coded(words=words), _ANY_TIME)

    def read(value: Value | None, now: datetime) -> T:
        return of(value.words) if isinstance(value, Coded) else reading(value, now)

    return read


def _by_bounds(reading: Reading[T]) -> Reading[T]:
    @lru_cache(maxsize=KEPT)
    def of(low: Scalar | None, high: Scalar | None, low_open: bool, high_open: bool) -> T:
        value = Ordered(low=low, high=high, low_open=low_open, high_open=high_open)
        return reading(value, _ANY_TIME)

    def read(value: Value | None, now: datetime) -> T:
        if isinstance(value, Ordered):
            return of(value.low, value.high, value.low_open, value.high_open)
        return reading(value, now)

    return read
