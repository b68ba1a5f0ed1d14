"""Exact intervals of proportions: the printed values of the specification, and laws."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signals.statistics.proportions import at_least, clopper_pearson, clustered

# x, n, lower, upper: DOMAIN 2.0
PRINTED = [
    (0, 3, "0.0000", "0.7076"),
    (1, 6, "0.0042", "0.6412"),
    (2, 6, "0.0433", "0.7772"),
    (9, 181, "0.0230", "0.0923"),
    (0, 181, "0.0000", "0.0202"),
]


@pytest.mark.parametrize(("x", "n", "lower", "upper"), PRINTED)
def test_the_interval_has_the_printed_digits(x: int, n: int, lower: str, upper: str) -> None:
    found = clopper_pearson(x, n)
    assert (f"{found.lower:.4f}", f"{found.upper:.4f}") == (lower, upper)


def test_nobody_gives_no_share() -> None:
    found = clopper_pearson(0, 0)
    assert (found.share, found.lower, found.upper) == (None, None, None)


def test_everybody_reaches_one() -> None:
    found = clopper_pearson(3, 3)
    assert found.upper == 1
    assert f"{found.lower:.4f}" == "0.2924"  # 0.025 ** (1/3)


@pytest.mark.parametrize(("x", "n"), [(4, 3), (-1, 3)])
def test_an_impossible_count_is_refused(x: int, n: int) -> None:
    with pytest.raises(ValueError, match=f"{x} events among 3: give a count from 0 to 3"):
        clopper_pearson(x, n)


@given(st.integers(1, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
@settings(max_examples=30, deadline=None)
def test_the_interval_holds_the_share_and_mirrors(case: tuple[int, int]) -> None:
    x, n = case
    found, mirrored = clopper_pearson(x, n), clopper_pearson(n - x, n)
    assert found.lower is not None
    assert found.share is not None
    assert found.upper is not None
    assert mirrored.upper is not None
    assert found.lower <= found.share <= found.upper
    assert abs(found.lower - (1 - mirrored.upper)) < Decimal("1e-15")


@pytest.mark.parametrize(
    ("events", "rate", "expected"),
    [(0, "0", 1), (1, "0", 0), (3, "1", 1), (2, "0.5", Decimal("0.5")), (0, "0.5", 1)],
)
def test_the_tail_of_three_trials(events: int, rate: str, expected: Decimal | int) -> None:
    assert at_least(events, 3, Decimal(rate)) == expected


def test_clusters_of_one_item_give_the_variance_of_independent_items() -> None:
    # share 1/4 of 8; variance p(1-p)/(n-1) = 3/112, so the logit moves by
    # 1.959964 * sqrt(3/112) / (3/16) = 1.710819: lower 1/(1+exp(1.098612+1.710819))
    found = clustered([(1, 1), (1, 1)] + [(0, 1)] * 6)
    assert found.lower is not None
    assert found.upper is not None
    assert f"{found.lower:.4f}" == "0.0568"
    assert f"{found.upper:.4f}" == "0.6484"


def test_likeness_within_a_subject_widens_the_interval() -> None:
    alone = clustered([(1, 1)] * 3 + [(0, 1)] * 9)
    alike = clustered([(3, 3), (0, 3), (0, 3), (0, 3)])
    assert alone.share == alike.share == Decimal("0.25")
    assert alike.lower is not None
    assert alone.lower is not None
    assert alike.lower < alone.lower


@pytest.mark.parametrize("clusters", [[(0, 3), (0, 2)], [(2, 2), (1, 1)], [(1, 3)]])
def test_without_spread_there_is_no_interval(clusters: list[tuple[int, int]]) -> None:
    found = clustered(clusters)
    assert found.share is not None
    assert (found.lower, found.upper) == (None, None)


def test_no_items_no_share() -> None:
    assert clustered([]).share is None
