"""Measured values: a decimal with the comparator that a laboratory may put before it."""

import re
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from signals.immutable import immutable

Comparator = Literal["", "<", "<=", ">", ">="]

ALLOWED_NUMBER = 'a decimal number in quotes, such as "1.40", "<0.1" or ">= 5"'

_FORM = re.compile(
    r"\s*(<=|>=|<|>|≤|≥)?\s*([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)\s*"
)
_SIGNS: dict[str | None, Comparator] = {
    None: "", "<": "<", "<=": "<=", "≤": "<=", ">": ">", ">=": ">=", "≥": ">=",
}  # fmt: skip
_LONGEST = 40
_FURTHEST = 30
_CACHE = 1 << 14

Bounds = tuple[Decimal | None, bool, Decimal | None, bool]


@immutable(frozen=True, slots=True)
class Measured:
    """A number as the source gave it: `value`, and `comparator` ("" for an exact result)."""

    comparator: Comparator
    value: Decimal

    def bounds(self) -> Bounds:
        """(low, low_open, high, high_open): what the number can be; None is without bound."""
        if self.comparator == "":
            return self.value, False, self.value, False
        if self.comparator in ("<", "<="):
            return None, False, self.value, self.comparator == "<"
        return self.value, self.comparator == ">", None, False

    def __str__(self) -> str:
        return f"{self.comparator}{self.value}"


@lru_cache(maxsize=_CACHE)
def measured(text: str) -> Measured:
    """Read a measured value; ValueError says what is wrong with it.

    The digits are kept as written (1.40 is not 1.4). A number of more than 40 characters or
    beyond 10^30 is no measurement, and is refused rather than carried into arithmetic.
    """
    if len(text) > _LONGEST:
        raise ValueError(f"is longer than {_LONGEST} characters")
    form = _FORM.fullmatch(text)
    if form is None:
        raise ValueError("is not a decimal number")
    return Measured(_SIGNS[form[1]], _decimal(form[2]))


def _decimal(text: str) -> Decimal:
    exponent = re.split("[eE]", text)[1:]
    if exponent and abs(int(exponent[0])) > _FURTHEST:
        raise ValueError(f"has an exponent beyond {_FURTHEST}")
    value = Decimal(text)
    if value and abs(value.adjusted()) > _FURTHEST:
        raise ValueError(f"has an exponent beyond {_FURTHEST}")
    return value
