"""The laboratory's tests: units and limits of each site's laboratory, and the usual values."""

from __future__ import annotations

from typing import NamedTuple


class Unit(NamedTuple):
    """A unit as a laboratory writes it: a value in SI units divided by ``per``, with decimals."""

    text: str
    per: float
    decimals: int


class Test(NamedTuple):
    """A test: LOINC, the limits and the usual spread of its values in SI units, and its unit."""

    loinc: str
    low: float
    high: float
    usual: float
    spread: float
    unit: Unit


_COUNT, _U = Unit("10*9/L", 1, 2), Unit("U/L", 1, 0)
_MMOL, _G = Unit("mmol/L", 1, 2), Unit("g/L", 1, 0)

TESTS: dict[str, Test] = {
    "WBC": Test("6690-2", 3.5, 9.5, 6.0, 1.0, _COUNT),
    "NEUT": Test("751-8", 1.8, 6.3, 3.5, 0.8, _COUNT),
    "LYM": Test("731-0", 1.1, 3.2, 1.6, 0.3, _COUNT),
    "PLAT": Test("777-3", 125, 350, 180, 30, Unit("10*9/L", 1, 0)),
    "HGB": Test("718-7", 115, 150, 100, 8, _G),
    "ALT": Test("1742-6", 9, 50, 28, 7, _U),
    "AST": Test("1920-8", 15, 40, 26, 4, _U),
    "ALP": Test("6768-6", 45, 125, 82, 11, _U),
    "GGT": Test("2324-2", 10, 60, 32, 8, _U),
    "LDH": Test("14804-9", 120, 250, 190, 18, _U),
    "BILI": Test("14631-6", 3, 21, 11, 2.6, Unit("umol/L", 1, 1)),
    "CREAT": Test("14682-9", 57, 111, 76, 7, Unit("umol/L", 1, 0)),
    "GLUC": Test("14749-6", 3.9, 6.1, 5.1, 0.3, _MMOL),
    "K": Test("2823-3", 3.5, 5.3, 4.2, 0.22, _MMOL),
    "SODIUM": Test("2951-2", 137, 147, 141, 1.4, Unit("mmol/L", 1, 0)),
    "CA": Test("2000-8", 2.11, 2.52, 2.31, 0.05, _MMOL),
    "ALB": Test("61151-7", 40, 55, 44, 1.3, Unit("g/L", 1, 1)),
}
BLOOD_COUNT = ("WBC", "NEUT", "LYM", "PLAT", "HGB")
CHEMISTRY = tuple(name for name in TESTS if name not in BLOOD_COUNT)

_CONVENTIONAL = {
    "WBC": Unit("10*3/uL", 1, 2),
    "NEUT": Unit("10*3/uL", 1, 2),
    "LYM": Unit("10*3/uL", 1, 2),
    "PLAT": Unit("10*3/uL", 1, 0),
    "HGB": Unit("g/dL", 10, 1),
    "BILI": Unit("mg/dL", 17.1, 2),
    "CREAT": Unit("mg/dL", 88.4, 2),
    "GLUC": Unit("mg/dL", 0.05551, 0),
    "CA": Unit("mg/dL", 0.2495, 2),
    "ALB": Unit("g/dL", 10, 1),
}
# One laboratory reports conventional units; another spells the count its own way.
LABORATORIES: dict[str, dict[str, Unit]] = {
    "WHC": {},
    "WUH": _CONVENTIONAL,
    "TJH": {
        name: TESTS[name].unit._replace(text="10^9/L") for name in ("WBC", "NEUT", "LYM", "PLAT")
    },
}


def unit_of(site: str, test: str) -> Unit:
    """The unit in which a site's laboratory reports a test."""
    return LABORATORIES[site].get(test, TESTS[test].unit)


def written(value: float, unit: Unit) -> str:
    """A value in SI units as the laboratory prints it; below its limit of detection with <."""
    shown = f"{value / unit.per:.{unit.decimals}f}"
    if float(shown) == 0:
        return f"<{10**-unit.decimals:.{unit.decimals}f}"
    return shown
