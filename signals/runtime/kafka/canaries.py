"""Sending canaries, and seeing whether they come out at the far end."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from time import monotonic, time

from signals.runtime.kafka.canary import canary_event, canary_of
from signals.runtime.kafka.figures import Figures
from signals.runtime.kafka.publisher import Publisher
from signals.runtime.kafka.reader import Reader
from signals.runtime.kafka.settings import KafkaSettings
from signals.runtime.kafka.topics import Topics

_MS = 1000.0


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
        self._sent_at: dict[int, float] = {}
        self._flying: dict[str, float] = {}
        self._seen: float | None = None
        self._reader: Reader | None = None
        self._read_upto = 0

    def last_seen(self) -> float | None:
        """Seconds since one came out; None before the first."""
        return None if self._seen is None else monotonic() - self._seen

    async def look(self, partitions: Iterable[int]) -> None:
        """Send those that are due, and note those that came out."""
        if not self._seconds:
            return
        if self._reader is None:
            await asyncio.to_thread(self._begin)
        for partition in partitions:
            if monotonic() - self._sent_at.get(partition, -self._seconds) >= self._seconds:
                self._sent_at[partition] = monotonic()
                await self._send(partition)
        for record_id, published in await asyncio.to_thread(self._came_out):
            sent = self._flying.pop(record_id, None)
            if sent is not None:
                self._figures.canary_seconds.set(max(0.0, published - sent))
                self._seen = monotonic()

    async def _send(self, partition: int) -> None:
        study_id = canary_of(partition, self._publisher.journal_partitions)
        event = canary_event(study_id, datetime.now(UTC))
        self._flying[str(event["record_id"])] = time()
        topic = self._topics.of_kind("adverse-event")
        await self._publisher.source(topic, study_id.encode(), json.dumps(event).encode())

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
