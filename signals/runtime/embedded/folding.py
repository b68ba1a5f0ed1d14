"""The book of the file is kept a fold of its journal, across restarts and crashes.

The steps of a burst and the position they lead to are written in one transaction: after a crash
the book is that of some position, and folding goes on from there.  An empty book is folded from
the first record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from threading import RLock
from time import perf_counter

from signals.book.alert import Alert
from signals.book.fold import Fold
from signals.events import Record, Rejection, read_event
from signals.rulebook.pack import Pack, PackError
from signals.rulebook.panel import Panel
from signals.runtime.activations import first_pack
from signals.runtime.book_file import BookFile
from signals.runtime.journal import Journal
from signals.runtime.schema import Store
from signals.study.model import Study

_BURST_SECONDS = 0.05
_BURST_RECORDS = 500


class UnfitJournalError(Exception):
    """The journal is another study's, or holds what this service never writes."""


class Folding:
    """Folds the journal of a file into its book, a burst at a time."""

    def __init__(
        self,
        store: Store,
        pack: Pack,
        *,
        observed: Callable[[float], None],
        make_panel: Callable[[Pack], Panel] | None = None,
    ) -> None:
        """Catch up with the book.

        ``pack`` is in force before the first activation; ``observed`` hears the seconds of each
        step.

        Raises:
            UnfitJournalError: see there.
        """
        self._store = store
        self._observed = observed
        self._study = pack.study
        self._journal = Journal(store.connection)
        self._book = BookFile(store.connection)
        self._make_panel = make_panel
        self.lock = RLock()  # held while the fold changes; who looks into it takes it too
        self.position = self._book.position()
        try:
            self.fold = self._caught_up(first_pack(self._journal, pack))
        except PackError as error:
            raise UnfitJournalError(
                "a rule pack that the journal put in force cannot be read by this version of"
                f" Signals; run the version that wrote it, or mend what it names:\n{error}"
            ) from None
        self.next_wake: datetime | None = self.fold.monitor.next_wake()

    def _caught_up(self, first: Pack) -> Fold:
        """The fold as it was when the book was last written."""
        if self.position == 0:
            self._store.drop_book()
            return Fold(first, make_panel=self._make_panel)
        records = [(record, place) for place, record in self._records(0, self.position)]
        state = self._book.internals()
        return Fold.resume(first, records, state, make_panel=self._make_panel)

    def advance(self) -> list[Alert]:
        """Fold a burst of what is waiting, write it, and return what was published."""
        started = perf_counter()
        alerts: list[Alert] = []
        position = self.position
        with self.lock:
            # If a step fails nothing of the burst is written: the book stays that of a position.
            for place, record in self._records(position, position + _BURST_RECORDS):
                alerts += self._step(record, place)
                position = place
                if perf_counter() - started > _BURST_SECONDS:
                    break
            self._write(position, alerts)
        return alerts

    def _step(self, record: Record, position: int) -> list[Alert]:
        started = perf_counter()
        alerts = self.fold.step(record, position)
        self._observed(perf_counter() - started)
        return alerts

    def _records(self, after: int, upto: int) -> Iterator[tuple[int, Record]]:
        with self._store.transaction():
            lines = list(self._journal.after(after, upto))
        for position, line in lines:
            yield position, read_own(line, self._study, position)

    def _write(self, position: int, alerts: list[Alert]) -> None:
        if position == self.position:
            return
        with self._store.transaction():
            self._book.save(position, alerts, self.fold.take_changes())
        self.position = position
        self.fold.monitor.settle()
        self.next_wake = self.fold.monitor.next_wake()


def read_own(line: bytes, study: Study, position: int) -> Record:
    """A record of the journal.

    Raises:
        UnfitJournalError: it cannot be read, or is another study's.
    """
    read = read_event(line, zone=study.zone, trusted=True)
    if isinstance(read, Rejection):
        raise UnfitJournalError(f"journal position {position}: {read.reasons[0].message}")
    if read.study_id != study.study_id:
        raise UnfitJournalError(
            f"this folder holds the journal of study {read.study_id}, and the pack is of study"
            f" {study.study_id}: give each study a folder of its own (--data)"
        )
    return read
