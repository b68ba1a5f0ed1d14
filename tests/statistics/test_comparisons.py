"""Fisher's exact test and the trend test, by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from signals.statistics.comparisons import cochran_armitage, fisher_greater


@pytest.mark.parametrize(
    ("table", "p"),
    [
        # all 3 events among the 3 of the top dose, 6 below: 1 / C(9, 3)
        ((3, 3, 0, 6), Fraction(1, 84)),
        # 2 of 3 against 1 of 6: (C(3,2) C(6,1) + 1) / 84
        ((2, 3, 1, 6), Fraction(19, 84)),
        ((0, 3, 3, 6), Fraction(1)),
        ((0, 0, 1, 2), Fraction(1)),
        # Fisher's tea: 3 of 4 guessed right, (16 + 1) / 70
        ((3, 4, 1, 4), Fraction(17, 70)),
    ],
)
def test_fisher_counts_the_tables(table: tuple[int, int, int, int], p: Fraction) -> None:
    found = fisher_greater(*table)
    assert abs(Fraction(found) - p) < Fraction(1, 10**30)


def test_a_trend_by_hand() -> None:
    # 0/6, 1/6, 3/6 scored 0, 1, 2: T = 7 - 4 = 3; share 2/9, variance 2/9 * 7/9 * (30 - 18) = 56/27
    # z = 3 / sqrt(56/27) = 2.083095; one-sided p 0.018621
    found = cochran_armitage([(0, 6), (1, 6), (3, 6)])
    assert found is not None
    assert abs(found - Decimal("0.018621")) < Decimal("1e-6")


def test_a_falling_trend_is_no_rise() -> None:
    rising = cochran_armitage([(0, 6), (1, 6), (3, 6)])
    falling = cochran_armitage([(3, 6), (1, 6), (0, 6)])
    assert rising is not None
    assert falling is not None
    assert abs(rising + falling - 1) < Decimal("1e-20")


def test_an_even_share_is_half() -> None:
    assert cochran_armitage([(1, 3), (2, 6), (1, 3)]) == Decimal("0.5")


@pytest.mark.parametrize("groups", [[], [(1, 6)], [(0, 6), (0, 6)], [(3, 3), (3, 3)], [(0, 0)]])
def test_nothing_to_compare_is_none(groups: list[tuple[int, int]]) -> None:
    assert cochran_armitage(groups) is None


def test_an_impossible_count_is_refused() -> None:
    with pytest.raises(ValueError, match="4 events among 3: give a count from 0 to 3"):
        cochran_armitage([(4, 3), (0, 1)])
    with pytest.raises(ValueError, match="2 events among 1: give a count from 0 to 1"):
        fisher_greater(0, 1, 2, 1)
