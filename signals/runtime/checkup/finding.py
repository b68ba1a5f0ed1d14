"""What the doctor says of one thing."""

from __future__ import annotations

from typing import NamedTuple


class Finding(NamedTuple):
    """One thing that was looked at; ``mend``: what to do, empty if it is fine."""

    name: str
    fine: bool
    says: str
    mend: str = ""


def fine(name: str, says: str) -> Finding:
    """Nothing to do."""
    return Finding(name, True, says)


def bad(name: str, says: str, mend: str) -> Finding:
    """Something to mend."""
    return Finding(name, False, says, mend)
