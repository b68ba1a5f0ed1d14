"""The journal of a study: all accepted events in one order, for ever."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from signals.events import Record, journal_json
from signals.runtime.known import Earlier


class Heading(NamedTuple):
    """What stands beside the line of a record, so that it is found without reading lines."""

    event_id: str
    kind: str
    subject_id: str
    record_id: str
    version: int
    content: str
    conflict: int
    ingested_at: str


def heading(record: Record) -> Heading:
    """The heading of a stamped record."""
    if record.ingested_at is None:
        raise ValueError(f"{record.event_id} has no arrival: stamp it before it is appended")
    kind, subject_id, record_id = record.key
    return Heading(
        event_id=record.event_id,
        kind=kind,
        subject_id=subject_id or "",
        record_id=record_id,
        version=record.version,
        content=record.content,
        conflict=int(record.conflict),
        ingested_at=record.ingested_at.isoformat(),
    )


class Journal:
    """The journal in the file; ``append`` must run inside a transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def append(self, record: Record) -> int:
        """Write a stamped record at the end and return its position (from 1, without holes)."""
        cursor = self._connection.execute(
            "INSERT INTO journal (event_id, kind, subject_id, record_id, version, content, conflict,"
            " ingested_at, event) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*heading(record), journal_json(record)),
        )
        return int(cursor.lastrowid or 0)

    def headed(self) -> Iterator[tuple[int, Heading, bytes]]:
        """Every position with what stands beside the line, and the line."""
        rows = self._connection.execute(
            "SELECT position, event_id, kind, subject_id, record_id, version, content, conflict,"
            " ingested_at, event FROM journal ORDER BY position"
        )
        for position, *beside, line in rows:
            yield position, Heading(*beside), line

    def last(self) -> tuple[int, datetime | None]:
        """The position and arrival of the last record; (0, None) of an empty journal."""
        row = self._connection.execute(
            "SELECT position, ingested_at FROM journal ORDER BY position DESC LIMIT 1"
        ).fetchone()
        return (row[0], datetime.fromisoformat(row[1])) if row else (0, None)

    def arrival(self, position: int) -> datetime | None:
        """When the record at a position arrived."""
        row = self._connection.execute(
            "SELECT ingested_at FROM journal WHERE position = ?", (position,)
        ).fetchone()
        return datetime.fromisoformat(row[0]) if row else None

    def after(self, position: int, upto: int) -> Iterator[tuple[int, bytes]]:
        """The positions and lines after ``position`` up to and with ``upto``."""
        yield from self._connection.execute(
            "SELECT position, event FROM journal WHERE position > ? AND position <= ?"
            " ORDER BY position",
            (position, upto),
        )

    def of_kind(self, kind: str, upto: int) -> Iterator[tuple[int, bytes]]:
        """The positions and lines of one kind of event, the last first."""
        yield from self._connection.execute(
            "SELECT position, event FROM journal WHERE kind = ? AND position <= ?"
            " ORDER BY position DESC",
            (kind, upto),
        )

    def by_event(self, record: Record) -> list[Earlier]:
        """See ``known.Known``."""
        return self._earlier("event_id = ?", (record.event_id,))

    def by_version(self, record: Record) -> list[Earlier]:
        """See ``known.Known``."""
        kind, subject_id, record_id = record.key
        return self._earlier(
            "kind = ? AND subject_id = ? AND record_id = ? AND version = ?",
            (kind, subject_id or "", record_id, record.version),
        )

    def _earlier(self, where: str, values: tuple[str | int, ...]) -> list[Earlier]:
        rows = self._connection.execute(
            f"SELECT position, content, conflict FROM journal WHERE {where} ORDER BY position",  # noqa: S608 - the two conditions are written above
            values,
        )
        return [Earlier(position, content, bool(conflict)) for position, content, conflict in rows]
