"""The records of a study that no worker has folded yet, and when they arrived.

A worker acknowledges a record of the journal when what follows from it is published.  So what its
group has acknowledged tells how far the study is, also where nothing followed.
"""

from __future__ import annotations

import json
from collections import deque
from datetime import datetime

from kafka import KafkaConsumer, TopicPartition

from signals.runtime.kafka.reader import Following, Reader, asked
from signals.runtime.kafka.settings import KafkaSettings
from signals.runtime.kafka.topics import Topics


class Unfolded:
    """Follows the end of a study's journal; to be used by one thread.

    ``seen``: whether the journal holds any record of the study.  ``last``: the latest arrival.
    """

    def __init__(self, topics: Topics, study_id: str, partition: int, start: int) -> None:
        """``start``: an offset before which everything is folded."""
        self.seen = start > 0
        self.last: datetime | None = None
        self._key = study_id.encode()
        self._place = TopicPartition(topics.journal, partition)
        self._journal = Following(topics.journal, partition, start)
        self._arrivals: deque[tuple[int, datetime | None]] = deque()

    def look(self, reader: Reader, group: KafkaConsumer) -> None:
        """Read what came, and forget what was folded meanwhile.

        Raises:
            BrokerAwayError: the brokers do not answer; looking again goes on.
        """
        for message in self._journal.news(reader):
            if message.key == self._key:
                self._take(message.offset, message.value)
        folded = asked(lambda: group.committed(self._place)) or 0
        while self._arrivals and self._arrivals[0][0] < folded:
            self._arrivals.popleft()

    @property
    def count(self) -> int:
        """How many records are not folded."""
        return len(self._arrivals)

    def waiting(self, now: datetime) -> float:
        """Seconds since the arrival of the oldest of them; 0 if there is none."""
        oldest = self._arrivals[0][1] if self._arrivals else None
        return 0.0 if oldest is None else max(0.0, (now - oldest).total_seconds())

    def _take(self, offset: int, value: bytes) -> None:
        arrival = _arrival(value)
        self.seen = True
        if arrival is not None and (self.last is None or arrival > self.last):
            self.last = arrival
        self._arrivals.append((offset, arrival))


def monitor_group(settings: KafkaSettings) -> KafkaConsumer:
    """A consumer that can ask what the workers acknowledged; it never joins their group.

    Raises:
        BrokerAwayError: no broker answers.
    """
    return asked(
        lambda: KafkaConsumer(
            **settings.client(), group_id=settings.group_of("monitor"), enable_auto_commit=False
        )
    )


def _arrival(value: bytes) -> datetime | None:
    """When a record of the journal arrived; a record that cannot be read tells nothing."""
    try:
        return datetime.fromisoformat(json.loads(value)["ingested_at"])
    except (ValueError, KeyError, TypeError):
        return None
