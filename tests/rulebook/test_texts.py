"""Values in words and as JSON."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from signals.facts.value import Coded, Ordered, Value, between, exactly, word
from signals.rulebook.texts import value_json, value_text
from tests.rulebook.build import FIELDS, interval, number

MOMENT = datetime(2026, 3, 13, 15, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("grade", number(3), "3"),
        ("grade", number("3.0"), "3"),
        ("grade", between(2, 3), "2 or 3"),
        ("grade", between(2, 4), "2 to 4"),
        ("grade", None, "not known"),
        ("grade", Ordered(), "not known"),
        ("count", number("0.10"), "0.1"),
        ("count", number("1E+3"), "1000"),
        ("count", number("1E+50"), "1E+50"),
        ("count", number("1E-50"), "1E-50"),
        ("count", number("0E+7"), "0"),
        ("count", number("-0"), "0"),
        ("count", interval("[2,3]"), "2 to 3"),
        ("count", interval("[,0.1)"), "< 0.1"),
        ("count", interval("[,0.1]"), "<= 0.1"),
        ("count", interval("(0.1,]"), "> 0.1"),
        ("count", interval("[0.1,]"), ">= 0.1"),
        ("count", interval("(2,4]"), "> 2, <= 4"),
        ("onset", exactly(date(2026, 3, 6)), "2026-03-06"),
        (
            "onset",
            Ordered(low=date(2026, 3, 1), high=date(2026, 3, 31)),
            "2026-03-01 to 2026-03-31",
        ),
        ("started", exactly(MOMENT), "2026-03-13 15:59:59+00:00"),
        ("time_to_due", exactly(MOMENT.replace(second=0)), "2026-03-13 15:59+00:00"),
        ("window", word("inside"), "inside"),
        ("window", word("outside", "inside"), "not known"),
        ("window", Coded(), "not known"),
        ("causality", word("unknown", "related"), "related or unknown"),
        ("term", word("C", "A", "B"), "A, B or C"),
        ("term", Coded(words=frozenset()), "not known"),
    ],
)
def test_a_value_reads_like_this(field: str, value: Value | None, text: str) -> None:
    assert value_text(value, FIELDS[field]) == text


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("grade", number(3), 3),
        ("count", number("0.10"), "0.1"),
        ("onset", exactly(date(2026, 3, 6)), "2026-03-06"),
        ("started", exactly(MOMENT), "2026-03-13T15:59:59+00:00"),
        ("grade", None, None),
        ("grade", Ordered(), None),
        ("term", Coded(), None),
        ("term", word("Rash"), "Rash"),
        ("term", word("B", "A"), {"one_of": ["A", "B"]}),
        ("grade", between(2, 4), {"low": 2, "high": 4, "low_open": False, "high_open": False}),
        (
            "count",
            interval("[,0.1)"),
            {"low": None, "high": "0.1", "low_open": False, "high_open": True},
        ),
    ],
)
def test_a_value_is_json_like_this(field: str, value: Value | None, expected: Any) -> None:
    assert value_json(value, FIELDS[field]) == expected


def test_equal_values_read_alike() -> None:
    for one, other in (("0.1", "0.100"), ("1E+2", "100"), ("1E+60", "10E+59")):
        assert Decimal(one) == Decimal(other)
        texts = {value_text(number(each), FIELDS["count"]) for each in (one, other)}
        assert len(texts) == 1
