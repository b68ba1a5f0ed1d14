"""The instants at which the clock alone changes an answer."""

from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from signals.facts.value import Ordered, Value, exactly
from signals.rulebook.judge import compile_rule
from signals.rulebook.spec import Condition, Is
from signals.rulebook.turns import Turns
from tests.rulebook import random_rules
from tests.rulebook.build import (
    FIELDS,
    NOW,
    between,
    compare,
    hours,
    known,
    may_be,
    rule,
    span,
)

SECOND = timedelta(seconds=1)
TICK = timedelta(microseconds=1)
BEFORE = NOW - timedelta(days=400)


def turns(condition: Condition, value: Value) -> list[datetime]:
    """All turns, soonest first."""
    found, after = [], BEFORE
    values = {condition.field: value}
    while (turn := Turns([rule(condition)], FIELDS).next(values, after)) is not None:
        found.append(turn)
        after = turn
    return found


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (compare("since_receipt", ">=", hours(48)), [NOW + hours(48)]),
        (compare("since_receipt", ">", hours(48)), [NOW + hours(48) + SECOND]),
        (compare("since_receipt", "<", hours(48)), [NOW + hours(48)]),
        (compare("since_receipt", "<=", hours(48)), [NOW + hours(48) + SECOND]),
        (compare("since_receipt", "=", hours(0)), [NOW, NOW + SECOND]),
        (compare("time_to_due", "<=", hours(72)), [NOW - hours(72)]),
        (compare("time_to_due", "<", hours(72)), [NOW - hours(72) + SECOND]),
        (compare("time_to_due", "<", hours(0)), [NOW + SECOND]),
        (compare("time_to_due", ">=", hours(0)), [NOW + SECOND]),
        (between("time_to_due", hours(0), hours(72)), [NOW - hours(72), NOW + SECOND]),
        (may_be(compare("time_to_due", "<=", hours(4))), [NOW - hours(4)]),
        (known("time_to_due"), []),
    ],
)
def test_a_condition_turns_then(condition: Condition, expected: list[datetime]) -> None:
    assert turns(condition, exactly(NOW)) == expected


def test_either_bound_of_an_interval_turns() -> None:
    condition = compare("since_receipt", ">=", hours(48))
    received = span(NOW, NOW + hours(5))
    assert turns(condition, received) == [NOW + hours(48), NOW + hours(53)]
    later = Ordered(low=NOW, low_open=True)
    assert turns(condition, later) == [NOW + hours(48) + TICK]
    assert turns(condition, Ordered()) == []


def test_conditions_of_priority_sign_off_and_exceptions_turn_too() -> None:
    values = {"since_receipt": exactly(NOW), "time_to_due": exactly(NOW)}
    made = rule(
        criteria={
            "a": (compare("grade", ">=", Decimal(3)),),
            "b": (compare("time_to_due", "<=", hours(4)),),
            "c": (compare("since_receipt", ">=", hours(24)),),
        },
        fires=Is("a"),
        sign_off_when=Is("b"),
        unless={"later": (compare("since_receipt", ">=", hours(7)),)},
    )
    found, after = [], BEFORE
    while (turn := Turns([made], FIELDS).next(values, after)) is not None:
        found.append(turn)
        after = turn
    assert found == [NOW - hours(4), NOW + hours(7), NOW + hours(24)]


def test_a_turn_beyond_the_calendar_never_comes() -> None:
    condition = compare("since_receipt", ">=", timedelta(days=900_000_000))
    assert turns(condition, exactly(NOW)) == []


def test_between_two_turns_no_answer_changes() -> None:
    """Random rules judged often over a week: each change lies on an announced turn."""
    changes = 0
    for seed in range(200):
        random = random_rules.seeded(seed)
        made = random_rules.random_rule(random, "TST-01")
        judge = compile_rule(made, random_rules.FIELDS)
        case = random_rules.random_case(random)
        instants = _instants(case)
        for before, after in pairwise(instants):
            if judge.verdict(case.values, before) is not judge.verdict(case.values, after):
                changes += 1
                turn = Turns([made], random_rules.FIELDS).next(case.values, before)
                assert turn is not None
                assert turn <= after
    assert changes > 20


def _instants(case: random_rules.Case) -> list[datetime]:
    bounds = [
        bound
        for name in ("since", "until")
        if isinstance(value := case.values.get(name), Ordered)
        for bound in (value.low, value.high)
        if isinstance(bound, datetime)
    ]
    ages = [sign * each for each in random_rules.DURATIONS for sign in (1, -1)]
    shifts = (-SECOND, -TICK, timedelta(), TICK, SECOND, SECOND + TICK, SECOND - TICK)
    return sorted({bound + age + shift for bound in bounds for age in ages for shift in shifts})
