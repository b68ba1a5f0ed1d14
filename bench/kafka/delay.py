"""Seconds from the sending of an event to its alert, at a steady rate; beside two bare agents in a row."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from bench.kafka.bare import OUT
from bench.kafka.place import bare_agents, installation, journal
from signals.events import read_event
from signals.rulebook.pack import Pack
from signals.runtime.kafka.export import Sender
from signals.runtime.kafka.topics import ALERTS
from tests.kafka.installation import Installation

PER_SECOND = 100
_LAST_SECONDS = 3.0
_WARM_UP = 300

Seen = list[tuple[bytes, float]]


class Delay(NamedTuple):
    """Median and 99th percentile, in seconds, and of how many messages."""

    p50: float
    p99: float
    of: int

    @classmethod
    def among(cls, seconds: list[float]) -> Delay:
        """The percentiles of some delays."""
        ordered, count = sorted(seconds), len(seconds)
        return cls(ordered[count // 2], ordered[count * 99 // 100], count)


class Delays(NamedTuple):
    """Of the worker's alerts, and of what the bare agents pass on."""

    worker: Delay
    bare: Delay


def delays(bootstrap: str, folder: Path, pack: Pack, events: list[bytes], seconds: int) -> Delays:
    """The last events of a trial sent at a steady rate, upon a journal of those before them."""
    count = seconds * PER_SECOND
    before, then = events[:-count], events[-count:]
    place = installation(bootstrap, folder)
    return Delays(_worker(place, pack, before, then), _bare(installation(bootstrap, folder), then))


def _worker(place: Installation, pack: Pack, before: list[bytes], then: list[bytes]) -> Delay:
    with Sender(place.settings) as sender:
        zone = pack.study.zone
        records = (read_event(raw, zone=zone, trusted=True) for raw in journal(pack, before))
        sender.journal(records)  # type: ignore[arg-type]  # a journal holds no rejections
    topics = [place.topics[name] for name in ALERTS]
    with place.running(1, "--clock", "journal") as (process,):
        place.wait_until_folded([process])
        sent, seen = asyncio.run(_steadily(place, topics, then))
        place.wait_until_folded([process])
    of_position = dict(enumerate((str(r.event_id) for r in place.journal("UC-MSC")), start=1))
    found = ((json.loads(value)["journal_position"], when) for value, when in seen)
    return _after_warm_up(sent, [(of_position.get(position, ""), at) for position, at in found])


def _bare(place: Installation, then: list[bytes]) -> Delay:
    with bare_agents(place):
        sent, seen = asyncio.run(_steadily(place, [f"{place.prefix}{OUT}"], then))
    return _after_warm_up(sent, [(json.loads(value)["event_id"], when) for value, when in seen])


def _after_warm_up(sent: dict[str, float], seen: list[tuple[str, float]]) -> Delay:
    counted = dict(list(sent.items())[_WARM_UP:])
    return Delay.among([when - counted[name] for name, when in seen if name in counted])


async def _steadily(
    place: Installation, topics: list[str], events: list[bytes]
) -> tuple[dict[str, float], Seen]:
    """When each event was sent, and each message of the topics seen."""
    consumer: Any = AIOKafkaConsumer(
        *topics, bootstrap_servers=place.bootstrap, auto_offset_reset="earliest"
    )
    producer: Any = AIOKafkaProducer(bootstrap_servers=place.bootstrap, acks="all")
    await consumer.start()
    await producer.start()
    seen: Seen = []
    for each in consumer.assignment():
        await consumer.seek_to_end(each)
    looking = asyncio.create_task(_look(consumer, seen))
    try:
        sent = await _send(producer, place.topics.of_kind, events)
        await asyncio.sleep(_LAST_SECONDS)
    finally:
        looking.cancel()
        await producer.stop()
        await consumer.stop()
    return sent, seen


async def _look(consumer: Any, seen: Seen) -> None:
    async for message in consumer:
        seen.append((message.value, monotonic()))


async def _send(
    producer: Any, topic_of: Callable[[str], str], events: list[bytes]
) -> dict[str, float]:
    sent: dict[str, float] = {}
    begun = monotonic()
    for number, raw in enumerate(events):
        told = json.loads(raw)
        await asyncio.sleep(max(0.0, begun + number / PER_SECOND - monotonic()))
        sent[told["event_id"]] = monotonic()
        await producer.send(topic_of(told["schema"].partition("/")[0]), raw)
    return sent
