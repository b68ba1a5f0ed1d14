"""What the brokers hold beside what they should: topics, partitions, how long they are kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType, NewTopic

from signals.runtime.kafka.reader import asked
from signals.runtime.kafka.settings import KafkaSettings
from signals.runtime.kafka.topics import Topics, TopicSpec

JOURNAL_PARTITIONS, OTHER_PARTITIONS = 12, 4


class Todo(StrEnum):
    """What is to be done about a topic."""

    NOTHING = "fine"
    MAKE = "to be made"
    CHANGE = "differs"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Finding:
    """A topic as it is, and what would be done; ``destroys``: what would be lost by it."""

    spec: TopicSpec
    todo: Todo
    says: str
    partitions: int = 0
    config: tuple[tuple[str, str], ...] = ()
    destroys: str | None = None

    def to_json(self) -> dict[str, object]:
        """For ``--json``."""
        return {
            "topic": self.spec.name,
            "todo": self.todo.value,
            "says": self.says,
            "destroys": self.destroys,
        }


class Admin:
    """Asks and tells the brokers about topics."""

    def __init__(self, settings: KafkaSettings) -> None:
        """Connect.

        Raises:
            BrokerAwayError: no broker answers.
        """
        self._settings = settings
        self._client = asked(lambda: KafkaAdminClient(**settings.client()))

    def plan(self, journal_partitions: int | None = None) -> list[Finding]:
        """Every topic of the installation beside what it must be.

        ``journal_partitions``: None takes those that the journal has, or the default.
        """
        topics = Topics(self._settings.prefix)
        there = self._there()
        wanted = journal_partitions or len(there.get(topics.journal, ())) or JOURNAL_PARTITIONS
        specs = topics.specs(wanted, OTHER_PARTITIONS)
        configs = self._configs([spec.name for spec in specs if spec.name in there])
        return [
            _compared(spec, len(there.get(spec.name, ())), configs.get(spec.name, {}))
            for spec in specs
        ]

    def apply(self, findings: Iterable[Finding]) -> None:
        """Make what is missing and set what differs; nothing that is refused, nothing destroyed."""
        findings = list(findings)
        copies = min(self._settings.replication, self._brokers())
        fresh = [each.spec for each in findings if each.todo is Todo.MAKE]
        if fresh:
            made = [
                NewTopic(spec.name, spec.partitions, copies, topic_configs=dict(spec.config))
                for spec in fresh
            ]
            asked(lambda: self._client.create_topics(made))
            asked(lambda: self._client.wait_for_topics([spec.name for spec in fresh]))
        for each in findings:
            if each.todo is Todo.CHANGE:
                self._change(each)

    def _change(self, finding: Finding) -> None:
        name = finding.spec.name
        if finding.config:
            resource = ConfigResource(ConfigResourceType.TOPIC, name, configs=dict(finding.config))
            asked(lambda: self._client.alter_configs([resource]))
        if finding.spec.partitions > finding.partitions:
            asked(lambda: self._client.create_partitions({name: finding.spec.partitions}))

    def _there(self) -> dict[str, Sequence[Any]]:
        names = asked(self._client.list_topics)
        told = asked(lambda: self._client.describe_topics(list(names))) if names else []
        return {topic["name"]: topic["partitions"] for topic in told}

    def _configs(self, names: list[str]) -> dict[str, dict[str, str]]:
        if not names:
            return {}
        resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
        told = asked(lambda: self._client.describe_configs(resources, config_filter="all"))
        return {
            name: {key: str(value["value"]) for key, value in config.items()}
            for name, config in told["topic"].items()
        }

    def _brokers(self) -> int:
        return len(asked(self._client.describe_cluster)["brokers"])

    def close(self) -> None:
        """Leave the brokers."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _compared(spec: TopicSpec, partitions: int, config: dict[str, str]) -> Finding:
    if not partitions:
        return Finding(spec, Todo.MAKE, f"to be made with {spec.partitions} partitions")
    if partitions != spec.partitions and spec.fixed:
        return Finding(
            spec,
            Todo.REFUSED,
            f"has {partitions} partitions and not {spec.partitions}: this never changes, a study"
            " would fall on another partition. Make a new installation (another prefix) and"
            " 'signals journal import' into it",
            partitions,
            destroys="the order of every study that would move",
        )
    differs = {key: value for key, value in spec.config.items() if config.get(key) != value}
    told = [f"{key} is {config.get(key)}, must be {value}" for key, value in differs.items()]
    if partitions < spec.partitions:
        told.append(f"{partitions} partitions, should be {spec.partitions}")
    if not told:
        return Finding(spec, Todo.NOTHING, f"{partitions} partitions", partitions)
    destroys = _destroyed(differs, config)
    return Finding(spec, Todo.CHANGE, "; ".join(told), partitions, tuple(differs.items()), destroys)


def _destroyed(differs: dict[str, str], config: dict[str, str]) -> str | None:
    """What the change makes the brokers drop; keeping longer drops nothing."""
    if differs.get("cleanup.policy") == "compact":
        return "all but the last message of a key"
    kept, wanted = config.get("retention.ms", "-1"), differs.get("retention.ms", "-1")
    if wanted != "-1" and (kept == "-1" or int(wanted) < int(kept)):
        return f"messages older than {int(wanted) // 3_600_000} h"
    return None
