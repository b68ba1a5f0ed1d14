"""What could not be accepted: kept as it came, with place, reasons and what would be allowed."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from signals.events import Problem, Rejection


@dataclass(frozen=True, slots=True)
class Kept:
    """One rejected event; ``replayed_as`` is the journal position it came to have at last."""

    id: int
    place: str
    first_seen: datetime
    tries: int
    reasons: tuple[Problem, ...]
    backfill: str | None
    raw: bytes
    replayed_as: int | None

    def to_json(self) -> dict[str, object]:
        """For lists; the bytes as text, what is no UTF-8 as escapes."""
        return {
            "id": self.id,
            "place": self.place,
            "first_seen": self.first_seen.isoformat(),
            "tries": self.tries,
            "reasons": [reason.as_json() for reason in self.reasons],
            "backfill": self.backfill,
            "raw": self.raw.decode(errors="backslashreplace"),
            "replayed_as": self.replayed_as,
        }


class Rejected:
    """The rejected events of the file; ``keep`` and ``settle`` run inside a transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def keep(
        self, rejection: Rejection, place: str, now: datetime, backfill: str | None = None
    ) -> int:
        """Keep it and return its id; the same bytes once more are another try of the same."""
        reasons = json.dumps([reason.as_json() for reason in rejection.reasons], ensure_ascii=True)
        row = self._connection.execute(
            "INSERT INTO rejected (fingerprint, place, first_seen, tries, reasons, backfill, raw)"
            " VALUES (?, ?, ?, 1, ?, ?, ?) ON CONFLICT (fingerprint)"
            " DO UPDATE SET tries = tries + 1, reasons = excluded.reasons RETURNING id",
            (
                sha256(rejection.raw).hexdigest(),
                place,
                now.isoformat(),
                reasons,
                backfill,
                rejection.raw,
            ),
        ).fetchone()
        return int(row[0])

    def settle(self, rejected_id: int, position: int) -> None:
        """Note the journal position at which it was accepted after all."""
        self._connection.execute(
            "UPDATE rejected SET replayed_as = ? WHERE id = ?", (position, rejected_id)
        )

    def all(self) -> list[Kept]:
        """Every rejected event, also those replayed since."""
        return [_kept(row) for row in self._connection.execute(f"{_SELECT} ORDER BY id")]

    def waiting(self) -> list[Kept]:
        """Those not yet replayed."""
        return [one for one in self.all() if one.replayed_as is None]

    def get(self, rejected_id: int) -> Kept | None:
        """One of them, or None if there is none of that id."""
        row = self._connection.execute(f"{_SELECT} WHERE id = ?", (rejected_id,)).fetchone()
        return _kept(row) if row else None


_SELECT = "SELECT id, place, first_seen, tries, reasons, backfill, raw, replayed_as FROM rejected"


def _kept(row: tuple[Any, ...]) -> Kept:
    rejected_id, place, first_seen, tries, reasons, backfill, raw, replayed_as = row
    problems = tuple(Problem(**reason) for reason in json.loads(reasons))
    seen = datetime.fromisoformat(first_seen)
    return Kept(rejected_id, place, seen, tries, problems, backfill, raw, replayed_as)
