"""What ops watch.  No label ever names a subject, a record or an alert."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import inf, nan

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)

from signals.book.alert import Alert
from signals.runtime.intake import Accepted, Outcome
from signals.runtime.known import Standing

_OUTCOMES = {
    Standing.NEW: "accepted",
    Standing.REPEATED: "repeated",
    Standing.CONFLICT: "conflict",
}
_SECONDS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, inf)

disable_created_metrics()  # type: ignore[no-untyped-call]  # they double the page and tell nothing


class Metrics:
    """The figures of one service, in a registry of their own."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self._events = Counter(
            "signals_events",
            "Events that came, by kind and by what became of them.",
            ["kind", "outcome"],
            registry=registry,
        )
        self._problems = Counter(
            "signals_event_problems",
            "Fields of accepted events that could not be read.",
            ["kind"],
            registry=registry,
        )
        self._revisions = Counter(
            "signals_alert_revisions",
            "Revisions of alerts published, by rule and by the state they told.",
            ["rule", "state"],
            registry=registry,
        )
        self._alerts = Gauge(
            "signals_alerts",
            "Alerts by rule and present state.",
            ["rule", "state"],
            registry=registry,
        )
        self.evaluation = Histogram(
            "signals_evaluation_seconds",
            "Time to fold one record and judge what it touches.",
            buckets=_SECONDS,
            registry=registry,
        )
        self._disagreements = Counter(
            "signals_evaluator_disagreements",
            "Facts on which the two evaluators of a rule disagreed; the cautious verdict stood.",
            ["rule"],
            registry=registry,
        )
        self._errors = Counter(
            "signals_evaluator_errors",
            "Facts that an evaluator could not judge.",
            ["evaluator"],
            registry=registry,
        )
        self._pack = Gauge(
            "signals_pack_info",
            "The rule pack in force.",
            ["study", "pack_hash"],
            registry=registry,
        )
        self._states: dict[str, tuple[str, str]] = {}

    def watch(self, name: str, meaning: str, value: Callable[[], float | None]) -> None:
        """A gauge that asks for its value whenever it is read; None is shown as NaN."""

        def read() -> float:
            found = value()
            return nan if found is None else found

        Gauge(name, meaning, registry=self._registry).set_function(read)

    def took_in(self, outcomes: Iterable[Outcome]) -> None:
        """Count what came through the door."""
        for outcome in outcomes:
            if not isinstance(outcome, Accepted):
                self._events.labels("unreadable", "rejected").inc()
                continue
            kind, repeated = outcome.record.kind, outcome.standing is Standing.REPEATED
            self._events.labels(kind, _OUTCOMES[outcome.standing]).inc()
            if outcome.record.problems and not repeated:
                self._problems.labels(kind).inc(len(outcome.record.problems))

    def published(self, alerts: Iterable[Alert]) -> None:
        """Count new revisions."""
        for alert in alerts:
            self._revisions.labels(alert.rule, alert.state.value).inc()
            self.stands(alert.alert_id, alert.rule, alert.state.value)

    def stands(self, alert_id: str, rule: str, state: str) -> None:
        """Note the present state of an alert."""
        if before := self._states.get(alert_id):
            self._alerts.labels(*before).dec()
        self._states[alert_id] = (rule, state)
        self._alerts.labels(rule, state).inc()

    def judged_by(self, study_id: str, pack_hash: str) -> None:
        """Note the pack in force."""
        self._pack.clear()
        self._pack.labels(study_id, pack_hash).set(1)

    def disagreed(self, rule: str) -> None:
        """Count a fact on which the evaluators disagreed."""
        self._disagreements.labels(rule).inc()

    def failed(self, evaluator: str) -> None:
        """Count a fact that an evaluator could not judge."""
        self._errors.labels(evaluator).inc()

    def text(self) -> bytes:
        """All figures as Prometheus reads them."""
        return generate_latest(self._registry)
