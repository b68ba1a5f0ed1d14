"""Events a second from their source topic to the book, of a backlog; beside two bare agents in a row."""

from __future__ import annotations

import json
from pathlib import Path
from time import time
from typing import NamedTuple

from bench.kafka.bare import MIDDLE, OUT
from bench.kafka.place import bare_agents, installation, processor_seconds, wait
from signals.runtime.kafka.reader import Message, Reader
from tests.kafka.installation import Installation

_MS = 1000.0


class Passed(NamedTuple):
    """Events a second by the clock on the wall, and processor seconds an event."""

    per_second: float
    seconds: float


class Rate(NamedTuple):
    """Through intake and monitor, and through the bare agents."""

    events: int
    worker: Passed
    bare: Passed

    @property
    def ratio(self) -> float:
        """Events a second, as many times those of the bare agents."""
        return self.worker.per_second / self.bare.per_second

    @property
    def of_processor(self) -> float:
        """The same by processor time, which other work on the machine changes less."""
        return self.bare.seconds / self.worker.seconds


def rate(bootstrap: str, folder: Path, events: list[bytes]) -> Rate:
    """Both pass the same events, one after the other."""
    bare = _bare(installation(bootstrap, folder), events)
    return Rate(len(events), _worker(installation(bootstrap, folder), events), bare)


def _worker(place: Installation, events: list[bytes]) -> Passed:
    """From the first record on the journal until the last is folded."""
    with place.running(1, "--clock", "journal") as (process,):
        process.wait_until("/readyz")
        begun = processor_seconds(process.process.pid)
        place.send(events)
        all_ = len(events) + 1  # and the activation of the pack
        wait("worker", lambda: process.figure("signals_evaluation_seconds_count"), all_)
        ended, taken = time(), processor_seconds(process.process.pid) - begun
    first = next(m for m in _messages(place, place.topics.journal) if not _is_activation(m))
    return _passed(len(events), ended - first.timestamp / _MS, taken)


def _bare(place: Installation, events: list[bytes]) -> Passed:
    """From the first record between the agents to the last one behind them."""
    out = f"{place.prefix}{OUT}"
    with bare_agents(place) as process:
        place.send(events[:1])
        wait("a first event", lambda: place.ends(out), 1)
        begun = processor_seconds(process)
        place.send(events[1:])
        wait("bare agents", lambda: place.ends(out), len(events))
        taken = processor_seconds(process) - begun
    first, last = _messages(place, f"{place.prefix}{MIDDLE}")[1], _messages(place, out)[-1]
    return _passed(len(events) - 1, (last.timestamp - first.timestamp) / _MS, taken)


def _passed(count: int, seconds: float, of_processor: float) -> Passed:
    return Passed(count / seconds, of_processor / count)


def _messages(place: Installation, topic: str) -> list[Message]:
    """All of a topic, by the time at which they were written."""
    with Reader(place.settings) as reader:
        ends = reader.ends(topic, reader.partitions(topic))
        found = [m for p, end in ends.items() for m in reader.read(topic, p, 0, end)]
    return sorted(found, key=lambda message: message.timestamp)


def _is_activation(message: Message) -> bool:
    return bool(json.loads(message.value)["schema"] == "pack-activation/1")
