"""One reading of the laboratory: what a result, alone or with others of its sample, says."""

from __future__ import annotations

from datetime import datetime

from signals.events import Record
from signals.facts.value import Ref
from signals.immutable import immutable
from signals.study.ctcae import Quantity


@immutable(frozen=True, slots=True, eq=False)
class Reading:
    """One result of an analyte; of each one is kept, and equal to itself only.

    ``quantity`` is unknown where it has no number or no unit.  ``earliest`` and ``latest``: the
    instants between which it was taken.  ``limits``: whether the record's limits of normal are
    those of the analyte.  ``bound``: it only says how much there is at most, and that may be a
    normal value.
    """

    record: Record
    quantity: Quantity
    records: tuple[Ref, ...]
    earliest: datetime | None
    latest: datetime
    limits: bool = True
    bound: bool = False
    assumed: tuple[str, ...] = ()
