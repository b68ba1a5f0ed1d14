"""Facts follow records: after a change the touched facts are derived anew, and only those.

Kinds are visited in the order of what they read, each once; the facts that came out different are
themselves changes for the kinds above.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from signals.chart.chart import Chart
from signals.events import Record
from signals.facts.kind import (
    Change,
    Context,
    Fact,
    FactChange,
    FactKind,
    Key,
    PutsOff,
    RecordChange,
    heard_as,
)
from signals.study.model import Study


class Facts:
    """The facts as last derived, by kind and key."""

    def __init__(self, kinds: Iterable[str]) -> None:
        """Start with no fact of any of the kinds."""
        self._by_kind: dict[str, dict[Key, Fact]] = {kind: {} for kind in kinds}

    def get(self, kind: str, key: Key) -> Fact | None:
        """The fact under the key, or None."""
        return self._by_kind[kind].get(key)

    def of_kind(self, kind: str) -> Mapping[Key, Fact]:
        """All facts of a kind."""
        return self._by_kind[kind]

    def __iter__(self) -> Iterator[Fact]:
        for facts in self._by_kind.values():
            yield from facts.values()

    def put(self, kind: str, key: Key, fact: Fact | None) -> FactChange | None:
        """Replace a fact; the change, or None if it is the same as before."""
        facts = self._by_kind[kind]
        old = facts.get(key)
        if fact == old:
            return None
        if fact is None:
            del facts[key]
        else:
            facts[key] = fact
        return FactChange(kind, key, old, fact)


class Derivation:
    """The chart of a study and the facts derived from it."""

    def __init__(
        self,
        study: Study,
        kinds: Sequence[FactKind],
        chart: Chart,
        rests: Callable[[Fact], bool] = lambda _: False,
    ) -> None:
        """``kinds``: every kind after the kinds it reads.

        ``rests``: whether nothing is said of a fact before its time comes, by which it is asked
        for.  Until then one that is only put off waits, and is derived when somebody asks.
        """
        self.chart = chart
        self.kinds = tuple(kinds)
        self._rests = rests
        self._waiting: set[tuple[str, Key]] = set()
        self._put_off = {kind.name: kind for kind in kinds if isinstance(kind, PutsOff)}
        self._named = {kind.name: kind for kind in kinds}
        self._asked: dict[frozenset[str], tuple[_Asked, ...]] = {}
        self.facts = Facts(kind.name for kind in kinds)
        self.context = Context(study, chart, self.facts)

    def add(self, record: Record, position: int) -> list[FactChange]:
        """File a record and derive what it touches; the facts that are now different."""
        chart = self.chart
        # All of them are of the record's kind.
        records = [RecordChange.of(key, chart) for key in chart.add(record, position)]
        changes: dict[str, list[FactChange]] = {}
        for kind, name, hears, reads in self._concerned(record, records):
            about: Sequence[Change] = records if hears else ()
            if reads and changes and not changes.keys().isdisjoint(reads):
                about = [*about, *(each for read in reads for each in changes.get(read, ()))]
            keys = self._touched(kind, about) if about else None
            if keys and name in self._put_off:
                keys = self._without_waiting(name, keys, by_record=about is records)
            if not keys:
                continue
            found = self._derive(kind, keys)
            if len(records) > 1:
                found += self._moved(kind, keys)
            if found:
                changes[name] = found
        return [change for of_kind in changes.values() for change in of_kind]

    def derive_all(self) -> list[FactChange]:
        """Derive every fact of every kind; those that are now different."""
        changes: list[FactChange] = []
        self._waiting.clear()
        for kind in self.kinds:
            keys = {*self.facts.of_kind(kind.name), *kind.keys(self.context)}
            changes += self._derive(kind, keys)
        return changes

    def settle(self, only: Iterable[tuple[str, Key]] | None = None) -> list[FactChange]:
        """Derive the facts that wait (of these alone); those that are now different."""
        waiting = self._waiting if only is None else self._waiting.intersection(only)
        if not waiting:
            return []
        self._waiting = self._waiting - waiting
        return [each for name, key in waiting for each in self._derive(self._named[name], (key,))]

    def move_to(self, study: Study) -> list[FactChange]:
        """Derive every fact by another version of the study; those that are now different."""
        self.context = Context(study, self.chart, self.facts)
        self.chart.answers.clear()
        return self.derive_all()

    def moved_to(self, kind: str, key: Key) -> Key | None:
        """The key that took the place of one whose fact is gone, if any."""
        return self._named[kind].moved_to(key, self.context)

    def _concerned(self, record: Record, records: Sequence[RecordChange]) -> tuple[_Asked, ...]:
        if not records:
            return ()
        heard = heard_as(record.kind, records)
        found = self._asked.get(heard)
        if found is None:
            found = self._asked[heard] = _asked(self.kinds, heard)
        return found

    def _without_waiting(self, name: str, keys: set[Key], *, by_record: bool) -> set[Key]:
        """The keys to derive now; the others wait, for by this record they are only put off."""
        kind, found = self._put_off[name], set()
        for key in keys:
            fact, waits = self.facts.get(name, key), (name, key) in self._waiting
            if (
                by_record
                and fact is not None
                and (waits or self._rests(fact))
                and kind.only_puts_off(fact, self.context)
            ):
                self._waiting.add((name, key))
            else:
                self._waiting.discard((name, key))
                found.add(key)
        return found

    def _moved(self, kind: FactKind, keys: Iterable[Key]) -> list[FactChange]:
        """The keys without a fact whose place another took: their alerts are looked at again."""
        gone = (key for key in keys if self.facts.get(kind.name, key) is None)
        return [
            FactChange(kind.name, key, None, None)
            for key in gone
            if kind.moved_to(key, self.context) is not None
        ]

    def _touched(self, kind: FactKind, changes: Sequence[Change]) -> set[Key] | None:
        context, touched_by = self.context, kind.touched_by
        if len(changes) == 1:
            found = touched_by(changes[0], context)
            return set(found) if found else None
        return {key for change in changes for key in touched_by(change, context)}

    def _derive(self, kind: FactKind, keys: Iterable[Key]) -> list[FactChange]:
        context, name = self.context, kind.name
        changes = []
        for key in keys:
            change = self.facts.put(name, key, kind.derive(key, context))
            if change is not None:
                changes.append(change)
        return changes


_Asked: TypeAlias = tuple[FactKind, str, bool, tuple[str, ...]]
"""A kind, its name, whether it hears of some changes, and the kinds that it reads."""


def _asked(kinds: Iterable[FactKind], heard: frozenset[str]) -> tuple[_Asked, ...]:
    """The kinds that some changes may concern, by themselves or by facts, in their order."""
    found: dict[str, _Asked] = {}
    for kind in kinds:
        hears, reads = bool(heard & kind.hears), [each for each in kind.reads if each in found]
        if hears or reads:
            found[kind.name] = (kind, kind.name, hears, tuple(reads))
    return tuple(found.values())
