"""Poisson percentiles, and the spread of a list of numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest

from signals.statistics.arithmetic import normal_tail
from signals.statistics.counts import poisson_percentile, spread


@pytest.mark.parametrize(
    ("mean", "count"),
    [
        # e**-m is the chance of none: 0.99 and more up to a mean of 0.01005
        ("0", 0),
        ("0.010", 0),
        ("0.0101", 1),
        # at mean 1: P(<= 3) = 0.98101, P(<= 4) = 0.99634
        ("1", 4),
        # at mean 0.15: P(0) = 0.86071, P(<= 1) = 0.98981, P(<= 2) = 0.99950
        ("0.15", 2),
        ("10", 18),  # P(<= 17) = 0.98572, P(<= 18) = 0.99281
    ],
)
def test_the_99th_percentile(mean: str, count: int) -> None:
    assert poisson_percentile(Decimal(mean), Decimal("0.99")) == count


def test_impossible_questions_are_refused() -> None:
    with pytest.raises(ValueError, match="a mean of -1: give one of 0 or more"):
        poisson_percentile(Decimal(-1), Decimal("0.99"))
    with pytest.raises(ValueError, match="a share of 1: give one between 0 and 1"):
        poisson_percentile(Decimal(1), Decimal(1))


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ([7], (7, 7, 7, 7, 7)),
        ([1, 3], ("2", 1, 3, 1, 3)),
        ([4, 1, 3, 2], ("2.5", "1.5", "3.5", 1, 4)),
        ([5, 1, 4, 2, 3], (3, 2, 4, 1, 5)),
    ],
)
def test_the_spread(numbers: list[int], expected: tuple[str | int, ...]) -> None:
    found = spread(numbers)
    assert found.count == len(numbers)
    assert (
        found.median,
        found.lower_quartile,
        found.upper_quartile,
        found.least,
        found.most,
    ) == tuple(Decimal(each) for each in expected)


def test_nothing_has_no_spread() -> None:
    found = spread([])
    assert (found.count, found.median, found.most) == (0, None, None)


@pytest.mark.parametrize(
    ("z", "tail"),
    [
        ("0", "0.5000000"),
        ("1", "0.1586553"),
        ("-1", "0.8413447"),
        ("1.6448536", "0.0500000"),
        ("1.959964", "0.0250000"),
        ("13", "0.0000000"),
        ("-13", "1.0000000"),
    ],
)
def test_the_normal_tail(z: str, tail: str) -> None:
    assert f"{normal_tail(Decimal(z)):.7f}" == tail
