"""Where an adverse event lies after the infusions, and the sets of terms it is in (DOMAIN 5.1, 5.2).

It belongs to the nearest infusion before its onset.  Windows in hours run from the end of that
infusion and are exact, windows in days are calendar days from the day of its start (D2).  An onset
known only by its date counts, on the day of an infusion, as after it if it may be (D17).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from signals.chart.chart import Mark
from signals.chart.timeline import happened
from signals.chart.view import View
from signals.events import Record
from signals.facts.exposure import PROVISIONAL, Exposure, ended, started
from signals.facts.fields import number, yes_no
from signals.facts.infusion_reactions import SAME_DAY, is_listed, names_of
from signals.facts.kind import Context, Key, RecordChange
from signals.facts.onset import onset
from signals.facts.refs import ref, refs
from signals.facts.spans import Instants
from signals.facts.told import versions_of
from signals.facts.value import (
    ANY_ORDERED,
    NO,
    YES,
    YES_OR_NO,
    Coded,
    Ordered,
    Ref,
    Value,
    flag,
    resting,
)
from signals.facts.vital_reading import signs
from signals.immutable import immutable
from signals.study.model import Study

_DYSPNEA, _HYPOXIA = "dyspnea", "hypoxia"
_NEAR = timedelta(hours=24)
_LOW_SATURATION = Decimal(90)
_SECONDS_PER_HOUR = Decimal(3600)
_SETS = {
    "bleeding_term": "bleeding",
    "bleeding_in_dangerous_place": "bleeding_dangerous_place",
    "delayed_reaction_term": "delayed_reaction",
    "embolic_term": "embolic",
}
_SERUM_SICKNESS = frozenset({"serum sickness"})
_IS_DYSPNEA = "is dyspnoea"

PLACE_FIELDS = (
    yes_no("after_infusion", "It began after the start of an infusion", "DOMAIN 5.2, D17"),
    number(
        "hours_after_infusion_end",
        "h",
        "From the end of the nearest infusion before it to its onset",
        "DOMAIN 5.2, D2",
    ),
    number(
        "days_after_infusion",
        "d",
        "Calendar days from the day of the start of that infusion to its onset",
        "DOMAIN 5.2, D2",
    ),
)
"""Of anything that begins: where it lies after the infusions."""

FIELDS = (
    yes_no("bleeding_term", "Its term is in the list bleeding", "DOMAIN 5.1"),
    yes_no(
        "bleeding_in_dangerous_place", "Its term is in bleeding_dangerous_place", "RULES.csv BLD-01"
    ),
    yes_no("delayed_reaction_term", "Its term is in the list delayed_reaction", "DOMAIN 5.1"),
    yes_no("serum_sickness_term", "Its term is serum sickness", "CTCAE v5.0; DOMAIN 5.2"),
    yes_no("embolic_term", "Its term is in the list embolic", "DOMAIN 5.1"),
    yes_no(
        "dyspnea_low_oxygen",
        "It is dyspnoea, and within 24 h of its onset hypoxia began or a saturation below 90 % "
        "was read",
        "RULES.csv IRR-10",
    ),
    yes_no("onset_hour_known", "The hour of its onset is recorded", "RULES.csv IRR-10"),
    *PLACE_FIELDS,
)


def _names_dyspnea(record: Record) -> bool:
    return is_listed(record.data, {_DYSPNEA})


MARKS = {_IS_DYSPNEA: Mark(frozenset({"adverse-event"}), _names_dyspnea)}
"""Which adverse events were ever dyspnoea: a reading of the saturation concerns these alone."""


def values_after_infusion(
    record: Record, began: Instants, exposed: Exposure, view: View, study: Study
) -> dict[str, Value]:
    """All fields of this module."""
    data, own, names = record.data, ref(record), names_of(record.data)
    by_term: dict[str, Value] = {
        name: in_list(names, study.terms.get(listed, frozenset())) for name, listed in _SETS.items()
    }
    by_term["serum_sickness_term"] = in_list(names, _SERUM_SICKNESS)
    by_term["onset_hour_known"] = flag(data.onset is not None and data.onset.is_instant)
    low_oxygen, near = _low_oxygen(record, began, view)
    return {
        **resting(by_term, own),
        "dyspnea_low_oxygen": low_oxygen.resting_on(own, *refs(near)),
        **placed_after_infusions(record, began, exposed),
    }


def in_list(names: set[str], terms: frozenset[str]) -> Coded:
    """Whether an event is in a list, by any of its terms; without one it may be."""
    return flag(not names.isdisjoint(terms)) if names else YES_OR_NO


# ------------------------------------------------------------------ the infusion before it


@immutable(frozen=True, slots=True)
class _Before:
    """An infusion that surely or possibly began before the onset."""

    record: Record
    start: Instants
    end: Instants
    end_recorded: bool
    surely: bool
    by_day: bool


def placed_after_infusions(record: Record, began: Instants, exposed: Exposure) -> dict[str, Value]:
    """The values of ``PLACE_FIELDS`` for a record of something that began so."""
    if record.subject_id is None:
        unknown: dict[str, Value] = {
            "after_infusion": YES_OR_NO,
            "hours_after_infusion_end": ANY_ORDERED,
            "days_after_infusion": ANY_ORDERED,
        }
        return resting(unknown, ref(record))
    before = list(_before(began, exposed))
    nearest = [each for each in before if not _is_followed(each, before)]
    after = YES if any(each.surely for each in before) else YES_OR_NO if before else NO
    by_day = (SAME_DAY,) if any(each.by_day for each in nearest) else ()
    provisional = () if all(each.end_recorded for each in nearest) else (PROVISIONAL,)
    own: tuple[Ref, ...] = (ref(record), *refs([each.record for each in nearest]))
    return {
        "after_infusion": after.resting_on(*own).assuming(*by_day),
        "hours_after_infusion_end": _hours(began, nearest).resting_on(*own).assuming(*provisional),
        "days_after_infusion": _days(began, nearest).resting_on(*own),
    }


def _before(began: Instants, exposed: Exposure) -> Iterator[_Before]:
    for infusion in exposed.given:
        start = started(infusion)
        if began.high is not None and start.low is not None and began.high < start.low:
            continue
        exact = began.low is not None and start.high is not None and began.low >= start.high
        by_day = not exact and _same_day(began, start)
        end, recorded = ended(infusion)
        yield _Before(infusion, start, end, recorded, exact or by_day, by_day)


def _same_day(began: Instants, start: Instants) -> bool:
    if began.low is None or start.low is None:
        return False
    own, other = began.days, start.days
    return own.low == own.high == other.low == other.high


def _is_followed(infusion: _Before, before: list[_Before]) -> bool:
    """Whether another infusion before the onset surely came later."""
    begun = infusion.start.high
    return any(
        each.surely and begun is not None and each.start.low is not None and each.start.low > begun
        for each in before
    )


def _hours(began: Instants, nearest: list[_Before]) -> Ordered:
    lows = [_gap(each.end.high, _not_before(began.low, each.start.low)) for each in nearest]
    highs = [_gap(each.end.low, began.high) for each in nearest]
    return Ordered(low=_least(lows), high=_most(highs))


def _gap(start: datetime | None, end: datetime | None) -> Decimal | None:
    if start is None or end is None:
        return None
    return Decimal(int((end - start).total_seconds())) / _SECONDS_PER_HOUR


def _days(began: Instants, nearest: list[_Before]) -> Ordered:
    lows, highs = [], []
    for each in nearest:
        first = _not_before(began.low, each.start.low)
        lows.append(_calendar_days(each.start.high, first))
        highs.append(_calendar_days(each.start.low, began.high))
    return Ordered(low=_least(lows), high=_most(highs))


def _calendar_days(start: datetime | None, end: datetime | None) -> Decimal | None:
    if start is None or end is None:
        return None
    return Decimal((end.date() - start.date()).days)


def _not_before(onset_: datetime | None, start: datetime | None) -> datetime | None:
    """The earliest onset that is after the start of the infusion."""
    return start if onset_ is None or (start is not None and onset_ < start) else onset_


def _least(bounds: list[Decimal | None]) -> Decimal | None:
    known = [each for each in bounds if each is not None]
    return min(known) if known and len(known) == len(bounds) else None


def _most(bounds: list[Decimal | None]) -> Decimal | None:
    known = [each for each in bounds if each is not None]
    return max(known) if known and len(known) == len(bounds) else None


# ------------------------------------------------------------------ dyspnoea with low oxygen


def _low_oxygen(record: Record, began: Instants, view: View) -> tuple[Coded, list[Record]]:
    names = names_of(record.data)
    if names and _DYSPNEA not in names:
        return NO, []
    if not names or began.low is None or began.high is None:
        return YES_OR_NO, []
    first, last = began.low - _NEAR, began.high + _NEAR
    found: list[tuple[Record, bool]] = []
    for reading in view.of_person_within("vital-signs", record.subject_id, first, last):
        is_low, close = _is_low(reading), near(began, when_of(reading))
        if is_low is not None and close is not None:
            found.append((reading, is_low and close))
    for event in view.of_person_within("adverse-event", record.subject_id, first, last):
        if is_listed(event.data, {_HYPOXIA}):
            close = near(began, onset_of(event, view))
            if close is not None:
                found.append((event, close))
    answer = YES if any(sure for _, sure in found) else YES_OR_NO if found else NO
    return answer, [each for each, _ in found]


def _is_low(reading: Record) -> bool | None:
    """True below 90 %, False possibly, None not below or not read."""
    bounds = signs(reading).saturation
    if bounds is None:
        return None
    low, high = bounds
    if high is not None and high < _LOW_SATURATION:
        return True
    return None if low is not None and low >= _LOW_SATURATION else False


def when_of(reading: Record) -> Instants:
    """When it happened; without a date no later than it was recorded."""
    when = happened(reading)
    if when is None:
        return Instants(None, reading.recorded_at or reading.arrival)
    return Instants(when.earliest, when.latest)


def onset_of(event: Record, view: View) -> Instants:
    """When an adverse event began, as far as known."""
    return onset(event, versions_of(view, event.subject_id, event.record_id))


def near(began: Instants, other: Instants) -> bool | None:
    """True surely within 24 hours of each other, False possibly, None surely not."""
    if began.low is None or began.high is None or other.high is None:
        return False
    if other.high < began.low - _NEAR or (other.low and other.low > began.high + _NEAR):
        return None
    return other.low is not None and (
        other.high - began.low <= _NEAR and began.high - other.low <= _NEAR
    )


def concerned_dyspnea(change: RecordChange, ctx: Context) -> list[Key]:
    """The events of the person, ever recorded as dyspnoea, near which the changed record lies.

    Any other adverse event concerns them all: it may be the hypoxia, or have been.
    """
    return [
        key[1:]
        for number_ in change.person
        for key in ctx.chart.marked(_IS_DYSPNEA, number_)
        if change.kind == "adverse-event" or _may_be_near(key[2], number_, change, ctx)
    ]


def _may_be_near(record_id: str, subject: str | None, change: RecordChange, ctx: Context) -> bool:
    event = ctx.view.current("adverse-event", subject, record_id)
    if event is None:
        return False
    began = onset_of(event, ctx.view)
    return any(near(began, when_of(each)) is not None for each in change.versions)
