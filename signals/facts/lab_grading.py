"""The grade of a reading of the laboratory by the study's table."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from signals.events import Measured
from signals.facts.lab_reading import Reading
from signals.facts.lab_values import KEPT
from signals.study.ctcae import Graded, Interval, Quantity, Sample, Scale, Term, scale_of
from signals.study.ctcae.table import Version


class _Beside(NamedTuple):
    """All that a reading is graded by, but its number; most of a person's readings share it."""

    unit: str | None
    low: Measured | None
    high: Measured | None
    range_unit: str | None
    baseline: Reading | None
    specimen: str | None
    fasting: bool | None


@lru_cache(maxsize=KEPT)
def graded(
    version: Version, term: Term, reading: Reading, baseline: Reading | None
) -> Graded | None:
    """The reading under a term, against a baseline; None where it gives no grade.

    A result is graded again with every one after it: as the one before, or as the baseline.
    """
    data = reading.record.data
    own = reading.limits
    beside = _Beside(
        reading.quantity.unit,
        data.range_low if own else None,
        data.range_high if own else None,
        data.range_unit or data.unit_raw,
        baseline if _compares_with_baseline(term) else None,
        data.specimen,
        data.fasting,
    )
    scale = _scale(version, term, beside)
    return None if scale is None else scale.grade(reading.quantity.value)


@lru_cache(maxsize=KEPT)
def _compares_with_baseline(term: Term) -> bool:
    return "BASE" in term.names


@lru_cache(maxsize=KEPT)
def _scale(version: Version, term: Term, beside: _Beside) -> Scale | None:
    low, high = (_limit(each, beside.range_unit) for each in (beside.low, beside.high))
    sample = Sample(
        test=term.test,
        result=Quantity(Interval(), beside.unit),
        low=low or _beyond(high, upper=False),
        high=high or _beyond(low, upper=True),
        baseline=None if beside.baseline is None else beside.baseline.quantity,
        specimen=beside.specimen,
        words={} if beside.fasting is None else {"fasting": beside.fasting},
    )
    found = scale_of(term, version, sample)
    return found if isinstance(found, Scale) else None


def _limit(limit: Measured | None, unit: str | None) -> Quantity | None:
    return None if limit is None else Quantity(Interval.of(limit), unit)


def _beyond(other: Quantity | None, *, upper: bool) -> Quantity | None:
    """Of a limit that is missing this much is known: the lower one is not above the upper one."""
    if other is None:
        return None
    value = other.value
    span = Interval(low=value.low) if upper else Interval(high=value.high)
    return Quantity(span, other.unit)
