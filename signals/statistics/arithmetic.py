"""Decimal arithmetic that all statistics share: its precision, the normal distribution, a root.

Thresholds are decimals (DOMAIN D20), so what is compared with them is computed in decimals too,
with far more digits than any table prints.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Context, Decimal, localcontext
from functools import lru_cache

ZERO, ONE, HALF = Decimal(0), Decimal(1), Decimal("0.5")
Z_975 = Decimal("1.959963984540054235524594430521")
"""The 97.5 % quantile of the normal distribution: two-sided 95 % intervals."""

_DIGITS = 34
PRECISE = Context(prec=_DIGITS)
"""For a single operation: to enter ``precise`` takes longer than the operation."""

_PI = Decimal("3.141592653589793238462643383279502884")
_BISECTIONS = 60
_TINY = Decimal("1e-40")
_FAR = 12


def precise() -> AbstractContextManager[Context]:
    """Compute with 34 digits whatever the caller's context is."""
    return localcontext(prec=_DIGITS)


def power(base: Decimal, exponent: Decimal) -> Decimal:
    """A number above 0 to the power of one that need not be whole.

    The logarithm is kept, for the same few bases come again; Decimal's own power takes it anew.
    """
    whole = int(exponent)
    rest = exponent - whole
    return base**whole * (rest * _logarithm(base)).exp() if rest else base**whole


@lru_cache(maxsize=64)
def _logarithm(base: Decimal) -> Decimal:
    with precise():
        return base.ln()


def normal_tail(z: Decimal) -> Decimal:
    """The probability that a standard normal variable exceeds ``z``."""
    if abs(z) > _FAR:
        return ZERO if z > 0 else ONE
    with precise():
        term = total = z
        odd = 1
        while abs(term) > _TINY:
            odd += 2
            term *= z * z / odd
            total += term
        density = (-z * z / 2).exp() / (2 * _PI).sqrt()
        return HALF - density * total


def rising_root(function: Callable[[Decimal], Decimal], target: Decimal) -> Decimal:
    """Where between 0 and 1 a function that rises from 0 to 1 takes a value, by bisection."""
    low, high = ZERO, ONE
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        if function(middle) < target:
            low = middle
        else:
            high = middle
    return (low + high) / 2
