"""What must be right in the folder of a service: its journal, whole and readable."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias
from zoneinfo import ZoneInfo

from signals.events import Rejection, read_event
from signals.runtime.book_file import BookFile
from signals.runtime.checkup.finding import Finding, bad, fine
from signals.runtime.embedded.alone import is_claimed
from signals.runtime.journal import Heading, Journal, heading
from signals.runtime.schema import reading

Row: TypeAlias = tuple[int, Heading, bytes]
Counting: TypeAlias = Callable[[int, Iterable[Row]], Iterable[Row]]
"""Shows how far it has come: how many rows there are, and the rows."""

_NAME = "journal"
_RESTORE = (
    "keep a copy of the folder, and restore the last backup in which the doctor finds nothing"
)
_GUARDS = {"journal_keeps", "journal_stays"}
_SHOWN = 5


def running(data: Path) -> bool:
    """Whether a service runs on the folder."""
    return is_claimed(data)


def examine(data: Path, zone: ZoneInfo, counting: Counting) -> list[Finding]:
    """Look through the file of a folder, without changing it."""
    try:
        with reading(data) as reader:
            return [_file(reader), _journal(reader, zone, counting), _book(reader)]
    except sqlite3.Error as error:
        mend = "name the folder of a service that ran ('signals run --data'), or restore its backup"
        return [bad(_NAME, f"{data}: its file cannot be read: {error}", mend)]


def _file(reader: sqlite3.Connection) -> Finding:
    (told,) = reader.execute("PRAGMA quick_check(1)").fetchone()
    if told != "ok":
        return bad("file", f"it is damaged: {told}", _RESTORE)
    found = {name for (name,) in reader.execute("SELECT name FROM sqlite_master")}
    if missing := _GUARDS - found:
        told = f"{', '.join(sorted(missing))} is gone: the journal could be changed"
        return bad("file", told, "start the service once: it puts the guard back; then verify")
    return fine("file", "it is whole, and its journal can only grow")


def _journal(reader: sqlite3.Connection, zone: ZoneInfo, counting: Counting) -> Finding:
    journal = Journal(reader)
    (count,) = reader.execute("SELECT count(*) FROM journal").fetchone()
    wrong = [
        f"position {position}: {why}"
        for position, why in _faults(counting(count, journal.headed()), zone)
    ]
    if wrong:
        more = f"; and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
        return bad(_NAME, "; ".join(wrong[:_SHOWN]) + more, _RESTORE)
    _, last = journal.last()
    if last is not None and last > datetime.now(UTC):
        told = f"its last record arrived at {last.isoformat(' ', 'seconds')}, which is yet to come"
        mend = "set the clock: until then every record arrives at that time"
        return bad(_NAME, told, mend)
    return fine(_NAME, f"{count} records, without holes, each as its hash says")


def _faults(rows: Iterable[Row], zone: ZoneInfo) -> Iterator[tuple[int, str]]:
    expected, last = 1, ""
    for position, beside, line in rows:
        if position != expected:
            yield expected, f"the records up to {position - 1} are gone"
        expected = position + 1
        if why := _fault(beside, line, zone):
            yield position, why
            continue
        if last and datetime.fromisoformat(beside.ingested_at) < datetime.fromisoformat(last):
            yield position, "it arrived before the one before it"
        last = beside.ingested_at


def _fault(beside: Heading, line: bytes, zone: ZoneInfo) -> str:
    read = read_event(line, zone=zone, trusted=True)
    if isinstance(read, Rejection):
        return f"it cannot be read: {read.reasons[0].message}"
    if read.ingested_at is None:
        return "it has no arrival"
    if read.content != beside.content:
        return "its content is not what its hash says"
    found = heading(read)
    differ = [name for name in Heading._fields if not _same(name, found, beside)]
    return f"{', '.join(differ)} is not as in its line" if differ else ""


def _same(name: str, one: Heading, other: Heading) -> bool:
    if name == "ingested_at":  # the line tells it in UTC, the heading in the zone of the study
        return _instant(one.ingested_at) == _instant(other.ingested_at)
    return bool(getattr(one, name) == getattr(other, name))


def _instant(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _book(reader: sqlite3.Connection) -> Finding:
    folded, last = BookFile(reader).position(), Journal(reader).last()[0]
    if folded > last:
        told = f"it is folded to position {folded}, and the journal ends at {last}"
        return bad("book", told, _RESTORE)
    waiting = f", {last - folded} records wait" if folded < last else ""
    return fine("book", f"folded to position {folded}{waiting}")
