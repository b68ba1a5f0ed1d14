"""A worker that loads a journal and judges every record anew, beside the plain fold of that journal."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from time import monotonic, perf_counter
from typing import NamedTuple

from rich.console import Console
from rich.progress import track

from bench.engine import Engine
from bench.kafka.place import installation, journal, wait
from bench.subject import Event
from signals.events import Record, read_event
from signals.rulebook.pack import Pack, load_pack
from signals.runtime.kafka.export import Sender


class CatchUp(NamedTuple):
    """Events a second by the clock on the wall: of the worker, and of one process without a broker."""

    events: int
    worker: float
    plain: float

    @property
    def ratio(self) -> float:
        """How many times the plain fold."""
        return self.worker / self.plain


def catch_up(bootstrap: str, folder: Path, path: Path, events: list[bytes]) -> CatchUp:
    """The same journal, folded once by each."""
    pack = load_pack(path)
    lines = journal(pack, events)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        plain = process.submit(_plain, path, lines).result()
    return CatchUp(len(lines), _worker(bootstrap, folder, pack, lines), plain)


def _records(pack: Pack, lines: list[bytes]) -> list[Record]:
    found = (read_event(line, zone=pack.study.zone, trusted=True) for line in lines)
    return [each for each in found if isinstance(each, Record)]


def _worker(bootstrap: str, folder: Path, pack: Pack, lines: list[bytes]) -> float:
    """From the worker's first step, as its figures show it, to its last."""
    place = installation(bootstrap, folder)
    with Sender(place.settings) as sender:
        sender.journal(_records(pack, lines))
    with place.running(1, "--clock", "journal") as (process,):
        folded = "signals_evaluation_seconds_count"
        wait("the first record", lambda: process.figure(folded), 1)
        begun, first = monotonic(), process.figure(folded)
        ended = wait("catch-up", lambda: process.figure(folded), len(lines))
    return (len(lines) - first) / (ended - begun)


def _plain(path: Path, lines: list[bytes]) -> float:
    pack = load_pack(path)
    engine = Engine(pack)
    events = [Event(each.kind, each.arrival, line) for each, line in _both(pack, lines)]
    begun = perf_counter()
    for event in track(events, "plain fold", console=Console(stderr=True)):
        engine(event)
    return len(events) / (perf_counter() - begun)


def _both(pack: Pack, lines: list[bytes]) -> list[tuple[Record, bytes]]:
    return list(zip(_records(pack, lines), lines, strict=True))
