"""A value in words, for people, and as JSON, for programs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from signals.facts.kind import Field, FieldType
from signals.facts.value import Coded, Ordered, Scalar, Value

NOT_KNOWN = "not known"
_PLAIN = 40  # a number with more places before or after the point is written with its exponent


def value_text(value: Value | None, field: Field) -> str:
    """What the field may be, as a reader says it; without the unit.

    ``3``, ``2 or 3``, ``2 to 4``, ``< 0.1``, ``inside``, ``not known``.  Equal values read alike:
    zeros at the end of a decimal are left out.
    """
    if isinstance(value, Coded):
        return _words_text(value, field)
    if isinstance(value, Ordered):
        return _ordered_text(value, field)
    return NOT_KNOWN


def value_json(value: Value | None, field: Field) -> Any:
    """The value as JSON: plain if exact, null if nothing is known, else its bounds or words.

    A whole number is a number, any other number a string of its decimals, so that nothing is lost;
    dates and instants are ISO 8601.
    """
    if value is None or (isinstance(value, Coded) and not value.words):
        return None
    if isinstance(value, Coded):
        words = sorted(value.words or ())
        return words[0] if len(words) == 1 else {"one_of": words}
    if not isinstance(value, Ordered) or value.unknown:
        return None
    low, high = _scalar_json(value.low, field), _scalar_json(value.high, field)
    if value.known:
        return low
    opens = {"low_open": value.low_open, "high_open": value.high_open}
    return {"low": low, "high": high, **opens}


def scalar_text(scalar: Scalar) -> str:
    """One number, date or instant as a reader writes it."""
    if isinstance(scalar, datetime):
        exact = "minutes" if scalar.second == scalar.microsecond == 0 else "auto"
        return scalar.isoformat(" ", exact)
    if isinstance(scalar, date):
        return scalar.isoformat()
    return _number(scalar)


def either(words: Iterable[str]) -> str:
    """``a``, ``a or b``, ``a, b or c``."""
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last


def _words_text(value: Coded, field: Field) -> str:
    words = value.words
    if not words or (len(words) > 1 and words >= frozenset(field.words) > frozenset()):
        return NOT_KNOWN
    return either(sorted(words))


def _ordered_text(value: Ordered, field: Field) -> str:
    low, high = value.low, value.high
    if low is None and high is None:
        return NOT_KNOWN
    if low is None:
        return f"{'<' if value.high_open else '<='} {_text(high)}"
    if high is None:
        return f"{'>' if value.low_open else '>='} {_text(low)}"
    if value.known:
        return _text(low)
    if value.low_open or value.high_open:
        above, below = ">" if value.low_open else ">=", "<" if value.high_open else "<="
        return f"{above} {_text(low)}, {below} {_text(high)}"
    if field.type is FieldType.INTEGER and isinstance(low, Decimal) and low + 1 == high:
        return f"{_text(low)} or {_text(high)}"
    return f"{_text(low)} to {_text(high)}"


def _text(scalar: Scalar | None) -> str:
    return NOT_KNOWN if scalar is None else scalar_text(scalar)


def _number(number: Decimal) -> str:
    if not number:
        return "0"
    if abs(number.adjusted()) > _PLAIN or not number.is_finite():
        return str(number.normalize())
    plain = f"{number:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _scalar_json(scalar: Scalar | None, field: Field) -> Any:
    if scalar is None:
        return None
    if not isinstance(scalar, Decimal):
        return scalar.isoformat()
    if field.type is FieldType.INTEGER and scalar == scalar.to_integral_value():
        return int(scalar)
    return _number(scalar)
