"""The Bayesian monitors, against the tables of the specification (DOMAIN 3.6, 3.7)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from signals.statistics.boundaries import effective_n, follow_up_weight, probability_above

# p0, threshold, {events: (first n, last n) for which so many events stop}
MONITORS = {
    "related grade 3": (
        "0.30",
        "0.95",
        [
            (3, 3, 4),
            (4, 5, 6),
            (5, 7, 9),
            (6, 10, 11),
            (7, 12, 13),
            (8, 14, 16),
            (9, 17, 19),
            (10, 20, 21),
            (11, 22, 24),
            (12, 25, 27),
            (13, 28, 29),
            (14, 30, 32),
            (15, 33, 35),
            (16, 36, 38),
            (17, 39, 40),
        ],
    ),
    "infusion reaction": (
        "0.10",
        "0.95",
        [
            (2, 3, 7),
            (3, 8, 13),
            (4, 14, 19),
            (5, 20, 26),
            (6, 27, 33),
            (7, 34, 40),
            (8, 41, 47),
            (9, 48, 55),
            (10, 56, 60),
        ],
    ),
    "treatment-related death": (
        "0.05",
        "0.90",
        [(1, 3, 9), (2, 10, 21), (3, 22, 34), (4, 35, 48), (5, 49, 60)],
    ),
    "secondary malignancy": (
        "0.05",
        "0.95",
        [(1, 3, 6), (2, 7, 15), (3, 16, 27), (4, 28, 39), (5, 40, 52), (6, 53, 60)],
    ),
}


@pytest.mark.parametrize("endpoint", MONITORS)
def test_the_monitor_stops_at_the_printed_counts(endpoint: str) -> None:
    rate, threshold, rows = MONITORS[endpoint]
    for events, first, last in rows:
        for n in range(first, last + 1):
            above = probability_above(Decimal(rate), events, Decimal(n))
            below = probability_above(Decimal(rate), events - 1, Decimal(n))
            assert above > Decimal(threshold) >= below, (events, n)


@pytest.mark.parametrize(
    ("x", "n", "printed"), [(3, 3, "0.992"), (3, 5, "0.930"), (4, 6, "0.971"), (2, 6, "0.647")]
)
def test_boin_probabilities_have_the_printed_digits(x: int, n: int, printed: str) -> None:
    assert f"{probability_above(Decimal('0.30'), x, Decimal(n)):.3f}" == printed


def test_subjects_followed_in_part_count_in_part() -> None:
    # 12 treated, 1 died, 4 followed to the end, 7 for half the window (DOMAIN 3.7)
    weights = [follow_up_weight(100, 100)] * 4 + [follow_up_weight(50, 100)] * 7
    n = effective_n(1, weights)
    assert n == Decimal("8.5")
    assert f"{probability_above(Decimal('0.05'), 1, n):.4f}" == "0.9214"
    assert f"{probability_above(Decimal('0.05'), 1, Decimal(12)):.4f}" == "0.8646"


@pytest.mark.parametrize(
    ("observed", "window", "weight"),
    [(0, 10, "0"), (5, 10, "0.5"), (10, 10, "1"), (11, 10, "1"), (-1, 10, "0"), (0, 0, "1")],
)
def test_a_weight_lies_between_0_and_1(observed: int, window: int, weight: str) -> None:
    assert follow_up_weight(observed, window) == Decimal(weight)


def test_nobody_leaves_the_prior() -> None:
    assert probability_above(Decimal("0.3"), 0, Decimal(0)) == Decimal("0.7")


@pytest.mark.parametrize(("events", "n"), [(3, "2.5"), (-1, "2")])
def test_an_impossible_count_is_refused(events: int, n: str) -> None:
    with pytest.raises(ValueError, match=f"{events} events among {n}: give a count from 0"):
        probability_above(Decimal("0.3"), events, Decimal(n))


@pytest.mark.parametrize("rate", ["0", "1", "1.2"])
def test_an_impossible_rate_is_refused(rate: str) -> None:
    with pytest.raises(ValueError, match=f"a rate of {rate}: give one between 0 and 1"):
        probability_above(Decimal(rate), 0, Decimal(1))
