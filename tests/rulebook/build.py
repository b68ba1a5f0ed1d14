"""Rules, fields and values for the tests of judging, in as few words as they take to read."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from signals.facts.kind import Fact, Field, FieldType
from signals.facts.value import Ordered, Scalar, Value
from signals.rulebook.spec import (
    AlertSpec,
    AllOf,
    AnyOf,
    Between,
    Compare,
    Condition,
    Ends,
    Exception_,
    Expression,
    IfUnknown,
    Is,
    Known,
    Limit,
    MayBe,
    Not,
    OneOf,
    Operator,
    Priority,
    PriorityWhen,
    Rule,
    Status,
)

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)

FIELDS: Mapping[str, Field] = {
    name: Field(name, type_, f"the {name}", "made up for a test", unit, words)
    for name, type_, unit, words in [
        ("term", FieldType.TEXT, None, ()),
        ("window", FieldType.WORD, None, ("inside", "outside")),
        ("causality", FieldType.WORD, None, ("related", "not related", "unknown")),
        ("grade", FieldType.INTEGER, None, ()),
        ("count", FieldType.NUMBER, "10*9/L", ()),
        ("onset", FieldType.DATE, None, ()),
        ("started", FieldType.INSTANT, None, ()),
        ("since_receipt", FieldType.SINCE, None, ()),
        ("time_to_due", FieldType.UNTIL, None, ()),
    ]
}


def one_of(field: str, *words: str, negated: bool = False) -> OneOf:
    return OneOf(field, frozenset(words), " or ".join(words), negated)


def limit(value: int | str | Limit) -> Limit:
    return Decimal(value) if isinstance(value, (int, str)) else value


def compare(field: str, operator: Operator, value: int | str | Limit) -> Compare:
    return Compare(field, operator, limit(value), f"{operator} {value}")


def between(field: str, low: int | str | Limit, high: int | str | Limit) -> Between:
    return Between(field, limit(low), limit(high), f"between {low} and {high}")


def known(field: str, yes: bool = True) -> Known:
    return Known(field, yes, f"known: {'yes' if yes else 'no'}")


def may_be(inner: OneOf | Compare | Between) -> MayBe:
    return MayBe(inner, f"may be: {inner.text}")


def both(*names: str) -> AllOf:
    return AllOf(tuple(Is(name) for name in names))


def either(*names: str) -> AnyOf:
    return AnyOf(tuple(Is(name) for name in names))


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def number(value: int | str) -> Ordered:
    return Ordered(low=Decimal(value), high=Decimal(value))


def interval(text: str) -> Ordered:
    """``[2,4)``; a side without a number is without bound."""
    low, high = (part.strip() for part in text[1:-1].split(","))
    return Ordered(
        low=Decimal(low) if low else None,
        high=Decimal(high) if high else None,
        low_open=text[0] == "(",
        high_open=text[-1] == ")",
    )


def span(low: Scalar | None, high: Scalar | None) -> Ordered:
    return Ordered(low=low, high=high)


def day(number_: int) -> date:
    return date(2026, 3, number_)


def fact(values: Mapping[str, Value], key: tuple[str | None, ...] = ("001-004", "AE-1")) -> Fact:
    return Fact("adverse event", key, values)


def rule(
    *conditions: Condition,
    criteria: Mapping[str, tuple[Condition, ...]] | None = None,
    fires: Expression | None = None,
    unless: Mapping[str, tuple[Condition, ...]] | None = None,
    if_unknown: Mapping[str, IfUnknown] | None = None,
    priority: tuple[tuple[Priority, Expression | None], ...] = ((Priority.HIGH, None),),
    sign_off_when: Expression | None = None,
    headline: str = "{subject}: {term}",
    code: str = "TST-01",
) -> Rule:
    """A rule of one criterion ``c`` with the conditions, or of these criteria."""
    pages = dict(criteria or {"c": conditions})
    return Rule(
        code=code,
        title="A rule of the tests",
        status=Status.ACTIVE,
        judges="adverse event",
        source="made up for a test",
        meaning="Nothing.",
        criteria=tuple(pages.items()),
        fires_when=fires if fires is not None else AllOf(tuple(Is(name) for name in pages)),
        unless=tuple(Exception_(name, "a reason", page) for name, page in (unless or {}).items()),
        if_unknown=tuple((if_unknown or {}).items()),
        priority=tuple(PriorityWhen(word, when) for word, when in priority),
        alert=AlertSpec(
            topic="alerts.test",
            about=("subject", "adverse event"),
            headline=headline,
            ends=Ends.NEEDS_SIGN_OFF,
            sign_off_when=sign_off_when,
        ),
        known_false_alarms=(),
        owner="tests",
        version=1,
        hash=f"sha256:{code}",
    )


def no(name: str) -> Not:
    return Not(Is(name))
