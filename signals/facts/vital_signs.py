"""Vital signs around an infusion (DOMAIN 5.3).

Baseline: the last value within 60 minutes before the start, else within 4 hours, and that is said.
A reading whose time is not exact may lie inside or outside; then the extreme is not exact either.
Temperatures are compared as read; a rise over a baseline taken by another route is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from operator import attrgetter
from typing import TypeAlias

from signals.chart.view import View
from signals.events import Record
from signals.facts.exposure import started
from signals.facts.spans import Instants
from signals.facts.value import ANY_ORDERED, NO, YES, YES_OR_NO, Coded, Ordered, Ref
from signals.facts.vital_reading import ROOM_AIR, Bounds, Signs, signs
from signals.immutable import immutable

BEFORE, BEFORE_AT_MOST = timedelta(minutes=60), timedelta(hours=4)
_EARLY = "the baseline was read more than 60 minutes before the infusion"
_ROOM_AIR = "the usual oxygen is not recorded: room air is assumed"

Reads: TypeAlias = Callable[[Signs], Bounds | None]
temperature: Reads = attrgetter("temperature")
systolic: Reads = attrgetter("systolic")
saturation: Reads = attrgetter("saturation")

Placed: TypeAlias = tuple[Signs, bool]
"""A reading, and whether it surely lies in the window."""


def lies_within(
    earliest: datetime | None, latest: datetime, start: Instants, end: Instants
) -> bool | None:
    """Whether something happened from ``start`` to ``end``: True surely, False possibly, None not."""
    too_early = start.low is not None and latest < start.low
    too_late = end.high is not None and earliest is not None and earliest > end.high
    if too_early or too_late:
        return None
    begins = earliest is not None and start.high is not None and earliest >= start.high
    return begins and end.low is not None and latest <= end.low


@immutable(frozen=True, slots=True)
class Around:
    """The readings around one infusion: the window from its start, and those before it.

    ``before``: the candidates for the baseline; the last that has the value is the one.
    """

    during: list[Placed]
    before: list[Signs]
    start: Instants

    @property
    def records(self) -> tuple[Ref, ...]:
        """What the values rest on."""
        return (*[each.ref for each, _ in self.during], *[each.ref for each in self.before])

    def until(self, end: Instants) -> Around:
        """The same with a window that ends earlier."""
        return replace(self, during=_placed([each for each, _ in self.during], self.start, end))

    def read(self, of: Reads) -> Coded:
        """Whether there is any reading in the window."""
        with_value = [surely for each, surely in self.during if of(each) is not None]
        return YES if True in with_value else YES_OR_NO if with_value else NO

    def highest(self, of: Reads) -> Ordered:
        """The highest reading in the window; not known without any."""
        values = [(bounds, surely) for each, surely in self.during if (bounds := of(each))]
        if not values:
            return ANY_ORDERED
        lows = [low for (low, _), surely in values if surely and low is not None]
        highs = [high for (_, high), _ in values]
        return Ordered(low=max(lows, default=None), high=_highest(highs))

    def lowest(self, of: Reads) -> Ordered:
        """The lowest reading in the window; not known without any."""
        values = [(bounds, surely) for each, surely in self.during if (bounds := of(each))]
        if not values:
            return ANY_ORDERED
        highs = [high for (_, high), surely in values if surely and high is not None]
        lows = [low for (low, _), _ in values]
        return Ordered(low=_lowest(lows), high=min(highs, default=None))

    def baseline(self, of: Reads) -> tuple[Signs | None, str]:
        """The last reading before the start, and a note if it is an early one."""
        start = self.start.low
        with_value = [each for each in self.before if of(each) is not None]
        if start is None or not with_value:
            return None, ""
        last = with_value[-1]
        return last, "" if start - last.latest <= BEFORE else _EARLY

    def fall(self, of: Reads, at_most: Decimal | None = None) -> Ordered:
        """How far the lowest reading lies below the baseline, which is ``at_most`` so high."""
        base, note = self.baseline(of)
        low, high = (of(base) if base is not None else None) or (None, at_most)
        lowest = self.lowest(of)
        return Ordered(low=_minus(low, lowest.high), high=_minus(high, lowest.low)).assuming(
            *filter(None, (note,))
        )


def around(
    view: View, subject: str | None, start: Instants, end: Instants, following: datetime | None
) -> Around:
    """The readings of a person from 4 hours before an infusion to the end of a window after it.

    ``following``: from then on a reading is of the next infusion (``next_start``).
    """
    first, last = start.low, end.high
    if first is None or last is None:
        return Around([], [], start)
    records = view.of_person_within("vital-signs", subject, first - BEFORE_AT_MOST, last)
    found = [signs(each) for each in records]
    # What is of later than the start is not asked whether it is of before.
    before = [each for each in found if each.latest <= first and _is_before(each, first)]
    before.sort(key=lambda each: _lateness(each, first))
    gone = {each.ref for each in before if _is_only_before(each, first)}
    own = [
        each
        for each in found
        if (each.latest > first or each.ref not in gone)
        and (following is None or each.earliest is None or each.earliest < following)
    ]
    return Around(_placed(own, start, end), before, start)


def _placed(found: Iterable[Signs], start: Instants, end: Instants) -> list[Placed]:
    return [
        (each, surely)
        for each in found
        if (surely := lies_within(each.earliest, each.latest, start, end)) is not None
    ]


def next_start(infusion: Record, given: Iterable[Record]) -> datetime | None:
    """From when on a reading surely is of another infusion given that followed."""
    start = started(infusion)
    others = [started(each) for each in given if each is not infusion]
    following = [each.high for each in others if each.high is not None and _follows(each, start)]
    return min(following, default=None)


def _follows(other: Instants, start: Instants) -> bool:
    return other.low is not None and start.high is not None and other.low > start.high


def _is_before(reading: Signs, start: datetime) -> bool:
    """Whether it may be the baseline; one of the very minute of the start may, unless it says so."""
    if not reading.exact or not start - BEFORE_AT_MOST <= reading.latest <= start:
        return False
    return bool(reading.record.data.timepoint != "START")


def _is_only_before(reading: Signs, start: datetime) -> bool:
    """Whether one of before cannot be of the infusion: taken before the start, or said to be."""
    named = reading.record.data.timepoint or ""
    return reading.latest < start or named.upper().startswith("PRE")


def _lateness(reading: Signs, start: datetime) -> tuple[bool, datetime, str]:
    """Order of the candidates for the baseline: those surely before the start come last."""
    return _is_only_before(reading, start), reading.latest, reading.ref.record_id


def temperatures(readings: Around) -> tuple[Ordered, Ordered]:
    """The temperature that counts, and its rise over the baseline (DOMAIN 2.1, 5.3).

    Only a rise by the baseline's route is known.  Where readings by it and by others are mixed,
    both values run from what its own route says to what the others may add.
    """
    base, note = readings.baseline(temperature)
    highest = readings.highest(temperature)
    if base is None or base.temperature is None:
        return highest, ANY_ORDERED
    read = [placed for placed in readings.during if placed[0].temperature is not None]
    by_its_route = [placed for placed in read if placed[0].route == base.route]
    if not by_its_route:
        return highest, ANY_ORDERED
    mixed = len(by_its_route) < len(read)
    own = replace(readings, during=by_its_route).highest(temperature) if mixed else highest
    rise = _difference(own, base.temperature).assuming(*filter(None, (note,)))
    return (replace(highest, low=own.low), replace(rise, high=None)) if mixed else (highest, rise)


def usual_oxygen(readings: Around) -> tuple[Signs | None, str]:
    """The baseline reading that states the oxygen given; none: room air, and that is said."""
    stated = [each for each in readings.before if each.support is not None]
    return (stated[-1], "") if stated else (None, _ROOM_AIR)


def on_usual_oxygen_or_more(readings: Around) -> Around:
    """Only the readings under the usual oxygen or more, so that little oxygen hides nothing.

    A reading that does not state its oxygen may be one.
    """
    level = oxygen_level(usual_oxygen(readings)[0])
    if level <= ROOM_AIR:
        return readings
    kept = [
        (each, surely and each.support is not None)
        for each, surely in readings.during
        if each.support is None or each.oxygen >= level
    ]
    return replace(readings, during=kept)


def oxygen_level(reading: Signs | None) -> tuple[int, Decimal]:
    """How much oxygen a reading was taken under, in an order; none stated is room air."""
    return ROOM_AIR if reading is None else reading.oxygen


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
