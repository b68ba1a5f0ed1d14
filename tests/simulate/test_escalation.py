"""What the script of dose escalation calls for, by the registered criterion (DOMAIN 3.4)."""

from datetime import datetime, timedelta

import pytest

from signals.simulate import Trial
from signals.simulate.dose_escalation import Count, Step, tolerated, tolerated_doses
from signals.simulate.draw import ZONE
from signals.simulate.truth import Truth

BEGIN = datetime(2026, 1, 5, tzinfo=ZONE)
Planted = list[tuple[str, str | None, str]]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({}, None),
        ({"DL1": Count(5, 0)}, None),
        ({"DL1": Count(6, 0)}, "DL1"),
        ({"DL1": Count(6, 2)}, "DL1"),
        ({"DL1": Count(6, 3)}, None),
        ({"DL1": Count(9, 3)}, "DL1"),
        ({"DL1": Count(9, 4)}, None),
        # The highest that passes, whatever a level below it has, unless that one fails ...
        ({"DL1": Count(6, 1), "DL2": Count(3, 0), "DL3": Count(6, 2)}, "DL3"),
        ({"DL1": Count(6, 1), "DL2": Count(6, 0), "DL3": Count(6, 2)}, "DL3"),
        ({"DL1": Count(6, 1), "DL2": Count(3, 1), "DL3": Count(6, 0)}, "DL3"),
        ({"DL1": Count(6, 1), "DL2": Count(3, 2), "DL3": Count(6, 0)}, "DL1"),
        # ... for which it needs three subjects.
        ({"DL1": Count(6, 1), "DL2": Count(2, 2), "DL3": Count(6, 0)}, "DL3"),
        ({"DL1": Count(6, 1), "DL2": Count(6, 0), "DL3": Count(6, 3)}, "DL2"),
    ],
)
def test_the_highest_level_that_passes_with_none_below_that_fails(
    counts: dict[str, Count], expected: str | None
) -> None:
    assert tolerated(counts) == expected


def told(*steps: tuple[str, int, int]) -> Planted:
    """The findings of a level's counts, one a day."""
    truth = Truth(BEGIN + timedelta(days=100))
    days = enumerate(steps)
    tolerated_doses(
        (Step(BEGIN + timedelta(days=day), level, Count(n, x)) for day, (level, n, x) in days),
        truth,
    )
    assert {each.kind for each in truth.findings()} <= {"planted"}
    return [
        (each.rule, each.about.get("dose level"), each.since.date().isoformat())
        for each in truth.findings()
    ]


def test_a_lower_level_that_passes_later_is_no_other_dose() -> None:
    assert told(("DL1", 6, 1), ("DL3", 6, 1), ("DL2", 6, 0)) == [
        ("MTD-01", None, "2026-01-05"),
        ("MTD-01", None, "2026-01-06"),
    ]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([("DL1", 6, 1)], []),
        ([("DL1", 6, 2)], ["2026-01-05"]),
        ([("DL1", 6, 3)], []),
        ([("DL1", 6, 1), ("DL1", 6, 2)], ["2026-01-06"]),
        # Other numbers than three and six are in no table of 3+3.
        ([("DL1", 7, 2)], []),
    ],
)
def test_two_of_six_conflicts_with_three_plus_three(
    steps: list[tuple[str, int, int]], expected: list[str]
) -> None:
    assert [day for rule, _, day in told(*steps) if rule == "MTD-02"] == expected


def test_a_dose_that_was_tolerated_is_lost() -> None:
    assert [each[2] for each in told(("DL1", 6, 2), ("DL1", 6, 3)) if each[0] == "MTD-01"] == [
        "2026-01-05",
        "2026-01-06",
    ]


# A cohort enrols every 27 days from 5 January 2026, its third subject two days after the first, is
# infused ten days later and observed to the eleventh day after that; the ward reads the first
# signs at 6.  An event of the first subject is judged related six days after the second decision.
@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (
            "full_trial",
            [
                ("MTD-01", None, "2026-02-24T06:00:00+08:00"),
                ("MTD-02", "DL1", "2026-03-05T16:30:00+08:00"),
                ("MTD-01", None, "2026-05-16T06:00:00+08:00"),
                ("MTD-02", "DL3", "2026-05-16T06:00:00+08:00"),
            ],
        ),
        (
            "short_trial",
            [
                ("MTD-01", None, "2026-02-24T06:00:00+08:00"),
                ("MTD-02", "DL1", "2026-02-24T06:00:00+08:00"),
                ("MTD-01", None, "2026-03-05T16:30:00+08:00"),
            ],
        ),
    ],
)
def test_what_a_trial_plants_of_its_tolerated_dose(
    size: str, expected: Planted, request: pytest.FixtureRequest
) -> None:
    trial: Trial = request.getfixturevalue(size)
    assert [
        (each.rule, each.about.get("dose level"), each.since.isoformat())
        for each in trial.truth.findings()
        if each.rule in ("MTD-01", "MTD-02")
    ] == expected
