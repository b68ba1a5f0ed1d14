"""Counts of rare events, and what is typical of a list of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil

from signals.statistics.arithmetic import precise


def poisson_percentile(mean: Decimal, share: Decimal) -> int:
    """The smallest count that a Poisson variable does not exceed with probability ``share``.

    Raises:
        ValueError: a negative mean, or a share outside 0 to 1.
    """
    if mean < 0:
        raise ValueError(f"a mean of {mean}: give one of 0 or more")
    if not 0 < share < 1:
        raise ValueError(f"a share of {share}: give one between 0 and 1")
    with precise():
        count = 0
        term = total = (-mean).exp()
        while total < share:
            count += 1
            term *= mean / count
            total += term
        return count


@dataclass(frozen=True, slots=True)
class Spread:
    """Median, quartiles and range of some numbers; all None if there are none."""

    count: int
    median: Decimal | None
    lower_quartile: Decimal | None
    upper_quartile: Decimal | None
    least: Decimal | None
    most: Decimal | None


def spread(numbers: Sequence[int | Decimal]) -> Spread:
    """Median, quartiles and range.

    A percentile is the smallest number that reaches it, or the mean of it and the next where the
    share falls between the two (Hyndman and Fan 1996, definition 2).
    """
    ordered = sorted(Decimal(each) for each in numbers)
    if not ordered:
        return Spread(0, None, None, None, None, None)
    half, first, third = (_percentile(ordered, Fraction(k, 4)) for k in (2, 1, 3))
    return Spread(len(ordered), half, first, third, ordered[0], ordered[-1])


def _percentile(ordered: Sequence[Decimal], share: Fraction) -> Decimal:
    place = share * len(ordered)
    if place.denominator == 1:
        return (ordered[int(place) - 1] + ordered[int(place)]) / 2
    return ordered[ceil(place) - 1]
