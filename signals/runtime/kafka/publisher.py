"""What leaves a worker, in the order that loses nothing: alerts, wait, book, wait.

What is sent follows from the place in the journal alone, so sending again after a failure or a
crash can only repeat.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from signals.book.alert import Alert
from signals.events import Record
from signals.runtime.kafka.figures import Figures
from signals.runtime.kafka.intake import SCHEMA_REJECTED, RejectedMessage, to_journal
from signals.runtime.kafka.partition import Burst
from signals.runtime.kafka.reader import Reader
from signals.runtime.kafka.settings import KafkaSettings
from signals.runtime.kafka.state import SCHEMA_ALERT, SCHEMA_MARK, AlertState, Mark, Writer
from signals.runtime.kafka.study import Change
from signals.runtime.kafka.topics import Topics, partition_of

SCHEMA_REVISION = b"alert/1"
_AGAIN_SECONDS = 1.0
_REFUSED_SECONDS = 0.2
_LINGER_MS = 2
_log = structlog.get_logger("signals")


class Outgoing(NamedTuple):
    """A message to be sent; without a partition its key decides."""

    topic: str
    key: bytes | None
    value: bytes
    schema: bytes | None = None
    partition: int | None = None


class Publisher:
    """Writes to the brokers and waits for their word, however long they are away."""

    def __init__(self, settings: KafkaSettings, topics: Topics, figures: Figures) -> None:
        self._topics = topics
        self._figures = figures
        self._settings = settings
        self.journal_partitions = 0
        self._troubles: dict[object, str] = {}
        self._producer: AIOKafkaProducer | None = None

    @property
    def trouble(self) -> str:
        """Why the brokers do not take what is being sent; empty if they do."""
        return "; ".join(dict.fromkeys(self._troubles.values()))

    async def start(self) -> None:
        """Connect.

        Raises:
            BrokerAwayError: no broker lets us in, or there is no journal.
        """
        journal = self._topics.journal
        self.journal_partitions = (await self.partitions([journal]))[journal]
        # Not idempotent: once brokers were away for longer than a batch may wait, that producer is
        # out of its own sequence for ever.  A repetition is harmless here, standing still is not.
        # It lingers, since a request for every record of a backlog costs more than folding it.
        told = self._settings.client()
        self._producer = AIOKafkaProducer(**told, acks="all", linger_ms=_LINGER_MS)
        _unhurried(self._producer.client)
        await self._producer.start()

    async def partitions(self, topics: Iterable[str]) -> dict[str, int]:
        """How many partitions each topic has.

        Raises:
            BrokerAwayError: no broker lets us in, or one of them is missing.
        """

        def count() -> dict[str, int]:
            with Reader(self._settings) as reader:
                return {topic: len(reader.partitions(topic)) for topic in topics}

        return await asyncio.to_thread(count)

    async def stop(self) -> None:
        """Send what waits, and leave."""
        if self._producer is not None:
            await self._producer.stop()

    async def append(self, record: Record) -> None:
        """Write an accepted record to the journal, on the partition of its study."""
        key, value = to_journal(record)
        partition = partition_of(record.study_id, self.journal_partitions)
        schema = f"{record.kind}/{record.major}".encode()
        await self._surely([Outgoing(self._topics.journal, key, value, schema, partition)])

    async def reject(self, rejected: RejectedMessage) -> None:
        """Keep what could not be accepted."""
        topic, value = self._topics.rejected, rejected.to_bytes()
        await self._surely([Outgoing(topic, rejected.key, value, SCHEMA_REJECTED)])

    async def source(self, topic: str, key: bytes, value: bytes) -> None:
        """Write an event as a source does."""
        await self._surely([Outgoing(topic, key, value)])

    async def publish(self, partition: int, burst: Burst, writer: Writer) -> None:
        """Everything of a burst; when it returns the brokers have it."""
        for each in burst.passed_over:
            self._figures.passed_over(each.why)
            await self.reject(
                RejectedMessage.of(self._topics.journal, partition, each.message, each.rejection)
            )
        alerts = [alert for change in burst.changes for alert in change.alerts]
        await self._surely(
            [
                *(self._alert(self._topics[alert.topic], alert) for alert in alerts),
                *(self._alert(self._topics.canary, alert) for alert in burst.canaries),
            ]
        )
        self._figures.published(alerts)
        await self._surely(
            [each for change in burst.changes for each in self._states(partition, change, writer)]
        )

    def _alert(self, topic: str, alert: Alert) -> Outgoing:
        return Outgoing(topic, alert.alert_id.encode(), message_of(alert), SCHEMA_REVISION)

    def _states(self, partition: int, change: Change, writer: Writer) -> Iterator[Outgoing]:
        """The entries of a study, then its mark: a partition keeps the order."""
        topic, study, position = self._topics.state, change.study_id, change.position
        for name, (entry, before) in change.entries.items():
            state = AlertState(study, name, position, entry, before, writer)
            yield Outgoing(topic, name.encode(), state.to_json(), SCHEMA_ALERT, partition)
        place, sums = (study, position, change.offset), (change.journal, change.lost)
        mark = Mark(*place, change.digest, change.passed_over, writer, *sums)
        yield Outgoing(topic, study.encode(), mark.to_json(), SCHEMA_MARK, partition)

    async def _surely(self, messages: Sequence[Outgoing]) -> None:
        """Send until the brokers have said that they have it."""
        this, done = object(), not messages
        try:
            while not done:
                done = await self._took(messages, this)
        finally:
            self._troubles.pop(this, None)

    async def _took(self, messages: Sequence[Outgoing], call: object) -> bool:
        """Send once; False, after a pause, if it has to be sent again."""
        try:
            await asyncio.gather(*[await self._send(each) for each in messages])
        except KafkaError as error:
            _log.warning("the brokers did not take it; sending again", error=repr(error))
            topics = ", ".join(sorted({each.topic for each in messages}))
            self._troubles[call] = f"the brokers do not take what is sent to {topics}: {error!r}"
            await asyncio.sleep(_AGAIN_SECONDS)
            return False
        return True

    async def _send(self, message: Outgoing) -> Awaitable[object]:
        if self._producer is None:
            raise RuntimeError("the publisher was not started")
        headers = [("schema", message.schema)] if message.schema else None
        self._figures.sent(message.topic)
        sent: Awaitable[object] = await self._producer.send(
            message.topic,
            message.value,
            key=message.key,
            partition=message.partition,
            headers=headers,
        )
        return sent


def _unhurried(client: Any) -> None:
    """Make a client of aiokafka wait after asking for the brokers in vain.

    With messages in hand, and brokers that refuse the connection, its producer asks thousands of
    times a second, and writes two lines of log each time.
    """
    ask = client._metadata_update  # noqa: SLF001 - no public way

    async def ask_and_wait(*given: Any) -> bool:
        answered: bool = await ask(*given)
        if not answered:
            await asyncio.sleep(_REFUSED_SECONDS)
        return answered

    client._metadata_update = ask_and_wait  # noqa: SLF001


def message_of(alert: Alert) -> bytes:
    """One revision as it is sent."""
    return json.dumps(alert.to_json(), ensure_ascii=False, separators=(",", ":")).encode()
