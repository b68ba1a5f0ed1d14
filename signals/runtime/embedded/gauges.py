"""The gauges of the embedded service, each read when Prometheus asks."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from signals.runtime.gauges import watch, watch_source
from signals.runtime.journal import Journal

if TYPE_CHECKING:
    from signals.runtime.embedded.service import Service


def show(service: Service) -> None:
    """Show what the service knows of itself."""
    registry = service.metrics.registry
    gauge = partial(watch, registry)
    watch_source(registry, service)
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
        "signals_folding_failed",
        "1 if folding has stopped by an error: alerts are no longer up to date.",
        lambda: float(service.failure is not None),
    )


def _journal(service: Service) -> float:
    with service.store.reader() as reader:
        return Journal(reader).last()[0]
