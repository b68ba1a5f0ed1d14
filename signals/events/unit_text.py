"""Reading the text of a unit: UCUM, and the spellings of laboratories.

A unit is a factor and a dimension, nothing more: 10*9/L, 10^9/L, ×10⁹/L and K/uL (thousand a
microlitre) are one unit. What is not known is not guessed: G/L and Mg/dL have no meaning here.
"""

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

Dimension = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """`factor` times the base units (g, mol, L, s, U ...) to the powers of `dimension`."""

    factor: Fraction
    dimension: Dimension


_PREFIXES = {
    "k": Fraction(10**3),
    "": Fraction(1),
    "d": Fraction(1, 10),
    "c": Fraction(1, 10**2),
    "m": Fraction(1, 10**3),
    "u": Fraction(1, 10**6),
    "n": Fraction(1, 10**9),
    "p": Fraction(1, 10**12),
    "f": Fraction(1, 10**15),
}
_Atom = tuple[Fraction, str | None]


def _prefixed(base: str, dimension: str, prefixes: str, factor: Fraction) -> dict[str, _Atom]:
    return {prefix + base: (_PREFIXES[prefix] * factor, dimension) for prefix in ("", *prefixes)}


_ONE = Fraction(1)
_ATOMS: dict[str, _Atom] = {
    **_prefixed("g", "mass", "kmunp", _ONE),
    **_prefixed("mol", "amount", "munp", _ONE),
    **_prefixed("eq", "equivalents", "mu", _ONE),
    **_prefixed("L", "volume", "dcmunpf", _ONE),
    **_prefixed("U", "enzyme", "kmu", _ONE),
    **_prefixed("IU", "enzyme", "kmu", _ONE),
    # One katal is one mole a second, one unit one micromole a minute.
    **_prefixed("kat", "enzyme", "mun", Fraction(60 * 10**6)),
    "mcg": (Fraction(1, 10**6), "mass"),
    "mcmol": (Fraction(1, 10**6), "amount"),
    "mEq": (Fraction(1, 10**3), "equivalents"),
    "mm3": (Fraction(1, 10**6), "volume"),
    "cm3": (Fraction(1, 10**3), "volume"),
    "s": (_ONE, "time"),
    "sec": (_ONE, "time"),
    "秒": (_ONE, "time"),
    "min": (Fraction(60), "time"),
    "h": (Fraction(3600), "time"),
    "d": (Fraction(86400), "time"),
    "day": (Fraction(86400), "time"),
    "24h": (Fraction(86400), "time"),
    "24hr": (Fraction(86400), "time"),
    "24hrs": (Fraction(86400), "time"),
    "1.73m2": (_ONE, "body surface"),
    "{1.73_m2}": (_ONE, "body surface"),
    "mm[Hg]": (_ONE, "pressure"),
    "mmHg": (_ONE, "pressure"),
    "%": (_ONE, "percent"),
    "[pH]": (_ONE, "pH"),
    "pH": (_ONE, "pH"),
    "1": (_ONE, None),
    "{INR}": (_ONE, None),
    "INR": (_ONE, None),
    "{ratio}": (_ONE, None),
    "K": (Fraction(10**3), None),
    "千": (Fraction(10**3), None),
    "万": (Fraction(10**4), None),
    "亿": (Fraction(10**8), None),
    "个": (_ONE, None),
    "cells": (_ONE, None),
    "{cells}": (_ONE, None),
    "": (_ONE, None),
}
# Laboratories write whole units in one case. Capital MU and MIU may be milli or mega.
_ONE_CASE = {atom.lower(): found for atom, found in _ATOMS.items()}
_AMBIGUOUS = frozenset({"MU", "MIU", "M"})

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_POWER = re.compile(r"[x×X*]?10(?:\*\*|\*|\^|[eE])([0-9]{1,2})(.*)")
_LONGEST = 40


@lru_cache(maxsize=4096)
def read_unit(text: str) -> Unit | None:
    """The unit that a text means; None if it is not known."""
    if len(text) > _LONGEST:
        return None
    numerator, *denominators = _spelled(text).split("/")
    factor, dimension = _ONE, dict[str, int]()
    for power, part in ((1, numerator), *((-1, part) for part in denominators)):
        found = _part(part) if part or (power == 1 and denominators) else None
        if found is None:
            return None
        factor *= found[0] if power == 1 else 1 / found[0]
        if found[1] is not None:
            dimension[found[1]] = dimension.get(found[1], 0) + power
    return Unit(factor, tuple(sorted((name, n) for name, n in dimension.items() if n)))


def _spelled(text: str) -> str:
    """One spelling of signs: micro as u, powers with ^ or plain, no spaces, half-width."""
    raised = re.sub(r"(?<=10)[⁰¹²³⁴⁵⁶⁷⁸⁹]", lambda found: "^" + found[0], text)
    plain = unicodedata.normalize("NFKC", raised.translate(_SUPERSCRIPTS))
    plain = re.sub(r"\s+", "", plain).replace("μ", "u")
    return re.sub(r"(?<=m)\^(?=[23]$|[23]/)", "", plain)


def _part(text: str) -> _Atom | None:
    """One side of a stroke: a power of ten, a unit, or one before the other."""
    power = _POWER.fullmatch(text)
    if power is None:
        return _atom(text)
    rest = _atom(power[2].lstrip("."))
    return None if rest is None else (Fraction(10) ** int(power[1]) * rest[0], rest[1])


def _atom(text: str) -> _Atom | None:
    found = _ATOMS.get(text)
    if found is None and (text.islower() or text.isupper()) and text not in _AMBIGUOUS:
        found = _ONE_CASE.get(text.lower())
    return found
