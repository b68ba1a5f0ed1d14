"""What ops watch.  No label ever names a subject, a record or an alert."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from math import inf

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)

from signals.book.alert import Alert
from signals.chart.timeline import happened
from signals.events import Record
from signals.runtime.intake import Accepted, Outcome
from signals.runtime.known import Standing

_OUTCOMES = {
    Standing.NEW: "accepted",
    Standing.REPEATED: "repeated",
    Standing.CONFLICT: "conflict",
}
_SECONDS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, inf)
_DESK_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, inf)

disable_created_metrics()  # type: ignore[no-untyped-call]  # they double the page and tell nothing


class Metrics:
    """The figures of one service, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._of_intake()
        self._of_alerts()
        self._of_judging()

    def _of_intake(self) -> None:
        self._events = self._counter(
            "signals_events",
            "Events that came, by kind and by what became of them.",
            "kind",
            "outcome",
        )
        self._problems = self._counter(
            "signals_event_problems", "Fields of accepted events that could not be read.", "kind"
        )
        self._corrected = self._counter(
            "signals_events_corrected",
            "Corrections and voids of records that were accepted before.",
            "kind",
        )
        self._late = self._counter(
            "signals_events_late",
            "Records whose first version came long after what they tell happened, or as a backfill.",
            "kind",
        )

    def _of_alerts(self) -> None:
        self._revisions = self._counter(
            "signals_alert_revisions",
            "Revisions of alerts published, by rule and by the state they told.",
            "rule",
            "state",
        )
        self._late_alerts = self._counter(
            "signals_alerts_late",
            "Revisions of alerts that were true long before their evidence came.",
            "rule",
        )
        self._delay = self._histogram(
            "signals_arrival_to_alert_seconds",
            "From the arrival of a record, or the instant of a wake, to the alert that it changed.",
            _DESK_SECONDS,
        )

    def _of_judging(self) -> None:
        self.evaluation = self._histogram(
            "signals_evaluation_seconds",
            "Time to fold one record and judge what it touches.",
            _SECONDS,
        )
        self._disagreements = self._counter(
            "signals_evaluator_disagreements",
            "Facts on which the two evaluators of a rule disagreed; the cautious verdict stood.",
            "rule",
        )
        self._rule_errors = self._counter(
            "signals_rule_errors",
            "Facts on which a rule could not be evaluated; it counted as not yet known.",
            "rule",
        )
        self._errors = self._counter(
            "signals_evaluator_errors", "Facts that an evaluator could not judge.", "evaluator"
        )
        self._refused = self._gauge(
            "signals_matcher_refused",
            "Rules in force that the matcher cannot hold, so that they have no second opinion.",
            "rule",
        )
        self._packs: dict[str, tuple[str, set[str]]] = {}
        self._pack = self._gauge(
            "signals_pack_info", "The rule pack in force.", "study", "pack_hash"
        )

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(name, meaning, labels, registry=self.registry)

    def _gauge(self, name: str, meaning: str, *labels: str) -> Gauge:
        return Gauge(name, meaning, labels, registry=self.registry)

    def _histogram(self, name: str, meaning: str, seconds: tuple[float, ...]) -> Histogram:
        return Histogram(name, meaning, buckets=seconds, registry=self.registry)

    def took_in(self, outcomes: Iterable[Outcome], late: timedelta) -> None:
        """Count what came through the door; ``late``: what came longer after it happened is."""
        for outcome in outcomes:
            if not isinstance(outcome, Accepted):
                self.came("unreadable", "rejected")
                continue
            record, repeated = outcome.record, outcome.standing is Standing.REPEATED
            problems = 0 if repeated else len(record.problems)
            self.came(record.kind, _OUTCOMES[outcome.standing], problems)
            if not repeated:
                self._count(record, late)

    def came(self, kind: str, outcome: str, problems: int = 0) -> None:
        """Count one event, and its fields that could not be read."""
        self._events.labels(kind, outcome).inc()
        if problems:
            self._problems.labels(kind).inc(problems)

    def _count(self, record: Record, late: timedelta) -> None:
        if record.change_reason == "CORRECTION" or record.op == "VOID":
            self._corrected.labels(record.kind).inc()
        if record.version == 1 and (record.backfill or _came_late(record, late)):
            self._late.labels(record.kind).inc()

    def published(self, alerts: Iterable[Alert], now: datetime | None = None) -> None:
        """Count new revisions; ``now``: when they were published, None if time is the journal's."""
        for alert in alerts:
            self._revisions.labels(alert.rule, alert.state.value).inc()
            if alert.late:
                self._late_alerts.labels(alert.rule).inc()
            if now is not None:
                self._delay.observe(max(0.0, (now - alert.changed_at).total_seconds()))

    def judged_by(self, study_id: str, pack_hash: str, refused: Collection[str]) -> None:
        """Note the pack in force of a study, and which of its rules the matcher refused."""
        self.no_longer_judged(study_id)
        self._packs[study_id] = pack_hash, {*refused}
        self._pack.labels(study_id, pack_hash).set(1)
        for rule in refused:
            self._refused.labels(rule).set(1)

    def no_longer_judged(self, study_id: str) -> None:
        """Forget the pack of a study: another process judges it, perhaps by another one."""
        gone, refused = self._packs.pop(study_id, (None, set()))
        if gone is None:
            return
        self._pack.remove(study_id, gone)
        for rule in refused.difference(*(others for _, others in self._packs.values())):
            self._refused.remove(rule)

    def disagreed(self, rule: str) -> None:
        """Count a fact on which the evaluators disagreed."""
        self._disagreements.labels(rule).inc()

    def rule_failed(self, rule: str) -> None:
        """Count a fact on which the judge could not evaluate a rule."""
        self._rule_errors.labels(rule).inc()
        self._errors.labels("judge").inc()

    def matcher_failed(self) -> None:
        """Count a fact that the matcher could not judge."""
        self._errors.labels("matcher").inc()

    def text(self) -> bytes:
        """All figures as Prometheus reads them."""
        return generate_latest(self.registry)


def _came_late(record: Record, late: timedelta) -> bool:
    when = happened(record)
    return when is not None and record.arrival - when.latest > late
