"""Vital signs around an infusion (DOMAIN 5.3).

Baseline: the last value within 60 minutes before the start, else within 4 hours, and that is said.
A reading whose time is not exact may lie inside or outside; then the extreme is not exact either.
Temperatures are compared as read; a rise over a baseline taken by another route is not known.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from signals.chart.timeline import happened
from signals.chart.view import View
from signals.events import Measured, Record
from signals.events.units import NotConverted, celsius
from signals.facts.refs import refs
from signals.facts.spans import Instants
from signals.facts.value import ANY_ORDERED, NO, YES, YES_OR_NO, Coded, Ordered, Ref

BEFORE, BEFORE_AT_MOST = timedelta(minutes=60), timedelta(hours=4)
_SUPPORT = ("ROOM_AIR", "NASAL_CANNULA", "MASK", "HIGH_FLOW", "NIV", "VENTILATED")
_EARLY = "the baseline was read more than 60 minutes before the infusion"
_ROOM_AIR = "the usual oxygen is not recorded: room air is assumed"

Bounds = tuple[Decimal | None, Decimal | None]
Reads = Callable[[Record], Bounds | None]


def _measured(value: Measured | None) -> Bounds | None:
    if value is None:
        return None
    low, _, high, _ = value.bounds()
    return low, high


def temperature(record: Record) -> Bounds | None:
    """Degrees Celsius as read, whatever the route."""
    reading = record.data.temperature
    if reading is None or reading.value is None:
        return None
    read = celsius(reading.value.value, reading.unit)
    if isinstance(read, NotConverted):
        return None
    exact = Measured(reading.value.comparator, read)
    return _measured(exact)


def systolic(record: Record) -> Bounds | None:
    """Systolic pressure, mmHg."""
    return _measured(record.data.systolic_mmHg)


def saturation(record: Record) -> Bounds | None:
    """Oxygen saturation, %."""
    return _measured(record.data.spo2_pct)


@dataclass(frozen=True, slots=True)
class Placed:
    """A record, and whether it surely happened within the window."""

    record: Record
    surely: bool


def placed_within(records: list[Record], start: Instants, end: Instants) -> list[Placed]:
    """The records that surely or possibly happened from ``start`` to ``end``, both included."""
    found = []
    for record in records:
        when = happened(record)
        first = when.earliest if when else None
        last = when.latest if when else (record.recorded_at or record.arrival)
        too_early = start.low is not None and last < start.low
        too_late = end.high is not None and first is not None and first > end.high
        if too_early or too_late:
            continue
        begins = first is not None and start.high is not None and first >= start.high
        ends = end.low is not None and last <= end.low
        found.append(Placed(record, begins and ends))
    return found


@dataclass(frozen=True, slots=True)
class Around:
    """The readings around one infusion: the window from its start, and those before it."""

    during: list[Placed]
    before: list[Record]
    start: Instants

    @property
    def records(self) -> tuple[Ref, ...]:
        """What the values rest on."""
        return refs([*(each.record for each in self.during), *self.before])

    def read(self, of: Reads) -> Coded:
        """Whether there is any reading in the window."""
        with_value = [each for each in self.during if of(each.record) is not None]
        if any(each.surely for each in with_value):
            return YES
        return YES_OR_NO if with_value else NO

    def highest(self, of: Reads) -> Ordered:
        """The highest reading in the window; not known without any."""
        values = [(bounds, each.surely) for each in self.during if (bounds := of(each.record))]
        if not values:
            return ANY_ORDERED
        lows = [low for (low, _), surely in values if surely and low is not None]
        highs = [high for (_, high), _ in values]
        return Ordered(low=max(lows, default=None), high=_highest(highs))

    def lowest(self, of: Reads) -> Ordered:
        """The lowest reading in the window; not known without any."""
        values = [(bounds, each.surely) for each in self.during if (bounds := of(each.record))]
        if not values:
            return ANY_ORDERED
        highs = [high for (_, high), surely in values if surely and high is not None]
        lows = [low for (low, _), _ in values]
        return Ordered(low=_lowest(lows), high=min(highs, default=None))

    def baseline(self, of: Reads) -> tuple[Record | None, str]:
        """The last reading before the start, and a note if it is an early one."""
        start = self.start.low
        if start is None:
            return None, ""
        with_value = [each for each in self.before if of(each) is not None]
        if not with_value:
            return None, ""
        last = max(with_value, key=lambda each: _lateness(each, start))
        return last, "" if start - _at(last) <= BEFORE else _EARLY

    def fall(self, of: Reads, at_most: Decimal | None = None) -> Ordered:
        """How far the lowest reading lies below the baseline, which is ``at_most`` so high."""
        base, note = self.baseline(of)
        low, high = (of(base) if base is not None else None) or (None, at_most)
        lowest = self.lowest(of)
        return Ordered(low=_minus(low, lowest.high), high=_minus(high, lowest.low)).assuming(
            *filter(None, (note,))
        )


def around(
    view: View, subject: str | None, start: Instants, end: Instants, others: list[Instants]
) -> Around:
    """The readings of a person from 4 hours before an infusion to the end of a window after it.

    ``others``: the starts of the other infusions; from the next one on a reading is of that one.
    """
    first, last = start.low, end.high
    if first is None or last is None:
        return Around([], [], start)
    records = view.of_person_within("vital-signs", subject, first - BEFORE_AT_MOST, last)
    during = [
        each
        for each in records
        if not _is_only_before(each, first) and not _is_of_next(each, start, others)
    ]
    before = [each for each in records if _is_before(each, first)]
    return Around(placed_within(during, start, end), before, start)


def _is_of_next(record: Record, start: Instants, others: list[Instants]) -> bool:
    when = happened(record)
    return when is not None and any(
        _follows(other, start) and other.high is not None and when.earliest >= other.high
        for other in others
    )


def _follows(other: Instants, start: Instants) -> bool:
    return other.low is not None and start.high is not None and other.low > start.high


def _is_before(record: Record, start: datetime) -> bool:
    """Whether it may be the baseline; one of the very minute of the start may, unless it says so."""
    when = happened(record)
    if when is None or not when.is_instant:
        return False
    return start - BEFORE_AT_MOST <= when.earliest <= start and record.data.timepoint != "START"


def _is_only_before(record: Record, start: datetime) -> bool:
    """Whether it cannot be of the infusion: taken before the start, or said to be."""
    return _is_before(record, start) and (_at(record) < start or _is_named_pre(record))


def _is_named_pre(record: Record) -> bool:
    return (record.data.timepoint or "").upper().startswith("PRE")


def _lateness(record: Record, start: datetime) -> tuple[bool, datetime, str]:
    """Order of the candidates for the baseline: those surely before the start come last."""
    return _is_only_before(record, start), _at(record), record.record_id


def _at(record: Record) -> datetime:
    when = happened(record)
    return when.earliest if when else record.arrival


def temperatures(readings: Around) -> tuple[Ordered, Ordered]:
    """The temperature that counts, and its rise over the baseline (DOMAIN 2.1, 5.3).

    Only a rise by the baseline's route is known.  Where readings by it and by others are mixed,
    both values run from what its own route says to what the others may add.
    """
    base, note = readings.baseline(temperature)
    bounds = temperature(base) if base is not None else None
    highest = readings.highest(temperature)
    if base is None or bounds is None:
        return highest, ANY_ORDERED
    read = [each for each in readings.during if temperature(each.record) is not None]
    by_its_route = [each for each in read if _route(each.record) == _route(base)]
    if not by_its_route:
        return highest, ANY_ORDERED
    same = Around(by_its_route, readings.before, readings.start)
    own = same.highest(temperature)
    rise = _difference(own, bounds).assuming(*filter(None, (note,)))
    if len(by_its_route) < len(read):
        return replace(highest, low=own.low), replace(rise, high=None)
    return highest, rise


def _route(record: Record) -> str | None:
    route: str | None = record.data.temperature.route
    return route


def usual_oxygen(readings: Around) -> tuple[Record | None, str]:
    """The baseline reading that states the oxygen given; none: room air, and that is said."""
    stated = [each for each in readings.before if _support(each) is not None]
    if not stated:
        return None, _ROOM_AIR
    start = readings.start.low
    return max(stated, key=lambda each: _lateness(each, start or _at(each))), ""


def on_usual_oxygen_or_more(readings: Around) -> Around:
    """Only the readings under the usual oxygen or more, so that little oxygen hides nothing.

    A reading that does not state its oxygen may be one.
    """
    usual, _ = usual_oxygen(readings)
    level = oxygen_level(usual)
    kept = [
        Placed(each.record, each.surely and _support(each.record) is not None)
        if level > (0, Decimal(0))
        else each
        for each in readings.during
        if _support(each.record) is None or oxygen_level(each.record) >= level
    ]
    return Around(kept, readings.before, readings.start)


def _support(record: Record) -> str | None:
    oxygen = record.data.oxygen
    support: str | None = oxygen.support if oxygen else None
    return support


def states_oxygen(record: Record) -> bool:
    """Whether a reading says under which oxygen it was taken."""
    return _support(record) is not None


def oxygen_level(record: Record | None) -> tuple[int, Decimal]:
    """How much oxygen a reading was taken under, in an order; none stated is room air."""
    if record is None or _support(record) is None:
        return 0, Decimal(0)
    oxygen = record.data.oxygen
    flow = oxygen.L_per_min
    return _SUPPORT.index(oxygen.support), flow.value if flow is not None else Decimal(0)


def _difference(value: Ordered, base: Bounds) -> Ordered:
    low, high = base
    return Ordered(low=_minus(value.low, high), high=_minus(value.high, low))


def _minus(first: object, second: object) -> Decimal | None:
    if isinstance(first, Decimal) and isinstance(second, Decimal):
        return first - second
    return None


def _highest(bounds: list[Decimal | None]) -> Decimal | None:
    known = [bound for bound in bounds if bound is not None]
    return max(known) if known and len(known) == len(bounds) else None


def _lowest(bounds: list[Decimal | None]) -> Decimal | None:
    known = [bound for bound in bounds if bound is not None]
    return min(known) if known and len(known) == len(bounds) else None
