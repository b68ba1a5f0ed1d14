"""Calcium corrected for albumin: a result that follows from two of one sample (DOMAIN 1.7)."""

from __future__ import annotations

from fractions import Fraction

from signals.events.unit_text import read_unit
from signals.events.units import NotConverted, factor
from signals.study.ctcae.grade import Quantity
from signals.study.ctcae.interval import Interval

# Per unit system: the unit of calcium, that of albumin, the slope, and the normal albumin.
_CORRECTION = (
    ("mmol/L", "g/L", Fraction("0.02"), Fraction(40)),
    ("mg/dL", "g/dL", Fraction("0.8"), Fraction(4)),
)


def corrected_calcium(calcium: Quantity, albumin: Quantity) -> Quantity | None:
    """Calcium corrected for albumin, in the unit system of the calcium; None if a unit is wrong.

    Ca + 0.02 x (40 - albumin) in mmol/L and g/L; Ca + 0.8 x (4.0 - albumin) in mg/dL and g/dL.
    """
    have = read_unit(calcium.unit or "")
    for unit, of_albumin, slope, normal in _CORRECTION:
        wanted = read_unit(unit)
        if have is None or wanted is None or have.dimension != wanted.dimension:
            continue
        found, protein = _in("CA", calcium, unit), _in("ALB", albumin, of_albumin)
        if found is None or protein is None:
            return None
        return Quantity(found.plus(_times_below(protein, slope, normal)), unit)
    return None


def _times_below(value: Interval, slope: Fraction, normal: Fraction) -> Interval:
    """``slope x (normal - value)``: the higher the value, the lower it is."""
    return Interval(
        None if value.high is None else slope * (normal - value.high),
        None if value.low is None else slope * (normal - value.low),
        value.high_open,
        value.low_open,
    )


def _in(test: str, quantity: Quantity, unit: str) -> Interval | None:
    by = factor(test, quantity.unit, unit)
    return None if isinstance(by, NotConverted) else quantity.value.times(by)
