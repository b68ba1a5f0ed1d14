"""The 3+3 table and BOIN, against the tables of the specification."""

from __future__ import annotations

from decimal import Decimal
from math import comb

import pytest

from signals.statistics.dose_finding import Action, boin, three_plus_three

TARGET = Decimal("0.30")

# n: escalate if x <=, de-escalate if x >=, eliminate if x >= (DOMAIN 3.6)
LIMITS = {
    1: (0, 1, None),
    2: (0, 1, None),
    3: (0, 2, 3),
    4: (0, 2, 3),
    5: (1, 2, 4),
    6: (1, 3, 4),
    7: (1, 3, 5),
    8: (1, 3, 5),
    9: (2, 4, 5),
    10: (2, 4, 6),
    11: (2, 4, 6),
    12: (2, 5, 7),
}


@pytest.mark.parametrize(("n", "limits"), LIMITS.items())
def test_boin_has_the_printed_limits(n: int, limits: tuple[int, int, int | None]) -> None:
    assert boin(TARGET).limits(n) == limits


@pytest.mark.parametrize(("n", "limits"), LIMITS.items())
def test_boin_acts_by_its_limits(n: int, limits: tuple[int, int, int | None]) -> None:
    escalate, de_escalate, gone = limits
    for x in range(n + 1):
        expected = Action.STAY
        if gone is not None and x >= gone:
            expected = Action.ELIMINATE
        elif x <= escalate:
            expected = Action.ESCALATE
        elif x >= de_escalate:
            expected = Action.DE_ESCALATE
        assert boin(TARGET).action(n, x) is expected


def test_boin_says_nothing_of_nobody() -> None:
    assert boin(TARGET).action(0, 0) is None


@pytest.mark.parametrize(
    ("target", "escalate", "de_escalate"),
    [("0.30", "0.2365", "0.3585"), ("0.25", "0.1968", "0.2984"), ("0.20", "0.1572", "0.2385")],
)
def test_boin_has_the_printed_rates(target: str, escalate: str, de_escalate: str) -> None:
    found = boin(Decimal(target))
    assert (f"{found.escalate_at:.4f}", f"{found.de_escalate_at:.4f}") == (escalate, de_escalate)


@pytest.mark.parametrize(
    ("n", "x", "action"),
    [
        (3, 0, Action.ESCALATE),
        (3, 1, Action.EXPAND),
        (3, 2, Action.DE_ESCALATE),
        (3, 3, Action.DE_ESCALATE),
        (6, 0, Action.ESCALATE),
        (6, 1, Action.ESCALATE),
        (6, 2, Action.DE_ESCALATE),
        (6, 6, Action.DE_ESCALATE),
        (0, 0, None),
        (4, 1, None),
        (5, 0, None),
        (7, 1, None),
    ],
)
def test_the_table_of_three_plus_three(n: int, x: int, action: Action | None) -> None:
    assert three_plus_three(n, x) is action


def test_below_a_dose_found_too_toxic_the_maximum_is_declared() -> None:
    assert three_plus_three(6, 1, next_too_toxic=True) is Action.DECLARE
    assert three_plus_three(3, 0, next_too_toxic=True) is Action.ESCALATE


@pytest.mark.parametrize(
    ("rate", "expected"),
    [(0.1, "0.906"), (0.2, "0.709"), (0.3, "0.494"), (0.4, "0.309"), (0.5, "0.172")],
)
def test_the_table_escalates_as_often_as_printed(rate: float, expected: str) -> None:
    def chance(x: int) -> float:
        return comb(3, x) * rate**x * (1 - rate) ** (3 - x)

    found = 0.0
    for first in range(4):
        if three_plus_three(3, first) is Action.ESCALATE:
            found += chance(first)
        elif three_plus_three(3, first) is Action.EXPAND:
            found += chance(first) * sum(
                chance(more)
                for more in range(4)
                if three_plus_three(6, first + more) is Action.ESCALATE
            )
    assert f"{found:.3f}" == expected
