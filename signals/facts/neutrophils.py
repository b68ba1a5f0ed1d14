"""The absolute neutrophil count, measured or worked out (DOMAIN 1.7).

``NEUT`` is the count itself.  A percentage counts with the white cells of the same sample only:
segmented and band together, or ``NEUTLE`` where it stands for both.  Where only the white cells are
known they are an upper bound.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import TypeAlias

from signals.chart.view import View
from signals.events import Record
from signals.facts.lab_values import Result, in_order, of_test, result_of, value_of
from signals.facts.value import Ordered

COUNT, WHITE_CELLS = "NEUT", "WBC"
_ALL, _SEGMENTED, _BAND = "NEUTLE", "NEUTSGLE", "NEUTBLE"
_SEGMENTED_COUNT, _BAND_COUNT = "NEUTSG", "NEUTB"
_HUNDRED = Decimal(100)
_Ends: TypeAlias = tuple[Decimal | None, Decimal | None]
_Sample: TypeAlias = dict[str, tuple[Record, Ordered]]
_ANY_SHARE: _Ends = (None, _HUNDRED)
TESTS = frozenset({COUNT, WHITE_CELLS, _ALL, _SEGMENTED, _BAND, _SEGMENTED_COUNT, _BAND_COUNT})
"""The tests (LBTESTCD) on which a neutrophil count may rest."""


def neutrophils(view: View, subject: str | None, first: datetime, last: datetime) -> list[Result]:
    """The counts (10*9/L) of the person that may have been taken between two instants, in order.

    Of each sample one: the count, else what its percentage or parts give, else the bound.
    """
    by_sample: dict[str, _Sample] = {}
    alone: list[_Sample] = []
    for test in _given(view, subject):
        for record in of_test(view, subject, test, first, last):
            value = value_of(record)
            if value is None:
                continue
            own: _Sample = {}
            if record.data.sample_id is not None:
                own = by_sample.setdefault(record.data.sample_id, {})
            if test in own or record.data.sample_id is None:
                alone.append({test: (record, value)})
            else:
                own[test] = (record, value)
    counts = [_count(sample) for sample in (*by_sample.values(), *alone)]
    return sorted((each for each in counts if each is not None), key=in_order)


def _given(view: View, subject: str | None) -> list[str]:
    """The tests on which a count may rest and of which the person has results."""

    def found() -> list[str]:
        return sorted(TESTS & view.tests(subject))

    return view.kept(("neutrophil tests", subject), subject, ("lab-result",), found)


def is_bound_only(result: Result) -> bool:
    """Whether it only says how many neutrophils there are at most."""
    return not result.value.low


def _count(sample: _Sample) -> Result | None:
    """The count of one sample, its records by test."""
    if COUNT in sample:
        record, value = sample[COUNT]
        return result_of(record, value)
    if _SEGMENTED_COUNT in sample and _BAND_COUNT in sample:
        low, high = _sum(_ends(sample[_SEGMENTED_COUNT]), _ends(sample[_BAND_COUNT]))
        parts = sample[_SEGMENTED_COUNT][0], sample[_BAND_COUNT][0]
        return result_of(parts[0], Ordered(low=low, high=high), parts[1])
    if WHITE_CELLS not in sample:
        return None
    white, cells = sample[WHITE_CELLS]
    low, high = _share(sample)
    if (low, high) == _ANY_SHARE:
        return result_of(white, replace(cells, low=None, low_open=False))
    fewest, most = _ends(sample[WHITE_CELLS])
    used = [sample[test][0] for test in (_ALL, _SEGMENTED, _BAND) if test in sample]
    return result_of(white, Ordered(low=_part(fewest, low), high=_part(most, high)), *used)


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


def _ends(measured: tuple[Record, Ordered]) -> _Ends:
    _, value = measured
    low = value.low if isinstance(value.low, Decimal) else None
    high = value.high if isinstance(value.high, Decimal) else None
    return low, high


def _sum(one: _Ends, other: _Ends) -> _Ends:
    low = None if one[0] is None or other[0] is None else one[0] + other[0]
    high = None if one[1] is None or other[1] is None else one[1] + other[1]
    return low, high


def _part(cells: Decimal | None, share: Decimal | None) -> Decimal | None:
    return None if cells is None or share is None else cells * share / _HUNDRED
