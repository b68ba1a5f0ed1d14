"""Playing a journal through the engine, without any outlet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from signals.book.alert import Alert
from signals.book.fold import Fold
from signals.events import Record
from signals.monitor.monitor import Monitor
from signals.rulebook.pack import Pack
from signals.runtime import own_events


def fold_of(pack: Pack) -> Fold:
    """A fold in which this pack stands for all activations (EVENTS, "Arrival time")."""
    return Fold(pack, load_pack=lambda _files: pack)


def steps(fold: Fold, records: Iterable[Record], until: datetime | None) -> Iterator[list[Alert]]:
    """What each record publishes, in order; then what time alone does until an instant."""
    position = 0
    for position, record in enumerate(records, start=1):
        yield fold.step(record, position)
    if until is not None:
        study = fold.monitor.pack.study
        yield fold.step(own_events.clock(study.study_id, until, study.zone), position + 1)


def monitor_at(pack: Pack, records: Iterable[Record], when: datetime | None) -> Monitor:
    """What had arrived by an instant, judged at it (all of them at the last one, if it is None)."""
    monitor = Monitor(pack)
    known = (one for one in records if when is None or one.arrival <= when)
    monitor.absorb((one, position) for position, one in enumerate(known, start=1))
    if when is not None:
        monitor.wake(when)
    return monitor


def book(revisions: Iterator[list[Alert]]) -> dict[str, list[dict[str, Any]]]:
    """All revisions by alert, the first first."""
    found: dict[str, list[dict[str, Any]]] = {}
    for alerts in revisions:
        for alert in alerts:
            found.setdefault(alert.alert_id, []).append(alert.to_json())
    return found
