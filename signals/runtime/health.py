"""Whether the service lives and may be relied on, each with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

SLOW_SECONDS = 60.0


class Check(NamedTuple):
    """One thing that was looked at."""

    name: str
    fine: bool
    says: str


@dataclass(frozen=True, slots=True)
class Condition:
    """What the service knows of itself at an instant.

    ``failure``: why folding stopped, if it did.  ``behind``: records not yet folded, the oldest
    of them waiting ``waiting`` seconds.  ``overdue``: seconds since a wake that has not come.
    """

    folding: bool
    failure: str | None
    writable: str | None
    journal_position: int
    behind: int
    waiting: float
    overdue: float


def alive(now: Condition) -> list[Check]:
    """What must hold, or the process is to be looked at: restarting alone may not help."""
    if now.failure is not None:
        folding = Check("folding", False, now.failure)
    elif not now.folding:
        folding = Check("folding", False, "the thread that folds has ended; restart the service")
    else:
        folding = Check("folding", True, "the journal is being folded")
    file = Check("file", now.writable is None, now.writable or "the file can be written")
    return [folding, file]


def ready(now: Condition) -> list[Check]:
    """What must hold for its alerts to be up to date."""
    return [*alive(now), _folded(now), _wakes(now)]


def _folded(now: Condition) -> Check:
    if now.behind == 0:
        return Check("up to date", True, f"folded up to position {now.journal_position}")
    says = f"{now.behind} records are not folded yet, the oldest waits {now.waiting:.0f} s"
    return Check("up to date", now.waiting < SLOW_SECONDS, says)


def _wakes(now: Condition) -> Check:
    if now.overdue < SLOW_SECONDS:
        return Check("wakes", True, "no wake is overdue")
    return Check("wakes", False, f"a wake is overdue by {now.overdue:.0f} s")
