"""Whether the book of a folder is that of its journal: the journal folded afresh, and compared.

It only reads, a burst at a time, so a service may run on the folder meanwhile; what the service
folds after the beginning is left to the next time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from sqlite3 import Connection
from typing import Any, NamedTuple

from signals.book.alert import Alert
from signals.book.fold import Fold
from signals.events import Record
from signals.rulebook.pack import Pack
from signals.runtime.activations import first_pack
from signals.runtime.book_file import BookFile, row_of
from signals.runtime.embedded.folding import read_own
from signals.runtime.journal import Journal
from signals.runtime.schema import reading

_BURST = 500
_SHOWN = 60


class Difference(NamedTuple):
    """One place where the book is not what the journal gives.

    ``position``: of the journal, 0 where there is none; ``what``: the alert, with its revision;
    ``stored``, ``afresh``: in words, ``-`` for nothing.
    """

    position: int
    what: str
    stored: str
    afresh: str


class Verification:
    """One comparison; run through ``steps``, then read ``differences``."""

    def __init__(self, data: Path, given: Pack) -> None:
        """Note how far the book is folded.

        ``given``: in force before the first activation of the journal.

        Raises:
            sqlite3.Error: there is no file of a service, or it cannot be read.
            PackError: this version cannot read the pack with which the journal begins.
        """
        self._data = data
        with reading(data) as reader:
            book, journal = BookFile(reader), Journal(reader)
            self.folded = book.position()
            self.waiting = journal.last()[0] - self.folded
            self._internals = book.internals()
            self._names = book.names()
            self._first = first_pack(journal, given)
        self.revisions = 0
        self.differences: list[Difference] = []
        self._place = 0

    def steps(self) -> Iterator[int]:
        """Fold record by record and compare; the journal position after each.

        Raises:
            UnfitJournalError: the journal holds what no service writes.
            PackError: this version cannot read a pack that the journal put in force.
        """
        fold, given = Fold(self._first), set[tuple[str, int]]()
        for burst in range(0, self.folded, _BURST):
            with reading(self._data) as reader:
                for position, record in self._records(reader, burst):
                    for alert in fold.step(record, position):
                        given.add((alert.alert_id, alert.revision))
                        self._compare(alert, BookFile(reader))
                    yield position
        self.revisions = len(given)
        for alert_id, revision, position in self._names:
            if (alert_id, revision) not in given:
                self._differ(position, f"{alert_id} revision {revision}", "published", "-")
        self._compare_internals(fold.book.state())

    def _records(self, reader: Connection, after: int) -> Iterator[tuple[int, Record]]:
        lines = Journal(reader).after(after, min(after + _BURST, self.folded))
        for position, line in lines:
            yield position, read_own(line, self._first.study, position)

    def _compare(self, alert: Alert, book: BookFile) -> None:
        what, fresh = f"{alert.alert_id} revision {alert.revision}", row_of(alert)
        found = book.row(alert.alert_id, alert.revision)
        if found is None:
            self._differ(fresh.position, what, "-", "published")
            return
        place, stored = found
        if place < self._place:
            self._differ(fresh.position, what, f"published as {place}", f"after {self._place}")
        self._place = place
        if stored != fresh:
            parts = (_parts(stored.alert), _parts(fresh.alert))
            for name in dict.fromkeys((*parts[0], *parts[1])):
                was, now = (part.get(name, "-") for part in parts)
                if was != now:
                    self._differ(fresh.position, f"{what}, {name}", was, now)
            if stored[2:4] != fresh[2:4]:
                self._differ(fresh.position, f"{what}, step", str(stored[2:4]), str(fresh[2:4]))

    def _compare_internals(self, fresh: dict[str, dict[str, Any]]) -> None:
        for name in dict.fromkeys((*self._internals, *fresh)):
            was, now = (_plain(kept.get(name)) for kept in (self._internals, fresh))
            if was != now:
                self._differ(0, f"{name}, what the book keeps", was, now)

    def _differ(self, position: int, what: str, stored: str, afresh: str) -> None:
        self.differences.append(Difference(position, what, stored, afresh))


def _plain(kept: dict[str, Any] | None) -> str:
    return "-" if kept is None else json.dumps(kept, ensure_ascii=False, sort_keys=True)


def _parts(text: str) -> dict[str, str]:
    """The parts of a stored alert; a text that is no JSON is one part."""
    try:
        alert = json.loads(text)
    except ValueError:
        return {"text": text}
    if not isinstance(alert, dict):
        return {"text": text}
    return {name: json.dumps(value, ensure_ascii=False) for name, value in alert.items()}


def in_words(one: Difference) -> str:
    """A difference on one line, long values cut."""
    stored, afresh = (_cut(text) for text in (one.stored, one.afresh))
    at = f"position {one.position}: " if one.position else ""
    return f"{at}{one.what}: stored {stored}, afresh {afresh}"


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
