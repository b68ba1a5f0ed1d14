"""One study as a worker holds it: its journal is counted, its book folded, what changed collected.

The pack in force before the first activation is that of the first activation, so that whoever
folds the journal begins alike; until that comes, records wait.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from zoneinfo import ZoneInfo

from signals.book.alert import Alert
from signals.book.fold import Fold, LoadPack, pack_of
from signals.events import Problem, Record, Rejection, read_event
from signals.rulebook.pack import Pack
from signals.rulebook.panel import Panel
from signals.runtime.kafka.history import History
from signals.runtime.kafka.state import EntryJson, StudyState, weight
from signals.runtime.known import Counted

_ACTIVATION = b'"pack-activation/1"'
_NO_ZONE_YET = ZoneInfo("UTC")  # an activation tells its times with their offsets
_MARK_EVERY = 500


@dataclass(frozen=True, slots=True)
class Change:
    """What a burst of records did to a study, up to ``position`` at ``offset`` of its partition.

    ``entries``: what the book keeps of each alert that was touched, and what it kept before.
    ``digest``: of the whole book after it.  ``journal``, ``lost``: see ``state.Mark``.
    """

    study_id: str
    position: int
    offset: int
    alerts: list[Alert]
    entries: dict[str, tuple[EntryJson, EntryJson | None]]
    digest: str
    passed_over: tuple[int, ...]
    journal: str | None
    lost: str = ""


class StepError(Exception):
    """A record broke the fold, which is of no more use; ``position`` is None if it came by many."""

    def __init__(self, study_id: str, position: int | None, error: Exception) -> None:
        super().__init__(f"{study_id}: the record at position {position} broke the fold: {error!r}")
        self.study_id = study_id
        self.position = position


@dataclass(frozen=True, slots=True)
class Engine:
    """How studies are folded: packs from their files, panels that ops hear of, what is counted."""

    load_pack: LoadPack = pack_of
    make_panel: Callable[[Pack], Panel] | None = None
    repeated: Callable[[Record], None] = lambda _record: None
    stepped: Callable[[float], None] = lambda _seconds: None


class StudyFold:
    """The fold of one study."""

    def __init__(
        self,
        study_id: str,
        engine: Engine,
        state: StudyState,
        *,
        passed_over: Iterable[int] = (),
        afresh: bool = False,
    ) -> None:
        """Start at the beginning of the journal.

        ``state``: what was published by whoever held the study before.  ``passed_over``: positions
        whose record is not folded, because it breaks the fold.  ``afresh``: judge every record
        again instead of going on from the published book.
        """
        mark = state.mark
        self.study_id = study_id
        self.state = state
        self.passed_over = {*passed_over, *(mark.passed_over if mark else ())}
        self.fold: Fold | None = None
        self._engine = engine
        self._counted = Counted()
        self._waiting: list[tuple[int, bytes]] = []
        self._first: Pack | None = None
        self._book = None if afresh else state.book()
        self._absorbed: list[tuple[Record, int]] = []
        self._history = History(study_id, mark)
        self._offset = -1
        self._alerts: list[Alert] = []
        self._published: dict[str, EntryJson] = {}
        self._digest = 0
        self._marked, self._marked_at, self._marked_journal = 0, -1, ""
        self._to_be_marked = mark is not None and (mark.journal is None or bool(mark.lost))
        self.activated: set[str] = set()

    # ------------------------------------------------------------------ what comes

    def take(self, offset: int, value: bytes) -> list[tuple[int, bytes, Rejection]]:
        """Fold a message of the journal; what of it, or of those that waited, is no event.

        Raises:
            StepError: see there.
        """
        if self.lost:
            return []
        self._waiting.append((offset, value))
        if self._first is None and _ACTIVATION in value:
            self._begin(value)
        if self._first is None:
            return []
        waiting, self._waiting = self._waiting, []
        refused = [(place, raw, self._one(place, raw)) for place, raw in waiting]
        return [(place, raw, why) for place, raw, why in refused if why is not None]

    @property
    def waits(self) -> int:
        """How many records wait for the first activation of a pack."""
        return len(self._waiting)

    @property
    def position(self) -> int:
        """How many records of the journal count so far."""
        return self._counted.position

    @property
    def lost(self) -> str:
        """Why its journal is not the one that was published, so that nothing is folded; or nothing."""
        return self._history.lost

    def at_end(self) -> None:
        """The journal was read to its end."""
        if not self.lost:
            self._history.at_end(self.waits)
            if self._history.lost:
                self._give_up()

    def next_wake(self) -> datetime | None:
        """The next instant at which time alone changes an answer."""
        return None if self.fold is None else self.fold.monitor.next_wake()

    def collect(self) -> Change | None:
        """What changed since the last call, if it is worth a message."""
        if self.lost:
            told, self._to_be_marked = self._to_be_marked, False
            return self._loss() if told else None
        if self.fold is None:
            return None
        touched = self.fold.take_changes()
        self._alerts, alerts = [], self._alerts
        if self.position < self._history.upto:
            self._note(touched)
            return None
        if self._marked < self._history.upto:  # folded anew: alerts.state is written as a whole
            self._note(touched)
            touched = dict(self._published)
        elif not (touched or self._to_be_marked or self.position - self._marked >= _MARK_EVERY):
            return None
        entries = {name: (entry, self._published.get(name)) for name, entry in touched.items()}
        self._note(touched)
        self._mark()
        self._to_be_marked = False
        return self._change(alerts, entries)

    def again(self, names: Iterable[str]) -> Change:
        """What stands for these alerts, to be written over what a dead worker wrote late."""
        if self.lost:
            return self._loss()
        known = {name: self._published[name] for name in names if name in self._published}
        entries: dict[str, tuple[EntryJson, EntryJson | None]] = {
            name: (entry, entry) for name, entry in known.items()
        }
        return self._change([], entries)

    # ------------------------------------------------------------------ within

    def _begin(self, value: bytes) -> None:
        read = read_event(value, zone=_NO_ZONE_YET, trusted=True)
        if isinstance(read, Rejection) or read.kind != "pack-activation" or not read.data.files:
            return
        self._first = self._engine.load_pack(read.data.files)
        if self._book is None:
            self.fold = Fold(
                self._first,
                load_pack=self._engine.load_pack,
                make_panel=self._engine.make_panel,
            )

    def _one(self, offset: int, value: bytes) -> Rejection | None:
        if self.lost:
            return None
        first = self._first
        read = read_event(value, zone=first.study.zone if first else _NO_ZONE_YET, trusted=True)
        if isinstance(read, Rejection):
            return read
        if read.study_id != self.study_id:
            told = f'"{read.study_id}" is another study than the key of the message says'
            return Rejection((Problem("/study_id", told, f'"{self.study_id}"'),), value)
        record = self._counted.take(read)
        if record is None:
            self._engine.repeated(read)
            return None
        self._history.add(record)
        if self._history.lost:
            self._give_up()
            return None
        self._offset = offset
        if record.kind == "pack-activation" and record.data.pack_hash:
            self.activated.add(record.data.pack_hash)
        if self.position not in self.passed_over:
            self._fold_one(record)
        if self.fold is None and self.position >= self._history.upto:
            self._resume()
        return None

    def _fold_one(self, record: Record) -> None:
        if self.fold is None:
            self._absorbed.append((record, self.position))
            return
        started = perf_counter()
        try:
            alerts = self.fold.step(record, self.position)
        except Exception as error:
            raise StepError(self.study_id, self.position, error) from error
        self._engine.stepped(perf_counter() - started)
        if self.position > self._history.upto:
            self._alerts += alerts

    def _resume(self) -> None:
        """Go on from the published book, whose mark is reached."""
        if self._first is None or self._book is None:
            raise RuntimeError(f"{self.study_id}: nothing to go on from")
        try:
            self.fold = Fold.resume(
                self._first,
                self._absorbed,
                self._book,
                load_pack=self._engine.load_pack,
                make_panel=self._engine.make_panel,
            )
        except Exception as error:
            raise StepError(self.study_id, None, error) from error
        self._note(self._book)
        self._mark()
        self._absorbed, self._book = [], None

    def _give_up(self) -> None:
        """Its journal is another one: nothing of it is judged, and that is to be told."""
        self.fold = self._book = None
        self._waiting, self._absorbed, self._alerts = [], [], []
        self._to_be_marked = True

    def _mark(self) -> None:
        self._marked, self._marked_at = self.position, self._offset
        self._marked_journal = self._history.digest

    def _change(
        self, alerts: list[Alert], entries: dict[str, tuple[EntryJson, EntryJson | None]]
    ) -> Change:
        place = self.study_id, self._marked, self._marked_at
        skipped = tuple(sorted(self.passed_over))
        return Change(
            *place, alerts, entries, f"{self._digest:064x}", skipped, self._marked_journal
        )

    def _loss(self) -> Change:
        """The mark as it was, and that its journal is lost."""
        mark = self.state.mark
        if mark is None:
            raise RuntimeError(f"{self.study_id}: was never published, and so lost nothing")
        place = self.study_id, mark.position, mark.offset
        return Change(*place, [], {}, mark.digest, mark.passed_over, mark.journal, self.lost)

    def _note(self, entries: Mapping[str, EntryJson]) -> None:
        for name, entry in entries.items():
            before = self._published.get(name)
            if before is not None:
                self._digest ^= weight(name, before)
            self._digest ^= weight(name, entry)
            self._published[name] = entry
