"""What is kept of a source's arrivals is what a look through all of them would say."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signals.chart.arrivals import Arrivals

START = datetime(2026, 3, 1, tzinfo=UTC)


def at(hours: int) -> datetime:
    return START + timedelta(hours=hours)


def of(*hours: int) -> Arrivals:
    arrivals = Arrivals()
    for hour in hours:
        arrivals.add(at(hour))
    return arrivals


def test_a_source_never_heard_has_no_last_arrival() -> None:
    assert Arrivals().last is None
    assert Arrivals().median_gap is None


@pytest.mark.parametrize(
    ("hours", "gap"),
    [
        ((5,), None),
        ((5, 9), 4),
        ((9, 5, 6), 2),
        ((0, 1, 3, 10), 2),
        ((0, 0, 0, 10), 0),
    ],
)
def test_the_median_gap(hours: tuple[int, ...], gap: int | None) -> None:
    expected = None if gap is None else timedelta(hours=gap)
    assert of(*hours).last == at(max(hours))
    assert of(*hours).median_gap == expected


@settings(max_examples=60)
@given(st.lists(st.integers(0, 30), min_size=2, max_size=12), st.data())
def test_in_any_order_and_after_any_removal(hours: list[int], data: st.DataObject) -> None:
    arrivals = of(*hours)
    gone = data.draw(st.lists(st.sampled_from(range(len(hours))), unique=True, max_size=len(hours)))
    for place in gone:
        arrivals.remove(at(hours[place]))
    left = sorted(hour for place, hour in enumerate(hours) if place not in gone)
    gaps = [after - before for before, after in pairwise(left)]
    assert arrivals.last == (at(left[-1]) if left else None)
    assert arrivals.median_gap == (timedelta(hours=median(gaps)) if gaps else None)
