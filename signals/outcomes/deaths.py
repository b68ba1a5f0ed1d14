"""The day of a death for time-to-event tables (EC-079, EC-082, EC-083; registered outcome 20).

A date known in part, or not stated, is the day after the subject was last known alive, within what
is known of it.  Alive, or examined, after the latest possible day of death is a contradiction: the death stands,
but it has no day until somebody resolves it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from signals.chart.view import View
from signals.events import PartialDate, Record
from signals.facts.contacts import contact_after
from signals.facts.deaths import telling
from signals.facts.onset import onset
from signals.facts.receipts import receipt
from signals.facts.refs import refs
from signals.facts.told import versions_of
from signals.facts.value import Ref

IMPUTED = "date of death imputed: the day after last known alive"
CONTRADICTORY = "date of death before a later contact alive: held until resolved"
_LAST_SECOND = time(23, 59, 59)
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Death:
    """A death on ``day`` (None: contradictory), surely from ``earliest`` to ``latest``."""

    day: date | None
    earliest: date | None
    latest: date
    flags: tuple[str, ...]
    records: tuple[Ref, ...]


def death_of(view: View, subject: str, contact: date | None, zone: ZoneInfo) -> Death | None:
    """The death of a person, or None while no record implies one; ``contact``: last observed."""
    records = telling(view, subject)
    if not records:
        return None
    earliest, latest = _span(view, records)
    alive = _last_known_alive(view, subject)
    examined = contact_after(view, subject, datetime.combine(latest, _LAST_SECOND, zone))
    if examined or (alive is not None and alive > latest):
        return Death(None, earliest, latest, (CONTRADICTORY,), refs(records))
    if earliest == latest:
        return Death(latest, earliest, latest, (), refs(records))
    after = contact + _ONE_DAY if contact is not None else (earliest or latest)
    day = min(max(after, earliest or after), latest)
    return Death(day, earliest, latest, (IMPUTED,), refs(records))


def _span(view: View, records: list[Record]) -> tuple[date | None, date]:
    """The earliest and latest possible day; a stated date of death goes before anything else."""
    stated = [
        each.data.death_date
        for each in records
        if each.kind == "subject-status" and each.data.death_date is not None
    ]
    if stated:
        return min(each.first_day for each in stated), max(each.last_day for each in stated)
    spans = [_by_record(view, each) for each in records]
    lows = [low for low, _ in spans if low is not None]
    return max(lows, default=None), max([min(high for _, high in spans), *lows])


def _by_record(view: View, record: Record) -> tuple[date | None, date]:
    """A fatal event: from its onset to its end or receipt; a status: to its day or receipt."""
    known = receipt(record).at.date()
    if record.kind == "adverse-event":
        began = onset(record, versions_of(view, record.subject_id, record.record_id)).days.low
        end: PartialDate | None = record.data.end
    else:
        began, end = None, record.data.at
    return began, min(known, end.last_day) if end is not None else known


def _last_known_alive(view: View, subject: str) -> date | None:
    dates = [
        alive.first_day
        for each in view.of_person("subject-status", subject)
        for alive in (
            each.data.last_known_alive,
            each.data.at if each.data.status == "ACTIVE" else None,
        )
        if alive is not None
    ]
    return max(dates, default=None)
