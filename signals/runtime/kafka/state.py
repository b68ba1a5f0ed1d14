"""The book on ``alerts.state``: every alert as last published, and how far each study is.

A worker that takes a study over goes on from here.  What belongs to a position is written in a
burst: first the alerts, then the study's mark.  An alert bears what it was before its burst, so
that a burst without its mark (the writer was killed) can be told from a whole one and undone.  The
mark bears a digest of the whole book: if compaction kept an older message of a worker that was not
dead after all, the digest does not fit, and the book is folded anew from the journal.
It also bears a digest of the journal itself: see ``history``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, NamedTuple, TypeAlias, TypeVar

from signals.runtime.kafka.reader import Message

EntryJson: TypeAlias = dict[str, Any]
T = TypeVar("T")
SCHEMA_ALERT, SCHEMA_MARK = b"alert-state/1", b"published/1"


class Writer(NamedTuple):
    """Who wrote: a name that no two processes share, and the generation of its group."""

    name: str
    generation: int


@dataclass(frozen=True, slots=True)
class AlertState:
    """One alert after the burst that ended at ``position``, and ``before`` it (None: not there)."""

    study_id: str
    alert_id: str
    position: int
    entry: EntryJson
    before: EntryJson | None
    writer: Writer

    def to_json(self) -> bytes:
        """The message: the alert as published, and what the book keeps of it beside."""
        return _bytes(
            {
                "schema": SCHEMA_ALERT.decode(),
                "study_id": self.study_id,
                "alert_id": self.alert_id,
                "position": self.position,
                "alert": self.entry["alert"],
                "entry": {key: value for key, value in self.entry.items() if key != "alert"},
                "before": self.before,
                "writer": self.writer.name,
                "generation": self.writer.generation,
            }
        )


@dataclass(frozen=True, slots=True)
class Mark:
    """A study is published up to ``position`` of its journal, which lies at ``offset``.

    ``passed_over``: positions whose record could not be folded.  ``journal``: the digest of the
    journal up to there, None by a version that kept none.  ``lost``: why the journal that is there
    now is another one, so that nothing more is published.
    """

    study_id: str
    position: int
    offset: int
    digest: str
    passed_over: tuple[int, ...]
    writer: Writer
    journal: str | None = None
    lost: str = ""

    def to_json(self) -> bytes:
        """The message."""
        return _bytes(
            {
                "schema": SCHEMA_MARK.decode(),
                "study_id": self.study_id,
                "position": self.position,
                "offset": self.offset,
                "digest": self.digest,
                "passed_over": self.passed_over,
                "journal": self.journal,
                "lost": self.lost,
                "writer": self.writer.name,
                "generation": self.writer.generation,
            }
        )


class UnreadableStateError(Exception):
    """A message of ``alerts.state`` is none that a worker wrote."""


def read_state(value: bytes) -> AlertState | Mark:
    """The message of ``alerts.state``.

    Raises:
        UnreadableStateError: see there.
    """
    try:
        told = json.loads(value)
        writer = Writer(_of(told, "writer", str), _of(told, "generation", int))
        study_id, position = _of(told, "study_id", str), _of(told, "position", int)
        if told["schema"] == SCHEMA_MARK.decode():
            skipped = tuple(_typed(each, int) for each in _of(told, "passed_over", list))
            offset, digest = _of(told, "offset", int), _of(told, "digest", str)
            journal = told.get("journal")
            journal = None if journal is None else _typed(journal, str)
            lost = _typed(told.get("lost", ""), str)
            return Mark(study_id, position, offset, digest, skipped, writer, journal, lost)
        # A decision may be kept on an alert that was never published.
        alert = None if told["alert"] is None else _of(told, "alert", dict)
        entry = {**_of(told, "entry", dict), "alert": alert}
        before = None if told["before"] is None else _of(told, "before", dict)
        name = _of(told, "alert_id", str)
        return AlertState(study_id, name, position, entry, before, writer)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UnreadableStateError(f"no message of a worker: {error!r}") from None


def _of(told: Mapping[str, Any], key: str, kind: type[T]) -> T:
    return _typed(told[key], kind)


def _typed(value: Any, kind: type[T]) -> T:
    if not isinstance(value, kind):
        raise TypeError(f"a {type(value).__name__} where a {kind.__name__} must be")
    return value


def digest_of(entries: Mapping[str, EntryJson]) -> int:
    """One number for a whole book, whatever its order; it can be carried on entry by entry."""
    total = 0
    for name, entry in entries.items():
        total ^= weight(name, entry)
    return total


def weight(name: str, entry: EntryJson) -> int:
    """What one entry adds to the digest, and takes away from it."""
    text = json.dumps([name, entry], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return int.from_bytes(sha256(text.encode()).digest(), "big")


def readable(messages: Iterable[Message]) -> Iterator[AlertState | Mark]:
    """The messages that can be read: what is lost by the others shows in the digest."""
    for message in messages:
        with suppress(UnreadableStateError):
            yield read_state(message.value)


@dataclass(slots=True)
class StudyState:
    """What ``alerts.state`` says of one study."""

    alerts: dict[str, AlertState] = field(default_factory=dict)
    mark: Mark | None = None

    def take(self, message: AlertState | Mark) -> None:
        """A message; of several on one alert the higher generation counts, then the furthest."""
        if isinstance(message, Mark):
            if self.mark is None or _order(message) >= _order(self.mark):
                self.mark = message
            return
        known = self.alerts.get(message.alert_id)
        if known is None or _order(message) >= _order(known):
            self.alerts[message.alert_id] = message

    def book(self) -> dict[str, EntryJson] | None:
        """The entries as they were at the mark; None if they do not fit it, or there is no mark."""
        if self.mark is None:
            return None
        entries: dict[str, EntryJson] = {}
        for name, state in self.alerts.items():
            entry = state.entry if state.position <= self.mark.position else state.before
            if entry is not None:
                entries[name] = entry
        return entries if f"{digest_of(entries):064x}" == self.mark.digest else None


def by_study(messages: Iterable[AlertState | Mark]) -> dict[str, StudyState]:
    """All messages of a partition, study by study."""
    found: dict[str, StudyState] = {}
    for message in messages:
        found.setdefault(message.study_id, StudyState()).take(message)
    return found


def _order(message: AlertState | Mark) -> tuple[int, int]:
    return message.writer.generation, message.position


def _bytes(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
