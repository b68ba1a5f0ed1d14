"""The one SQLite file of a study: its journal, what was rejected, and the book.

Every commit is on the disk before it returns (WAL, ``synchronous=FULL``): what was acknowledged
survives the loss of power.  The journal is append-only, which the file itself enforces; the book
can be dropped at any time, since it follows from the journal.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock

FILE_NAME = "signals.sqlite"
_BUSY_SECONDS = 30.0

_JOURNAL = """
CREATE TABLE IF NOT EXISTS journal (
  position INTEGER PRIMARY KEY,
  event_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  record_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  content TEXT NOT NULL,
  conflict INTEGER NOT NULL,
  ingested_at TEXT NOT NULL,
  event BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS journal_event ON journal (event_id);
CREATE INDEX IF NOT EXISTS journal_version ON journal (kind, subject_id, record_id, version);
CREATE TRIGGER IF NOT EXISTS journal_keeps BEFORE UPDATE ON journal
  BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER IF NOT EXISTS journal_stays BEFORE DELETE ON journal
  BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TABLE IF NOT EXISTS rejected (
  id INTEGER PRIMARY KEY,
  fingerprint TEXT NOT NULL UNIQUE,
  place TEXT NOT NULL,
  first_seen TEXT NOT NULL,
  tries INTEGER NOT NULL,
  reasons TEXT NOT NULL,
  backfill TEXT,
  raw BLOB NOT NULL,
  replayed_as INTEGER
) STRICT;
"""

_FORGET = ("DELETE FROM book", "DELETE FROM revision", "DELETE FROM folded")
_BOOK = """
CREATE TABLE IF NOT EXISTS book (
  alert_id TEXT PRIMARY KEY,
  internals TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS revision (
  seq INTEGER PRIMARY KEY,
  alert_id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  position INTEGER NOT NULL,
  changed_at TEXT NOT NULL,
  alert TEXT NOT NULL,
  UNIQUE (alert_id, revision)
) STRICT;
CREATE TABLE IF NOT EXISTS folded (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  position INTEGER NOT NULL
) STRICT;
"""


class Store:
    """The file of a study, opened for writing by one service or command.

    Everything is written through one connection, a transaction at a time; who reads opens the
    file for itself (``reader``) and sees what is committed.
    """

    def __init__(self, data: Path) -> None:
        """Open the file of the folder ``data``, or make it.

        Raises:
            sqlite3.Error: the folder cannot be written, or holds another kind of file.
        """
        data.mkdir(parents=True, exist_ok=True)
        self.folder = data
        self._file = data / FILE_NAME
        self._lock = RLock()
        self.connection = _connect(self._file)
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.execute("PRAGMA synchronous = FULL")
        self.connection.executescript(_JOURNAL + _BOOK)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; takes the right to write at once, so what is read inside stays true."""
        with self._lock:
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self.connection.execute("ROLLBACK")
                raise
            self.connection.execute("COMMIT")

    @contextmanager
    def reader(self) -> Iterator[sqlite3.Connection]:
        """A connection that reads, all at one instant, what is committed."""
        connection = _connect(self._file)
        try:
            connection.execute("BEGIN")
            yield connection
        finally:
            connection.close()

    def drop_book(self) -> None:
        """Forget the book; it is folded again from the journal."""
        with self.transaction():
            for statement in _FORGET:
                self.connection.execute(statement)

    def close(self) -> None:
        """Close the file; nothing is left to be written."""
        with self._lock:
            self.connection.close()


@contextmanager
def reading(data: Path) -> Iterator[sqlite3.Connection]:
    """A connection to the file of a folder that can only read, all at one instant.

    A service may run on the folder meanwhile: it is neither changed nor held up.

    Raises:
        sqlite3.Error: there is no such file, or it cannot be read.
    """
    file = (data / FILE_NAME).resolve()
    connection = sqlite3.connect(
        f"{file.as_uri()}?mode=ro", uri=True, timeout=_BUSY_SECONDS, isolation_level=None
    )
    try:
        connection.execute("BEGIN")
        yield connection
    finally:
        connection.close()


def _connect(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(
        file, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
