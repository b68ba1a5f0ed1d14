"""Recovery of a blood count: the first of several results on different days (DOMAIN 2.2).

A day counts by its lowest value.  An upper bound (``<0.1``, or white cells without neutrophils)
shows that a value is low, never that it has recovered: a day with nothing but such bounds at or
above the level is not known, and is passed over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from signals.facts.lab_values import KEPT, Result
from signals.facts.value import Ordered, Ref
from signals.immutable import immutable

ONE_DAY = timedelta(days=1)


@immutable(frozen=True, slots=True)
class Day:
    """The lowest value of a local day; ``below`` and ``reached``: as to the level asked.

    ``known``: whether it shows on which side of the level it lies.
    """

    date: date
    value: Ordered
    below: bool
    reached: bool
    known: bool
    records: tuple[Ref, ...]


@immutable(frozen=True, slots=True)
class Level:
    """What recovery asks: so many results of this much or more, at most so many days apart."""

    level: Decimal
    results: int
    span: timedelta


@immutable(frozen=True, slots=True)
class Run:
    """The results that show recovery; ``sparse``: not of consecutive days, or a day was unknown."""

    first: date
    last: date
    sparse: bool
    records: tuple[Ref, ...]


def is_below(value: Ordered, level: Decimal) -> bool:
    """Whether every possibility lies below."""
    high = value.high
    return isinstance(high, Decimal) and (high < level or (high == level and value.high_open))


def is_reached(value: Ordered, level: Decimal) -> bool:
    """Whether every possibility is as much or more."""
    return isinstance(value.low, Decimal) and value.low >= level


def days_of(results: Iterable[Result], level: Decimal) -> list[Day]:
    """The days of these results in order; one whose day is not known counts if it is low."""
    by_day: defaultdict[date, list[Result]] = defaultdict(list)
    for result in results:
        if result.exact_day or is_below(result.value, level):
            by_day[result.day].append(result)
    return [_day(each, tuple(by_day[each]), level) for each in sorted(by_day)]


@lru_cache(maxsize=KEPT)
def _day(day: date, results: tuple[Result, ...], level: Decimal) -> Day:
    """Kept, for with one more result every other day of a course comes out as before."""
    telling = [
        each for each in results if each.value.low is not None or is_below(each.value, level)
    ] or results
    value = lowest([each.value for each in telling])
    records = tuple(sorted({ref for each in telling for ref in each.records}))
    below, reached = is_below(value, level), is_reached(value, level)
    return Day(day, value, below, reached, below or reached, records)


def lowest(values: Sequence[Ordered]) -> Ordered:
    """What the lowest of several values may be; a count without a lower bound may be nought."""
    lows = [each.low for each in values if isinstance(each.low, Decimal)]
    low = min(lows) if len(lows) == len(values) else None
    highs = [(each.high, not each.high_open) for each in values if isinstance(each.high, Decimal)]
    high, shut = min(highs) if highs else (None, True)
    shut_low = [not each.low_open for each in values if low is not None and each.low == low]
    return Ordered(
        low=low,
        high=high,
        low_open=low is not None and True not in shut_low,
        high_open=not shut,
    )


def first_run(
    days: Sequence[Day],
    wanted: Level,
    after: date,
    is_free: Callable[[date, date], bool] = lambda _first, _last: True,
) -> Run | None:
    """The first run that shows recovery after a day.

    ``is_free``: whether nothing, such as a transfusion, spoils a run from the one to the other day.
    """
    known = [each for each in days if each.known and each.date > after]
    in_a_row = 0
    for place, day in enumerate(known, start=1):
        in_a_row = in_a_row + 1 if day.reached else 0
        if in_a_row < wanted.results:
            continue
        run = known[place - wanted.results : place]
        first, last = run[0].date, run[-1].date
        if last - first <= wanted.span and is_free(first, last):
            apart = any(two.date - one.date > ONE_DAY for one, two in pairwise(run))
            passed_over = any(not each.known and first < each.date < last for each in days)
            records = tuple(ref for each in run for ref in each.records)
            return Run(first, last, apart or passed_over, records)
    return None


def confirming(days: Sequence[Day], wanted: Level, after: date) -> int:
    """How many results of the last days, in a row, show recovery so far ("1 of 3")."""
    count = 0
    for day in reversed([each for each in days if each.known and each.date > after]):
        if not day.reached:
            break
        count += 1
    return min(count, wanted.results)
