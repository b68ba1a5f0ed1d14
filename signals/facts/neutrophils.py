"""The absolute neutrophil count, measured or worked out (DOMAIN 1.7).

``NEUT`` is the count itself.  A percentage counts with the white cells of the same sample only:
segmented and band together, or ``NEUTLE`` where it stands for both.  Where only the white cells are
known they are an upper bound.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import TypeAlias

from signals.chart.chart import Mark
from signals.chart.view import View
from signals.events import Record
from signals.facts.lab_values import BY_TIME, KEPT, LAB, Result, result_of
from signals.facts.value import Ordered

COUNT, WHITE_CELLS = "NEUT", "WBC"
_ALL, _SEGMENTED, _BAND = "NEUTLE", "NEUTSGLE", "NEUTBLE"
_SEGMENTED_COUNT, _BAND_COUNT = "NEUTSG", "NEUTB"
BEARS = "bears on a neutrophil count"
_HUNDRED = Decimal(100)
_Ends: TypeAlias = tuple[Decimal | None, Decimal | None]
_Sample: TypeAlias = dict[str, Result]
"""The results of one sample by test."""
_ANY_SHARE: _Ends = (None, _HUNDRED)
TESTS = frozenset({COUNT, WHITE_CELLS, _ALL, _SEGMENTED, _BAND, _SEGMENTED_COUNT, _BAND_COUNT})
"""The tests (LBTESTCD) on which a neutrophil count may rest."""


MARKS = {BEARS: Mark(frozenset({LAB}), lambda record: record.data.test in TESTS)}
"""The question the chart answers for every record, so that one look finds them all."""


def neutrophils(view: View, subject: str | None, first: datetime, last: datetime) -> list[Result]:
    """The counts (10*9/L) of the person that may have been taken between two instants, in order.

    Of each sample one: the count, else what its percentage or parts give, else the bound.
    """
    return sorted(counted(bearing(view, subject, first, last), first, last), key=BY_TIME)


def counted(records: Iterable[Record], first: datetime, last: datetime) -> list[Result]:
    """The counts of these results, in no order that means anything."""
    by_sample: defaultdict[str, _Sample] = defaultdict(dict)
    alone: list[_Sample] = []
    for record in records:
        data = record.data
        test, sample = data.test, data.sample_id
        result = result_of(record) if test in TESTS else None
        if result is None or result.latest < first:
            continue
        if result.earliest is not None and result.earliest > last:
            continue
        own: _Sample = by_sample[sample] if sample is not None else {}
        if test in own or sample is None:
            alone.append({test: result})
        else:
            own[test] = result
    counts = [
        each[COUNT] if COUNT in each else _worked_out(tuple(each.items()))
        for each in (*by_sample.values(), *alone)
    ]
    return [each for each in counts if each is not None]


def by_itself(
    view: View, subject: str | None, record: Record, first: datetime, last: datetime
) -> tuple[list[Result], list[Result]]:
    """The counts of a result's sample without it, and with it; no other count rests on it."""
    sample = record.data.sample_id
    if sample is None:
        return [], counted([record], first, last)
    own = [each for each in bearing(view, subject, first, last) if each.data.sample_id == sample]
    without = [each for each in own if each.key != record.key]
    return counted(without, first, last), counted(own, first, last)


def bearing(view: View, subject: str | None, first: datetime, last: datetime) -> list[Record]:
    """The results of the person on which a count between two instants may rest."""
    return view.of_person_within(LAB, subject, first, last, BEARS)


def is_bound_only(result: Result) -> bool:
    """Whether it only says how many neutrophils there are at most."""
    return not result.value.low


@lru_cache(maxsize=KEPT)
def _worked_out(results: tuple[tuple[str, Result], ...]) -> Result | None:
    """The count of a sample in which nobody counted, its results by test."""
    sample = dict(results)
    if _SEGMENTED_COUNT in sample and _BAND_COUNT in sample:
        segmented, band = sample[_SEGMENTED_COUNT], sample[_BAND_COUNT]
        low, high = _sum(_ends(segmented), _ends(band))
        return _of(Ordered(low=low, high=high), segmented, band)
    if WHITE_CELLS not in sample:
        return None
    white = sample[WHITE_CELLS]
    low, high = _share(sample)
    if (low, high) == _ANY_SHARE:
        return _of(replace(white.value, low=None, low_open=False), white)
    fewest, most = _ends(white)
    used = [sample[test] for test in (_ALL, _SEGMENTED, _BAND) if test in sample]
    return _of(Ordered(low=_part(fewest, low), high=_part(most, high)), white, *used)


def _of(value: Ordered, first: Result, *others: Result) -> Result:
    """A value that several results give, taken when the first was."""
    records = tuple(ref for each in (first, *others) for ref in each.records)
    return Result(value, first.earliest, first.latest, records)


def _share(sample: _Sample) -> _Ends:
    """The percentage of neutrophils; beside bands ``NEUTLE`` may be all of them or the segmented."""
    whole, segmented, band = (
        _ends(sample[test]) if test in sample else None for test in (_ALL, _SEGMENTED, _BAND)
    )
    if whole is not None:
        return whole if band is None else (whole[0], _sum(whole, band)[1])
    if segmented is not None and band is not None:
        return _sum(segmented, band)
    part = segmented or band
    return _ANY_SHARE if part is None else (part[0], _HUNDRED)


def _ends(result: Result) -> _Ends:
    value = result.value
    low = value.low if isinstance(value.low, Decimal) else None
    high = value.high if isinstance(value.high, Decimal) else None
    return low, high


def _sum(one: _Ends, other: _Ends) -> _Ends:
    low = None if one[0] is None or other[0] is None else one[0] + other[0]
    high = None if one[1] is None or other[1] is None else one[1] + other[1]
    return low, high


def _part(cells: Decimal | None, share: Decimal | None) -> Decimal | None:
    return None if cells is None or share is None else cells * share / _HUNDRED
