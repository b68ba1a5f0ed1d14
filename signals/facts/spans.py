"""Spans of days and of instants: what is known of when something happened."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TypeVar

from signals.facts.value import Ordered
from signals.immutable import immutable

T = TypeVar("T", date, datetime)


@immutable(frozen=True, slots=True)
class Days:
    """From the day ``low`` to the day ``high``, both possible; None is without bound."""

    low: date | None
    high: date | None

    def later(self, days: int) -> Days:
        """Both ends that many calendar days later."""
        shift = timedelta(days=days)
        return Days(self.low and self.low + shift, self.high and self.high + shift)

    def value(self) -> Ordered:
        """As a value of a fact."""
        return Ordered(low=self.low, high=self.high)


@immutable(frozen=True, slots=True)
class Instants:
    """From the instant ``low`` to the instant ``high``, both possible; None is without bound."""

    low: datetime | None
    high: datetime | None

    @property
    def days(self) -> Days:
        """The local days it may fall on."""
        return Days(self.low and self.low.date(), self.high and self.high.date())

    def value(self) -> Ordered:
        """As a value of a fact."""
        return Ordered(low=self.low, high=self.high)


def earliest(bounds: list[T | None]) -> T | None:
    """The earliest of some lower bounds: none, if one of them is missing."""
    known = [bound for bound in bounds if bound is not None]
    return min(known) if known and len(known) == len(bounds) else None


def latest(bounds: list[T | None]) -> T | None:
    """The latest of some upper bounds: none, if one of them is missing."""
    known = [bound for bound in bounds if bound is not None]
    return max(known) if known and len(known) == len(bounds) else None


def known(bounds: list[T | None]) -> list[T]:
    """The bounds that are there."""
    return [bound for bound in bounds if bound is not None]


def not_after(first: date | None, second: date | None) -> bool:
    """Whether a latest possible day surely lies on or before an earliest possible one.

    A missing bound is never sure.
    """
    return first is not None and second is not None and first <= second


def certainly_within(days: Days, start: Days, end: Days) -> bool:
    """Whether every possibility lies in the window, wherever its ends are."""
    if start.high is None or days.low is None or days.high is None or end.low is None:
        return False
    return start.high <= days.low and days.high <= end.low


def certainly_outside(days: Days, start: Days, end: Days) -> bool:
    """Whether no possibility lies in the window, wherever its ends are."""
    before = days.high is not None and start.low is not None and days.high < start.low
    after = days.low is not None and end.high is not None and days.low > end.high
    return before or after
