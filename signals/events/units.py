"""Conversion of laboratory results between units, analyte by analyte (DOMAIN 1.7).

A mass becomes an amount only for an analyte whose factor is known. A unit that is not known, or is
of another dimension, gives no value, and the reason; a unit is never inferred from the size of a
number.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType

from signals.events.unit_text import Unit, read_unit


@dataclass(frozen=True, slots=True)
class NotConverted:
    """Why a value has no equivalent in the unit asked for."""

    reason: str


@dataclass(frozen=True, slots=True)
class _Analyte:
    """Its SI unit (UCUM), and for other dimensions: one `unit` is `factor` SI units."""

    si: str
    others: tuple[tuple[str, Fraction], ...] = ()


def _by(si: str, unit: str, factor: str) -> _Analyte:
    return _Analyte(si, ((unit, Fraction(factor)),))


_COUNT = _Analyte("10*9/L")
_PERCENT = _Analyte("%")
_ENZYME = _Analyte("U/L")
_TROPONIN = _Analyte("ug/L")
_MONOVALENT = _by("mmol/L", "meq/L", "1")

_ANALYTES: Mapping[str, _Analyte] = MappingProxyType(
    {
        # Haemoglobin in mmol/L counts iron: g/dL x 0.6206.
        "HGB": _Analyte("g/L", (("mmol/L", 10 / Fraction("0.6206")),)),
        "WBC": _COUNT,
        "NEUT": _COUNT,
        "NEUTSG": _COUNT,
        "NEUTB": _COUNT,
        "LYM": _COUNT,
        "EOS": _COUNT,
        "PLAT": _COUNT,
        "CD4": _COUNT,
        "NEUTLE": _PERCENT,
        "NEUTSGLE": _PERCENT,
        "NEUTBLE": _PERCENT,
        "LYMLE": _PERCENT,
        "APTT": _Analyte("s"),
        "INR": _Analyte("1"),
        "FIBRINO": _Analyte("g/L"),
        "HAPTOG": _Analyte("g/L"),
        "ALT": _ENZYME,
        "AST": _ENZYME,
        "ALP": _ENZYME,
        "GGT": _ENZYME,
        "LDH": _ENZYME,
        "CK": _ENZYME,
        "LIPASET": _ENZYME,
        "AMYLASE": _ENZYME,
        "BILI": _by("umol/L", "mg/dL", "17.1"),
        "CREAT": _by("umol/L", "mg/dL", "88.4"),
        "URATE": _by("umol/L", "mg/dL", "59.48"),
        "GLUC": _by("mmol/L", "mg/dL", "0.05551"),
        "CA": _by("mmol/L", "mg/dL", "0.2495"),
        "CAION": _by("mmol/L", "mg/dL", "0.2495"),
        "MG": _by("mmol/L", "mg/dL", "0.4114"),
        "PHOS": _by("mmol/L", "mg/dL", "0.3229"),
        "CHOL": _by("mmol/L", "mg/dL", "0.02586"),
        "TRIG": _by("mmol/L", "mg/dL", "0.01129"),
        "SODIUM": _MONOVALENT,
        "K": _MONOVALENT,
        "BICARB": _MONOVALENT,
        "ALB": _Analyte("g/L"),
        "TROPONI": _TROPONIN,
        "TROPONT": _TROPONIN,
        "GFRE": _Analyte("mL/min/{1.73_m2}"),
        "PH": _Analyte("[pH]"),
        "PROT": _Analyte("g/d"),
    }
)
SI_UNITS: Mapping[str, str] = MappingProxyType({test: a.si for test, a in _ANALYTES.items()})
"""The SI unit (UCUM) of each analyte, by LBTESTCD."""

# These quantities have no unit, and laboratories send none.
_UNITLESS = frozenset({"1", "[pH]"})
_CELSIUS = frozenset({"cel", "c", "°c", "℃", "[degc]", "degc", "摄氏度"})
_FAHRENHEIT = frozenset({"[degf]", "degf", "f", "°f", "℉", "华氏度"})
_TENTH = Decimal("0.1")
ONE = Fraction(1)
"""The factor between units that are the same, and nothing has to be worked out."""


def to_si(test: str, value: Decimal, unit: str | None) -> Decimal | NotConverted:
    """The value in the SI unit of the analyte `test` (LBTESTCD)."""
    si = SI_UNITS.get(test)
    if si is None:
        return NotConverted(f"no SI unit is known for the test {test}")
    return convert(test, value, unit, si)


def convert(test: str, value: Decimal, unit: str | None, to: str) -> Decimal | NotConverted:
    """The value in the unit `to`; reference limits convert by the same factor as results."""
    by = factor(test, unit, to)
    if isinstance(by, NotConverted):
        return by
    if by is ONE:
        return value
    return value * by.numerator / by.denominator


@lru_cache(maxsize=4096)
def factor(test: str, unit: str | None, to: str) -> Fraction | NotConverted:
    """How many of the unit `to` one `unit` is, exactly, for the analyte `test`; `ONE` of the same."""
    found = _factor(test, unit, to)
    return ONE if found == ONE else found


def _factor(test: str, unit: str | None, to: str) -> Fraction | NotConverted:
    if unit is None or not unit.strip():
        if SI_UNITS.get(test) != to or to not in _UNITLESS:
            return NotConverted("the unit is missing")
        return ONE
    have, want = read_unit(unit), read_unit(to)
    if have is None or want is None:
        return NotConverted(f'the unit "{unit if have is None else to}" is not known')
    if have.dimension == want.dimension:
        return have.factor / want.factor
    to_base, from_base = _si_of(test, have), _si_of(test, want)
    if to_base is None or from_base is None:
        return NotConverted(f'"{unit}" cannot be converted to "{to}" for the test {test}')
    return to_base / from_base


def _si_of(test: str, unit: Unit) -> Fraction | None:
    """How many SI units of the analyte one `unit` is; None if it is of another dimension."""
    analyte = _ANALYTES.get(test)
    if analyte is None:
        return None
    for name, scale in ((analyte.si, Fraction(1)), *analyte.others):
        known = read_unit(name)
        if known is not None and known.dimension == unit.dimension:
            return unit.factor / known.factor * scale
    return None


def celsius(value: Decimal, unit: str | None) -> Decimal | NotConverted:
    """A body temperature in degrees Celsius; from Fahrenheit rounded half-up to 0.1."""
    name = (unit or "").strip().lower()
    if name in _CELSIUS:
        return value
    if name in _FAHRENHEIT:
        return ((value - 32) * 5 / 9).quantize(_TENTH, ROUND_HALF_UP)
    return NotConverted(f'"{unit}" is no unit of temperature' if name else "the unit is missing")
