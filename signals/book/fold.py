"""The fold: a journal, record by record, into a book.

Every runtime folds with this and nothing else, so the same journal gives the same book.  Time
enters by the journal only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Self

from signals.book.alert import Alert
from signals.book.book import Book
from signals.book.evidence import leaves_no_trace
from signals.book.revision import Step
from signals.events import Record
from signals.facts.kind import FactKind
from signals.facts.registry import KINDS
from signals.monitor.monitor import Monitor, arrival
from signals.rulebook.pack import Pack, read_pack
from signals.rulebook.panel import Panel
from signals.study.files import PackError

LoadPack = Callable[[Mapping[str, str]], Pack]
"""Makes a pack of the files (path: text) that a pack-activation carries."""


def pack_of(files: Mapping[str, str]) -> Pack:
    """The pack in these files; PackError if it cannot be read."""
    pack, problems = read_pack(files)
    if pack is None:
        raise PackError(problems, dict(files))
    return pack


class Fold:
    """One study: its monitor and its book, and the step that takes them on by a record."""

    def __init__(
        self,
        pack: Pack,
        *,
        load_pack: LoadPack = pack_of,
        kinds: Sequence[FactKind] = KINDS,
        make_panel: Callable[[Pack], Panel] | None = None,
    ) -> None:
        """``pack``: in force until the journal activates another."""
        self.monitor = Monitor(pack, kinds, make_panel)
        self.book = Book(self.monitor)
        self._load_pack = load_pack

    @classmethod
    def resume(
        cls,
        pack: Pack,
        records: Iterable[tuple[Record, int]],
        book_state: Mapping[str, dict[str, Any]],
        *,
        load_pack: LoadPack = pack_of,
        kinds: Sequence[FactKind] = KINDS,
        make_panel: Callable[[Pack], Panel] | None = None,
    ) -> Self:
        """The fold as it was after these records, without judging step by step.

        ``pack``: in force before the first record.  ``book_state``: of ``Book.state`` after the
        last one.
        """
        taken = list(records)
        packs = [pack]
        for record, _ in taken:
            other = _activated(packs[-1], record, load_pack)
            packs += [other] if other is not None else []
        fold = cls(packs[-1], load_pack=load_pack, kinds=kinds, make_panel=make_panel)
        for former in reversed(packs[:-1]):
            fold.monitor.remember(former)
        fold.monitor.absorb(taken)
        fold.book.restore(book_state)
        return fold

    def step(self, record: Record, position: int) -> list[Alert]:
        """Take a record of the journal; what is published by it, in the order of publication.

        First every wake up to its arrival, each at its own instant; then the record.
        """
        now = max(self.monitor.now, arrival(record))
        published = self._wake_until(now, position)
        return published + self._take(record, position, now)

    def take_changes(self) -> dict[str, dict[str, Any]]:
        """What the book keeps of the alerts that the last steps touched, as plain JSON by id."""
        return self.book.take_changes()

    def _wake_until(self, now: datetime, position: int) -> list[Alert]:
        published: list[Alert] = []
        while (instant := self.monitor.next_wake()) is not None and instant <= now:
            changed = self.monitor.wake(instant)
            published += self.book.reconcile(changed, self._at(instant, position))
        return published

    def _take(self, record: Record, position: int, now: datetime) -> list[Alert]:
        step = self._at(now, position, traceless=leaves_no_trace(record))
        published = self.book.reconcile(self.monitor.observe(record, position), step)
        if record.kind == "decision":
            published += self.book.decide(record.key, step)
        other = _activated(self.monitor.pack, record, self._load_pack)
        if other is not None:
            changed = self.monitor.activate(other)
            published += self.book.reconcile(changed, self._at(now, position, by_rules=True))
        return sorted(published, key=lambda alert: (alert.alert_id, alert.revision))

    def _at(
        self, instant: datetime, position: int, *, by_rules: bool = False, traceless: bool = False
    ) -> Step:
        local = instant.astimezone(self.monitor.pack.study.zone)
        return Step(local, position, by_rules, traceless)


def _activated(current: Pack, record: Record, load_pack: LoadPack) -> Pack | None:
    """The pack that a record activates, if it is another than the current one."""
    if record.kind != "pack-activation" or record.data.pack_hash in (None, current.hash):
        return None
    return load_pack(record.data.files or {})
