"""Potential Hy's law: a raised transaminase with a raised bilirubin (DOMAIN 8; FDA guidance 2009).

ALT or AST of three times its upper limit and total bilirubin above twice its own, at most 30 days
apart either way, both from the first infusion on.  Where the transaminase was above its limit
before, it is compared with that baseline too.  Alkaline phosphatase is the value nearest to the
transaminase within 7 days; with twice its limit the injury is cholestatic or mixed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from signals.chart.chart import Mark
from signals.chart.view import View
from signals.events import Record
from signals.facts.lab_values import (
    may_lie_within,
    of_test,
    over_limit,
    taken,
    times,
    value_of,
)
from signals.facts.value import ANY_ORDERED, Ordered
from signals.facts.watch import Watch, end_of_day, midnight

TRANSAMINASES, BILIRUBIN, PHOSPHATASE = ("ALT", "AST"), "BILI", "ALP"
TESTS = frozenset({*TRANSAMINASES, BILIRUBIN, PHOSPHATASE})
_PAIRED, _NEAR = timedelta(days=30), timedelta(days=7)
_TRANSAMINASE_RAISED, _BILIRUBIN_RAISED = "transaminase raised", "bilirubin raised"
_TWICE, _THREE_TIMES = Decimal(2), Decimal(3)
_EVER = date(9999, 1, 1)
NO_BASELINE = "no transaminase before the first infusion: taken as normal"


def _may_exceed(record: Record, limit: Decimal) -> bool:
    ratio = over_limit(record)
    return ratio is not None and not is_at_most(ratio, limit)


def is_at_most(ratio: Ordered, limit: Decimal) -> bool:
    """Whether every possibility is at most the limit."""
    return isinstance(ratio.high, Decimal) and ratio.high <= limit


def is_raised_transaminase(record: Record) -> bool:
    """Whether it may be above twice its limit; what a rule asks lies above that."""
    return record.data.test in TRANSAMINASES and _may_exceed(record, _TWICE)


def is_raised_bilirubin(record: Record) -> bool:
    """Whether it may be above its limit."""
    return record.data.test == BILIRUBIN and _may_exceed(record, Decimal(1))


MARKS = {
    _TRANSAMINASE_RAISED: Mark(frozenset({"lab-result"}), is_raised_transaminase),
    _BILIRUBIN_RAISED: Mark(frozenset({"lab-result"}), is_raised_bilirubin),
}
"""The questions the chart answers for every record, so that a pair is found among few."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A transaminase, the highest bilirubin within 30 days of it, and what is near.

    Multiples of the upper limit of normal, but ``over_baseline``; ``alp`` is not known without a
    value near; ``baseline_raised`` None: it may have been.
    """

    transaminase: Record
    bilirubin: Record
    alp_record: Record | None
    baseline: Record | None
    over_limit: Ordered
    bilirubin_over_limit: Ordered
    alp: Ordered
    over_baseline: Ordered
    baseline_raised: bool | None


def pairs(view: View, seen: Watch) -> list[Pair]:
    """All pairs of which both values may be raised: each transaminase with its bilirubin."""
    first = seen.exposed.first
    begun = first.days.low if first is not None else None
    if begun is None:
        return []
    start, ever = midnight(begun, seen.zone), end_of_day(_EVER, seen.zone)
    found = []
    for record in _raised(view, seen, _TRANSAMINASE_RAISED, (start, ever)):
        bilirubins = _raised(view, seen, _BILIRUBIN_RAISED, _around(record, _PAIRED))
        if bilirubins:
            found.append(_pair(view, seen, record, max(bilirubins, key=_rank)))
    return found


def _raised(view: View, seen: Watch, mark: str, between: tuple[datetime, datetime]) -> list[Record]:
    """The marked results between two instants, from the first infusion on."""
    first, last = between
    records = view.of_person_within("lab-result", seen.number, first, last, mark)
    return [
        each
        for each in records
        if MARKS[mark].test(each)
        and may_lie_within([each], first, last)
        and not _is_before(each, seen)
    ]


def _around(record: Record, days: timedelta) -> tuple[datetime, datetime]:
    """So many calendar days before and after (D2)."""
    earliest, latest = taken(record)
    first = (earliest or latest) - days
    last = latest + days
    return (
        first.replace(hour=0, minute=0, second=0, microsecond=0),
        last.replace(hour=23, minute=59, second=59, microsecond=0),
    )


def _height(record: Record) -> Decimal:
    ratio = over_limit(record)
    low = ratio.low if ratio is not None else None
    return low if isinstance(low, Decimal) else Decimal(0)


def _rank(bilirubin: Record) -> tuple[bool, bool, Decimal, str]:
    """The order of several: one above twice its limit, else one that may be, then the highest."""
    ratio = over_limit(bilirubin) or ANY_ORDERED
    height = _height(bilirubin)
    may_be = not is_at_most(ratio, _TWICE)
    return height > _TWICE, may_be, height, bilirubin.record_id


def _pair(view: View, seen: Watch, record: Record, bilirubin: Record) -> Pair:
    near = of_test(view, seen.number, PHOSPHATASE, *_around(record, _NEAR))
    measured = [each for each in near if over_limit(each) is not None]
    alp = min(measured, key=lambda each: _distance(each, record), default=None)
    baseline = _baseline(view, seen, str(record.data.test))
    return Pair(
        transaminase=record,
        bilirubin=bilirubin,
        alp_record=alp,
        baseline=baseline,
        over_limit=over_limit(record) or ANY_ORDERED,
        bilirubin_over_limit=over_limit(bilirubin) or ANY_ORDERED,
        alp=(over_limit(alp) if alp is not None else None) or ANY_ORDERED,
        over_baseline=_over_baseline(record, baseline),
        baseline_raised=_is_raised(baseline),
    )


def _distance(record: Record, other: Record) -> tuple[timedelta, Decimal, str]:
    """How far apart; of two as near the lower, which is the graver reading."""
    apart = abs(taken(record)[1] - taken(other)[1])
    return apart, _height(record), record.record_id


def _baseline(view: View, seen: Watch, test: str) -> Record | None:
    """The last valid result before the first infusion (DOMAIN 1.6)."""
    infused = _infused(seen)
    if infused is None:
        return None
    for first in (infused - _PAIRED, datetime(1900, 1, 2, tzinfo=seen.zone)):
        found = [
            each
            for each in of_test(
                view, seen.number, test, first, end_of_day(infused.date(), seen.zone)
            )
            if value_of(each) is not None and _is_before(each, seen)
        ]
        if found:
            return max(found, key=lambda each: (taken(each)[1], each.record_id))
    return None


def _is_before(record: Record, seen: Watch) -> bool:
    """Whether it is of before the first infusion; of its day without a time it is (DOMAIN 1.6)."""
    earliest, latest = taken(record)
    infused = _infused(seen)
    if earliest is None or infused is None:
        return False
    return latest < infused or (earliest != latest and earliest.date() == infused.date())


def _infused(seen: Watch) -> datetime | None:
    return seen.exposed.first.low if seen.exposed.first is not None else None


def _is_raised(baseline: Record | None) -> bool | None:
    ratio = over_limit(baseline) if baseline is not None else None
    if ratio is None or ratio.unknown:
        return False if baseline is None else None
    if isinstance(ratio.low, Decimal) and (ratio.low > 1 or (ratio.low == 1 and ratio.low_open)):
        return True
    return False if isinstance(ratio.high, Decimal) and ratio.high <= 1 else None


def _over_baseline(record: Record, baseline: Record | None) -> Ordered:
    value = value_of(record)
    before = value_of(baseline) if baseline is not None else None
    if value is None or before is None or not before.known or not isinstance(before.low, Decimal):
        return ANY_ORDERED
    return times(value, before.low) if before.low > 0 else ANY_ORDERED


def ratio_to_phosphatase(pair: Pair) -> Decimal | None:
    """R = (ALT/ULN) / (ALP/ULN): 5 and more hepatocellular, 2 and less cholestatic."""
    high, low = pair.over_limit.low, pair.alp.low
    if not isinstance(high, Decimal) or not isinstance(low, Decimal) or low == 0:
        return None
    return high / low


def gravest(found: Sequence[Pair]) -> Pair:
    """The pair to show: one that fits, of a hepatocellular injury if any, the highest."""
    return max(
        found,
        key=lambda each: (
            fits(each) is True,
            fits(each) is None,
            not _is_cholestatic(each),
            _height(each.transaminase),
            each.transaminase.record_id,
        ),
    )


def fits(pair: Pair) -> bool | None:
    """Whether both values are as high as the definition asks; None: they may be."""
    answers = (
        _at_least(pair.over_limit, _THREE_TIMES),
        _above_twice(pair.bilirubin_over_limit),
        _or(_not(pair.baseline_raised), _at_least(pair.over_baseline, _TWICE)),
    )
    return False if False in answers else None if None in answers else True


def _at_least(ratio: Ordered, limit: Decimal) -> bool | None:
    if isinstance(ratio.low, Decimal) and ratio.low >= limit:
        return True
    below = isinstance(ratio.high, Decimal) and (
        ratio.high < limit or (ratio.high == limit and ratio.high_open)
    )
    return False if below else None


def _above_twice(ratio: Ordered) -> bool | None:
    if isinstance(ratio.low, Decimal) and (
        ratio.low > _TWICE or (ratio.low == _TWICE and ratio.low_open)
    ):
        return True
    return False if is_at_most(ratio, _TWICE) else None


def _not(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


def _or(one: bool | None, other: bool | None) -> bool | None:
    if True in (one, other):
        return True
    return None if None in (one, other) else False


def _is_cholestatic(pair: Pair) -> bool:
    return isinstance(pair.alp.low, Decimal) and pair.alp.low >= _TWICE
