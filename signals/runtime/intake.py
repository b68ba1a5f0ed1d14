"""The door: reads what comes, stamps its arrival, and appends it to the journal or keeps it rejected.

Nothing that comes is lost: every piece ends in the journal (also one with problems, also one in
conflict with an earlier one, which is marked), counts as a repetition of what is there, or is kept
with the reasons why it was rejected.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TypeAlias
from zoneinfo import ZoneInfo

from signals.events import Problem, Record, Rejection, read_event
from signals.runtime.arrival import Stamp
from signals.runtime.journal import Journal
from signals.runtime.known import Standing, compare
from signals.runtime.rejected import Kept, Rejected
from signals.runtime.schema import Store

_IN_ONE_COMMIT = 1000


@dataclass(frozen=True, slots=True)
class Piece:
    """The bytes of one event and where they came from (``post``, ``events.ndjson:12``)."""

    raw: bytes
    place: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """In the journal, as it arrived; ``earlier`` is the position of what it repeats or contradicts.

    A repetition has no arrival of its own.
    """

    record: Record
    position: int
    standing: Standing
    earlier: int | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """Kept among the rejected, under ``rejected_id``."""

    rejected_id: int
    reasons: tuple[Problem, ...]


Outcome: TypeAlias = Accepted | Refused


@dataclass(frozen=True, slots=True)
class Sent:
    """Acknowledged by the brokers; whether it is known already is for whoever folds the journal."""

    record: Record


@dataclass(frozen=True, slots=True)
class SentUnfit:
    """Acknowledged by the brokers, whose intake will keep it as rejected under ``rejected_id``."""

    rejected_id: str
    reasons: tuple[Problem, ...]


Handed: TypeAlias = Sent | SentUnfit


@dataclass(frozen=True, slots=True)
class Door:
    """What an intake lets in: records of one study.

    ``trusted``: the events tell their own arrival (the journal's clock), and the kinds that only
    the service writes may be among them (``signals.events.read_event``).
    """

    study_id: str
    zone: ZoneInfo
    trusted: bool = False

    def read(self, raw: bytes) -> Record | Rejection:
        """The record, or why it is not let in."""
        read = read_event(raw, zone=self.zone, trusted=self.trusted)
        if isinstance(read, Rejection):
            return read
        return read if read.study_id == self.study_id else self._another(read, raw)

    def _another(self, record: Record, raw: bytes) -> Rejection:
        told = f'"{record.study_id}" is another study than the one that runs here'
        return Rejection((Problem("/study_id", told, f'"{self.study_id}"'),), raw)


class Intake:
    """Appends to the journal of one file; safe to call from several threads."""

    def __init__(self, store: Store, door: Door, stamp: Stamp) -> None:
        self._store = store
        self._door = door
        self._stamp = stamp
        self.journal = Journal(store.connection)
        self.rejected = Rejected(store.connection)

    def accept(self, pieces: Iterable[Piece], backfill: str | None = None) -> list[Outcome]:
        """Take in pieces in their order; when it returns, each outcome is on the disk."""
        outcomes: list[Outcome] = []
        for some in _batches(pieces):
            read = [(piece, self._door.read(piece.raw)) for piece in some]
            with self._store.transaction():
                outcomes += [self._take(piece, what, backfill) for piece, what in read]
        return outcomes

    def append_own(self, record: Record) -> int:
        """Write an event of the service itself."""
        with self._store.transaction():
            return self.journal.append(self._arrived(record, None))

    def replay(
        self, kept: Sequence[Kept], *, instead: bytes | None = None, dry_run: bool = False
    ) -> list[tuple[Kept, Record | Rejection]]:
        """Try rejected events again, as they came or with the bytes that put one right.

        What is now accepted is appended and its entry settled; with ``dry_run`` nothing is written.
        """
        tried = [(one, self._door.read(one.raw if instead is None else instead)) for one in kept]
        if not dry_run:
            with self._store.transaction():
                for one, what in tried:
                    self._try_again(one, what)
        return tried

    def _try_again(self, one: Kept, what: Record | Rejection) -> None:
        if isinstance(what, Rejection):
            self._take(Piece(one.raw, one.place), Rejection(what.reasons, one.raw), one.backfill)
        else:
            self.rejected.settle(one.id, self._record(what, one.backfill).position)

    def _take(self, piece: Piece, what: Record | Rejection, backfill: str | None) -> Outcome:
        if isinstance(what, Record):
            return self._record(what, backfill)
        now = datetime.now(self._door.zone)
        return Refused(self.rejected.keep(what, piece.place, now, backfill), what.reasons)

    def _record(self, record: Record, backfill: str | None) -> Accepted:
        standing, earlier = compare(record, self.journal)
        if standing is Standing.REPEATED and earlier is not None:
            was = Standing.CONFLICT if earlier.conflict else Standing.REPEATED
            return Accepted(record, earlier.position, was, earlier.position)
        arrived = self._arrived(record, backfill, conflict=standing is Standing.CONFLICT)
        position = self.journal.append(arrived)
        return Accepted(arrived, position, standing, earlier.position if earlier else None)

    def _arrived(self, record: Record, backfill: str | None, *, conflict: bool = False) -> Record:
        _, last = self.journal.last()
        return record.arrived(
            self._stamp(record, last),
            backfill=backfill or record.backfill,
            conflict=conflict or record.conflict,
        )


def _batches(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    rest = iter(pieces)
    while some := list(islice(rest, _IN_ONE_COMMIT)):
        yield some
