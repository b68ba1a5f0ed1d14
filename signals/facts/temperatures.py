"""Temperatures as fever is judged by them: adjusted by route, then compared (DOMAIN 2.1).

A value with a comparator counts as its number.  A reading of which only the day is known lies
somewhere in it; one without a day is taken at its latest possible time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from signals.chart.chart import Mark
from signals.chart.view import View
from signals.events import Record
from signals.events.units import NotConverted, celsius
from signals.facts.lab_values import KEPT, taken
from signals.facts.refs import ref
from signals.facts.value import Ref
from signals.study.model import Fever

_VITALS = "vital-signs"
WARM = "may be a fever"
_NOT_RECORDED = "not_recorded"
_LEAST = Decimal("37.5")
"""No route adds more than half a degree to a reading, and no fever begins below 38."""
SUSTAINED, GAP = timedelta(minutes=60), timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Reading:
    """A temperature in degrees Celsius, as ``read`` and as ``adjusted``, and when it was read."""

    adjusted: Decimal
    read: Decimal
    earliest: datetime
    latest: datetime
    ref: Ref
    route_known: bool

    @property
    def exact(self) -> bool:
        """Whether the time of day is known."""
        return self.earliest == self.latest


def _degrees(record: Record) -> Decimal | None:
    reading = record.data.temperature
    if reading is None or reading.value is None:
        return None
    read = celsius(reading.value.value, reading.unit)
    return None if isinstance(read, NotConverted) else read


@lru_cache(maxsize=KEPT)
def is_warm(record: Record) -> bool:
    """Whether it is a fever by any route."""
    read = _degrees(record)
    return read is not None and read >= _LEAST


MARKS = {WARM: Mark(frozenset({_VITALS}), is_warm)}
"""The question the chart answers for every record, for this module's sake."""


def _reading(record: Record, fever: Fever) -> Reading | None:
    read = _degrees(record)
    if read is None:
        return None
    route: str | None = record.data.temperature.route
    offset = fever.offset[(route or _NOT_RECORDED).lower()]
    earliest, latest = taken(record)
    return Reading(
        read + offset, read, earliest or latest, latest, ref(record), route_known=route is not None
    )


def fevers(
    view: View, subject: str | None, fever: Fever, first: datetime, last: datetime
) -> list[Reading]:
    """The readings of 38.0 and more between two instants, in order."""
    records = view.of_person_within(_VITALS, subject, first, last, WARM)
    found = [_reading(each, fever) for each in records]
    kept = [
        each
        for each in found
        if each is not None
        and each.adjusted >= fever.sustained
        and first <= each.latest
        and each.earliest <= last
    ]
    return sorted(kept, key=lambda each: (each.latest, each.ref.record_id))


def qualifying(
    view: View, subject: str | None, fever: Fever, readings: list[Reading]
) -> list[Reading]:
    """Those by which the criterion of fever is met (CTCAE; DOMAIN O5).

    Above 38.3; or the one by which readings of 38.0 and more span over 60 minutes, and those after
    it, with none below between and no gap of more than 4 hours.  Antipyretics do not matter.
    """
    found = []
    for run in _runs(view, subject, fever, readings):
        begun = run[0].earliest
        for reading in run:
            lasting = reading.exact and reading.latest - begun > SUSTAINED
            if reading.adjusted > fever.single or lasting:
                found.append(reading)
    return sorted(found, key=lambda each: (each.latest, each.ref.record_id))


def _runs(
    view: View, subject: str | None, fever: Fever, readings: list[Reading]
) -> Iterable[list[Reading]]:
    """Readings in a row; one without a time of day stands alone."""
    yield from ([each] for each in readings if not each.exact)
    run: list[Reading] = []
    for reading in (each for each in readings if each.exact):
        if run and (
            reading.latest - run[-1].latest > GAP
            or _cooled(view, subject, fever, run[-1].latest, reading.latest)
        ):
            yield run
            run = []
        run.append(reading)
    if run:
        yield run


def _cooled(view: View, subject: str | None, fever: Fever, first: datetime, last: datetime) -> bool:
    """Whether a reading below 38.0 surely lies between."""
    readings = (
        _reading(each, fever) for each in view.of_person_within(_VITALS, subject, first, last)
    )
    return any(
        each is not None
        and each.adjusted < fever.sustained
        and each.exact
        and first < each.latest < last
        for each in readings
    )
