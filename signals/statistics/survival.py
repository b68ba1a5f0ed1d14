"""Time to an event: Kaplan-Meier, and Aalen-Johansen where another event competes (DOMAIN 2.0).

Times are whole days since the origin (day 0).  On one day events come before censoring: who is
censored that day is still at risk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from signals.statistics.arithmetic import HALF, ONE, Z_975, ZERO, precise

CENSORED = 0
"""The cause of a time at which nothing had happened yet."""


class Observed(NamedTuple):
    """A subject's time in days and what happened then: ``CENSORED`` or the number of a cause."""

    time: int
    cause: int


@dataclass(frozen=True, slots=True)
class Point:
    """A curve from ``time`` on, with its standard error and 95 % log(-log) interval.

    The interval is None where the curve is 0 or 1.
    """

    time: int
    at_risk: int
    events: int
    estimate: Decimal
    se: Decimal
    lower: Decimal | None
    upper: Decimal | None


@dataclass(frozen=True, slots=True)
class Median:
    """The first time at which half is reached, and its interval; None: not reached (EC-141)."""

    time: int | None
    lower: int | None
    upper: int | None


def kaplan_meier(observed: Iterable[Observed]) -> tuple[Point, ...]:
    """Survival after each day with an event of any cause (Greenwood's variance)."""
    points: list[Point] = []
    remaining, greenwood = Fraction(1), ZERO
    with precise():
        for day in _days(observed):
            remaining *= 1 - Fraction(day.events, day.at_risk)
            survival = _decimal(remaining)
            if survival == 0:
                points.append(Point(day.time, day.at_risk, day.events, ZERO, ZERO, None, None))
                break
            greenwood += Decimal(day.events) / (day.at_risk * (day.at_risk - day.events))
            se = survival * greenwood.sqrt()
            lower, upper = _log_log(survival, se)
            points.append(Point(day.time, day.at_risk, day.events, survival, se, lower, upper))
    return tuple(points)


def median(curve: Sequence[Point]) -> Median:
    """The median of a survival curve; its interval inverts the limits (Brookmeyer-Crowley)."""
    return Median(
        _first(curve, [point.estimate for point in curve]),
        _first(curve, [point.lower for point in curve]),
        _first(curve, [point.upper for point in curve]),
    )


def _first(curve: Sequence[Point], heights: Sequence[Decimal | None]) -> int | None:
    reached = (
        point.time
        for point, height in zip(curve, heights, strict=True)
        if height is not None and height <= HALF
    )
    return next(reached, None)


def aalen_johansen(observed: Iterable[Observed], cause: int) -> tuple[Point, ...]:
    """Cumulative incidence of ``cause`` after each day on which it happened; others compete.

    Variance: delta method in the form of Marubini and Valsecchi (1995), as DOMAIN 2.0 writes it.
    """
    days = _days(observed)
    points: list[Point] = []
    with precise():
        steps = _incidence(days, cause)
        for number, (day, incidence, _) in enumerate(steps):
            if day.of[cause]:
                se = max(_variance(steps[: number + 1], cause), ZERO).sqrt()
                lower, upper = _log_log(incidence, se)
                points.append(
                    Point(day.time, day.at_risk, day.of[cause], incidence, se, lower, upper)
                )
    return tuple(points)


def at(curve: Sequence[Point], time: int) -> Point | None:
    """The point that holds at a time: the last one not after it; None before the first."""
    return next((point for point in reversed(curve) if point.time <= time), None)


class _Day(NamedTuple):
    time: int
    at_risk: int
    of: Counter[int]

    @property
    def events(self) -> int:
        return self.of.total()


class _Step(NamedTuple):
    day: _Day
    incidence: Decimal
    survival_before: Decimal


def _days(observed: Iterable[Observed]) -> list[_Day]:
    """The days with events, in order, and how many were at risk on each."""
    times = sorted(observed)
    days: list[_Day] = []
    at_risk = len(times)
    by_time: dict[int, list[int]] = {}
    for time, cause in times:
        by_time.setdefault(time, []).append(cause)
    for time, causes in by_time.items():
        events = Counter(cause for cause in causes if cause != CENSORED)
        if events:
            days.append(_Day(time, at_risk, events))
        at_risk -= len(causes)
    return days


def _incidence(days: Sequence[_Day], cause: int) -> list[_Step]:
    survival, incidence = Fraction(1), Fraction(0)
    steps = []
    for day in days:
        incidence += survival * Fraction(day.of[cause], day.at_risk)
        steps.append(_Step(day, _decimal(incidence), _decimal(survival)))
        survival *= 1 - Fraction(day.events, day.at_risk)
    return steps


def _decimal(share: Fraction) -> Decimal:
    """Curves are multiplied out exactly: a half is a half, or the median would move."""
    return Decimal(share.numerator) / share.denominator


def _variance(steps: Sequence[_Step], cause: int) -> Decimal:
    total, final = ZERO, steps[-1].incidence
    for day, incidence, survival in steps:
        n, d, d_k = day.at_risk, day.events, day.of[cause]
        ahead = final - incidence
        if ahead:
            total += ahead**2 * d / (n * (n - d))
        total += survival**2 * d_k * (n - d_k) / n**3
        total -= 2 * ahead * survival * d_k / n**2
    return total


def _log_log(estimate: Decimal, se: Decimal) -> tuple[Decimal | None, Decimal | None]:
    if not ZERO < estimate < ONE:
        return None, None
    reach = Z_975 * se / (estimate * estimate.ln())
    limits = (estimate ** reach.exp(), estimate ** (-reach).exp())
    return min(limits), max(limits)
