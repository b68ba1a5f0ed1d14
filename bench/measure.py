"""One run of all benchmarks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from bench import append
from bench.alone import Alone, alone
from bench.engine import Engine, in_turns
from bench.mix import shares, trial
from bench.reference import OF_KIND, Reference
from bench.subject import Event
from bench.whole_trial import WholeTrial, whole_trial
from signals.facts.kind import Fact
from signals.facts.registry import dictionary
from signals.rulebook.pack import Pack, load_pack
from signals.rulebook.panel import Counters

MOST = {"engine": 6.0, "without matcher": 3.0, "append": 1.5}
"""The bars: each ratio may be at most this."""
MOST_MIB = 1536.0
"""The bar of the memory that the whole simulated trial takes."""


class Beside(NamedTuple):
    """Processor seconds an event of an engine, and of the reference that took turns with it."""

    engine: float
    reference: float

    @property
    def ratio(self) -> float:
        """How many times the reference."""
        return self.engine / self.reference


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured."""

    subjects: int = 20
    short: int = 100
    long: int = 10_000
    short_trial: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """All figures of a run; seconds are of the processor, an event or an append each."""

    seed: int
    events: int
    subjects: int
    mix: dict[str, float]
    rulesets: int
    engine: Beside
    without_matcher: Beside
    matcher_calls: float
    matcher_share: float
    facts_judged: float
    revisions: int
    appends: dict[str, tuple[float, float]]
    lengths: tuple[int, int]
    alone: Alone
    trial: WholeTrial

    @property
    def ratios(self) -> dict[str, tuple[float, float]]:
        """Each ratio and its bar."""
        found = {
            "engine / reference": (self.engine.ratio, MOST["engine"]),
            "engine without matcher / reference": (
                self.without_matcher.ratio,
                MOST["without matcher"],
            ),
        }
        found["simulated trial, engine / reference"] = (self.trial.ratio, MOST["engine"])
        found["simulated trial, peak memory in MiB / bar"] = (self.trial.peak_mib / MOST_MIB, 1.0)
        for kind, (short, long) in self.appends.items():
            name = f"append {kind}: {self.lengths[1]} / {self.lengths[0]} records"
            found[name] = (long / short, MOST["append"])
        return found


def measure(folder: Path, size: Size, seed: int) -> Result:
    """Measure a pack with a mix of that size."""
    by_itself = alone(folder, size.subjects, seed)
    in_trial = whole_trial(folder, seed, short=size.short_trial)
    pack = load_pack(folder)
    events = trial(size.subjects, seed)
    reference = Reference(pack, dictionary(), _warmed_up(pack, seed + 1))
    with_matcher = _run(events, reference, Engine(pack, timed=True))
    without = _run(events, reference, Engine(pack, use_matcher=False))
    assert with_matcher.book == without.book, "the matcher changed the book"
    counters, count = with_matcher.counters, len(events)
    assert counters.matcher_errors == 0, "the matcher failed"
    lengths = (size.short, size.long)
    return Result(
        seed=seed,
        events=count,
        subjects=size.subjects,
        mix=shares(events),
        rulesets=len(reference.rulesets),
        engine=with_matcher.seconds,
        without_matcher=without.seconds,
        matcher_calls=counters.matcher_calls / count,
        matcher_share=counters.matcher_seconds / count / with_matcher.seconds.engine,
        facts_judged=counters.facts / count,
        revisions=with_matcher.published,
        appends=append.costs(pack, lengths, seed),
        lengths=lengths,
        alone=by_itself,
        trial=in_trial,
    )


def _warmed_up(pack: Pack, seed: int) -> list[Fact]:
    """Run all code once, outside of the measure; the adverse events it derived."""
    engine, bare, events = Engine(pack), Engine(pack, use_matcher=False), trial(1, seed)
    in_turns(events, [engine, bare])
    facts = [fact for fact in engine.fold.monitor.facts() if fact.kind == OF_KIND]
    in_turns(events, [Reference(pack, dictionary(), facts)])
    return facts


@dataclass(frozen=True, slots=True)
class _Run:
    """What one engine took and did."""

    seconds: Beside
    counters: Counters
    published: int
    book: str


def _run(events: Sequence[Event], reference: Reference, engine: Engine) -> _Run:
    """Only one engine lives at a time: the collector's work grows with all that is in memory."""
    of_reference, of_engine = in_turns(events, [reference, engine])
    book = sha256(repr(engine.fold.book.state()).encode()).hexdigest()
    seconds = Beside(of_engine / len(events), of_reference / len(events))
    return _Run(seconds, engine.panel.counters, engine.published, book)
