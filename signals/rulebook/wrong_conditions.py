"""The wrong versions of one condition, each with what a story must hold to tell it from the right one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from signals.facts.kind import Field, FieldType
from signals.rulebook.running import RUNNING
from signals.rulebook.spec import (
    Between,
    Compare,
    Condition,
    Known,
    Limit,
    MayBe,
    OneOf,
    Operator,
)
from signals.rulebook.texts import scalar_text

_UNIT_STEPS = {
    "s": timedelta(seconds=1),
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
}
_UNIT = re.compile(r"-?\d+\s*([a-z]+)")
_BESIDE: dict[Operator, Operator] = {
    "<": "<=",
    "<=": "<",
    ">": ">=",
    ">=": ">",
    "=": "!=",
    "!=": "=",
}
_FEW_WORDS = 6
"""A list that is longer is a word list: its words are no part of the rule's page."""


class Wrong(NamedTuple):
    """A wrong version of a condition: how it reads, and what a story needs to tell it apart."""

    condition: Condition
    becomes: str
    story: str


def wrong_conditions(condition: Condition, field: Field) -> Iterator[Wrong]:
    """Change the condition in one place: the comparison, a limit by one step, a word."""
    match condition:
        case Compare():
            yield from _compare(condition, field)
        case Between():
            yield from _between(condition, field)
        case OneOf():
            yield from _one_of(condition)
        case Known():
            yield _known(condition)
        case MayBe():
            yield from _may_be(condition, field)


def _compare(condition: Compare, field: Field) -> Iterator[Wrong]:
    name, limit = field.name, condition.limit
    beside = _BESIDE[condition.operator]
    # Of whole numbers "> 2" is ">= 3", which moving the limit makes.
    if field.type is not FieldType.INTEGER or condition.operator in ("=", "!="):
        text = f"{beside} {_text(limit, field)}"
        yield Wrong(
            replace(condition, operator=beside, text=text),
            text,
            f"{name} is exactly {_text(limit, field)}",
        )
    step = _step(condition.text, limit, field)
    for other in (_moved(limit, step), _moved(limit, -step)):
        text = f"{condition.operator} {_text(other, field)}"
        lower, higher = sorted((limit, other), key=_order)
        telling = higher if condition.operator in (">", "<=") else lower
        if condition.operator in ("=", "!="):
            telling = limit
        yield Wrong(
            replace(condition, limit=other, text=text), text, f"{name} is {_text(telling, field)}"
        )


def _between(condition: Between, field: Field) -> Iterator[Wrong]:
    step = _step(condition.text, condition.low, field)
    for by in (step, -step):
        low, high = _moved(condition.low, by), _moved(condition.high, by)
        for wrong, telling in (
            (replace(condition, low=low), min(condition.low, low, key=_order)),
            (replace(condition, high=high), max(condition.high, high, key=_order)),
        ):
            text = f"between {_text(wrong.low, field)} and {_text(wrong.high, field)}"
            yield Wrong(replace(wrong, text=text), text, f"{field.name} is {_text(telling, field)}")


def _one_of(condition: OneOf) -> Iterator[Wrong]:
    words, name = condition.words, condition.field
    opposite = "one of" if condition.negated else "none of"
    yield Wrong(
        replace(condition, negated=not condition.negated, text=f"{opposite} {condition.text}"),
        f"{opposite} {condition.text}",
        f"{name} is {condition.text}",
    )
    if 1 < len(words) <= _FEW_WORDS:
        for word in sorted(words):
            rest = words - {word}
            text = f"{condition.text} without '{word}'"
            yield Wrong(replace(condition, words=rest, text=text), text, f"{name} is {word}")


def _known(condition: Known) -> Wrong:
    text = f"known: {'no' if condition.yes else 'yes'}"
    other = replace(condition, yes=not condition.yes, text=text)
    return Wrong(other, text, f"{condition.field} is known, or one in which it is not")


def _may_be(condition: MayBe, field: Field) -> Iterator[Wrong]:
    inner = condition.inner
    yield Wrong(inner, inner.text, f"{field.name} may be {inner.text}, and is not certain to be")
    for wrong in wrong_conditions(inner, field):
        if isinstance(wrong.condition, OneOf | Compare | Between):
            text = f"may be: {wrong.becomes}"
            yield Wrong(MayBe(wrong.condition, text), text, wrong.story)


def _step(text: str, limit: Limit, field: Field) -> timedelta | Decimal:
    """One step of a limit: a whole number, its last decimal place, or one of the unit it is in."""
    if field.type in RUNNING:
        unit = _UNIT.search(text)
        return _UNIT_STEPS[unit[1]] if unit else timedelta(hours=1)
    if not isinstance(limit, Decimal):
        return timedelta(days=1)
    exponent = limit.as_tuple().exponent
    places = exponent if isinstance(exponent, int) else 0
    return Decimal(1).scaleb(min(places, 0))


def _moved(limit: Limit, step: timedelta | Decimal) -> Limit:
    moved: Limit = limit + step  # type: ignore[operator]  # _step gives what fits the limit
    return moved


def _order(limit: Limit) -> Limit:
    return limit


def _text(limit: Limit, field: Field) -> str:
    unit = f" {field.unit}" if field.unit else ""
    if not isinstance(limit, timedelta):
        return f"{scalar_text(limit)}{unit}"
    hours = limit / timedelta(hours=1)
    return f"{hours:g} h"
