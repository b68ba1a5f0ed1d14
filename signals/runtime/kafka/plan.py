"""What the brokers hold beside what they should: topics, partitions, how long they are kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from time import monotonic, sleep
from typing import Any, Self

from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType, NewTopic
from kafka.errors import (
    CoordinatorNotAvailableError,
    GroupAuthorizationFailedError,
    KafkaError,
    TopicAuthorizationFailedError,
)

from signals.runtime.kafka.reader import BrokerAwayError, asked, opened
from signals.runtime.kafka.settings import KafkaSettings
from signals.runtime.kafka.topics import Topics, TopicSpec

_COORDINATOR_SECONDS = 10.0
JOURNAL_PARTITIONS, OTHER_PARTITIONS = 12, 4


class Todo(StrEnum):
    """What is to be done about a topic."""

    NOTHING = "fine"
    MAKE = "to be made"
    CHANGE = "differs"
    REFUSED = "refused"
    HIDDEN = "hidden"


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
        self._client = opened(settings, lambda: KafkaAdminClient(**settings.client()))

    def plan(self, journal_partitions: int | None = None) -> list[Finding]:
        """Every topic of the installation beside what it must be.

        ``journal_partitions``: None takes those that the journal has, or the default.
        """
        topics = Topics(self._settings.prefix)
        names = [spec.name for spec in topics.specs(JOURNAL_PARTITIONS, OTHER_PARTITIONS)]
        there = self.described(names)
        journal = len(there[topics.journal]["partitions"])
        specs = topics.specs(journal_partitions or journal or JOURNAL_PARTITIONS, OTHER_PARTITIONS)
        configs = self._configs([name for name in names if there[name]["partitions"]])
        return [_found(spec, there[spec.name], configs.get(spec.name, {})) for spec in specs]

    def described(self, names: list[str]) -> dict[str, dict[str, Any]]:
        """What the brokers tell of topics: ``error_code``, ``partitions``, ``authorized_operations``.

        A topic that is missing, or that this user may not see, has no partitions.
        """
        told = asked(lambda: self._client.describe_topics(names))
        return {topic["name"]: topic for topic in told}

    def group(self, name: str) -> dict[str, Any] | None:
        """What the brokers tell of a group: ``error``, ``members``, ``authorized_operations``.

        None if this user may not see it.

        Raises:
            BrokerAwayError: they do not answer.
        """
        give_up = monotonic() + _COORDINATOR_SECONDS
        while True:
            try:
                return dict(self._client.describe_groups([name])[name])
            except GroupAuthorizationFailedError:
                return None
            except CoordinatorNotAvailableError:  # the first group of a new cluster is asked for
                if monotonic() > give_up:
                    raise BrokerAwayError(f"no broker coordinates the group {name}") from None
                sleep(_COORDINATOR_SECONDS / 20)
            except (KafkaError, OSError) as error:
                raise BrokerAwayError(f"the brokers do not answer: {error!r}") from None

    def versions(self) -> dict[int, tuple[int, ...]]:
        """The version of each broker, by its number."""
        brokers = asked(self._client.describe_cluster)["brokers"]
        return {one["broker_id"]: self._version(one["broker_id"]) for one in brokers}

    def _version(self, broker: int) -> tuple[int, ...]:
        told = asked(lambda: self._client.get_broker_version_data(broker))
        return tuple(told.broker_version)

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


def _found(spec: TopicSpec, there: dict[str, Any], config: dict[str, str]) -> Finding:
    partitions = len(there["partitions"])
    if there["error_code"] == TopicAuthorizationFailedError.errno:
        return _hidden(spec, "DESCRIBE")
    if partitions and not config:
        return _hidden(spec, "DESCRIBE_CONFIGS")
    return _compared(spec, partitions, config)


def _hidden(spec: TopicSpec, operation: str) -> Finding:
    told = f"this user may not {operation} it: give the right, else nobody knows how it is kept"
    return Finding(spec, Todo.HIDDEN, told)


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
