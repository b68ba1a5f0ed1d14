"""Playing a journal through the engine, without any outlet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from signals.book.alert import Alert
from signals.book.fold import Fold
from signals.events import Record
from signals.runtime import own_events

_ACTIVATION = "pack-activation"


def steps(fold: Fold, records: Sequence[Record], until: datetime | None) -> Iterator[list[Alert]]:
    """What each record publishes, in order; then what time alone does until an instant.

    The fold's pack stands for all activations (EVENTS, "Arrival time"): those of the journal are
    passed over, and keep their position.
    """
    position = 0
    for position, record in enumerate(records, start=1):
        yield [] if record.kind == _ACTIVATION else fold.step(record, position)
    if until is not None:
        study = fold.monitor.pack.study
        yield fold.step(own_events.clock(study.study_id, until, study.zone), position + 1)


def book(revisions: Iterator[list[Alert]]) -> dict[str, list[dict[str, Any]]]:
    """All revisions by alert, the first first."""
    found: dict[str, list[dict[str, Any]]] = {}
    for alerts in revisions:
        for alert in alerts:
            found.setdefault(alert.alert_id, []).append(alert.to_json())
    return found
