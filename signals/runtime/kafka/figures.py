"""What ops watch of a worker (docs/ops/kafka.md).  No label names a subject, a record or an alert."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from prometheus_client import Counter, Gauge

from signals.book.alert import Alert
from signals.events import Record, Rejection
from signals.runtime.metrics import Metrics


class Figures:
    """The engine's figures, and those of the stream, in one registry."""

    def __init__(self) -> None:
        self.engine = Metrics()
        registry = self.engine.registry
        self.lag = Gauge(
            "signals_journal_lag",
            "Records of the journal that are not folded yet.",
            ["partition"],
            registry=registry,
        )
        self.lost = Gauge(
            "signals_journal_lost",
            "1 if the journal of a study is not the one whose alerts were published.",
            ["study"],
            registry=registry,
        )
        self.catch_up = Gauge(
            "signals_catch_up_ratio",
            "How much of a catch-up is done; 1 if none is under way.",
            ["partition"],
            registry=registry,
        )
        self.holes = Counter(
            "signals_journal_holes",
            "Records that the agent was not handed and that were read from the journal.",
            registry=registry,
        )
        self.gaps = Counter(
            "signals_journal_gaps",
            "Offsets that hold no record: control and aborted batches.",
            registry=registry,
        )
        self.clock_records = Counter(
            "signals_clock_records",
            "Clock records appended because a wake was due.",
            registry=registry,
        )
        self.repeats = Counter(
            "signals_publications_repeated",
            "Messages of another worker on what this one holds.",
            registry=registry,
        )
        self._canary_seconds = Gauge(
            "signals_canary_round_trip_seconds",
            "Time of the last canary from its source topic to the far end.",
            ["partition"],
            registry=registry,
        )
        self._canary_seen = Gauge(
            "signals_canary_last_seen_seconds",
            "Seconds since a canary last came out, or since the first was sent.",
            ["partition"],
            registry=registry,
        )
        self.generation = Gauge(
            "signals_group_generation", "Generation of the consumer group.", registry=registry
        )
        self.held = Gauge(
            "signals_partitions_held",
            "Partitions of the journal that this worker folds.",
            registry=registry,
        )
        self._passed_over = Counter(
            "signals_records_passed_over",
            "Journal records that could not be read or folded; they are among the rejected.",
            ["why"],
            registry=registry,
        )
        self._sent = Counter(
            "signals_publications", "Messages published.", ["topic"], registry=registry
        )

    def took_in(self, what: Record | Rejection) -> None:
        """Count what came through the door."""
        if isinstance(what, Rejection):
            self.engine.came("unreadable", "rejected")
        else:
            self.engine.came(what.kind, "accepted", len(what.problems))

    def repeated(self, record: Record) -> None:
        """Count a record that the journal holds already."""
        self.engine.came(record.kind, "repeated")

    def added(self, record: Record) -> None:
        """Count a clock record that this worker appended."""
        if record.kind == "clock":
            self.clock_records.inc()

    def passed_over(self, why: str) -> None:
        """Count a record of the journal that is not folded."""
        self._passed_over.labels(why).inc()

    def sent(self, topic: str) -> None:
        """Count a message."""
        self._sent.labels(topic).inc()

    def canary_awaited(self, partition: int, seconds: Callable[[], float]) -> None:
        """From now on canaries of a partition are expected; ``seconds``: since the last was seen."""
        self._canary_seen.labels(str(partition)).set_function(seconds)

    def canary_came_out(self, partition: int, seconds: float) -> None:
        """Note the round trip of a canary."""
        self._canary_seconds.labels(str(partition)).set(seconds)

    def canary_gone(self, partition: int) -> None:
        """Another worker holds the partition now, and sends its canaries."""
        for gauge in (self._canary_seen, self._canary_seconds):
            gauge.remove(str(partition))

    def published(self, alerts: Iterable[Alert]) -> None:
        """Count new revisions."""
        self.engine.published(alerts)
