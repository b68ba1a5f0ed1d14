"""What a subject was given: the UC-MSC infusions, first and last, and those still planned.

An infusion counts as given with any volume (DOMAIN 1.6, EC-020), under whichever of the person's
subject numbers it was recorded.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from signals.chart.view import View
from signals.events import Record
from signals.facts.lab_values import KEPT
from signals.facts.refs import ref
from signals.facts.spans import Days, Instants, earliest, known, latest
from signals.facts.value import Ref
from signals.immutable import immutable

_GIVEN = {"IN_PROGRESS", "COMPLETED", "STOPPED_EARLY"}
_NOT_GIVEN = {"PLANNED", "NOT_DONE", "CANCELLED"}
_USUAL_LENGTH = timedelta(hours=4)

PROVISIONAL = "the end is not recorded: taken from the planned length"
"""What is said of a value that rests on such an end."""


@immutable(frozen=True, slots=True, eq=False)
class Exposure:
    """The infusions of a person in one view; of the same records one is kept, equal to itself only.

    ``first`` and ``last`` are the starts of the first and the last infusion given (None: none
    given); ``planned`` the latest day for which one is still planned, with ``still_planned`` for a
    plan whose day cannot be read.
    """

    given: tuple[Record, ...]
    first: Instants | None
    last: Instants | None
    still_planned: bool
    planned: date | None
    records: tuple[Ref, ...]


def is_given(infusion: Record) -> bool:
    """Whether any of the product went in: a start, or a status that says so, and some volume.

    A status that cannot be read does not undo a start (unknown is never no).
    """
    data = infusion.data
    if data.status in _NOT_GIVEN:
        return False
    if data.status == "STOPPED_EARLY" and data.volume_mL is not None:
        return not (data.volume_mL.comparator == "" and data.volume_mL.value == Decimal(0))
    return data.start is not None or data.status in _GIVEN


@lru_cache(maxsize=KEPT)
def started(infusion: Record) -> Instants:
    """When an infusion given began, as far as known."""
    start = infusion.data.start
    if start is None:
        return Instants(None, infusion.recorded_at or infusion.arrival)
    return Instants(start.earliest, start.latest)


@lru_cache(maxsize=KEPT)
def ended(infusion: Record) -> tuple[Instants, bool]:
    """When it ended, and whether that was recorded.

    Without a record: start + planned_minutes, else start + 4 h (EC-023).
    """
    data = infusion.data
    if data.end is not None:
        return Instants(data.end.earliest, data.end.latest), True
    begin = started(infusion)
    length = _USUAL_LENGTH
    if data.planned_minutes is not None:
        length = timedelta(minutes=data.planned_minutes)
    return Instants(begin.low and begin.low + length, begin.high and begin.high + length), False


def exposure(view: View, subject: str | None) -> Exposure:
    """The infusions of the person behind a subject's number."""
    return view.kept(
        ("exposure", subject), subject, ("infusion",), lambda: _exposure(view, subject)
    )


def _exposure(view: View, subject: str | None) -> Exposure:
    return _of(tuple(view.of_person("infusion", subject)) if subject is not None else ())


@lru_cache(maxsize=KEPT)
def _of(infusions: tuple[Record, ...]) -> Exposure:
    given = tuple(record for record in infusions if is_given(record))
    plans = [record for record in infusions if record.data.status == "PLANNED"]
    starts = [started(record) for record in given]
    return Exposure(
        given=given,
        first=_first(starts),
        last=_last(starts),
        still_planned=bool(plans),
        planned=_latest_plan(plans),
        records=tuple(ref(record) for record in (*given, *plans)),
    )


def _first(starts: list[Instants]) -> Instants | None:
    if not starts:
        return None
    highs = known([start.high for start in starts])
    return Instants(earliest([start.low for start in starts]), min(highs) if highs else None)


def _last(starts: list[Instants]) -> Instants | None:
    if not starts:
        return None
    lows = known([start.low for start in starts])
    return Instants(max(lows) if lows else None, latest([start.high for start in starts]))


def _latest_plan(plans: list[Record]) -> date | None:
    days: list[datetime | None] = [
        plan.data.planned_at.latest if plan.data.planned_at else None for plan in plans
    ]
    newest = latest(days)
    return newest and newest.date()


def days_of_last(exposed: Exposure) -> Days | None:
    """The local days on which the last infusion may have been given."""
    return exposed.last.days if exposed.last else None
