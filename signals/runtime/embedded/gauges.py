"""The gauges of the embedded service, each read when Prometheus asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from signals.runtime.book_file import BookFile
from signals.runtime.journal import Journal
from signals.runtime.listing import Filter, listed, soonest_due
from signals.runtime.rejected import Rejected

if TYPE_CHECKING:
    from signals.runtime.embedded.service import Service

_HOUR = 3600.0


def watch(service: Service) -> None:
    """Show what the service knows of itself."""
    gauge = service.metrics.watch
    gauge("signals_journal_position", "Records in the journal.", lambda: _journal(service))
    gauge(
        "signals_folded_position",
        "Journal position up to which the book is folded.",
        lambda: service.folding.position,
    )
    gauge(
        "signals_oldest_unevaluated_seconds",
        "Age of the oldest record that is not folded yet.",
        lambda: service.condition().waiting,
    )
    gauge(
        "signals_wake_overdue_seconds",
        "Seconds since a wake that has not come.",
        lambda: service.condition().overdue,
    )
    gauge(
        "signals_soonest_due_hours",
        "Hours to the soonest due date of an alert that stands; NaN if none.",
        lambda: _soonest(service),
    )
    gauge("signals_rejected_waiting", "Rejected events not yet replayed.", lambda: _kept(service))
    gauge(
        "signals_folding_failed",
        "1 if folding has stopped by an error: alerts are no longer up to date.",
        lambda: float(service.failure is not None),
    )


def _journal(service: Service) -> float:
    with service.store.reader() as reader:
        return Journal(reader).last()[0]


def _kept(service: Service) -> float:
    with service.store.reader() as reader:
        return len(Rejected(reader).waiting())


def _soonest(service: Service) -> float | None:
    with service.store.reader() as reader:
        standing = listed(BookFile(reader).current(), Filter())
    due = soonest_due(standing[0]) if standing else None
    return None if due is None else (due - service.now()).total_seconds() / _HOUR
