"""The engine's time: from bytes to what the book publishes, without any disk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import process_time

from bench.subject import Event
from signals.book.fold import Fold
from signals.events import Record, read_event
from signals.facts.registry import dictionary
from signals.rulebook.pack import Pack
from signals.rulebook.panel import Panel
from signals.runtime.collector import collect_seldom

TURN = 100
"""The loops take turns of so many events, so that a busy machine slows all of them alike."""


class Engine:
    """One study from bytes: read, fold, judge, publish; nothing is kept on disk."""

    def __init__(self, pack: Pack, *, use_matcher: bool = True, timed: bool = False) -> None:
        """``timed``: let the panel time the matcher's calls."""
        collect_seldom()
        self._zone = pack.study.zone
        self._position = 0
        self.published = 0
        self.panel = Panel(pack.by_kind, dictionary(), use_matcher=use_matcher, timed=timed)
        self.fold = Fold(pack, make_panel=lambda _: self.panel)

    def __call__(self, event: Event) -> None:
        """One event all the way."""
        record = read_event(event.raw, zone=self._zone, trusted=True)
        assert isinstance(record, Record), f"the mix holds an event that is rejected: {record}"
        self._position += 1
        self.published += len(self.fold.step(record, self._position))


def in_turns(events: Sequence[Event], loops: Sequence[Callable[[Event], None]]) -> list[float]:
    """The processor seconds of each loop over all events."""
    taken = [0.0] * len(loops)
    for start in range(0, len(events), TURN):
        part = events[start : start + TURN]
        for number, loop in enumerate(loops):
            begun = process_time()
            for event in part:
                loop(event)
            taken[number] += process_time() - begun
    return taken
