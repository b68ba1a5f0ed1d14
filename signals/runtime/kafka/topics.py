"""The topics: their names, how they must be kept, and where a study lies (DESIGN 6, EVENTS)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kafka.partitioner.default import murmur2

from signals.events import KINDS, SERVICE_KINDS

UNREADABLE = "unreadable"
ALERTS = tuple(
    f"alerts.{name}"
    for name in (
        "dlt",
        "cohort",
        "sae",
        "expedited",
        "clock",
        "infusion",
        "neoplasm",
        "lab",
        "endpoint",
        "aggregate",
        "dq",
        "ops",
    )
)
HEARTBEAT = "feed-heartbeat"
SOURCE_KINDS = (*(kind for kind in KINDS if kind not in SERVICE_KINDS), UNREADABLE)

_DAY_MS = 24 * 60 * 60 * 1000
_FOR_EVER = {"cleanup.policy": "delete", "retention.ms": "-1", "retention.bytes": "-1"}
_COMPACTED = {"cleanup.policy": "compact"}


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """A topic as it must be; ``fixed``: its number of partitions may never change."""

    name: str
    partitions: int
    config: Mapping[str, str]
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Topics:
    """The names of an installation's topics."""

    prefix: str = ""

    def __getitem__(self, name: str) -> str:
        return f"{self.prefix}{name}"

    @property
    def journal(self) -> str:
        """All accepted events."""
        return self["journal"]

    @property
    def rejected(self) -> str:
        """What could not be accepted."""
        return self["rejected"]

    @property
    def state(self) -> str:
        """Every alert as last published."""
        return self["alerts.state"]

    @property
    def canary(self) -> str:
        """Where canaries come out."""
        return self["alerts.canary"]

    @property
    def doctor(self) -> str:
        """What 'signals doctor' writes to be told the brokers' time; nobody reads it."""
        return self["doctor"]

    @property
    def sources(self) -> list[str]:
        """Where sources write."""
        return [self.of_kind(kind) for kind in SOURCE_KINDS]

    def of_kind(self, kind: str) -> str:
        """Where sources write events of a kind."""
        return self[f"events.{kind}"]

    def specs(self, journal_partitions: int, others: int) -> list[TopicSpec]:
        """Every topic as it must be."""
        events = {"cleanup.policy": "delete", "retention.ms": str(30 * _DAY_MS)}
        day = {"cleanup.policy": "delete", "retention.ms": str(_DAY_MS)}
        return [
            *(TopicSpec(name, others, events) for name in self.sources),
            TopicSpec(self.journal, journal_partitions, _FOR_EVER, fixed=True),
            TopicSpec(self.rejected, 1, _FOR_EVER),
            *(TopicSpec(self[name], others, _FOR_EVER) for name in ALERTS),
            TopicSpec(self.canary, 1, day),
            TopicSpec(self.state, journal_partitions, _COMPACTED, fixed=True),
            TopicSpec(self["feeds.heartbeat"], 1, _COMPACTED),
            TopicSpec(self.doctor, 1, day | {"message.timestamp.type": "LogAppendTime"}),
        ]


def partition_of(study_id: str, partitions: int) -> int:
    """The journal partition of a study, the same whichever client writes.

    murmur2 of the UTF-8 name, its sign bit dropped, as Kafka's own Java client has it.
    """
    return int(murmur2(study_id.encode()) & 0x7FFFFFFF) % partitions
