"""How far a value is from its condition, and what keeps a rule from firing."""

from datetime import timedelta

import pytest

from signals.facts.value import ANY_ORDERED, Ordered, Value, word
from signals.rulebook.distance import distance, span_text
from signals.rulebook.judge import compile_rule
from signals.rulebook.spec import Compare, Condition, LeaveTo, Not, Verdict
from signals.rulebook.why_not import nearest_first
from tests.rulebook.build import (
    FIELDS,
    NOW,
    between,
    both,
    compare,
    day,
    fact,
    hours,
    interval,
    may_be,
    number,
    one_of,
    rule,
    span,
)


@pytest.mark.parametrize(
    ("condition", "value", "words"),
    [
        (compare("grade", ">=", 3), number(2), "1 below 3"),
        (compare("grade", ">=", 4), interval("[1,2]"), "2 below 4"),
        (compare("grade", "<", 3), number(3), "exactly 3"),
        (compare("count", "<", "0.5"), number("0.75"), "0.25 10*9/L above 0.5 10*9/L"),
        (compare("count", ">=", "0.1"), interval("(,0.1)"), "below 0.1 10*9/L"),
        (compare("count", ">", "0.1"), number("0.1"), "exactly 0.1 10*9/L"),
        (between("grade", 2, 3), number(1), "1 below 2"),
        (between("grade", 2, 3), number(5), "2 above 3"),
        (may_be(compare("grade", ">=", 3)), number(1), "2 below 3"),
        (compare("onset", "<=", day(5)), span(day(8), day(9)), "3 days after 2026-03-05"),
        (compare("onset", ">=", day(5)), span(None, day(4)), "1 day before 2026-03-05"),
        (compare("grade", "=", 3), number(5), "2 above 3"),
        (compare("grade", "!=", 3), number(3), ""),
        (compare("grade", ">=", 3), ANY_ORDERED, ""),
        (one_of("window", "inside"), word("outside"), ""),
    ],
)
def test_how_far_a_value_is_off(condition: Condition, value: Value, words: str) -> None:
    assert distance(condition, FIELDS[condition.field], value, NOW) == words


@pytest.mark.parametrize(
    ("condition", "since", "words"),
    [
        (
            compare("since_receipt", ">=", hours(24)),
            -hours(20),
            "20 h gone by; 24 h is reached at 2026-03-10 16:00+00:00",
        ),
        (
            compare("since_receipt", "<", hours(24)),
            -hours(30),
            "30 h gone by; 24 h was reached at 2026-03-10 06:00+00:00",
        ),
        (
            compare("time_to_due", "<=", hours(72)),
            hours(96),
            "4 days left; 3 days is reached at 2026-03-11 12:00+00:00",
        ),
        (
            compare("time_to_due", ">=", hours(0)),
            -hours(4),
            "4 h gone by; 0 h was reached at 2026-03-10 08:00+00:00",
        ),
    ],
)
def test_a_running_field_tells_when_the_limit_is_reached(
    condition: Compare, since: timedelta, words: str
) -> None:
    at = NOW + since
    assert distance(condition, FIELDS[condition.field], Ordered(low=at, high=at), NOW) == words


@pytest.mark.parametrize(
    ("span_", "words"),
    [
        (timedelta(minutes=30), "30 min"),
        (timedelta(hours=1), "1 h"),
        (timedelta(hours=47), "47 h"),
        (timedelta(hours=100.8), "4.2 days"),
        (timedelta(0), "0 h"),
    ],
)
def test_spans_read_as_people_say_them(span_: timedelta, words: str) -> None:
    assert span_text(span_) == words


PAGE = rule(
    criteria={
        "in": (one_of("window", "inside"),),
        "bad": (compare("grade", ">=", 3),),
        "listed": (one_of("term", "rash"),),
    },
    fires=both("in", "bad"),
    unless={"harmless": (one_of("term", "fever"),)},
    if_unknown={"window": LeaveTo("TST-02")},
)
RASH = {"term": word("rash"), "window": word("inside"), "grade": number(3)}


@pytest.mark.parametrize(
    ("changed", "verdict", "misses"),
    [
        ({}, Verdict.YES, []),
        ({"grade": number(2)}, Verdict.NO, [("fails", "bad", "1 below 3", "")]),
        (
            {"grade": number(1), "window": word("outside")},
            Verdict.NO,
            [("fails", "in", "", ""), ("fails", "bad", "2 below 3", "")],
        ),
        ({"grade": interval("[2,3]")}, Verdict.UNKNOWN, [("not known", "bad", "", "")]),
        (
            {"window": word("inside", "outside")},
            Verdict.NO,
            [("left to", "in", "", "TST-02")],
        ),
        (
            {"term": word("fever")},
            Verdict.NO,
            [("exception", "unless harmless", "", "a reason")],
        ),
    ],
)
def test_what_keeps_the_rule_from_firing(
    changed: dict[str, Value], verdict: Verdict, misses: list[tuple[str, ...]]
) -> None:
    (near,) = nearest_first(compile_rule(PAGE, FIELDS), [fact(RASH | changed)], NOW)
    assert near.verdict is verdict
    assert [(m.hindrance, m.criterion, m.off, m.why) for m in near.misses] == misses


def test_what_must_not_hold_and_does_is_said() -> None:
    page = rule(criteria={"c": (one_of("term", "rash"),)}, fires=Not(both("c")))
    (near,) = nearest_first(compile_rule(page, FIELDS), [fact(RASH)], NOW)
    assert [(m.hindrance, m.field, m.value) for m in near.misses] == [
        ("must not hold", "term", "rash")
    ]


def test_the_nearest_comes_first_and_hints_replace_bare_distances() -> None:
    facts = [
        fact({**RASH, "grade": number(1), "window": word("outside")}, ("S", "far")),
        fact({**RASH, "grade": number(2)}, ("S", "near")),
        fact(RASH, ("S", "fires")),
        fact({**RASH, "grade": interval("[2,3]")}, ("S", "unknown")),
    ]
    found = nearest_first(
        compile_rule(PAGE, FIELDS), facts, NOW, lambda _, field: f"why {field}" * (field == "grade")
    )
    assert [near.fact.key[1] for near in found] == ["fires", "unknown", "near", "far"]
    assert [miss.off for miss in found[-1].misses] == ["", "why grade"]
