"""One service a folder: two that fold the same journal would publish everything twice."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

_LOCK_NAME = "running.lock"


class InUseError(Exception):
    """Another service runs on the folder."""


def only_one(data: Path) -> sqlite3.Connection:
    """Claim the folder until the connection is closed or the process ends, however it ends.

    Raises:
        InUseError: another service has it.
    """
    data.mkdir(parents=True, exist_ok=True)
    claim = sqlite3.connect(
        data / _LOCK_NAME, timeout=0, isolation_level=None, check_same_thread=False
    )
    try:
        claim.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError:
        claim.close()
        raise InUseError(
            f"{data}: another 'signals run' works on this folder; stop it first, or give another --data"
        ) from None
    return claim


def is_claimed(data: Path) -> bool:
    """Whether a service runs on the folder; looks only, and claims nothing."""
    lock = (data / _LOCK_NAME).resolve()
    try:
        with closing(sqlite3.connect(f"{lock.as_uri()}?mode=ro", timeout=0, uri=True)) as look:
            look.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode == sqlite3.SQLITE_BUSY
    return False
