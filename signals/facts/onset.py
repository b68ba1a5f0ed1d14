"""When an adverse event began, as far as known (DOMAIN 1.3).

Latest possible onset: the end of the partial date, the end of the event, the investigator's
awareness and the sponsor's receipt, whichever is first; awareness and receipt of the earliest
version that is not void, or of its own version if the stated onset lies after those.  An unknown
onset has no lower bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from signals.events import Record
from signals.facts.receipts import receipt
from signals.facts.spans import Instants


def onset(current: Record, versions: Sequence[Record]) -> Instants:
    """The span in which the event began, by its current version."""
    stated = current.data.onset
    first = stated.earliest if stated else None
    bounds = [_heard(each) for each in versions if each.op != "VOID"]
    bound = min(bounds) if bounds else _heard(current)
    if first is not None and first > bound:
        bound = _heard(current)
    ends = [bound]
    if stated is not None:
        ends.append(stated.latest)
    if current.data.end is not None:
        ends.append(current.data.end.latest)
    last = min(ends)
    if first is not None and first > last and stated is not None:
        last = stated.latest
    return Instants(first, last)


def _heard(version: Record) -> datetime:
    """When somebody first knew of it by this version: it had begun by then."""
    held = receipt(version).at
    aware = version.data.investigator_aware_at
    return held if aware is None else min(held, aware.latest)
