"""One fold alone in a fresh process: events a second by the clock on the wall, and peak memory."""

from __future__ import annotations

import resource
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from bench.engine import Engine
from bench.mix import trial
from signals.rulebook.pack import load_pack

_KIB = 1024


class Alone(NamedTuple):
    """Throughput, and the most memory the process held, before the first event and in all (MiB)."""

    events_per_second: float
    before_mib: float
    peak_mib: float


def alone(pack: Path, subjects: int, seed: int) -> Alone:
    """Fold the mix in a process of its own, started while this one is still small.

    A process counts the memory of the one that started it towards its peak.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(_run, pack, subjects, seed).result()


def _run(pack: Path, subjects: int, seed: int) -> Alone:
    engine, events = Engine(load_pack(pack)), trial(subjects, seed)
    before = _peak()
    begun = perf_counter()
    for event in events:
        engine(event)
    return Alone(len(events) / (perf_counter() - begun), before, _peak())


def _peak() -> float:
    """Linux counts in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KIB
