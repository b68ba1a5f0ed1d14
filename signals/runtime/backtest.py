"""What another rule pack would have made of the same journal (``signals replay --against``)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple, TypeAlias

from signals.book.alert import Alert, State

Change: TypeAlias = Literal[
    "gained", "lost", "earlier", "later", "other priority", "other state", "other due dates"
]
CHANGES: tuple[Change, ...] = (
    "gained",
    "lost",
    "earlier",
    "later",
    "other priority",
    "other state",
    "other due dates",
)
_STOOD = (State.POSSIBLE, State.FIRING)


@dataclass(slots=True)
class Told:
    """What one pack said of one alert.

    ``since``: when it first stood (fired, or where it never fired asked); ``due``: the last due
    date told of each obligation.
    """

    rule: str
    subject_id: str | None
    headline: str
    since: datetime
    fired: bool
    priority: str
    state: str
    due: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """As plain JSON."""
        return {
            "since": self.since.isoformat(),
            "fired": self.fired,
            "priority": self.priority,
            "state": self.state,
            "due": self.due,
        }


class Difference(NamedTuple):
    """One alert on which the packs differ, and in what; ``old``, ``new``: None where it never was."""

    alert_id: str
    changes: tuple[Change, ...]
    old: Told | None
    new: Told | None

    @property
    def either(self) -> Told:
        """What the new pack said, or the old one if the new one said nothing."""
        told = self.new or self.old
        if told is None:
            raise TypeError("a difference is one of some alert")
        return told

    def to_json(self) -> dict[str, Any]:
        """As plain JSON."""
        return {
            "alert_id": self.alert_id,
            "rule": self.either.rule,
            "subject_id": self.either.subject_id,
            "changes": list(self.changes),
            "old": self.old.to_json() if self.old else None,
            "new": self.new.to_json() if self.new else None,
        }


def told(steps: Iterable[list[Alert]]) -> dict[str, Told]:
    """What was said of every alert, by its id."""
    found: dict[str, Told] = {}
    for alerts in steps:
        for alert in alerts:
            _follow(found, alert)
    return found


def _follow(found: dict[str, Told], alert: Alert) -> None:
    fires = alert.state is State.FIRING
    own = found.get(alert.alert_id)
    if own is None:
        own = found[alert.alert_id] = Told(
            rule=alert.rule,
            subject_id=alert.subject_id,
            headline=alert.headline,
            since=alert.changed_at,
            fired=fires,
            priority=alert.priority.value,
            state=alert.state.value,
        )
    elif fires and not own.fired:
        own.since, own.fired = alert.changed_at, True
    own.state = alert.state.value
    if alert.state in _STOOD:
        own.priority, own.headline = alert.priority.value, alert.headline
    own.due |= {due.obligation_id: due.due.isoformat() for due in alert.due}


def differences(old: Mapping[str, Told], new: Mapping[str, Told]) -> list[Difference]:
    """Every alert on which the packs differ, by subject and rule."""
    found = []
    for alert_id in {*old, *new}:
        before, after = old.get(alert_id), new.get(alert_id)
        if changes := tuple(_changes(before, after)):
            found.append(Difference(alert_id, changes, before, after))
    return sorted(found, key=_order)


def _changes(old: Told | None, new: Told | None) -> Iterator[Change]:
    """An alert that fires under one pack only is gained or lost, though the other may ask for it."""
    if new is not None and (old is None or (new.fired and not old.fired)):
        yield "gained"
    elif old is not None and (new is None or (old.fired and not new.fired)):
        yield "lost"
    elif old is not None and new is not None:
        yield from _between(old, new)


def _between(old: Told, new: Told) -> Iterator[Change]:
    if new.since != old.since:
        yield "earlier" if new.since < old.since else "later"
    if new.priority != old.priority:
        yield "other priority"
    if new.state != old.state:
        yield "other state"
    if new.due != old.due:
        yield "other due dates"


def _order(one: Difference) -> tuple[str, str, str]:
    return (one.either.subject_id or "", one.either.rule, one.alert_id)
