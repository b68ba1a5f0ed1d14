"""The simulated reference trial through one engine, in a fresh process, beside the reference loop."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.progress import track

from bench.engine import TURN, Engine, in_turns
from bench.mix import trial as mix
from bench.reference import OF_KIND, Reference
from bench.subject import Event
from signals.events import journal_json
from signals.facts.kind import Fact
from signals.facts.registry import dictionary
from signals.rulebook.pack import Pack, load_pack
from signals.runtime.intake import Door, Piece
from signals.runtime.replay import read_journal
from signals.simulate import simulate
from signals.simulate.tape import line

_KIB = 1024


class WholeTrial(NamedTuple):
    """Seconds of the processor for all events; MiB the process held at most, reading included."""

    events: int
    engine: float
    reference: float
    peak_mib: float

    @property
    def events_per_second(self) -> float:
        """Of the engine, matcher included."""
        return self.events / self.engine

    @property
    def ratio(self) -> float:
        """How many times the reference."""
        return self.engine / self.reference


def whole_trial(pack: Path, seed: int, *, short: bool) -> WholeTrial:
    """Fold the trial (12 subjects of it, if short) in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(_run, pack, seed, short).result()


def _run(folder: Path, seed: int, short: bool) -> WholeTrial:
    pack = load_pack(folder)
    reference = Reference(pack, dictionary(), _adverse_events(pack))
    engine, events = Engine(pack), list(_events(pack, seed, short))
    taken = [0.0, 0.0]
    starts = range(0, len(events), TURN)
    for start in track(starts, "simulated trial", console=Console(stderr=True)):
        part = in_turns(events[start : start + TURN], [reference, engine])
        taken = [have + more for have, more in zip(taken, part, strict=True)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KIB
    return WholeTrial(len(events), taken[1], taken[0], peak)


def _adverse_events(pack: Pack) -> list[Fact]:
    engine = Engine(pack, use_matcher=False)
    for event in mix(1, seed=1):
        engine(event)
    return [fact for fact in engine.fold.monitor.facts() if fact.kind == OF_KIND]


def _events(pack: Pack, seed: int, short: bool) -> Iterator[Event]:
    sent = simulate(seed, short=short).tape.arrived()
    pieces = (Piece(line(event).encode(), "simulated") for _, event in sent)
    door = Door(pack.study.study_id, pack.study.zone, trusted=True)
    for record in read_journal([pieces], door).records:
        yield Event(record.kind, record.arrival, journal_json(record))
