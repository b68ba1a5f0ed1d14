"""One condition over all that a field may be: yes, no, or not yet known (DESIGN 3).

Yes if every possibility satisfies the condition, no if none does.  A condition is compiled once for
its field and then asked for many facts; it answers with a number, so that criteria combine by
Kleene's tables as minimum (and), maximum (or) and ``YES - answer`` (not).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import TypeAlias

from signals.facts.kind import Field, FieldType
from signals.facts.value import Coded, Value
from signals.rulebook import ranges
from signals.rulebook.errors import RuleError
from signals.rulebook.ranges import KEPT, NO, UNKNOWN, YES
from signals.rulebook.spec import Between, Compare, Condition, Known, MayBe, OneOf

Test: TypeAlias = Callable[[Value | None, datetime], int]
"""The answer for what the field may be (None: anything) at an instant in UTC."""

CODED = frozenset({FieldType.WORD, FieldType.TEXT})
"""The types of field that hold words."""


def test_of(condition: Condition, field: Field) -> Test:
    """Compile a condition for its field.

    Raises:
        RuleError: the condition does not fit the type of the field.
    """
    match condition:
        case Known():
            return _known(condition, field)
        case MayBe():
            return _may_be(test_of(condition.inner, field))
        case OneOf():
            return _one_of(condition, field)
        case Compare() | Between():
            return _ordered(condition, field)


def possible_words(value: Value | None, field: Field) -> frozenset[str] | None:
    """The words a coded field may be, in lower case; None is any word at all.

    No word at all is a contradiction and tells nothing: it counts as not known.
    """
    if value is not None and not isinstance(value, Coded):
        raise _no_words(value, field)
    words = value.words if value is not None else None
    return _any_of(words or frozenset(field.words))


def _no_words(value: Value, field: Field) -> TypeError:
    return TypeError(f"{field.name} holds words, and got {value!r}")


def _any_of(words: frozenset[str]) -> frozenset[str] | None:
    return folded(words) or None


@lru_cache(maxsize=KEPT)
def folded(words: frozenset[str]) -> frozenset[str]:
    """The words in lower case; the same few sets come again and again."""
    return frozenset(word.casefold() for word in words)


def _one_of(condition: OneOf, field: Field) -> Test:
    if field.type not in CODED:
        raise RuleError(f"'{field.name}' is ordered and '{condition.text}' lists words: compare it")
    among = _among(folded(condition.words), field)
    return _opposite(among) if condition.negated else among


def _among(wanted: frozenset[str], field: Field) -> Test:
    every = frozenset(field.words)

    @lru_cache(maxsize=KEPT)
    def among(possible: frozenset[str] | None) -> int:
        words = _any_of(possible or every)
        if words is None:
            return UNKNOWN if wanted else NO
        if words <= wanted:
            return YES
        return NO if wanted.isdisjoint(words) else UNKNOWN

    def test(value: Value | None, _now: datetime) -> int:
        if value is None:
            return among(None)
        if not isinstance(value, Coded):
            raise _no_words(value, field)
        return among(value.words)

    return test


def _ordered(condition: Compare | Between, field: Field) -> Test:
    if field.type in CODED:
        raise RuleError(f"'{field.name}' holds words and '{condition.text}' compares: list words")
    try:
        region = ranges.region_of(condition, field)
    except TypeError as error:
        raise RuleError(f"'{field.name}' is {_a(field)}, '{condition.text}' not: {error}") from None
    inside = _inside(region, ranges.reader(field))
    return _opposite(inside) if region.negated else inside


def _inside(region: ranges.Region, read: ranges.Reader) -> Test:
    def test(value: Value | None, now: datetime) -> int:
        return ranges.inside(read(value, now), region)

    return test


def _known(condition: Known, field: Field) -> Test:
    one = _one_word(field) if field.type in CODED else _one_point(field)
    return one if condition.yes else _opposite(one)


def _one_word(field: Field) -> Test:
    def test(value: Value | None, _now: datetime) -> int:
        words = possible_words(value, field)
        return YES if words is not None and len(words) == 1 else NO

    return test


def _one_point(field: Field) -> Test:
    read = ranges.reader(field)

    def test(value: Value | None, now: datetime) -> int:
        range_ = read(value, now)
        return YES if range_.low is not None and range_.low == range_.high else NO

    return test


def _may_be(inner: Test) -> Test:
    return lambda value, now: YES if inner(value, now) else NO


def _opposite(test: Test) -> Test:
    return lambda value, now: YES - test(value, now)


def _a(field: Field) -> str:
    return f"an {field.type}" if field.type[0] in "aeiou" else f"a {field.type}"
