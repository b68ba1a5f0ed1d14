"""Recovery of a count by its days (DOMAIN 2.2), and severe episodes with what spoils recovery."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signals.facts.cytopenia import largest_fall
from signals.facts.lab_values import Result
from signals.facts.recovery import Level, confirming, days_of, first_run, is_below, is_reached
from signals.facts.value import Ordered, exactly

ZONE = ZoneInfo("Asia/Shanghai")
NEUTROPHILS = Level(Decimal("0.5"), 3, timedelta(days=7))
NADIR = date(2026, 3, 1)


def on(day: int, value: str, hour: int = 6, *, exact: bool = True) -> Result:
    """A value of a day of March; ``<`` before it is an upper bound."""
    at = datetime(2026, 3, day, hour, tzinfo=ZONE)
    read = exactly(Decimal(value.strip("<")))
    if value.startswith("<"):
        read = Ordered(high=Decimal(value[1:]), high_open=True)
    return Result(read, at if exact else None, at, ())


def recovered(*results: Result) -> tuple[int, bool] | None:
    run = first_run(days_of(results, NEUTROPHILS.level), NEUTROPHILS, NADIR)
    return None if run is None else (run.first.day, run.sparse)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({20: "0.6", 21: "0.7", 22: "0.9"}, (20, False)),
        ({20: "0.5", 21: "0.5", 22: "0.5"}, (20, False)),
        ({20: "0.5", 21: "0.49", 22: "0.5", 23: "0.5"}, None),
        ({20: "0.5", 21: "0.49", 22: "0.5", 23: "0.5", 24: "0.6"}, (22, False)),
        ({20: "0.6", 21: "0.7"}, None),
        ({20: "0.6", 23: "0.8", 26: "1.1"}, (20, True)),
        ({20: "0.6", 23: "0.8", 27: "1.1"}, (20, True)),
        ({20: "0.6", 23: "0.8", 28: "1.1"}, None),
        ({20: "0.6", 21: "<1.0", 22: "0.7", 23: "0.8"}, (20, True)),
        ({20: "0.6", 21: "<0.5", 22: "0.7", 23: "0.8"}, None),
        ({1: "0.6", 2: "0.6", 3: "0.6"}, None),
    ],
)
def test_recovery_is_the_first_of_three_days(
    values: dict[int, str], expected: tuple[int, bool] | None
) -> None:
    assert recovered(*(on(day, value) for day, value in values.items())) == expected


def test_a_day_counts_by_its_lowest_value() -> None:
    assert recovered(on(20, "0.6"), on(20, "0.4", 18), on(21, "0.6"), on(22, "0.6")) is None


def test_a_bound_that_shows_nothing_does_not_hide_a_count_of_its_day() -> None:
    assert recovered(on(20, "0.6"), on(20, "<5", 18), on(21, "0.6"), on(22, "0.6")) == (20, False)


def test_a_value_without_a_day_speaks_against_recovery_never_for_it() -> None:
    days = [on(20, "0.6"), on(21, "0.6")]
    assert recovered(*days, on(22, "0.6", exact=False)) is None
    assert recovered(*days, on(22, "0.6"), on(21, "0.1", 7, exact=False)) is None


def test_what_spoils_a_run_leaves_the_next() -> None:
    days = days_of([on(day, "0.6") for day in range(20, 26)], NEUTROPHILS.level)
    run = first_run(days, NEUTROPHILS, NADIR, lambda first, _: first > date(2026, 3, 22))
    assert run is not None
    assert run.first == date(2026, 3, 23)


@pytest.mark.parametrize(
    ("values", "expected"),
    [(("0.6",), 1), (("0.6", "0.7"), 2), (("0.6", "0.4"), 0), (("0.4", "0.6"), 1), ((), 0)],
)
def test_results_in_a_row_are_counted(values: tuple[str, ...], expected: int) -> None:
    days = days_of([on(10 + n, each) for n, each in enumerate(values)], NEUTROPHILS.level)
    assert confirming(days, NEUTROPHILS, NADIR) == expected


@pytest.mark.parametrize(
    ("value", "below", "reached"),
    [
        ("0.49", True, False),
        ("0.5", False, True),
        ("<0.5", True, False),
        ("<0.51", False, False),
    ],
)
def test_on_which_side_of_the_level_a_value_lies(value: str, below: bool, reached: bool) -> None:
    read = on(1, value).value
    assert (is_below(read, NEUTROPHILS.level), is_reached(read, NEUTROPHILS.level)) == (
        below,
        reached,
    )


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(2, 20), st.sampled_from(("0.3", "0.5", "0.8", "<0.4")))))
def test_no_day_of_a_run_is_low_and_no_earlier_run_is_passed_over(
    drawn: list[tuple[int, str]],
) -> None:
    days = days_of([on(day, value) for day, value in drawn], NEUTROPHILS.level)
    run = first_run(days, NEUTROPHILS, NADIR)
    low = {each.date for each in days if each.below}
    high = [each.date for each in days if each.reached]
    triples = [
        (one, two, three)
        for one, two, three in zip(high, high[1:], high[2:], strict=False)
        if three - one <= NEUTROPHILS.span and not any(one < each < three for each in low)
    ]
    assert (run and (run.first, run.last)) == (triples[0][::2] if triples else None)


@pytest.mark.parametrize(
    ("before", "hour", "fall"),
    [("98", 6, 20), ("98", 7, 20), ("98", 5, 0), ("70", 6, 0)],
)
def test_a_fall_counts_within_24_hours(before: str, hour: int, fall: int) -> None:
    found = [on(9, before, hour), on(10, "78")]
    assert largest_fall(found, timedelta(hours=24), date(2026, 3, 10)) == (
        Decimal(fall),
        Decimal(fall),
    )


def test_a_fall_from_a_day_without_hour_may_be_near() -> None:
    day = datetime(2026, 3, 9, tzinfo=ZONE)
    early = Result(exactly(98), day, day.replace(hour=23, minute=59), ())
    found = [early, on(10, "78")]
    assert largest_fall(found, timedelta(hours=24), date(2026, 3, 10)) == (Decimal(0), Decimal(20))
