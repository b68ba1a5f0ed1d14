"""One run of all benchmarks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bench import append
from bench.alone import Alone, alone
from bench.engine import Engine, in_turns
from bench.mix import shares, trial
from bench.reference import OF_KIND, Reference
from signals.facts.kind import Fact
from signals.facts.registry import dictionary
from signals.rulebook.pack import Pack, load_pack

MOST = {"engine": 6.0, "without matcher": 3.0, "append": 1.5}
"""The bars: each ratio may be at most this."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured."""

    subjects: int = 20
    short: int = 100
    long: int = 10_000


@dataclass(frozen=True, slots=True)
class Result:
    """All figures of a run; seconds are of the processor, an event or an append each."""

    seed: int
    events: int
    subjects: int
    mix: dict[str, float]
    rulesets: int
    reference: float
    engine: float
    without_matcher: float
    matcher_calls: float
    matcher_share: float
    facts_judged: float
    revisions: int
    appends: dict[str, tuple[float, float]]
    lengths: tuple[int, int]
    alone: Alone

    @property
    def ratios(self) -> dict[str, tuple[float, float]]:
        """Each ratio and its bar."""
        found = {
            "engine / reference": (self.engine / self.reference, MOST["engine"]),
            "engine without matcher / reference": (
                self.without_matcher / self.reference,
                MOST["without matcher"],
            ),
        }
        for kind, (short, long) in self.appends.items():
            name = f"append {kind}: {self.lengths[1]} / {self.lengths[0]} records"
            found[name] = (long / short, MOST["append"])
        return found


def measure(folder: Path, size: Size, seed: int) -> Result:
    """Measure a pack with a mix of that size."""
    by_itself = alone(folder, size.subjects, seed)
    pack = load_pack(folder)
    events = trial(size.subjects, seed)
    reference = Reference(pack, dictionary(), _warmed_up(pack, seed + 1))
    engine, bare = Engine(pack, timed=True), Engine(pack, use_matcher=False)
    seconds = in_turns(events, [reference, engine, bare])
    _check_agreement(engine, bare)
    counters, count = engine.panel.counters, len(events)
    lengths = (size.short, size.long)
    return Result(
        seed=seed,
        events=count,
        subjects=size.subjects,
        mix=shares(events),
        rulesets=len(reference.rulesets),
        reference=seconds[0] / count,
        engine=seconds[1] / count,
        without_matcher=seconds[2] / count,
        matcher_calls=counters.matcher_calls / count,
        matcher_share=counters.matcher_seconds / seconds[1],
        facts_judged=counters.facts / count,
        revisions=engine.published,
        appends=append.costs(pack, lengths, seed),
        lengths=lengths,
        alone=by_itself,
    )


def _warmed_up(pack: Pack, seed: int) -> list[Fact]:
    """Run all code once, outside of the measure; the adverse events it derived."""
    engine, bare, events = Engine(pack), Engine(pack, use_matcher=False), trial(1, seed)
    in_turns(events, [engine, bare])
    facts = [fact for fact in engine.fold.monitor.facts() if fact.kind == OF_KIND]
    in_turns(events, [Reference(pack, dictionary(), facts)])
    return facts


def _check_agreement(engine: Engine, bare: Engine) -> None:
    assert engine.fold.book.state() == bare.fold.book.state(), "the matcher changed the book"
    assert engine.panel.counters.matcher_errors == 0, "the matcher failed"
