"""Reading a partition from one place to another with a plain consumer.

It serves rebuilds and tools: an agent costs ten times as much an event, and hands over only what
comes next.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, Self, TypeVar

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError, OffsetOutOfRangeError

from signals.runtime.kafka.reach import refusal
from signals.runtime.kafka.settings import KafkaSettings

T = TypeVar("T")
_POLL_MS = 500
_RECORDS = 2000


class Message(NamedTuple):
    """One message of a partition."""

    offset: int
    key: bytes | None
    value: bytes
    timestamp: int
    headers: Sequence[tuple[str, bytes]]


class BrokerAwayError(Exception):
    """The brokers do not answer, or do not hold what was asked for."""


class Reader:
    """A consumer without a group; what a transaction took back is not read.

    ``gaps`` counts the offsets that hold no record: control and aborted batches, what compaction
    removed.  Not to be used by two threads at a time.
    """

    def __init__(self, settings: KafkaSettings) -> None:
        """Connect.

        Raises:
            BrokerAwayError: no broker answers.
        """
        self.gaps = 0
        self._consumer = opened(
            settings,
            lambda: KafkaConsumer(
                **settings.client(),
                group_id=None,
                enable_auto_commit=False,
                auto_offset_reset="none",  # what is gone must be told, not skipped
                isolation_level="read_committed",
                max_poll_records=_RECORDS,
                fetch_max_wait_ms=100,
            ),
        )

    def partitions(self, topic: str) -> list[int]:
        """The partitions of a topic.

        Raises:
            BrokerAwayError: there is no such topic.
        """
        found = asked(lambda: self._consumer.partitions_for_topic(topic))
        if not found:
            raise BrokerAwayError(
                f"there is no topic {topic}, or no right to see it; 'signals topics apply' makes"
                " it, 'signals doctor' names the right"
            )
        return sorted(found)

    def ends(self, topic: str, partitions: Iterable[int]) -> dict[int, int]:
        """The offset after the last message of each partition."""
        places = [TopicPartition(topic, partition) for partition in partitions]
        found = asked(lambda: self._consumer.end_offsets(places))
        return {place.partition: offset for place, offset in found.items()}

    def begin(self, topic: str, partition: int) -> int:
        """The first offset that is still kept."""
        place = TopicPartition(topic, partition)
        return int(asked(lambda: self._consumer.beginning_offsets([place]))[place])

    def read(self, topic: str, partition: int, start: int, upto: int) -> Iterator[Message]:
        """The messages from ``start`` up to, without, ``upto``; all of them, however long it takes.

        Raises:
            BrokerAwayError: the brokers went away, or do not hold all of it.
        """
        if start >= upto:
            return
        place = TopicPartition(topic, partition)
        self._consumer.assign([place])
        self._consumer.seek(place, start)
        expected = start
        while expected < upto:
            begun = expected
            for one in asked(self._poll).get(place, []):
                if one.offset >= upto:
                    break
                self.gaps += one.offset - expected
                expected = one.offset + 1
                yield Message(one.offset, one.key, one.value or b"", one.timestamp, one.headers)
            # The consumer's own place tells what it passed without handing it over.  That a poll
            # brings nothing tells nothing: a busy broker is only late.
            passed = min(upto, asked(lambda: self._consumer.position(place)) or expected)
            self.gaps += passed - expected
            expected = passed
            if expected == begun and (end := self.ends(topic, [partition])[partition]) < upto:
                raise BrokerAwayError(f"{topic} {partition} ended at {upto}, and now at {end}")

    def _poll(self) -> dict[TopicPartition, list[Message]]:
        found: dict[TopicPartition, list[Message]] = self._consumer.poll(timeout_ms=_POLL_MS)
        return found

    def close(self) -> None:
        """Leave the brokers."""
        self._consumer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def opened(settings: KafkaSettings, open_client: Callable[[], T]) -> T:
    """A client of the brokers; not to be called in a running loop.

    Raises:
        BrokerAwayError: none lets us in; the message tells which setting to look at.
    """
    refused = asyncio.run(refusal(settings))
    if refused:
        raise BrokerAwayError(f"no broker lets us in: {refused}")
    return asked(open_client)


class Following:
    """A topic, or one partition of it, read on from where the last look ended."""

    def __init__(self, topic: str, partition: int | None = None, start: int | None = None) -> None:
        """``start``: the first offset of the one partition; None begins with what is still kept."""
        self._topic = topic
        self._partition = partition
        self._at: dict[int, int] = {} if partition is None or start is None else {partition: start}

    def news(self, reader: Reader) -> Iterator[Message]:
        """What came since the last look; a look that breaks off is gone on with by the next.

        Raises:
            BrokerAwayError: the brokers do not answer, or have no such topic.
        """
        every = self._partition is None
        partitions = reader.partitions(self._topic) if every else [self._partition or 0]
        for partition, end in reader.ends(self._topic, partitions).items():
            if partition not in self._at:
                self._at[partition] = reader.begin(self._topic, partition)
            for message in reader.read(self._topic, partition, self._at[partition], end):
                self._at[partition] = message.offset + 1
                yield message
            self._at[partition] = max(self._at[partition], end)


def asked(ask: Callable[[], T]) -> T:
    """The answer of the brokers.

    Raises:
        BrokerAwayError: they give none.
    """
    try:
        return ask()
    except OffsetOutOfRangeError as error:
        raise BrokerAwayError(
            f"the brokers no longer hold what was asked for: {error!r}; was it deleted, or its"
            " retention changed? 'signals topics plan' tells how each topic must be kept"
        ) from None
    except (KafkaError, OSError) as error:
        raise BrokerAwayError(f"the brokers do not answer or refuse: {error!r}") from None
