"""Gauges that every service shows, whatever it is fed from."""

from __future__ import annotations

from collections.abc import Callable
from math import nan

from prometheus_client import CollectorRegistry, Gauge

from signals.runtime.listing import Filter, listed, soonest_due
from signals.runtime.source import Source, UnavailableError

_HOUR = 3600.0


class AlertStates:
    """How many alerts are in which state; only who knows all alerts of a study can tell."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._states: dict[str, tuple[str, str]] = {}
        self._alerts = Gauge(
            "signals_alerts",
            "Alerts by rule and present state.",
            ["rule", "state"],
            registry=registry,
        )

    def stands(self, alert_id: str, rule: str, state: str) -> None:
        """Note the present state of an alert."""
        if before := self._states.get(alert_id):
            self._alerts.labels(*before).dec()
        self._states[alert_id] = (rule, state)
        self._alerts.labels(rule, state).inc()


def watch(
    registry: CollectorRegistry, name: str, meaning: str, value: Callable[[], float | None]
) -> None:
    """A gauge that asks for its value whenever it is read; None is shown as NaN.

    So is what cannot be known yet.
    """

    def read() -> float:
        try:
            found = value()
        except UnavailableError:
            found = None
        return nan if found is None else found

    Gauge(name, meaning, registry=registry).set_function(read)


def watch_source(registry: CollectorRegistry, source: Source) -> None:
    """Show what is due soonest, and what waits for somebody to put it right."""
    watch(
        registry,
        "signals_soonest_due_hours",
        "Hours to the soonest due date of an alert that stands; NaN if none.",
        lambda: _soonest(source),
    )
    watch(
        registry,
        "signals_rejected_waiting",
        "Rejected events not yet replayed.",
        lambda: len(source.rejected(everything=False)),
    )


def _soonest(source: Source) -> float | None:
    with source.book() as book:
        standing = listed(book.current(), Filter())
    due = soonest_due(standing[0]) if standing else None
    return None if due is None else (due - source.now()).total_seconds() / _HOUR
