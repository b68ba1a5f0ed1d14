"""The book in the file: every revision ever published, and what the fold needs to go on."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from signals.book.alert import Alert


class Published(NamedTuple):
    """A revision and its place in the order of publication (from 1)."""

    seq: int
    alert: dict[str, Any]


class Row(NamedTuple):
    """A revision as it stands in the file, byte for byte."""

    alert_id: str
    revision: int
    position: int
    changed_at: str
    alert: str


class BookFile:
    """The book behind a connection; ``save`` runs inside a transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def save(
        self, position: int, alerts: Iterable[Alert], changes: Mapping[str, dict[str, Any]]
    ) -> None:
        """Write the revisions of the steps up to ``position``, and what changed inside the book.

        Raises:
            sqlite3.IntegrityError: a revision is there already; a revision is never changed.
        """
        self._connection.executemany(
            "INSERT INTO revision (alert_id, revision, position, changed_at, alert)"
            " VALUES (?, ?, ?, ?, ?)",
            [row_of(alert) for alert in alerts],
        )
        self._connection.executemany(
            "INSERT INTO book VALUES (?, ?)"
            " ON CONFLICT DO UPDATE SET internals = excluded.internals",
            [(alert_id, text_of(state)) for alert_id, state in changes.items()],
        )
        self._folded(position)

    def copy(self, position: int, rows: Iterable[Row]) -> list[Row]:
        """Write revisions that another process published; those that were there with another content.

        Of two contents of one revision the later one is kept.
        """
        replaced = []
        for row in rows:
            found = self.row(row.alert_id, row.revision)
            if found is not None and found[1] != row:
                replaced.append(row)
            self._connection.execute(
                "INSERT INTO revision (alert_id, revision, position, changed_at, alert)"
                " VALUES (?, ?, ?, ?, ?) ON CONFLICT (alert_id, revision) DO UPDATE SET"
                " position = excluded.position, changed_at = excluded.changed_at,"
                " alert = excluded.alert",
                row,
            )
        self._folded(position)
        return replaced

    def position(self) -> int:
        """The journal position up to which the book is folded; 0 of an empty book."""
        row = self._connection.execute("SELECT position FROM folded").fetchone()
        return row[0] if row else 0

    def internals(self) -> dict[str, dict[str, Any]]:
        """What ``Fold.resume`` wants, by alert."""
        rows = self._connection.execute("SELECT alert_id, internals FROM book")
        return {alert_id: json.loads(text) for alert_id, text in rows}

    def row(self, alert_id: str, revision: int) -> tuple[int, Row] | None:
        """A revision with its place in the order of publication."""
        found = self._connection.execute(
            "SELECT seq, alert_id, revision, position, changed_at, alert FROM revision"
            " WHERE alert_id = ? AND revision = ?",
            (alert_id, revision),
        ).fetchone()
        return None if found is None else (found[0], Row(*found[1:]))

    def names(self) -> list[tuple[str, int, int]]:
        """Alert, revision and journal position of all that was published, in order."""
        return self._connection.execute(
            "SELECT alert_id, revision, position FROM revision ORDER BY seq"
        ).fetchall()

    def current(self) -> list[dict[str, Any]]:
        """Every alert as last published."""
        return self._latest("")

    def as_of(self, when: datetime) -> list[dict[str, Any]]:
        """Every alert as it was last published by an instant."""
        return self._latest("WHERE changed_at <= ?", _utc(when))

    def revisions(self, alert_id: str) -> list[dict[str, Any]]:
        """All revisions of an alert, the first first; empty if there is no such alert."""
        rows = self._connection.execute(
            "SELECT alert FROM revision WHERE alert_id = ? ORDER BY revision", (alert_id,)
        )
        return [json.loads(text) for (text,) in rows]

    def after(self, seq: int, limit: int = 500) -> list[Published]:
        """What was published after a place in the order."""
        rows = self._connection.execute(
            "SELECT seq, alert FROM revision WHERE seq > ? ORDER BY seq LIMIT ?", (seq, limit)
        )
        return [Published(place, json.loads(text)) for place, text in rows]

    def last(self) -> int:
        """The place of the newest revision; 0 if there is none."""
        (last,) = self._connection.execute("SELECT coalesce(max(seq), 0) FROM revision").fetchone()
        return int(last)

    def _folded(self, position: int) -> None:
        self._connection.execute(
            "INSERT INTO folded VALUES (1, ?) ON CONFLICT DO UPDATE SET position = excluded.position",
            (position,),
        )

    def _latest(self, where: str, *values: str) -> list[dict[str, Any]]:
        rows = self._connection.execute(
            f"SELECT alert FROM (SELECT alert, max(revision) FROM revision {where}"  # noqa: S608 - the two conditions are written above
            " GROUP BY alert_id)",
            values,
        )
        return [json.loads(text) for (text,) in rows]


def row_of(alert: Alert) -> Row:
    """The row that a published revision becomes."""
    return row_of_json(alert.to_json())


def row_of_json(alert: dict[str, Any]) -> Row:
    """The row of a revision as it was sent.

    Raises:
        KeyError, TypeError, ValueError: it is none.
    """
    return Row(
        alert["alert_id"],
        alert["revision"],
        alert["journal_position"],
        _utc(datetime.fromisoformat(alert["changed_at"])),
        text_of(alert),
    )


def _utc(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="microseconds")


def text_of(value: dict[str, Any]) -> str:
    """The text that is stored of a value."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
