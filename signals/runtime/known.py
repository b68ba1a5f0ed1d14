"""Whether an event is already known (EVENTS, ``event_id``).

The same content under one id, or one version of a record, counts once.  Another content under a
known id or version is a conflict: the first counts, the other is kept and marked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from signals.events import Record


class Standing(StrEnum):
    """What an arriving record is to those before it."""

    NEW = "new"
    REPEATED = "repeated"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Earlier:
    """A record of the journal that shares an id or a version with the arriving one."""

    position: int
    content: str
    conflict: bool


class Known(Protocol):
    """What is asked of the journal."""

    def by_event(self, record: Record) -> list[Earlier]:
        """Everything under the record's ``event_id``, first first."""
        ...

    def by_version(self, record: Record) -> list[Earlier]:
        """Everything under its kind, subject, record and version, first first."""
        ...


def compare(record: Record, known: Known) -> tuple[Standing, Earlier | None]:
    """What the record is, and the earlier one that makes it so.

    What was kept as a conflict does not count, so it takes nobody's place: the same content may
    still come properly, under its own id.
    """
    same_id, same_version = known.by_event(record), known.by_version(record)
    for earlier in same_id:
        if earlier.content == record.content:
            return Standing.REPEATED, earlier
    if counts := [earlier for earlier in same_id if not earlier.conflict]:
        return Standing.CONFLICT, counts[0]
    counts = [earlier for earlier in same_version if not earlier.conflict]
    if not counts:
        return Standing.NEW, None
    for earlier in same_version:
        if earlier.content == record.content:
            return Standing.REPEATED, earlier
    return Standing.CONFLICT, counts[0]


@dataclass(slots=True)
class InMemory:
    """What a fold knows that reads its journal from the beginning: the records let in so far."""

    _events: dict[str, list[Earlier]] = field(default_factory=dict)
    _versions: dict[tuple[str, str | None, str, int], list[Earlier]] = field(default_factory=dict)

    def by_event(self, record: Record) -> list[Earlier]:
        """See ``Known``."""
        return self._events.get(record.event_id, [])

    def by_version(self, record: Record) -> list[Earlier]:
        """See ``Known``."""
        return self._versions.get((*record.key, record.version), [])

    def add(self, record: Record, position: int) -> None:
        """Remember a record that was let in."""
        earlier = Earlier(position, record.content, record.conflict)
        self._events.setdefault(record.event_id, []).append(earlier)
        self._versions.setdefault((*record.key, record.version), []).append(earlier)


@dataclass(slots=True)
class Counted:
    """Which records of a journal count, one after the other; ``position`` is that of the last.

    A journal may hold the same event twice: the first counts.  A repetition counts only if it
    arrived earlier, since of repetitions the earliest arrival holds (EVENTS, ``event_id``).
    """

    position: int = 0
    _known: InMemory = field(default_factory=InMemory)
    _arrivals: dict[int, datetime] = field(default_factory=dict)

    def take(self, record: Record) -> Record | None:
        """The record as it counts, marked if it is a conflict; None if it only repeats."""
        standing, earlier = compare(record, self._known)
        if standing is Standing.REPEATED and earlier is not None:
            if self._arrivals[earlier.position] <= record.arrival:
                return None
            self._arrivals[earlier.position] = record.arrival
        elif standing is Standing.CONFLICT:
            record = record.arrived(record.arrival, backfill=record.backfill, conflict=True)
        self.position += 1
        self._arrivals[self.position] = record.arrival
        self._known.add(record, self.position)
        return record
