"""Kaplan-Meier and Aalen-Johansen: the printed values, lifelines as an oracle, and laws."""

from __future__ import annotations

import warnings
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signals.statistics.survival import (
    Observed,
    Point,
    aalen_johansen,
    at,
    kaplan_meier,
    median,
)

SURVIVAL = [
    Observed(*each) for each in [(3, 1), (5, 0), (7, 1), (7, 1), (10, 0), (12, 1), (15, 0), (18, 0)]
]
COMPETING = [
    Observed(*each) for each in [(3, 1), (5, 2), (7, 1), (7, 0), (10, 2), (12, 1), (15, 0), (18, 0)]
]


@pytest.fixture(scope="module")
def lifelines() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip("lifelines", reason="lifelines is not installed")


def printed(point: Point) -> tuple[int, str, str, str, str]:
    return (
        point.time,
        f"{point.estimate:.4f}",
        f"{point.se:.4f}",
        f"{point.lower:.4f}",
        f"{point.upper:.4f}",
    )


def test_survival_has_the_printed_digits() -> None:
    assert [printed(point) for point in kaplan_meier(SURVIVAL)] == [
        (3, "0.8750", "0.1169", "0.3870", "0.9814"),
        (7, "0.5833", "0.1856", "0.1802", "0.8441"),
        (12, "0.3889", "0.2013", "0.0630", "0.7242"),
    ]


def test_the_median_is_the_first_day_at_or_below_a_half() -> None:
    found = median(kaplan_meier(SURVIVAL))
    assert (found.time, found.lower, found.upper) == (12, 3, None)


def test_a_median_not_reached_is_null() -> None:
    curve = kaplan_meier([Observed(4, 1), Observed(9, 0), Observed(30, 0)])
    assert median(curve).time is None


def test_exactly_a_half_is_reached() -> None:
    assert median(kaplan_meier([Observed(4, 1), Observed(9, 0)])).time == 4


def test_incidence_has_the_printed_digits() -> None:
    relapse, death = aalen_johansen(COMPETING, 1)[-1], aalen_johansen(COMPETING, 2)[-1]
    assert f"{relapse.estimate:.5f}" == "0.40625"
    assert printed(relapse) == (12, "0.4062", "0.1839", "0.0897", "0.7143")
    assert (f"{death.estimate:.5f}", f"{death.se:.4f}") == ("0.28125", "0.1701")


def test_a_drop_at_day_0_counts() -> None:
    (point,) = kaplan_meier([Observed(0, 1), Observed(5, 0), Observed(5, 0), Observed(5, 0)])
    assert (point.time, point.estimate) == (0, Decimal("0.75"))


def test_the_last_subject_takes_the_curve_to_0_without_an_interval() -> None:
    last = kaplan_meier([Observed(2, 1), Observed(6, 1)])[-1]
    assert last.estimate == last.se == 0
    assert (last.lower, last.upper) == (None, None)


def test_who_is_censored_on_a_day_is_at_risk_on_it() -> None:
    (point,) = kaplan_meier([Observed(7, 0), Observed(7, 1), Observed(8, 0)])
    assert point.at_risk == 3


def test_half_of_a_dozen_is_half() -> None:
    dozen = [Observed(day, 1) for day in range(1, 13)]
    assert kaplan_meier(dozen)[5].estimate == Decimal("0.5")
    assert aalen_johansen(dozen, 1)[5].estimate == Decimal("0.5")
    assert median(kaplan_meier(dozen)).time == 6


def test_an_incidence_of_all_has_no_interval() -> None:
    last = aalen_johansen([Observed(day, 1) for day in (2, 5, 6)], 1)[-1]
    assert last.estimate == 1
    assert (last.lower, last.upper) == (None, None)


def test_nobody_gives_an_empty_curve() -> None:
    assert kaplan_meier([]) == ()
    assert aalen_johansen([], 1) == ()
    assert median(()).time is None


def test_the_point_at_a_time_is_the_last_not_after_it() -> None:
    curve = kaplan_meier(SURVIVAL)
    assert at(curve, 2) is None
    assert at(curve, 7) == curve[1]
    assert at(curve, 11) == curve[1]


causes = st.lists(st.integers(0, 2), min_size=2, max_size=25)


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(1, 2)), min_size=1, max_size=20))
@settings(max_examples=30, deadline=None)
def test_without_censoring_incidence_is_a_share_with_the_binomial_variance(
    times: list[tuple[int, int]],
) -> None:
    observed = [Observed(*each) for each in times]
    ones = sum(cause == 1 for _, cause in times)
    curve = aalen_johansen(observed, 1)
    if not ones:
        assert curve == ()
        return
    share = Decimal(ones) / len(times)
    assert abs(curve[-1].estimate - share) < Decimal("1e-25")
    assert abs(curve[-1].se ** 2 - share * (1 - share) / len(times)) < Decimal("1e-25")


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 2)), min_size=1, max_size=25))
@settings(max_examples=30, deadline=None)
def test_the_incidences_and_the_survival_share_everybody(times: list[tuple[int, int]]) -> None:
    observed = [Observed(*each) for each in times]
    curves = (kaplan_meier(observed), aalen_johansen(observed, 1), aalen_johansen(observed, 2))
    ends = [at(curve, 9) for curve in curves]
    total = (ends[0].estimate if ends[0] else Decimal(1)) + sum(
        end.estimate for end in ends[1:] if end
    )
    assert abs(total - 1) < Decimal("1e-25")


@given(causes, st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_lifelines_finds_the_same_survival(lifelines: Any, found: list[int], random: Any) -> None:
    observed = _without_ties(found, random)
    fitter = lifelines.KaplanMeierFitter()
    fitter.fit([o.time for o in observed], [o.cause != 0 for o in observed])
    limits = fitter.confidence_interval_survival_function_
    for point in kaplan_meier(observed):
        assert float(point.estimate) == pytest.approx(fitter.predict(point.time), abs=1e-9)
        if point.lower is not None and point.upper is not None:
            row = limits.loc[float(point.time)]
            assert [float(point.lower), float(point.upper)] == pytest.approx(list(row), abs=1e-9)


@given(causes, st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_lifelines_finds_the_same_incidence(lifelines: Any, found: list[int], random: Any) -> None:
    observed = _without_ties(found, random)
    fitter = lifelines.AalenJohansenFitter(calculate_variance=False)
    for cause in {o.cause for o in observed} - {0}:
        fitter.fit([o.time for o in observed], [o.cause for o in observed], event_of_interest=cause)
        density = fitter.cumulative_density_
        for point in aalen_johansen(observed, cause):
            theirs = density.loc[float(point.time)].item()
            assert float(point.estimate) == pytest.approx(theirs, abs=1e-9)


def _without_ties(found: list[int], random: Any) -> list[Observed]:
    days = list(range(1, len(found) + 1))
    random.shuffle(days)
    return [Observed(day, cause) for day, cause in zip(days, found, strict=True)]
