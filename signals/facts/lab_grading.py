"""The grade of a reading of the laboratory by the study's table."""

from __future__ import annotations

from functools import lru_cache

from signals.events import Measured, Record
from signals.facts.lab_reading import Reading
from signals.facts.lab_values import KEPT
from signals.study.ctcae import Graded, Interval, Quantity, Sample, Term, grade_under
from signals.study.ctcae.table import Version


@lru_cache(maxsize=KEPT)
def graded(
    version: Version, term: Term, reading: Reading, baseline: Reading | None
) -> Graded | None:
    """The reading under a term, against a baseline; None where it gives no grade.

    A result is graded again with every one after it: as the one before, or as the baseline.
    """
    data = reading.record.data
    low, high = _limit(data.range_low, reading), _limit(data.range_high, reading)
    sample = Sample(
        test=term.test,
        result=reading.quantity,
        low=low or _beyond(high, upper=False),
        high=high or _beyond(low, upper=True),
        baseline=None if baseline is None else baseline.quantity,
        specimen=data.specimen,
        words={} if data.fasting is None else {"fasting": data.fasting},
    )
    found = grade_under(term, version, sample)
    return found if isinstance(found, Graded) else None


def _limit(limit: Measured | None, reading: Reading) -> Quantity | None:
    """A limit of normal, in its own unit or that of the result; of a count worked out there is none."""
    record: Record = reading.record
    if limit is None or not reading.limits:
        return None
    return Quantity(Interval.of(limit), record.data.range_unit or record.data.unit_raw)


def _beyond(other: Quantity | None, *, upper: bool) -> Quantity | None:
    """Of a limit that is missing this much is known: the lower one is not above the upper one."""
    if other is None:
        return None
    value = other.value
    span = Interval(low=value.low) if upper else Interval(high=value.high)
    return Quantity(span, other.unit)
