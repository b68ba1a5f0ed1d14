"""How seldom Python's collector of cycles walks what a fold keeps (docs/decisions/0032-speed.md)."""

from __future__ import annotations

import gc

_YOUNG = 50_000
_YOUNG_A_WALK = 20
_WALKS_OF_ALL = 10


def collect_seldom() -> None:
    """Let the collector of this process look after every 50,000 new objects, not every 700.

    Nearly all that a fold makes stays, and none of it is cyclic: counting references frees the
    rest. What servers and clients leave in cycles still goes, some megabytes later.
    """
    gc.set_threshold(_YOUNG, _YOUNG_A_WALK, _WALKS_OF_ALL)
