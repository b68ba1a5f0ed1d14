"""A worker that loads a journal and judges every record anew, beside the plain fold of that journal."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from time import monotonic, perf_counter, process_time
from typing import NamedTuple

from rich.console import Console
from rich.progress import track

from bench.engine import Engine
from bench.kafka.place import installation, journal, processor_seconds, wait
from bench.kafka.rate import Passed
from bench.subject import Event
from signals.events import Record, read_event
from signals.rulebook.pack import Pack, load_pack
from signals.runtime.kafka.export import Sender


class CatchUp(NamedTuple):
    """Of the worker, and of one process without a broker."""

    events: int
    worker: Passed
    plain: Passed

    @property
    def ratio(self) -> float:
        """Events a second, as many times those of the plain fold."""
        return self.worker.per_second / self.plain.per_second

    @property
    def of_processor(self) -> float:
        """The same by processor time, which other work on the machine changes less."""
        return self.plain.seconds / self.worker.seconds


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


def _worker(bootstrap: str, folder: Path, pack: Pack, lines: list[bytes]) -> Passed:
    """From the worker's first step, as its figures show it, to its last."""
    place = installation(bootstrap, folder)
    with Sender(place.settings) as sender:
        sender.journal(_records(pack, lines))
    with place.running(1, "--clock", "journal") as (process,):
        folded = "signals_evaluation_seconds_count"
        wait("the first record", lambda: process.figure(folded), 1)
        first = process.figure(folded)
        begun, taken = monotonic(), processor_seconds(process.process.pid)
        ended = wait("catch-up", lambda: process.figure(folded), len(lines))
        taken = processor_seconds(process.process.pid) - taken
    count = len(lines) - first
    return Passed(count / (ended - begun), taken / count)


def _plain(path: Path, lines: list[bytes]) -> Passed:
    pack = load_pack(path)
    engine = Engine(pack)
    events = [Event(each.kind, each.arrival, line) for each, line in _both(pack, lines)]
    begun, taken = perf_counter(), process_time()
    for event in track(events, "plain fold", console=Console(stderr=True)):
        engine(event)
    count = len(events)
    return Passed(count / (perf_counter() - begun), (process_time() - taken) / count)


def _both(pack: Pack, lines: list[bytes]) -> list[tuple[Record, bytes]]:
    return list(zip(_records(pack, lines), lines, strict=True))
