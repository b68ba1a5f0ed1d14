"""The journal of a study on the brokers as a file, and a file as the journal of a study."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Self
from zoneinfo import ZoneInfo

from kafka import KafkaProducer

from signals.events import Record, Rejection, read_event
from signals.runtime.kafka.canary import is_canary
from signals.runtime.kafka.intake import to_journal
from signals.runtime.kafka.reader import BrokerAwayError, Reader, asked, opened
from signals.runtime.kafka.settings import KafkaSettings
from signals.runtime.kafka.topics import Topics, partition_of
from signals.runtime.known import Counted


def studies(reader: Reader, topics: Topics) -> list[str]:
    """The studies that the journal holds, without the canaries'."""
    partitions = reader.partitions(topics.journal)
    ends = reader.ends(topics.journal, partitions)
    keys = {
        message.key
        for partition in partitions
        for message in reader.read(topics.journal, partition, 0, ends[partition])
    }
    names = (key.decode(errors="replace") for key in keys if key)
    return sorted(name for name in names if not is_canary(name))


def journal_of(reader: Reader, topics: Topics, study_id: str, zone: ZoneInfo) -> Iterator[Record]:
    """The records of a study in the order of its journal, each counted once.

    The n-th is the one at position n.
    """
    partitions = reader.partitions(topics.journal)
    partition = partition_of(study_id, len(partitions))
    upto = reader.ends(topics.journal, [partition])[partition]
    counted = Counted()
    for message in reader.read(topics.journal, partition, 0, upto):
        if message.key != study_id.encode():
            continue
        read = read_event(message.value, zone=zone, trusted=True)
        if isinstance(read, Rejection) or read.study_id != study_id:
            continue  # whoever folds the journal has passed it over, too, and put it among the rejected
        record = counted.take(read)
        if record is not None:
            yield record


class Sender:
    """Writes to the brokers, each message once however often the line breaks."""

    def __init__(self, settings: KafkaSettings) -> None:
        """Connect.

        Raises:
            BrokerAwayError: no broker answers.
        """
        self._topics = Topics(settings.prefix)
        self._failed: list[BaseException] = []
        self._producer = opened(
            settings,
            lambda: KafkaProducer(
                **settings.client(), enable_idempotence=True, acks="all", linger_ms=5
            ),
        )

    def events(self, raws: Iterable[tuple[str, str | None, bytes]]) -> int:
        """Send events, each with its kind and study, as a source does; how many."""
        count = 0
        for kind, study_id, raw in raws:
            key = None if study_id is None else study_id.encode()
            self._send(self._topics.of_kind(kind), raw, key=key)
            count += 1
        self._finish()
        return count

    def journal(self, records: Iterable[Record]) -> int:
        """Append accepted records, each with the arrival it tells; how many."""
        count, partitions = 0, len(self._partitions())
        for record in records:
            key, value = to_journal(record)
            partition = partition_of(record.study_id, partitions)
            self._send(self._topics.journal, value, key=key, partition=partition)
            count += 1
        self._finish()
        return count

    def message(self, topic: str, key: bytes | None, value: bytes) -> None:
        """Send one message and wait."""
        self._send(topic, value, key=key)
        self._finish()

    def _partitions(self) -> list[int]:
        return sorted(asked(lambda: self._producer.partitions_for(self._topics.journal)))

    def _send(self, topic: str, value: bytes, **how: object) -> None:
        asked(
            lambda: self._producer.send(topic, value=value, **how).add_errback(self._failed.append)
        )

    def _finish(self) -> None:
        asked(self._producer.flush)
        if self._failed:
            raise BrokerAwayError(f"not all was taken: {self._failed[0]!r}; send it again")

    def close(self) -> None:
        """Leave the brokers."""
        self._producer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
