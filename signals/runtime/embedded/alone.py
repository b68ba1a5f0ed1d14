"""One service a folder: two that fold the same journal would publish everything twice."""

from __future__ import annotations

import sqlite3
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
