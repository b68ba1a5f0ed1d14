"""Sending canaries, and seeing whether they come out at the far end, partition by partition."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic, time

from signals.runtime.kafka.canary import canary_event, canary_of
from signals.runtime.kafka.figures import Figures
from signals.runtime.kafka.publisher import Publisher
from signals.runtime.kafka.reader import Reader
from signals.runtime.kafka.settings import KafkaSettings
from signals.runtime.kafka.topics import Topics

_MS = 1000.0


@dataclass(slots=True)
class _Flights:
    """The canaries of one partition: when the last was sent, which are on their way, the last seen.

    Before one came out, ``seen`` is when the first was sent: one that never comes out is missed too.
    """

    seen: float = field(default_factory=monotonic)
    last_sent: float | None = None
    flying: dict[str, float] = field(default_factory=dict)

    def unseen(self) -> float:
        """Seconds since the last one came out."""
        return monotonic() - self.seen


class Canaries:
    """The canaries of the partitions that this worker holds."""

    def __init__(
        self, settings: KafkaSettings, publisher: Publisher, figures: Figures, seconds: float
    ) -> None:
        """``seconds``: between two canaries of a partition; 0 sends none."""
        self._settings = settings
        self._topics = Topics(settings.prefix)
        self._publisher = publisher
        self._figures = figures
        self._seconds = seconds
        self._flights: dict[int, _Flights] = {}
        self._reader: Reader | None = None
        self._read_upto = 0

    async def look(self, partitions: Iterable[int]) -> None:
        """Send those that are due, and note those that came out."""
        if not self._seconds:
            return
        if self._reader is None:
            await asyncio.to_thread(self._begin)
        self._hold(set(partitions))
        for partition, flights in self._flights.items():
            last = flights.last_sent
            if last is None or monotonic() - last >= self._seconds:
                flights.last_sent = monotonic()
                await self._send(partition, flights)
        for record_id, published in await asyncio.to_thread(self._came_out):
            self._note(record_id, published)

    def _hold(self, partitions: set[int]) -> None:
        for gone in set(self._flights) - partitions:
            del self._flights[gone]
            self._figures.canary_gone(gone)
        for fresh in partitions - set(self._flights):
            flights = self._flights[fresh] = _Flights()
            self._figures.canary_awaited(fresh, flights.unseen)

    async def _send(self, partition: int, flights: _Flights) -> None:
        study_id = canary_of(partition, self._publisher.journal_partitions)
        event = canary_event(study_id, datetime.now(UTC))
        flights.flying[str(event["record_id"])] = time()
        topic = self._topics.of_kind("adverse-event")
        await self._publisher.source(topic, study_id.encode(), json.dumps(event).encode())

    def _note(self, record_id: str, published: float) -> None:
        for partition, flights in self._flights.items():
            sent = flights.flying.pop(record_id, None)
            if sent is not None:
                flights.seen = monotonic()
                self._figures.canary_came_out(partition, max(0.0, published - sent))

    def _begin(self) -> None:
        self._reader = Reader(self._settings)
        self._read_upto = self._reader.ends(self._topics.canary, [0])[0]

    def _came_out(self) -> list[tuple[str, float]]:
        """The adverse events of the alerts that came out, and when."""
        if self._reader is None:
            return []
        upto = self._reader.ends(self._topics.canary, [0])[0]
        start, self._read_upto = self._read_upto, upto
        messages = self._reader.read(self._topics.canary, 0, start, upto)
        found = ((json.loads(each.value)["about"], each.timestamp) for each in messages)
        return [
            (about["adverse event"], timestamp / _MS)
            for about, timestamp in found
            if "adverse event" in about
        ]
