"""Why: which leaves carry an answer, what is missing, what was assumed, and the headline."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from signals.facts.value import Ref, Value, between, exactly, word
from signals.rulebook.answer import Answer, Leaf, Missing
from signals.rulebook.explain import answer as answer_of
from signals.rulebook.explain import explain
from signals.rulebook.spec import (
    AllOf,
    AnyOf,
    Assume,
    Condition,
    Is,
    LeaveTo,
    Not,
    Priority,
    Rule,
    Verdict,
)
from tests.rulebook.build import (
    FIELDS,
    NOW,
    both,
    compare,
    either,
    fact,
    hours,
    may_be,
    no,
    number,
    one_of,
    rule,
)

YES, NO, UNKNOWN = Verdict.YES, Verdict.NO, Verdict.UNKNOWN
TERM = one_of("term", "Rash")
GRADE = compare("grade", ">=", 3)
WINDOW = one_of("window", "inside")
RASH, FEVER = word("Rash"), word("Fever")
INSIDE, OUTSIDE = word("inside"), word("outside")
CRITERIA: dict[str, tuple[Condition, ...]] = {"t": (TERM,), "g": (GRADE,), "w": (WINDOW,)}


def because(made: Rule, values: Mapping[str, Value]) -> list[tuple[str, str, str]]:
    leaves, _, _ = explain(made, FIELDS, fact(values), NOW)
    return [(leaf.criterion, leaf.field, str(leaf.verdict)) for leaf in leaves]


def missing(made: Rule, values: Mapping[str, Value]) -> list[str]:
    return [each.field for each in explain(made, FIELDS, fact(values), NOW)[1]]


def assumed(made: Rule, values: Mapping[str, Value]) -> list[tuple[str, str, str]]:
    return [
        (each.field, each.value, each.why) for each in explain(made, FIELDS, fact(values), NOW)[2]
    ]


def test_a_yes_rests_on_all_that_holds_in_the_order_of_the_page() -> None:
    made = rule(criteria=CRITERIA, fires=both("w", "g", "t"))
    values = {"term": RASH, "grade": number(4), "window": INSIDE}
    assert because(made, values) == [
        ("t", "term", "yes"),
        ("g", "grade", "yes"),
        ("w", "window", "yes"),
    ]
    assert missing(made, values) == []


def test_a_leaf_tells_value_unit_condition_and_records() -> None:
    ref = Ref("lab-result", "001-004", "LAB-1", 2)
    made = rule(compare("count", "<", "0.5"))
    values = {"count": number("0.10").resting_on(ref)}
    leaves, _, _ = explain(made, FIELDS, fact(values), NOW)
    assert leaves == (Leaf("c", "count", "0.1", "10*9/L", "< 0.5", YES, (ref,)),)


def test_of_an_or_only_the_parts_that_hold_carry_it() -> None:
    made = rule(criteria=CRITERIA, fires=either("t", "g", "w"))
    assert because(made, {"term": FEVER, "grade": number(4)}) == [("g", "grade", "yes")]


def test_under_not_the_leaves_that_are_no_carry_a_yes() -> None:
    made = rule(criteria=CRITERIA, fires=AllOf((Is("g"), Not(either("t", "w")))))
    values = {"term": FEVER, "grade": number(4), "window": OUTSIDE}
    assert because(made, values) == [
        ("t", "term", "no"),
        ("g", "grade", "yes"),
        ("w", "window", "no"),
    ]


def test_under_not_one_condition_that_fails_is_enough() -> None:
    made = rule(criteria={"c": (TERM, GRADE)}, fires=no("c"))
    assert because(made, {"term": RASH, "grade": number(2)}) == [("c", "grade", "no")]


def test_not_yet_known_shows_what_holds_and_what_is_missing() -> None:
    made = rule(criteria=CRITERIA, fires=both("t", "g", "w"))
    ref = Ref("adverse-event", "001-004", "AE-1", 1)
    values = {"term": RASH, "grade": between(2, 4).resting_on(ref)}
    assert because(made, values) == [
        ("t", "term", "yes"),
        ("g", "grade", "unknown"),
        ("w", "window", "unknown"),
    ]
    _, lacking, _ = explain(made, FIELDS, fact(values), NOW)
    assert lacking == (
        Missing("g", "grade", ">= 3", "2 to 4", (ref,)),
        Missing("w", "window", "inside", "not known", ()),
    )


def test_an_or_that_is_open_does_not_show_the_part_that_failed() -> None:
    made = rule(criteria=CRITERIA, fires=AnyOf((Is("t"), Is("g"))))
    assert because(made, {"term": FEVER}) == [("g", "grade", "unknown")]


def test_an_open_not_misses_only_what_is_open() -> None:
    made = rule(criteria={"c": (TERM, GRADE)}, fires=no("c"))
    assert because(made, {"term": RASH}) == [("c", "grade", "unknown")]
    assert missing(made, {"term": RASH}) == ["grade"]


def test_a_no_shows_the_leaves_that_fail() -> None:
    made = rule(criteria=CRITERIA, fires=both("t", "g", "w"))
    values = {"term": FEVER, "grade": number(4), "window": OUTSIDE}
    assert because(made, values) == [("t", "term", "no"), ("w", "window", "no")]
    assert missing(made, {"term": FEVER}) == []


def test_a_no_by_an_exception_shows_the_exception() -> None:
    made = rule(GRADE, unless={"expected": (TERM,)})
    assert because(made, {"grade": number(3), "term": RASH}) == [
        ("unless expected", "term", "yes"),
    ]
    assert because(made, {"term": RASH}) == [("unless expected", "term", "yes")]
    assert because(made, {"grade": number(2), "term": RASH}) == [
        ("c", "grade", "no"),
        ("unless expected", "term", "yes"),
    ]


def test_a_criterion_named_twice_is_shown_once() -> None:
    made = rule(criteria=CRITERIA, fires=AllOf((either("t", "g"), either("t", "w"))))
    assert (
        because(made, {"term": RASH})
        == [
            ("t", "term", "yes"),
            ("g", "grade", "unknown"),
            ("w", "window", "unknown"),
        ][:1]
    )


def test_what_the_rule_assumed_is_shown() -> None:
    made = rule(TERM, GRADE, if_unknown={"grade": Assume(Decimal(3))})
    assert because(made, {"term": RASH}) == [("c", "term", "yes"), ("c", "grade", "yes")]
    assert assumed(made, {"term": RASH}) == [("grade", "3", "not yet known: TST-01 assumes it")]
    assert assumed(made, {"term": RASH, "grade": number(4)}) == []


def test_what_is_left_to_a_rule_fails_as_not_yet_known() -> None:
    made = rule(TERM, GRADE, if_unknown={"grade": LeaveTo("TST-02")})
    assert because(made, {"term": RASH}) == [("c", "grade", "unknown")]
    assert assumed(made, {"term": RASH}) == [
        ("grade", "not known", "not yet known: left to TST-02")
    ]
    assert missing(made, {"term": RASH}) == []


def test_an_exception_not_yet_known_is_shown_as_not_applying() -> None:
    made = rule(GRADE, unless={"expected": (TERM, WINDOW)})
    why = "exception 'expected' not yet known: taken as not applying"
    assert assumed(made, {"grade": number(3), "window": INSIDE}) == [("term", "not known", why)]
    assert assumed(made, {}) == [("term", "not known", why), ("window", "not known", why)]
    assert assumed(made, {"window": OUTSIDE}) == []
    assert assumed(made, {"grade": number(2)}) == [], "a no needs no assumption"


def test_what_the_domain_assumed_for_a_value_is_shown() -> None:
    made = rule(criteria=CRITERIA, fires=both("t", "g"), unless={"out": (WINDOW,)})
    values = {
        "term": RASH.assuming("coded from its words"),
        "grade": number(3),
        "window": OUTSIDE.assuming("the end is provisional"),
        "causality": word("related").assuming("not asked by this rule"),
    }
    assert assumed(made, values) == [
        ("term", "Rash", "coded from its words"),
        ("window", "outside", "the end is provisional"),
    ]


def test_of_a_no_only_the_values_that_fail_show_their_assumptions() -> None:
    made = rule(criteria=CRITERIA, fires=both("t", "g"))
    values = {"term": FEVER.assuming("first"), "grade": number(3).assuming("second")}
    assert assumed(made, values) == [("term", "Fever", "first")]


def test_may_be_is_a_leaf_like_any_other() -> None:
    made = rule(may_be(TERM))
    assert because(made, {"term": word("Rash", "Fever")}) == [("c", "term", "yes")]


@pytest.mark.parametrize(
    ("template", "headline"),
    [
        ("{subject}: {term} grade {grade}", "001-004: Rash grade 2 to 4"),
        ("{adverse event}: {causality}", "AE-1: not known"),
        ("due {time_to_due}", "due 2026-03-10 12:00+00:00"),
        ("{ subject }", "001-004"),
        ("plain", "plain"),
        ("{nobody}", "{nobody}"),
    ],
)
def test_the_headline_is_filled_in(template: str, headline: str) -> None:
    values = {"term": RASH, "grade": between(2, 4), "time_to_due": exactly(NOW)}
    made = rule(TERM, headline=template)
    assert answer_of(made, FIELDS, fact(values), NOW).headline == headline


def test_an_unknown_subject_is_not_known_in_the_headline() -> None:
    made = rule(TERM, headline="{subject}/{adverse event}")
    got = answer_of(made, FIELDS, fact({}, key=(None, "AE-1")), NOW)
    assert got.headline == "not known/AE-1"


def test_the_whole_answer() -> None:
    made = rule(
        criteria=CRITERIA,
        fires=Is("t"),
        priority=((Priority.CRITICAL, Is("g")), (Priority.LOW, None)),
        sign_off_when=Is("w"),
    )
    known = fact({"term": FEVER, "grade": number(1), "window": INSIDE})
    assert answer_of(made, FIELDS, known, NOW) == Answer(
        rule=made,
        key=("001-004", "AE-1"),
        verdict=NO,
        priority=Priority.LOW,
        headline="001-004: Fever",
        because=(Leaf("t", "term", "Fever", None, "Rash", NO, ()),),
        missing=(),
        assumed=(),
        waits=True,
        fact=known,
    )


def test_running_fields_show_the_instant_not_the_time_left() -> None:
    made = rule(compare("time_to_due", "<=", hours(72)))
    values = {"time_to_due": exactly(NOW + hours(1))}
    first = explain(made, FIELDS, fact(values), NOW)
    assert explain(made, FIELDS, fact(values), NOW + hours(0.5)) == first
    assert first[0][0].value == "2026-03-10 13:00+00:00"
