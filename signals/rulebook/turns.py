"""When the clock alone can change an answer: the instants at which running conditions turn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

from signals.facts.kind import Field
from signals.facts.value import Ordered, Value
from signals.rulebook.running import RUNNING, Span, span_of
from signals.rulebook.spec import Between, Compare, Condition, MayBe, Rule


class Turns:
    """The running conditions of some rules on one kind of fact.

    All conditions of the rules count: criteria of ``fires_when``, ``priority`` and
    ``sign_off_when``, and exceptions; each turns once for either bound of the value.
    """

    def __init__(self, rules: Iterable[Rule], fields: Mapping[str, Field]) -> None:
        """``fields``: those of the kind that the rules judge."""
        ages: dict[str, dict[timedelta, None]] = {}
        for condition in (each for rule in rules for each in _conditions(rule)):
            field = fields.get(condition.field)
            if field is not None and field.type in RUNNING:
                own = ages.setdefault(field.name, {})
                own.update(dict.fromkeys(_ages(span_of(condition, field.type))))
        self._ages = {name: tuple(own) for name, own in ages.items()}

    def __bool__(self) -> bool:
        """Whether any condition runs with time."""
        return bool(self._ages)

    def next(self, values: Mapping[str, Value], after: datetime) -> datetime | None:
        """The soonest instant (UTC) after ``after`` at which a condition may answer otherwise."""
        soonest: datetime | None = None
        for name, ages in self._ages.items():
            for instant in _turns(ages, values.get(name)):
                if instant > after and (soonest is None or instant < soonest):
                    soonest = instant
        return soonest


def _conditions(rule: Rule) -> Iterator[Compare | Between]:
    pages: list[tuple[Condition, ...]] = [page for _, page in rule.criteria]
    pages += [exception.conditions for exception in rule.unless]
    for page in pages:
        for condition in page:
            inner = condition.inner if isinstance(condition, MayBe) else condition
            if isinstance(inner, (Compare, Between)):
                yield inner


def _turns(ages: Iterable[timedelta], value: Value | None) -> Iterator[datetime]:
    if not isinstance(value, Ordered):
        return
    bounds = [(value.low, value.low_open)]
    if value.high is not value.low or value.low_open:
        bounds.append((value.high, False))
    for bound, is_open in bounds:
        if isinstance(bound, datetime):
            yield from _reached(bound, ages, just_after=is_open)


def _ages(span: Span) -> Iterator[timedelta]:
    yield from (age for age in (span.start, span.end) if age is not None)


def _reached(bound: datetime, ages: Iterable[timedelta], *, just_after: bool) -> Iterator[datetime]:
    """When the bound reaches each age; an instant beyond the calendar never comes."""
    for age in ages:
        try:
            instant = bound.astimezone(UTC) + age
            yield instant + datetime.resolution if just_after else instant
        except OverflowError:
            continue
