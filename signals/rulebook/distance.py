"""How far a value is from a condition that it does not meet, in words."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from signals.facts.kind import Field, FieldType
from signals.facts.value import Ordered, Value
from signals.rulebook.running import RUNNING
from signals.rulebook.spec import Between, Compare, Condition, MayBe
from signals.rulebook.texts import scalar_text

_DAY, _HOUR, _MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


class _Gap(NamedTuple):
    by: Any
    side: str
    limit: Any


def distance(condition: Condition, field: Field, value: Value | None, now: datetime) -> str:
    """How far the nearest possibility is from meeting the condition; empty if that says nothing.

    ``1 below 3``, ``3 days after 2026-03-05``; of a field that runs with time also the instant at
    which the limit is, or was, reached.  Words have no distance.
    """
    inner = condition.inner if isinstance(condition, MayBe) else condition
    if not isinstance(inner, Compare | Between) or not isinstance(value, Ordered):
        return ""
    low, high = _bounds(value, field, now)
    gap = _gap(inner, low, high)
    if gap is None:
        return ""
    if field.type in RUNNING:
        return _of_time(gap, field, now, low if gap.side == "above" else high)
    unit = f" {field.unit}" if field.unit else ""
    if not gap.by:
        at = gap.side if _open(value, gap.side) else "exactly"
        return f"{at} {_text(gap.limit)}{unit}"
    side = gap.side if isinstance(gap.limit, Decimal) else _IN_TIME[gap.side]
    return f"{_text(gap.by)}{unit} {side} {_text(gap.limit)}{unit}"


def _open(value: Ordered, side: str) -> bool:
    """Whether the bound that is nearest to the limit is itself no possibility."""
    return value.high_open if side == "below" else value.low_open


_IN_TIME = {"below": "before", "above": "after"}


def _bounds(value: Ordered, field: Field, now: datetime) -> tuple[Any, Any]:
    """Numbers and dates as they are; running fields as the time gone by or left."""
    low: Any = value.low
    high: Any = value.high
    if field.type is FieldType.SINCE:
        return (None if high is None else now - high), (None if low is None else now - low)
    if field.type is FieldType.UNTIL:
        return (None if low is None else low - now), (None if high is None else high - now)
    return low, high


def _gap(condition: Compare | Between, low: Any, high: Any) -> _Gap | None:
    least, most = _limits(condition)
    if least is not None and high is not None and high <= least:
        return _Gap(least - high, "below", least)
    if most is not None and low is not None and low >= most:
        return _Gap(low - most, "above", most)
    return None


def _limits(condition: Compare | Between) -> tuple[Any, Any]:
    """The least and the most that meet the condition (None: there is no such end)."""
    if isinstance(condition, Between):
        return condition.low, condition.high
    match condition.operator:
        case ">" | ">=":
            return condition.limit, None
        case "<" | "<=":
            return None, condition.limit
        case "=":
            return condition.limit, condition.limit
        case "!=":
            return None, None


def _of_time(gap: _Gap, field: Field, now: datetime, span: timedelta) -> str:
    """Time gone by grows and time left shrinks, so each limit is passed at a known instant."""
    grows = field.type is FieldType.SINCE
    turns = now + (gap.limit - span if grows else span - gap.limit)
    word = "is" if turns > now else "was"
    at = scalar_text(turns.replace(microsecond=0))
    return f"{_gone_or_left(span, grows=grows)}; {span_text(gap.limit)} {word} reached at {at}"


def _gone_or_left(span: timedelta, *, grows: bool) -> str:
    behind = grows if span >= timedelta() else not grows
    return f"{span_text(span)} {'gone by' if behind else 'left'}"


def span_text(span: timedelta) -> str:
    """How long, without the sign, as people say it: ``4.2 days``, ``20 h``, ``30 min``."""
    size = abs(span)
    if size >= 2 * _DAY:
        return f"{_short(size / _DAY)} days"
    if size >= _HOUR or not size:
        return f"{_short(size / _HOUR)} h"
    return f"{_short(size / _MINUTE)} min"


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _text(scalar: Decimal | date | timedelta) -> str:
    if not isinstance(scalar, timedelta):
        return scalar_text(scalar)
    if scalar % _DAY:
        return span_text(scalar)
    return "1 day" if scalar == _DAY else f"{scalar.days} days"
