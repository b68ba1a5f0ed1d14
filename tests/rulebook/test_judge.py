"""The answer of a rule: each condition over its possibilities, then Kleene, then if_unknown."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from signals.facts.kind import Field, FieldType
from signals.facts.value import Coded, Ordered, Value, exactly, word
from signals.rulebook.errors import RuleError
from signals.rulebook.judge import compile_rule
from signals.rulebook.spec import (
    AllOf,
    AnyOf,
    Assume,
    Condition,
    Expression,
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
    between,
    both,
    compare,
    day,
    either,
    hours,
    interval,
    known,
    limit,
    may_be,
    no,
    number,
    one_of,
    rule,
    span,
)

YES, NO, UNKNOWN = Verdict.YES, Verdict.NO, Verdict.UNKNOWN


def verdict(made: Rule, values: Mapping[str, Value], now: datetime = NOW) -> Verdict:
    return compile_rule(made, FIELDS).verdict(values, now)


def answer(condition: Condition, value: Value | None, now: datetime = NOW) -> Verdict:
    values = {} if value is None else {condition.field: value}
    return verdict(rule(condition), values, now)


@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        (">=", "[3,3]", YES),
        (">=", "[2.999,2.999]", NO),
        (">=", "[3,9]", YES),
        (">=", "(2,3)", NO),
        (">=", "(2,3]", UNKNOWN),
        (">=", "[3,]", YES),
        (">=", "[,3)", NO),
        (">=", "[,3]", UNKNOWN),
        (">", "[3,3]", NO),
        (">", "(3,9]", YES),
        (">", "[3,9]", UNKNOWN),
        (">", "(2,3]", NO),
        ("<=", "[3,3]", YES),
        ("<=", "(3,9]", NO),
        ("<=", "[,3]", YES),
        ("<=", "[3,9]", UNKNOWN),
        ("<", "[3,3]", NO),
        ("<", "[2,3)", YES),
        ("<", "[2,3]", UNKNOWN),
        ("<", "[3,9]", NO),
        ("=", "[3,3]", YES),
        ("=", "[3,4]", UNKNOWN),
        ("=", "(3,4]", NO),
        ("=", "[2,3)", NO),
        ("!=", "[3,3]", NO),
        ("!=", "[3,4]", UNKNOWN),
        ("!=", "(3,4]", YES),
        ("=", "[,]", UNKNOWN),
    ],
)
def test_a_number_is_compared_over_its_interval(
    operator: str, value: str, expected: Verdict
) -> None:
    condition = compare("count", operator, 3)  # type: ignore[arg-type]
    assert answer(condition, interval(value)) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("[2,4]", YES),
        ("[1,4]", UNKNOWN),
        ("[1,2)", NO),
        ("[1,2]", UNKNOWN),
        ("(4,9]", NO),
        ("[4,9]", UNKNOWN),
        ("[,9]", UNKNOWN),
        ("(2,4)", YES),
    ],
)
def test_between_includes_both_ends(value: str, expected: Verdict) -> None:
    assert answer(between("count", 2, 4), interval(value)) is expected


def test_between_of_nothing_is_no_whatever_is_unknown() -> None:
    assert answer(between("count", 4, 2), None) is NO
    assert answer(between("count", 4, 2), interval("[1,9]")) is NO


@pytest.mark.parametrize(
    ("condition", "value", "expected"),
    [
        (compare("grade", "=", 3), "(2,4)", YES),
        (compare("grade", ">=", 3), "(2,4)", YES),
        (compare("grade", ">", 2), "[3,3]", YES),
        (compare("grade", ">", 2), "[2,3)", NO),
        (compare("grade", ">=", "2.5"), "[2,3]", UNKNOWN),
        (compare("grade", ">=", "2.5"), "[3,3]", YES),
        (compare("grade", "<", "2.5"), "[,3)", YES),
        (compare("grade", "=", "2.5"), "[2,3]", NO),
        (compare("grade", "!=", "2.5"), "[2,3]", YES),
        (between("grade", "2.2", "2.8"), "[2,3]", NO),
        (known("grade"), "(2,4)", YES),
        (known("grade"), "[2,3]", NO),
        (compare("grade", ">=", Decimal("1E+30")), "[1E+30,1E+30]", YES),
        (compare("grade", ">", Decimal("1E+30")), "[1E+30,1E+30]", NO),
        (compare("grade", ">", Decimal("1E+30")), "(1E+30,]", YES),
    ],
)
def test_whole_numbers_are_counted(condition: Condition, value: str, expected: Verdict) -> None:
    assert answer(condition, interval(value)) is expected


@pytest.mark.parametrize(
    ("operator", "low", "high", "opens", "expected"),
    [
        (">=", day(7), day(7), "", YES),
        (">=", day(6), day(6), "", NO),
        (">=", day(6), day(7), "", UNKNOWN),
        ("=", day(6), day(8), "both", YES),
        (">", day(7), day(8), "low", YES),
        ("<=", day(6), day(8), "high", YES),
        ("<", day(6), day(8), "high", UNKNOWN),
    ],
)
def test_days_are_counted(
    operator: str, low: date, high: date, opens: str, expected: Verdict
) -> None:
    value = Ordered(
        low=low, high=high, low_open=opens in ("low", "both"), high_open=opens in ("high", "both")
    )
    condition = compare("onset", operator, day(7))  # type: ignore[arg-type]
    assert answer(condition, value) is expected


def test_an_instant_is_compared_whatever_its_time_zone() -> None:
    eight_east = datetime.fromisoformat("2026-03-10T20:00:00+08:00")
    assert answer(compare("started", ">=", NOW), exactly(eight_east)) is YES
    assert answer(compare("started", ">", NOW), exactly(eight_east)) is NO


@pytest.mark.parametrize(
    ("condition", "value", "expected"),
    [
        (one_of("term", "Rash"), word("rash"), YES),
        (one_of("term", "Rash"), word("Fever"), NO),
        (one_of("term", "Rash"), word("Rash", "Fever"), UNKNOWN),
        (one_of("term", "Rash", "Fever"), word("rash", "FEVER"), YES),
        (one_of("term", "Rash"), None, UNKNOWN),
        (one_of("term", "Rash"), Coded(), UNKNOWN),
        (one_of("term", "Rash"), Coded(words=frozenset()), UNKNOWN),
        (one_of("term", "Rash", negated=True), word("Fever"), YES),
        (one_of("term", "Rash", negated=True), word("RASH"), NO),
        (one_of("term"), None, NO),
        (one_of("term"), word("Rash"), NO),
        (one_of("term", negated=True), None, YES),
        (one_of("window", "inside"), None, UNKNOWN),
        (one_of("window", "inside", "outside"), None, YES),
        (one_of("window", "Inside", "OUTSIDE", negated=True), Coded(), NO),
        (one_of("causality", "related", "unknown"), None, UNKNOWN),
        (known("term"), word("rash"), YES),
        (known("term"), word("rash", "RASH"), YES),
        (known("term"), word("rash", "fever"), NO),
        (known("term"), None, NO),
        (known("term", yes=False), None, YES),
        (known("term", yes=False), word("rash"), NO),
        (may_be(one_of("term", "rash")), None, YES),
        (may_be(one_of("term", "rash")), word("rash", "fever"), YES),
        (may_be(one_of("term", "rash")), word("fever"), NO),
        (may_be(one_of("term")), None, NO),
        (may_be(compare("grade", ">=", 3)), interval("[1,3]"), YES),
        (may_be(compare("grade", ">=", 3)), interval("[1,2]"), NO),
        (known("count"), number("0.1"), YES),
        (known("count"), interval("[,0.1)"), NO),
        (known("count", yes=False), None, YES),
    ],
)
def test_words_known_and_may_be(
    condition: Condition, value: Value | None, expected: Verdict
) -> None:
    assert answer(condition, value) is expected


def test_no_possibility_at_all_tells_nothing() -> None:
    assert answer(compare("count", ">=", 3), interval("[5,4]")) is UNKNOWN
    assert answer(compare("count", ">=", 3), interval("[5,5)")) is UNKNOWN
    assert answer(compare("grade", ">=", 3), interval("(5,6)")) is UNKNOWN


SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("field", "operator", "turns_at", "after"),
    [
        ("since_receipt", ">=", hours(48), YES),
        ("since_receipt", ">", hours(48) + SECOND, YES),
        ("since_receipt", "<", hours(48), NO),
        ("since_receipt", "<=", hours(48) + SECOND, NO),
        ("time_to_due", "<=", -hours(48), YES),
        ("time_to_due", "<", -hours(48) + SECOND, YES),
        ("time_to_due", ">", -hours(48), NO),
        ("time_to_due", ">=", -hours(48) + SECOND, NO),
    ],
)
def test_a_running_condition_turns_at_its_instant(
    field: str, operator: str, turns_at: timedelta, after: Verdict
) -> None:
    condition = compare(field, operator, hours(48))  # type: ignore[arg-type]
    before = NO if after is YES else YES
    turn = NOW + turns_at
    assert answer(condition, exactly(NOW), turn - timedelta(microseconds=1)) is before
    assert answer(condition, exactly(NOW), turn) is after


def test_overdue_is_true_from_one_second_after_due() -> None:
    overdue = compare("time_to_due", "<", hours(0))
    assert answer(overdue, exactly(NOW), NOW) is NO
    assert answer(overdue, exactly(NOW), NOW + SECOND) is YES


def test_a_running_condition_over_an_interval_of_instants() -> None:
    old = compare("since_receipt", ">=", hours(48))
    received = span(NOW - hours(50), NOW - hours(40))
    assert answer(old, received, NOW - hours(3)) is NO
    assert answer(old, received, NOW - hours(2)) is UNKNOWN
    assert answer(old, received, NOW + hours(8)) is YES
    assert answer(old, span(None, NOW - hours(48))) is YES
    assert answer(old, span(NOW - hours(47), None)) is NO
    assert answer(old, None) is UNKNOWN


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (hours(72) + SECOND, NO),
        (hours(72), YES),
        (hours(0), YES),
        (-SECOND, NO),
    ],
)
def test_between_on_a_running_field(left: timedelta, expected: Verdict) -> None:
    soon = between("time_to_due", hours(0), hours(72))
    assert answer(soon, exactly(NOW + left)) is expected


def test_equal_on_a_running_field_lasts_a_second() -> None:
    for field in ("since_receipt", "time_to_due"):
        condition = compare(field, "=", hours(0))
        assert answer(condition, exactly(NOW), NOW) is YES
        assert answer(condition, exactly(NOW), NOW + SECOND) is NO
        assert answer(compare(field, "!=", hours(0)), exactly(NOW), NOW + SECOND) is YES


A, B, C = one_of("term", "rash"), compare("grade", ">=", 3), one_of("window", "inside")
TRUTH: dict[Verdict, dict[str, Value]] = {
    YES: {"term": word("rash"), "grade": number(3), "window": word("inside")},
    NO: {"term": word("fever"), "grade": number(2), "window": word("outside")},
    UNKNOWN: {},
}


def _values(*answers: Verdict) -> dict[str, Value]:
    fields = ("term", "grade", "window")
    return {
        field: TRUTH[each][field]
        for field, each in zip(fields, answers, strict=False)
        if each is not UNKNOWN
    }


KLEENE_AND = [
    (YES, YES, YES),
    (YES, NO, NO),
    (YES, UNKNOWN, UNKNOWN),
    (NO, NO, NO),
    (NO, UNKNOWN, NO),
    (UNKNOWN, UNKNOWN, UNKNOWN),
]
KLEENE_OR = [
    (YES, YES, YES),
    (YES, NO, YES),
    (YES, UNKNOWN, YES),
    (NO, NO, NO),
    (NO, UNKNOWN, UNKNOWN),
    (UNKNOWN, UNKNOWN, UNKNOWN),
]


@pytest.mark.parametrize(("one", "other", "expected"), KLEENE_AND)
def test_and(one: Verdict, other: Verdict, expected: Verdict) -> None:
    made = rule(criteria={"a": (A,), "b": (B,)}, fires=both("a", "b"))
    assert verdict(made, _values(one, other)) is expected
    assert verdict(made, _values(other, one)) is expected
    assert verdict(rule(A, B), _values(one, other)) is expected, "conditions of one criterion"


@pytest.mark.parametrize(("one", "other", "expected"), KLEENE_OR)
def test_or(one: Verdict, other: Verdict, expected: Verdict) -> None:
    made = rule(criteria={"a": (A,), "b": (B,)}, fires=either("a", "b"))
    assert verdict(made, _values(one, other)) is expected
    assert verdict(made, _values(other, one)) is expected


@pytest.mark.parametrize(("inner", "expected"), [(YES, NO), (NO, YES), (UNKNOWN, UNKNOWN)])
def test_not(inner: Verdict, expected: Verdict) -> None:
    assert verdict(rule(criteria={"a": (A,)}, fires=no("a")), _values(inner)) is expected


def test_nothing_to_hold_is_yes_and_nothing_to_choose_from_is_no() -> None:
    assert verdict(rule(criteria={"a": (A,)}, fires=AllOf(())), {}) is YES
    assert verdict(rule(criteria={"a": (A,)}, fires=AnyOf(())), {}) is NO


@pytest.mark.parametrize(
    ("assumed", "value", "expected"),
    [
        ("related", None, YES),
        ("not related", None, NO),
        ("not related", word("related"), YES),
        ("related", word("not related"), NO),
        ("unknown", word("related", "unknown"), NO),
    ],
)
def test_an_assumption_decides_only_what_is_left_unknown(
    assumed: str, value: Value | None, expected: Verdict
) -> None:
    made = rule(one_of("causality", "related"), if_unknown={"causality": Assume(assumed)})
    assert verdict(made, {"causality": value} if value else {}) is expected


def test_an_assumed_number_and_day() -> None:
    made = rule(compare("grade", ">=", 3), if_unknown={"grade": Assume(Decimal(4))})
    assert verdict(made, {}) is YES
    assert verdict(made, {"grade": interval("[1,2]")}) is NO
    made = rule(compare("onset", ">=", day(3)), if_unknown={"onset": Assume(day(2))})
    assert verdict(made, {}) is NO


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (Is("a"), NO),
        (Not(Is("a")), NO),
        (Not(Not(Is("a"))), NO),
        (AllOf((Is("a"), Is("b"))), NO),
        (AnyOf((Is("a"), Is("b"))), YES),
        (Not(AnyOf((Is("a"), Is("b")))), NO),
        (Not(AllOf((Is("a"), Not(Is("b"))))), YES),
    ],
)
def test_what_is_left_to_a_rule_counts_against_firing(
    expression: Expression, expected: Verdict
) -> None:
    made = rule(
        criteria={"a": (A,), "b": (B,)}, fires=expression, if_unknown={"term": LeaveTo("TST-02")}
    )
    assert verdict(made, {"grade": number(3)}) is expected


def test_left_to_a_rule_goes_before_ask() -> None:
    made = rule(A, B, if_unknown={"term": LeaveTo("TST-02")})
    assert verdict(made, {}) is NO


@pytest.mark.parametrize(("exception", "expected"), [(YES, NO), (NO, YES), (UNKNOWN, YES)])
def test_an_exception_holds_off_only_if_certain(exception: Verdict, expected: Verdict) -> None:
    made = rule(B, unless={"expected": (A,)})
    assert verdict(made, _values(exception, YES)) is expected


def test_an_unknown_rule_with_a_certain_exception_is_no() -> None:
    made = rule(B, unless={"expected": (A,)})
    assert verdict(made, _values(YES, UNKNOWN)) is NO
    assert verdict(made, _values(UNKNOWN, UNKNOWN)) is UNKNOWN


def test_in_an_exception_an_assumption_counts_and_leaving_does_not() -> None:
    values = {"grade": number(3)}
    assumes = rule(B, unless={"expected": (A,)}, if_unknown={"term": Assume("rash")})
    leaves = rule(B, unless={"expected": (A,)}, if_unknown={"term": LeaveTo("TST-02")})
    assert verdict(assumes, values) is NO
    assert verdict(leaves, values) is YES


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (YES, YES, Priority.CRITICAL),
        (UNKNOWN, YES, Priority.CRITICAL),
        (NO, YES, Priority.HIGH),
        (NO, UNKNOWN, Priority.HIGH),
        (NO, NO, Priority.LOW),
    ],
)
def test_the_highest_priority_not_certainly_no_counts(
    first: Verdict, second: Verdict, expected: Priority
) -> None:
    made = rule(
        criteria={"a": (A,), "b": (B,)},
        priority=((Priority.CRITICAL, Is("a")), (Priority.HIGH, Is("b")), (Priority.LOW, None)),
    )
    assert compile_rule(made, FIELDS).priority(_values(first, second), NOW) is expected


@pytest.mark.parametrize(
    ("fires", "signing", "expected"),
    [
        (NO, YES, True),
        (NO, UNKNOWN, True),
        (NO, NO, False),
        (YES, YES, False),
        (UNKNOWN, YES, False),
    ],
)
def test_an_untrue_rule_waits_while_its_sign_off_is_not_certainly_no(
    fires: Verdict, signing: Verdict, expected: bool
) -> None:
    made = rule(criteria={"a": (A,), "b": (B,)}, fires=Is("a"), sign_off_when=Is("b"))
    assert compile_rule(made, FIELDS).waits(_values(fires, signing), NOW) is expected
    plain = rule(criteria={"a": (A,), "b": (B,)}, fires=Is("a"))
    assert compile_rule(plain, FIELDS).waits(_values(fires, signing), NOW) is False


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (
            rule(one_of("grade", "3")),
            "TST-01: 'c': 'grade' is ordered and '3' lists words: compare it",
        ),
        (
            rule(compare("term", ">=", 3)),
            "TST-01: 'c': 'term' holds words and '>= 3' compares: list words",
        ),
        (
            rule(compare("time_to_due", ">=", 3)),
            "TST-01: 'c': 'time_to_due' is an until, '>= 3' not: Decimal('3') is not a duration, such as '48 h' or '3 d'",
        ),
        (
            rule(compare("onset", ">=", NOW)),
            "TST-01: 'c': 'onset' is a date, '>= 2026-03-10 12:00:00+00:00' not: its limits are written as date, and this is "
            + repr(NOW),
        ),
        (
            rule(known("nothing")),
            "TST-01: 'c': 'nothing' is not a field of this kind (adverse event); `signals rules facts` lists them",
        ),
        (rule(criteria={"c": ()}), "TST-01: 'c' has no condition; only a draft may lack it"),
        (
            rule(criteria={"a": (A,)}, fires=Is("b")),
            "TST-01: 'b' is not a criterion; there are: a",
        ),
        (
            rule(B, if_unknown={"grade": Assume("related")}),
            "TST-01: 'c': 'related' cannot be assumed for 'grade' (integer)",
        ),
        (
            rule(compare("time_to_due", "<", hours(4)), if_unknown={"time_to_due": Assume(day(1))}),
            "TST-01: 'c': '2026-03-01' cannot be assumed for 'time_to_due' (until)",
        ),
    ],
)
def test_a_rule_that_does_not_fit_is_refused(made: Rule, message: str) -> None:
    with pytest.raises(RuleError) as refused:
        compile_rule(made, FIELDS)
    assert str(refused.value) == message


def test_huge_durations_never_overflow() -> None:
    forever = timedelta(days=900_000_000)
    assert answer(compare("since_receipt", ">=", limit(forever)), exactly(NOW)) is NO
    assert answer(compare("time_to_due", "<=", limit(forever)), exactly(NOW)) is YES


def test_daylight_saving_does_not_shift_an_age() -> None:
    from zoneinfo import ZoneInfo

    berlin = ZoneInfo("Europe/Berlin")
    received = datetime(2026, 3, 28, 12, tzinfo=berlin)  # clocks go forward that night
    condition = compare("since_receipt", ">=", hours(24))
    due = received.astimezone(UTC) + hours(24)
    assert answer(condition, exactly(received), due.astimezone(berlin)) is YES
    assert answer(condition, exactly(received), due - SECOND) is NO


def test_a_closed_list_of_one_word_is_known() -> None:
    fields = {"kind": Field("kind", FieldType.WORD, "one word", "made up", None, ("only",))}
    judge = compile_rule(rule(known("kind")), fields)
    assert judge.verdict({}, NOW) is YES
