"""What one reading of vital signs says: when it was taken, and its values (DOMAIN 5.3)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import TypeAlias

from signals.chart.timeline import happened
from signals.events import Measured, Record
from signals.events.units import NotConverted, celsius
from signals.facts.lab_values import KEPT, taken
from signals.facts.refs import ref
from signals.facts.spans import Instants
from signals.facts.value import Ref
from signals.immutable import immutable

_SUPPORT = ("ROOM_AIR", "NASAL_CANNULA", "MASK", "HIGH_FLOW", "NIV", "VENTILATED")
ROOM_AIR = (0, Decimal(0))

Bounds: TypeAlias = tuple[Decimal | None, Decimal | None]
"""What a measurement may be, from the lowest to the highest; None is without bound."""


@immutable(frozen=True, slots=True)
class Signs:
    """One reading; a value that was not read is None.

    ``earliest`` and ``latest``: the instants between which it was taken, without a date no later
    than it was recorded; ``exact``: they are one.  ``temperature`` in degrees Celsius as read,
    whatever the ``route``; ``systolic`` in mmHg; ``saturation`` in %.  ``support``: the oxygen it
    states; ``oxygen``: how much that is, in an order; none stated is room air.
    """

    record: Record
    ref: Ref
    earliest: datetime | None
    latest: datetime
    exact: bool
    temperature: Bounds | None
    route: str | None
    systolic: Bounds | None
    saturation: Bounds | None
    support: str | None
    oxygen: tuple[int, Decimal]

    @property
    def when(self) -> Instants:
        """When it was taken, as far as known."""
        return Instants(self.earliest, self.latest)


@lru_cache(maxsize=KEPT)
def signs(record: Record) -> Signs:
    """What a record of vital signs says."""
    data, when = record.data, happened(record)
    earliest, latest = taken(record)
    support, oxygen = _oxygen(record)
    return Signs(
        record=record,
        ref=ref(record),
        earliest=earliest,
        latest=latest,
        exact=when is not None and when.is_instant,
        temperature=_temperature(record),
        route=data.temperature.route if data.temperature is not None else None,
        systolic=_bounds(data.systolic_mmHg),
        saturation=_bounds(data.spo2_pct),
        support=support,
        oxygen=oxygen,
    )


def _bounds(value: Measured | None) -> Bounds | None:
    if value is None:
        return None
    low, _, high, _ = value.bounds()
    return low, high


def _temperature(record: Record) -> Bounds | None:
    reading = record.data.temperature
    if reading is None or reading.value is None:
        return None
    read = celsius(reading.value.value, reading.unit)
    if isinstance(read, NotConverted):
        return None
    return _bounds(Measured(reading.value.comparator, read))


def _oxygen(record: Record) -> tuple[str | None, tuple[int, Decimal]]:
    oxygen = record.data.oxygen
    if oxygen is None or oxygen.support is None:
        return None, ROOM_AIR
    flow = oxygen.L_per_min
    amount = _SUPPORT.index(oxygen.support), flow.value if flow is not None else Decimal(0)
    return oxygen.support, amount
