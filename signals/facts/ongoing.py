"""Whether an adverse event goes on."""

from __future__ import annotations

from signals.events import Record

_OVER = frozenset({"RECOVERED/RESOLVED", "RECOVERED/RESOLVED WITH SEQUELAE", "FATAL"})


def goes_on(event: Record) -> bool:
    """Without an end, and not said to be over (SDTM AEENDTC, AEENRTPT, AEOUT)."""
    data = event.data
    return data.end is None and data.outcome not in _OVER and data.ongoing is not False
