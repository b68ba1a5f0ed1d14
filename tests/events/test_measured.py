"""Measured values: digits and comparators are kept, and nothing breaks arithmetic."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.events import Measured, measured
from signals.events.measured import Bounds

D = Decimal


@pytest.mark.parametrize(
    ("text", "comparator", "value", "bounds"),
    [
        ("1.40", "", "1.40", (D("1.40"), False, D("1.40"), False)),
        ("<0.1", "<", "0.1", (None, False, D("0.1"), True)),
        ("<= 0.1", "<=", "0.1", (None, False, D("0.1"), False)),
        ("≤0.1", "<=", "0.1", (None, False, D("0.1"), False)),
        (">5", ">", "5", (D(5), True, None, False)),
        ("≥ 5", ">=", "5", (D(5), False, None, False)),
        (" 1.0e6 ", "", "1.0e6", (D(1000000), False, D(1000000), False)),
        ("-3", "", "-3", (D(-3), False, D(-3), False)),
        (".5", "", "0.5", (D("0.5"), False, D("0.5"), False)),
        ("1e30", "", "1e30", (D("1e30"), False, D("1e30"), False)),
        ("0", "", "0", (D(0), False, D(0), False)),
    ],
)
def test_what_a_text_says(text: str, comparator: str, value: str, bounds: Bounds) -> None:
    found = measured(text)
    assert (found.comparator, str(found.value)) == (comparator, str(D(value)))
    assert found.bounds() == bounds


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is not a decimal number"),
        ("<", "is not a decimal number"),
        ("1,40", "is not a decimal number"),
        ("12 mg", "is not a decimal number"),
        ("NEGATIVE", "is not a decimal number"),
        ("NaN", "is not a decimal number"),
        ("１２", "is not a decimal number"),
        ("<<1", "is not a decimal number"),
        ("1e31", "has an exponent beyond 30"),
        ("1e-999999999", "has an exponent beyond 30"),
        ("1" * 35, "has an exponent beyond 30"),
        ("1" * 41, "is longer than 40 characters"),
    ],
)
def test_what_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        measured(text)


@given(st.decimals(-(10**9), 10**9, places=6), st.sampled_from(["", "<", "<=", ">", ">="]))
def test_what_is_written_is_read_back(value: Decimal, sign: str) -> None:
    found = measured(f"{sign}{value}")
    assert isinstance(found, Measured)
    assert measured(str(found)) == found
    assert str(found.value) == str(value)
