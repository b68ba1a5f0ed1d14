"""A third evaluator, written to be believed: try every possibility that could matter.

It shares nothing with the judge and the matcher but the rule itself.  An ordered field is tried at
every limit and bound in sight, between each two of them and beyond the last; a coded field at every
word in sight and at one that nobody named.  Numbers are fractions, days and instants count from a
fixed point, so nothing is rounded.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise, product
from math import ceil, floor
from typing import TypeAlias

from signals.facts.kind import Field, FieldType
from signals.facts.value import Coded, Ordered, Value
from signals.rulebook.spec import (
    AllOf,
    AnyOf,
    Assume,
    Between,
    Compare,
    Condition,
    Expression,
    Is,
    Known,
    LeaveTo,
    MayBe,
    Not,
    OneOf,
    Rule,
    Verdict,
)

YES, NO, UNKNOWN = Verdict.YES, Verdict.NO, Verdict.UNKNOWN
ORDER = [NO, UNKNOWN, YES]
NOBODY_NAMED = "a word that nobody named"
COUNTED = (FieldType.INTEGER, FieldType.DATE)
RUNNING = (FieldType.SINCE, FieldType.UNTIL)

Point: TypeAlias = Fraction | str
Values: TypeAlias = Mapping[str, Value]


def verdict(rule: Rule, fields: Mapping[str, Field], values: Values, now: datetime) -> Verdict:
    """The answer of the rule, condition by condition, combined by Kleene's tables."""
    tried = {name: possibilities(rule, fields[name], values.get(name), now) for name in used(rule)}
    holds = _Holds(rule, fields, values, tried, now)
    exceptions = [
        lowest(holds.assuming(condition) for condition in exception.conditions)
        for exception in rule.unless
    ]
    if YES in exceptions:
        return NO
    return holds.expression(rule.fires_when, negations=0)


def whole_facts(
    rule: Rule, fields: Mapping[str, Field], values: Values, now: datetime, most: int = 3000
) -> Iterator[bool]:
    """Whether ``fires_when`` holds, for each combination of possibilities of all fields.

    Yields nothing where there are more than ``most`` combinations.
    """
    names = sorted(used(rule))
    tried = [possibilities(rule, fields[name], values.get(name), now) for name in names]
    combinations = 1
    for each in tried:
        combinations *= len(each)
    if combinations > most:
        return
    sets = _Holds(rule, fields, values, dict(zip(names, tried, strict=True)), now)
    for points in product(*tried):
        fact = {name: [point] for name, point in zip(names, points, strict=True)}
        one = _Holds(rule, fields, values, fact, now, sets)
        yield one.expression(rule.fires_when, negations=0) is YES


@dataclass(frozen=True)
class _Holds:
    """Answers of one rule over the points tried for each field.

    ``sets`` are all the points of the fact where ``tried`` is one of them: known and may be ask
    about the set.
    """

    rule: Rule
    fields: Mapping[str, Field]
    values: Values
    tried: Mapping[str, list[Point]]
    now: datetime
    sets: "_Holds | None" = None

    def expression(self, expression: Expression, negations: int) -> Verdict:
        match expression:
            case Is(name):
                return lowest(self.leaf(each, negations) for each in dict(self.rule.criteria)[name])
            case Not(inner):
                return opposite(self.expression(inner, negations + 1))
            case AllOf(parts):
                return lowest(self.expression(part, negations) for part in parts)
            case AnyOf(parts):
                return highest(self.expression(part, negations) for part in parts)

    def leaf(self, condition: Condition, negations: int) -> Verdict:
        answer = self.assuming(condition)
        if answer is UNKNOWN and isinstance(
            dict(self.rule.if_unknown).get(condition.field), LeaveTo
        ):
            return NO if negations % 2 == 0 else YES
        return answer

    def assuming(self, condition: Condition) -> Verdict:
        answer = self.bare(condition)
        assumption = dict(self.rule.if_unknown).get(condition.field)
        if answer is UNKNOWN and isinstance(assumption, Assume):
            point = as_point(assumption.value)
            return YES if self.fits(condition, point) else NO
        return answer

    def bare(self, condition: Condition) -> Verdict:
        sets = self.sets or self
        if isinstance(condition, Known):
            return YES if sets.known(condition.field) is condition.yes else NO
        if isinstance(condition, MayBe):
            return NO if sets.bare(condition.inner) is NO else YES
        answers = {self.fits(condition, point) for point in self.tried[condition.field]}
        return UNKNOWN if len(answers) == 2 else YES if True in answers else NO

    def known(self, name: str) -> bool:
        value, field = self.values.get(name), self.fields[name]
        if isinstance(value, Ordered) and field.type not in COUNTED:
            exact = value.low is not None and value.low == value.high
            return exact and not (value.low_open or value.high_open)
        return len(self.tried[name]) == 1 and self.tried[name] != [NOBODY_NAMED]

    def fits(self, condition: Condition, point: Point) -> bool:
        match condition:
            case OneOf(words=words, negated=negated):
                return (point in {word.lower() for word in words}) is not negated
            case Compare(field=name, operator=operator, limit=limit):
                return self.compared(name, operator, point, as_point(limit))
            case Between(field=name, low=low, high=high):
                return self.compared(name, ">=", point, as_point(low)) and self.compared(
                    name, "<=", point, as_point(high)
                )
            case _:
                raise AssertionError(condition)

    def compared(self, name: str, operator: str, point: Point, limit: Point) -> bool:
        assert isinstance(point, Fraction)
        assert isinstance(limit, Fraction)
        now = as_point(self.now)
        assert isinstance(now, Fraction)
        match self.fields[name].type:
            case FieldType.SINCE:
                turned = {">=": now >= point + limit, ">": now >= point + limit + 1}
                turned |= {"<": not turned[">="], "<=": not turned[">"]}
            case FieldType.UNTIL:
                turned = {"<=": now >= point - limit, "<": now >= point - limit + 1}
                turned |= {">": not turned["<="], ">=": not turned["<"]}
            case _:
                turned = {">=": point >= limit, ">": point > limit}
                turned |= {"<": point < limit, "<=": point <= limit}
        turned["="] = turned[">="] and turned["<="]
        turned["!="] = not turned["="]
        return turned[operator]


def used(rule: Rule) -> set[str]:
    """The fields that the rule asks about."""
    return {condition.field for condition in conditions(rule)}


def conditions(rule: Rule) -> Iterator[Condition]:
    """All conditions of the rule."""
    for _, page in rule.criteria:
        yield from page
    for exception in rule.unless:
        yield from exception.conditions


def possibilities(rule: Rule, field: Field, value: Value | None, now: datetime) -> list[Point]:
    """The points of the field worth trying; a value without any possibility tells nothing."""
    asked = [each for each in conditions(rule) if each.field == field.name]
    inner = [each.inner if isinstance(each, MayBe) else each for each in asked]
    if field.type in (FieldType.WORD, FieldType.TEXT):
        return words_tried(field, value, inner)
    found = points_tried(field, value, inner, now)
    return found or points_tried(field, None, inner, now)


def words_tried(field: Field, value: Value | None, asked: Iterable[Condition]) -> list[Point]:
    if isinstance(value, Coded) and value.words:
        return sorted({word.lower() for word in value.words})
    if field.words:
        return sorted({word.lower() for word in field.words})
    named = {word.lower() for each in asked if isinstance(each, OneOf) for word in each.words}
    return [*sorted(named), NOBODY_NAMED]


def points_tried(
    field: Field, value: Value | None, asked: Iterable[Condition], now: datetime
) -> list[Point]:
    bounds = value if isinstance(value, Ordered) else Ordered()
    marks = {Fraction(0), *limits(field, asked, now)}
    marks |= {number(each) for each in (bounds.low, bounds.high) if each is not None}
    if field.type in COUNTED:
        points = {Fraction(near(mark) + step) for mark in marks for near in NEAR for step in STEPS}
    else:
        line = sorted(marks)
        between = {(low + high) / 2 for low, high in pairwise(line)}
        points = marks | between | {line[0] - 1, line[-1] + 1}
    return sorted(point for point in points if _within(point, bounds))


NEAR: tuple[Callable[[Fraction], int], ...] = (floor, ceil)
STEPS = (-2, -1, 0, 1, 2)


def limits(field: Field, asked: Iterable[Condition], now: datetime) -> Iterator[Fraction]:
    """Every point at which a condition on the field might turn."""
    for each in asked:
        ends = [each.limit] if isinstance(each, Compare) else []
        ends = [each.low, each.high] if isinstance(each, Between) else ends
        for end in ends:
            if field.type in RUNNING:
                for second in (-1, 0, 1):
                    yield number(now) + number(end) + second
                    yield number(now) - number(end) + second
            else:
                yield number(end)


def _within(point: Fraction, bounds: Ordered) -> bool:
    if bounds.low is not None:
        low = number(bounds.low)
        if point < low or (point == low and bounds.low_open):
            return False
    if bounds.high is not None:
        high = number(bounds.high)
        if point > high or (point == high and bounds.high_open):
            return False
    return True


EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


def number(scalar: object) -> Fraction:
    """A number, a day by its ordinal, an instant or a duration in seconds."""
    match scalar:
        case Decimal():
            return Fraction(scalar)
        case timedelta():
            return Fraction(scalar // timedelta(microseconds=1), 1_000_000)
        case datetime():
            return number(scalar - EPOCH)
        case date():
            return Fraction(scalar.toordinal())
    raise AssertionError(scalar)


def as_point(value: object) -> Point:
    return value.lower() if isinstance(value, str) else number(value)


def lowest(answers: Iterable[Verdict]) -> Verdict:
    return min(answers, key=ORDER.index, default=YES)


def highest(answers: Iterable[Verdict]) -> Verdict:
    return max(answers, key=ORDER.index, default=NO)


def opposite(answer: Verdict) -> Verdict:
    return ORDER[2 - ORDER.index(answer)]
