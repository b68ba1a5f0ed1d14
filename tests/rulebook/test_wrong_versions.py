"""Wrong versions of a rule: each changed in one place, named, and with the story that tells it."""

from datetime import timedelta

import pytest

from signals.rulebook.read_page import Page, read_page
from signals.rulebook.spec import (
    AllOf,
    AnyOf,
    Assume,
    Compare,
    Condition,
    Expression,
    Is,
    LeaveTo,
    Not,
    OneOf,
    Priority,
)
from signals.rulebook.wrong_conditions import wrong_conditions
from signals.rulebook.wrong_expressions import expression_text, wrong_expressions
from signals.rulebook.wrong_versions import wrong_versions
from signals.study.problems import Problems
from tests.rulebook.build import (
    FIELDS,
    between,
    both,
    compare,
    day,
    either,
    known,
    may_be,
    one_of,
    rule,
)

DUE_IN_3_DAYS = Compare("time_to_due", "<=", timedelta(hours=72), "<= 72 h")
HALF_AN_HOUR = Compare("since_receipt", ">", timedelta(minutes=30), "> 30 min")


@pytest.mark.parametrize(
    ("condition", "wrong"),
    [
        # Of whole numbers ">" is ">=" of the next one.
        (
            compare("grade", ">=", 3),
            [(">= 4", "grade is 3"), (">= 2", "grade is 2")],
        ),
        (
            compare("count", "<", "0.5"),
            [
                ("<= 0.5 10*9/L", "count is exactly 0.5 10*9/L"),
                ("< 0.6 10*9/L", "count is 0.5 10*9/L"),
                ("< 0.4 10*9/L", "count is 0.4 10*9/L"),
            ],
        ),
        (
            compare("count", ">", 50),
            [
                (">= 50 10*9/L", "count is exactly 50 10*9/L"),
                ("> 51 10*9/L", "count is 51 10*9/L"),
                ("> 49 10*9/L", "count is 50 10*9/L"),
            ],
        ),
        (
            DUE_IN_3_DAYS,
            [
                ("< 72 h", "time_to_due is exactly 72 h"),
                ("<= 73 h", "time_to_due is 73 h"),
                ("<= 71 h", "time_to_due is 72 h"),
            ],
        ),
        (
            HALF_AN_HOUR,
            [
                (">= 0.5 h", "since_receipt is exactly 0.5 h"),
                ("> 0.516667 h", "since_receipt is 0.516667 h"),
                ("> 0.483333 h", "since_receipt is 0.5 h"),
            ],
        ),
        (
            compare("onset", "<=", day(5)),
            [
                ("< 2026-03-05", "onset is exactly 2026-03-05"),
                ("<= 2026-03-06", "onset is 2026-03-06"),
                ("<= 2026-03-04", "onset is 2026-03-05"),
            ],
        ),
        (
            between("grade", 2, 3),
            [
                ("between 3 and 3", "grade is 2"),
                ("between 2 and 4", "grade is 4"),
                ("between 1 and 3", "grade is 1"),
                ("between 2 and 2", "grade is 3"),
            ],
        ),
        (one_of("window", "inside"), [("none of inside", "window is inside")]),
        (
            one_of("causality", "related", "unknown"),
            [
                ("none of related or unknown", "causality is related or unknown"),
                ("related or unknown without 'related'", "causality is related"),
                ("related or unknown without 'unknown'", "causality is unknown"),
            ],
        ),
        (known("onset"), [("known: no", "onset is known, or one in which it is not")]),
        (
            may_be(one_of("window", "inside")),
            [
                ("inside", "window may be inside, and is not certain to be"),
                ("may be: none of inside", "window is inside"),
            ],
        ),
    ],
)
def test_a_condition(condition: Condition, wrong: list[tuple[str, str]]) -> None:
    found = list(wrong_conditions(condition, FIELDS[condition.field]))
    assert [(each.becomes, each.story) for each in found] == wrong
    assert all(each.condition != condition for each in found)


def test_the_words_of_a_long_list_are_no_part_of_the_page() -> None:
    listed = OneOf("term", frozenset("abcdefg"), "in: reactions")
    assert [each.becomes for each in wrong_conditions(listed, FIELDS["term"])] == [
        "none of in: reactions"
    ]


A, B, C = Is("a"), Is("b"), Is("c")


@pytest.mark.parametrize(
    ("expression", "wrong"),
    [
        (A, {"'a' dropped": AllOf(())}),
        (
            both("a", "b"),
            {
                "'and' becomes 'or' between 'a', 'b'": either("a", "b"),
                "'a' dropped": AllOf((B,)),
                "'b' dropped": AllOf((A,)),
            },
        ),
        (
            AnyOf((A, Not(B))),
            {
                "'or' becomes 'and' between 'a', not 'b'": AllOf((A, Not(B))),
                "'a' dropped": AnyOf((Not(B),)),
                "not 'b' dropped": AnyOf((A,)),
                "'not' dropped before 'b'": AnyOf((A, B)),
            },
        ),
        (
            AllOf((A, either("b", "c"))),
            {
                "'and' becomes 'or' between 'a', ('b' or 'c')": AnyOf((A, either("b", "c"))),
                "'a' dropped": AllOf((either("b", "c"),)),
                "('b' or 'c') dropped": AllOf((A,)),
                "'or' becomes 'and' between 'b', 'c'": AllOf((A, both("b", "c"))),
                "'b' dropped": AllOf((A, AnyOf((C,)))),
                "'c' dropped": AllOf((A, AnyOf((B,)))),
            },
        ),
    ],
)
def test_an_expression(expression: Expression, wrong: dict[str, Expression]) -> None:
    assert {each.change: each.expression for each in wrong_expressions(expression)} == wrong


def test_an_expression_reads_as_on_its_page() -> None:
    assert expression_text(AllOf((A, Not(either("b", "c"))))) == "('a' and not ('b' or 'c'))"


PAGE = """\
rule: TST-01
title: A rule of the tests
status: active
judges: adverse event
source: made up for a test
meaning: Nothing.
criteria:
  in the window: {window: inside}
  bad: {grade: ">= 3", term: Rash}
  worst: {grade: ">= 5"}
fires_when: in the window and bad
unless:
  expected:
    why: a reason
    causality: not related
if_unknown:
  causality: related
  window: leave to TST-02
priority:
  - critical: when worst
  - high: otherwise
alert:
  topic: alerts.test
  about: [subject, adverse event]
  headline: "{subject}"
  send_to: [medical monitor]
  due: none
  ends: when no longer true
owner: tests
"""
RULE = rule(
    criteria={
        "in the window": (one_of("window", "inside"),),
        "bad": (compare("grade", ">=", 3), one_of("term", "Rash")),
        "worst": (compare("grade", ">=", 5),),
    },
    fires=both("in the window", "bad"),
    unless={"expected": (one_of("causality", "not related"),)},
    if_unknown={"causality": Assume("related"), "window": LeaveTo("TST-02")},
    priority=((Priority.CRITICAL, Is("worst")), (Priority.HIGH, None)),
)


def page() -> Page:
    problems = Problems()
    read = read_page("tst/tst-01.yaml", PAGE, problems)
    assert read is not None, problems.all()
    return read


def test_every_part_of_a_page_is_changed_at_its_place() -> None:
    found = wrong_versions(RULE, page(), FIELDS)
    assert [(each.name, each.place.line) for each in found] == [
        ("in the window: window inside becomes none of inside", 8),
        ("bad: grade >= 3 becomes >= 4", 9),
        ("bad: grade >= 3 becomes >= 2", 9),
        ("bad: grade dropped", 9),
        ("bad: term Rash becomes none of Rash", 9),
        ("bad: term dropped", 9),
        ("worst: grade >= 5 becomes >= 6", 10),
        ("worst: grade >= 5 becomes >= 4", 10),
        ("fires_when: 'and' becomes 'or' between 'in the window', 'bad'", 11),
        ("fires_when: 'in the window' dropped", 11),
        ("fires_when: 'bad' dropped", 11),
        ("unless expected dropped", 13),
        ("unless expected: causality not related becomes none of not related", 15),
        ("if_unknown causality dropped", 17),
        ("if_unknown causality: not related", 17),
        ("if_unknown causality: unknown", 17),
        ("if_unknown window dropped", 18),
        ("priority critical dropped", 19),
        ("priority critical: 'worst' dropped", 19),
    ]
    assert (found[1].place.path, found[1].place.column) == ("tst/tst-01.yaml", 9)
    assert [each.name for each in found if each.rule == RULE] == []
