"""Intervals of exact numbers, and comparisons that answer yes, no or not known.

Numbers are fractions: a limit converted to the unit of a result, such as 104 umol/L by 88.4, has
no last decimal, and a boundary must not move by a rounded one (DOMAIN D20).
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

from signals.events import Measured
from signals.events.units import ONE
from signals.immutable import immutable

Truth: TypeAlias = bool | None
"""Yes, no, or (None) not known."""


@immutable(frozen=True, slots=True)
class Interval:
    """All numbers from ``low`` to ``high``; None is without bound, and without both unknown."""

    low: Fraction | None = None
    high: Fraction | None = None
    low_open: bool = False
    high_open: bool = False

    @staticmethod
    @lru_cache(maxsize=4096)
    def of(measured: Measured) -> Interval:
        """What a measurement with its comparator may be."""
        low, low_open, high, high_open = measured.bounds()
        if low is high:
            return exactly(Fraction(measured.value))
        return Interval(
            None if low is None else Fraction(low),
            None if high is None else Fraction(high),
            low_open,
            high_open,
        )

    @property
    def unknown(self) -> bool:
        """Whether nothing is known of it."""
        return self.low is None and self.high is None

    @property
    def exact(self) -> Fraction | None:
        """The one number that it is, if it is one."""
        return self.low if self.low is self.high else None

    def times(self, factor: Fraction) -> Interval:
        """Each number times a positive factor."""
        if factor is ONE:
            return self
        if self.low is self.high:
            return self if self.low is None else exactly(self.low * factor)
        return Interval(
            None if self.low is None else self.low * factor,
            None if self.high is None else self.high * factor,
            self.low_open,
            self.high_open,
        )

    def plus(self, other: Interval) -> Interval:
        """Every sum of two numbers."""
        return Interval(
            None if self.low is None or other.low is None else self.low + other.low,
            None if self.high is None or other.high is None else self.high + other.high,
            self.low_open or other.low_open,
            self.high_open or other.high_open,
        )


def exactly(value: Fraction) -> Interval:
    """One number."""
    return Interval(value, value)


ANY = Interval()


def below(first: Interval, second: Interval) -> Truth:
    """Whether the first number is less than the second."""
    if _all_below(first, second):
        return True
    return False if _none_below(first, second) else None


def _all_below(first: Interval, second: Interval) -> bool:
    if first.high is None or second.low is None:
        return False
    open_end = first.high_open or second.low_open
    return first.high < second.low or (first.high == second.low and open_end)


def _none_below(first: Interval, second: Interval) -> bool:
    return first.low is not None and second.high is not None and first.low >= second.high
