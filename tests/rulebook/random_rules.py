"""Random rules and facts from a seed: every sort of condition, open bounds, huge and tiny numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

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
    IfUnknown,
    Is,
    Known,
    LeaveTo,
    MayBe,
    Not,
    OneOf,
    Rule,
)
from tests.rulebook.build import rule as build_rule

SECOND = timedelta(seconds=1)
TICK = timedelta(microseconds=1)
OPERATORS: tuple[Any, ...] = ("<", "<=", ">", ">=", "=", "!=")
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)

CLOSED = ("Inside", "outside", "both")
TERMS = tuple(f"Term {letter}" for letter in "ABCDEFGHIJKLMNOP")
NUMBERS = tuple(
    Decimal(text)
    for text in ("0", "-1", "0.1", "0.10", "2", "2.5", "3", "1E+30", "1E-30", "-1E+30")
)
WHOLE = tuple(Decimal(text) for text in ("0", "1", "2", "3", "2.5", "4", "1E+30"))
DAYS = (*(date(2026, 3, day) for day in (1, 2, 3, 5, 9)), date(1, 1, 2), date(9998, 12, 31))
DURATIONS = (*(timedelta(hours=hours) for hours in (-4, 0, 24, 72)), SECOND, -SECOND)
INSTANTS = tuple(NOW + step for each in DURATIONS for step in (each, each + TICK))

LIMITS: dict[FieldType, Sequence[Any]] = {
    FieldType.NUMBER: NUMBERS,
    FieldType.INTEGER: WHOLE,
    FieldType.DATE: DAYS,
    FieldType.INSTANT: INSTANTS,
    FieldType.SINCE: DURATIONS,
    FieldType.UNTIL: DURATIONS,
}
RUNNING = (FieldType.SINCE, FieldType.UNTIL)
CODED = (FieldType.WORD, FieldType.TEXT)

FIELDS: Mapping[str, Field] = {
    name: Field(name, type_, name, "made up for a test", None, words)
    for name, type_, words in [
        ("window", FieldType.WORD, CLOSED),
        ("sort", FieldType.WORD, ("yes", "no")),
        ("term", FieldType.TEXT, ()),
        ("site", FieldType.TEXT, ()),
        ("grade", FieldType.INTEGER, ()),
        ("count", FieldType.NUMBER, ()),
        ("ratio", FieldType.NUMBER, ()),
        ("onset", FieldType.DATE, ()),
        ("started", FieldType.INSTANT, ()),
        ("since", FieldType.SINCE, ()),
        ("until", FieldType.UNTIL, ()),
    ]
}


@dataclass(frozen=True, slots=True)
class Case:
    """A fact and the instant of judging it."""

    values: Mapping[str, Value]
    now: datetime


def seeded(seed: int) -> Random:
    """The same choices for the same seed."""
    return Random(seed)  # noqa: S311 - nothing secret


def random_rule(random: Random, code: str) -> Rule:
    """A rule of one to five criteria, up to two exceptions, with assumptions and leave to."""
    names = random.sample(sorted(FIELDS), random.randint(1, 5))
    criteria = {
        f"c{number}": tuple(
            random_condition(random, random.choice(names)) for _ in range(random.choice((1, 1, 2)))
        )
        for number in range(random.randint(1, 5))
    }
    unless = {
        f"e{number}": (random_condition(random, random.choice(names)),)
        for number in range(random.choice((0, 0, 1, 2)))
    }
    if_unknown = {
        name: found for name in names if (found := _random_if_unknown(random, FIELDS[name]))
    }
    return build_rule(
        code=code,
        criteria=criteria,
        fires=random_expression(random, sorted(criteria), depth=3),
        unless=unless,
        if_unknown=if_unknown,
    )


def random_expression(random: Random, names: Sequence[str], depth: int) -> Expression:
    sort = random.choice(("is", "not", "and", "or")) if depth else "is"
    if sort == "is":
        return Is(random.choice(names))
    if sort == "not":
        return Not(random_expression(random, names, depth - 1))
    parts = tuple(
        random_expression(random, names, depth - 1) for _ in range(random.choice((0, 2, 2, 2, 3)))
    )
    return AllOf(parts) if sort == "and" else AnyOf(parts)


def random_condition(random: Random, name: str) -> Condition:
    sort = random.randrange(10)
    if sort == 0:
        return Known(name, random.random() < 0.5, "known")
    if sort == 1:
        return MayBe(_random_inner(random, FIELDS[name]), "may be")
    return _random_inner(random, FIELDS[name])


def _random_inner(random: Random, field: Field) -> OneOf | Compare | Between:
    if field.type in CODED:
        named = _words(field)
        words = random.sample(named, min(len(named), random.choice((0, 1, 1, 2, 3))))
        if field.type is FieldType.TEXT and random.random() < 0.2:
            words = random.sample(TERMS, 12)  # a list so long that the matcher decides it before
        return OneOf(field.name, frozenset(words), "words", random.random() < 0.3)
    limits = LIMITS[field.type]
    if random.random() < 0.25:
        return Between(field.name, random.choice(limits), random.choice(limits), "between")
    return Compare(field.name, random.choice(OPERATORS), random.choice(limits), "compared")


def _random_if_unknown(random: Random, field: Field) -> IfUnknown | None:
    sort = random.randrange(7)
    if sort == 0:
        return LeaveTo("TST-99")
    if sort == 1 and field.type in CODED:
        return Assume(random.choice(_words(field)))
    if sort == 1 and field.type not in (*RUNNING, FieldType.INSTANT):
        return Assume(random.choice([each for each in LIMITS[field.type] if _whole(field, each)]))
    return None


def _whole(field: Field, scalar: Any) -> bool:
    return field.type is not FieldType.INTEGER or scalar == int(scalar)


def _words(field: Field) -> Sequence[str]:
    return field.words or TERMS[:6]


def random_case(random: Random, fields: Mapping[str, Field] = FIELDS) -> Case:
    """A fact on all fields, some of them missing, some without any possibility."""
    now = NOW + random.choice((timedelta(), SECOND, -SECOND, TICK, timedelta(hours=20)))
    values = {
        name: value
        for name, field in fields.items()
        if (value := random_value(random, field, now)) is not None
    }
    return Case(values, now)


def random_value(random: Random, field: Field, now: datetime) -> Value | None:
    if random.random() < 0.2:
        return None
    if field.type in CODED:
        return _random_words(random, field)
    low, high = _random_scalar(random, field, now), _random_scalar(random, field, now)
    sort = random.randrange(10)
    if sort < 3:
        return Ordered(low=low, high=low)
    if sort == 4:
        low = None
    if sort == 5:
        high = None
    if low is not None and high is not None and high < low and random.random() < 0.9:
        low, high = high, low
    return Ordered(
        low=low, high=high, low_open=random.random() < 0.4, high_open=random.random() < 0.4
    )


def _random_words(random: Random, field: Field) -> Coded:
    words = [*_words(field), "Somebody's own word"] if field.type is FieldType.TEXT else field.words
    sort = random.randrange(8)
    if sort == 0:
        return Coded()
    many = 1 if sort < 3 else random.randint(0, min(3, len(words)))
    chosen = random.sample(list(words), many)
    return Coded(words=frozenset(random.choice((str, str.upper, str.lower))(w) for w in chosen))


def _random_scalar(random: Random, field: Field, now: datetime) -> Any:
    limit = random.choice(LIMITS[field.type])
    if field.type in RUNNING:
        sign = random.choice((1, -1))
        return now + sign * limit + random.choice((timedelta(), SECOND, -SECOND, TICK, -TICK))
    step = random.choice((0, 0, 0, 1, -1))
    if field.type is FieldType.DATE:
        return limit + timedelta(days=step)
    if field.type is FieldType.INSTANT:
        return limit + step * TICK
    return limit + step if abs(limit) < 10 else limit
