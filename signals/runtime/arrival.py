"""When a record arrives (EVENTS, "Arrival time").

Live, a record arrives when the service's clock says so.  Under the journal's clock (a replay, the
demo, tests) it arrives at its ``ingested_at`` if it has one, else at ``recorded_at``.  Arrival
never runs backwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from itertools import accumulate
from typing import TypeAlias
from zoneinfo import ZoneInfo

from signals.events import Record

Stamp: TypeAlias = Callable[[Record, datetime | None], datetime]

NO_TIME_AT_ALL = datetime(1970, 1, 1, tzinfo=UTC)


def wall_clock(zone: ZoneInfo) -> Stamp:
    """The service's clock in the zone of the study; it stands still where the machine's goes back."""

    def stamp(_record: Record, last: datetime | None) -> datetime:
        now = datetime.now(zone)
        return now if last is None else max(now, last)

    return stamp


def journal_clock(record: Record, last: datetime | None) -> datetime:
    """The arrival that the record itself tells; without any it comes with the one before it."""
    told = _told(record) or last or NO_TIME_AT_ALL
    return told if last is None else max(told, last)


def in_order(files: Iterable[list[Record]]) -> list[Record]:
    """The records of all files by arrival, each stamped; ties stay in file order.

    A file in which every record has its ``ingested_at`` is a journal and keeps its own order.
    """
    told = [pair for records in files for pair in _arrivals(records)]
    told.sort(key=lambda pair: pair[0])
    return [_stamped(record, when) for when, record in told]


def _arrivals(records: list[Record]) -> list[tuple[datetime, Record]]:
    if all(record.ingested_at for record in records):
        whens = accumulate((_told(r) or NO_TIME_AT_ALL for r in records), max)
        return list(zip(whens, records, strict=True))
    known = (when for record in records if (when := _told(record)))
    last = next(known, NO_TIME_AT_ALL)
    pairs = []
    for record in records:
        last = _told(record) or last
        pairs.append((last, record))
    return pairs


def _told(record: Record) -> datetime | None:
    return record.ingested_at or record.recorded_at


def _stamped(record: Record, when: datetime) -> Record:
    if record.ingested_at is not None:
        return record
    return record.arrived(when, backfill=record.backfill)
