"""Conditions on fields that run with time, as the span of ages in which they hold.

A SINCE field holds the instant at which something happened, an UNTIL field the instant at which
something is due.  Both are judged by the *age* of that instant, ``now - instant``: what is due in
4 hours has the age -4 h.  "After X" means X and a second (DESIGN 3), so every condition on a
running field holds in one half-open span of ages, whose ends are the ages at which it turns.
"""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from signals.facts.kind import FieldType
from signals.rulebook.spec import Between, Compare, Operator

RUNNING = frozenset({FieldType.SINCE, FieldType.UNTIL})
"""The types of field that change their answer while their value stands still."""

_SECOND = timedelta(seconds=1)
_MIRRORED: dict[Operator, Operator] = {
    "<": ">",
    "<=": ">=",
    ">": "<",
    ">=": "<=",
    "=": "=",
    "!=": "!=",
}


class Span(NamedTuple):
    """Ages from ``start`` on, until before ``end``; None is without end.

    ``negated``: the condition holds outside the span (``!=``).
    """

    start: timedelta | None
    end: timedelta | None
    negated: bool = False


def span_of(condition: Compare | Between, running: FieldType) -> Span:
    """The ages at which the condition on a SINCE or UNTIL field holds.

    >>> late = Compare("time_to_due", "<", timedelta(0), "< 0 h")
    >>> span_of(late, FieldType.UNTIL).start
    datetime.timedelta(seconds=1)
    """
    left = running is FieldType.UNTIL
    if isinstance(condition, Between):
        low, high = _duration(condition.low), _duration(condition.high)
        return Span(-high, -low + _SECOND) if left else Span(low, high + _SECOND)
    limit = _duration(condition.limit)
    if left:
        return _span(_MIRRORED[condition.operator], -limit)
    return _span(condition.operator, limit)


def _span(operator: Operator, age: timedelta) -> Span:
    match operator:
        case ">=":
            return Span(age, None)
        case ">":
            return Span(age + _SECOND, None)
        case "<":
            return Span(None, age)
        case "<=":
            return Span(None, age + _SECOND)
        case "=":
            return Span(age, age + _SECOND)
        case "!=":
            return Span(age, age + _SECOND, negated=True)


def _duration(limit: object) -> timedelta:
    if not isinstance(limit, timedelta):
        raise TypeError(f"{limit!r} is not a duration, such as '48 h' or '3 d'")
    return limit
