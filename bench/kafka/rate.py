"""Events a second from their source topic to the book, of a backlog; beside two bare agents in a row."""

from __future__ import annotations

import json
from pathlib import Path
from time import time
from typing import NamedTuple

from bench.kafka.bare import MIDDLE, OUT
from bench.kafka.place import bare_agents, installation, wait
from signals.runtime.kafka.reader import Message, Reader
from tests.kafka.installation import Installation

_MS = 1000.0


class Rate(NamedTuple):
    """Events a second through intake and monitor, and through the bare agents."""

    events: int
    worker: float
    bare: float

    @property
    def ratio(self) -> float:
        """How many times the bare agents."""
        return self.worker / self.bare


def rate(bootstrap: str, folder: Path, events: list[bytes]) -> Rate:
    """Both pass the same events, one after the other."""
    bare = _bare(installation(bootstrap, folder), events)
    return Rate(len(events), _worker(installation(bootstrap, folder), events), bare)


def _worker(place: Installation, events: list[bytes]) -> float:
    """From the first record on the journal until the last is folded."""
    place.send(events)
    with place.running(1, "--clock", "journal") as (process,):
        all_ = len(events) + 1  # and the activation of the pack
        wait("worker", lambda: process.figure("signals_evaluation_seconds_count"), all_)
        ended = time()
    begun = next(m for m in _messages(place, place.topics.journal) if not _is_activation(m))
    return len(events) / (ended - begun.timestamp / _MS)


def _bare(place: Installation, events: list[bytes]) -> float:
    """From the first record between the agents to the last one behind them."""
    place.send(events)
    out = f"{place.prefix}{OUT}"
    with bare_agents(place):
        wait("bare agents", lambda: place.ends(out), len(events))
    begun = _messages(place, f"{place.prefix}{MIDDLE}")[0]
    return len(events) / ((_messages(place, out)[-1].timestamp - begun.timestamp) / _MS)


def _messages(place: Installation, topic: str) -> list[Message]:
    """All of a topic, by the time at which they were written."""
    with Reader(place.settings) as reader:
        ends = reader.ends(topic, reader.partitions(topic))
        found = [m for p, end in ends.items() for m in reader.read(topic, p, 0, end)]
    return sorted(found, key=lambda message: message.timestamp)


def _is_activation(message: Message) -> bool:
    return bool(json.loads(message.value)["schema"] == "pack-activation/1")
