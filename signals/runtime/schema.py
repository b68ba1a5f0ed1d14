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
  alert TEXT NOT NULL,
  UNIQUE (alert_id, revision)
) STRICT;
CREATE TABLE IF NOT EXISTS folded (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  position INTEGER NOT NULL
) STRICT;
"""


def open_file(data: Path) -> sqlite3.Connection:
    """Open (or make) the file of the folder ``data``; the connection may be used by one thread at a time.

    Raises:
        sqlite3.Error: the folder cannot be written, or holds another kind of file.
    """
    data.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(
        data / FILE_NAME, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.executescript(_JOURNAL + _BOOK)
    return connection


def drop_book(connection: sqlite3.Connection) -> None:
    """Forget the book; it is folded again from the journal."""
    with transaction(connection):
        for table in ("book", "revision", "folded"):
            connection.execute(f"DELETE FROM {table}")  # noqa: S608 - three names written here


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing; takes the right to write at once, so that what is read inside stays true."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
