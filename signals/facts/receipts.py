"""When the sponsor held what a version says: day 0 and the clocks rest on it (DOMAIN 1.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from signals.events import Record

MISSING = "no receipt by the sponsor is recorded: the entry at the source is taken for it"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The instant, and whether a record states it."""

    at: datetime
    stated: bool


def receipt(record: Record) -> Receipt:
    """Receipt by the sponsor or a delegate; else the entry at the source, else the arrival.

    Of a receipt known only by its day the first instant counts: the clock must not start late.
    """
    stated = getattr(record.data, "received_by_sponsor_at", None)
    if stated is not None:
        return Receipt(stated.earliest, stated=True)
    return Receipt(record.recorded_at or record.arrival, stated=False)
