"""A file becomes a journal: a simulation of what the service would have said (EVENTS, "Arrival time")."""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from io import BufferedReader
from itertools import chain
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

from signals.events import Record, Rejection, read_event
from signals.runtime.arrival import in_order
from signals.runtime.intake import Door, Piece
from signals.runtime.known import Counted

STANDARD_INPUT = "-"
_GZIP = b"\x1f\x8b"


class UnreadableFileError(Exception):
    """A file that cannot be read; the message says which, and why."""


@dataclass(frozen=True, slots=True)
class RejectedLine:
    """A line that could not be read as an event."""

    place: str
    rejection: Rejection


@dataclass(frozen=True, slots=True)
class Played:
    """The journal that the files make: ``records[i]`` stands at position i + 1."""

    records: Sequence[Record]
    rejected: Sequence[RejectedLine]

    @property
    def study_id(self) -> str | None:
        """The study of the records; None without any."""
        return self.records[0].study_id if self.records else None

    def upto(self, when: datetime | None) -> list[Record]:
        """The records that have arrived by ``when`` (all, if it is None)."""
        return [r for r in self.records if when is None or (r.ingested_at or when) <= when]


def lines(file: str) -> Iterator[Piece]:
    """The lines of an NDJSON file (plain or gzipped; ``-`` is standard input), blank ones left out.

    Raises:
        UnreadableFileError: it is not there, is a folder, or its compressed data are damaged.
    """
    name = "standard input" if file == STANDARD_INPUT else file
    try:
        with ExitStack() as opened:
            for number, line in enumerate(_opened(file, opened), start=1):
                if line.strip():
                    yield Piece(line.rstrip(b"\r\n"), f"{name}:{number}")
    except (OSError, EOFError, zlib.error) as error:
        why = getattr(error, "strerror", None) or error
        raise UnreadableFileError(f"{name}: cannot be read: {why}") from error


def _opened(file: str, opened: ExitStack) -> Iterable[bytes]:
    if file == STANDARD_INPUT:
        plain = cast("BufferedReader", sys.stdin.buffer)
    else:
        plain = opened.enter_context(Path(file).open("rb"))  # noqa: SIM115 - it is closed with opened
    packed = plain.peek(len(_GZIP)).startswith(_GZIP)
    return opened.enter_context(gzip.open(plain)) if packed else plain


def with_study(
    files: Iterable[Iterable[Piece]], zone: ZoneInfo
) -> tuple[str | None, list[Iterator[Piece]]]:
    """The study of the first readable record, and the files as if nothing had been read of them."""
    found: list[Iterator[Piece]] = []
    study_id: str | None = None
    for pieces in files:
        rest, begun = iter(pieces), list[Piece]()
        while study_id is None and (piece := next(rest, None)) is not None:
            begun.append(piece)
            read = read_event(piece.raw, zone=zone, trusted=True)
            study_id = None if isinstance(read, Rejection) else read.study_id
        found.append(chain(begun, rest))
    return study_id, found


def read_journal(files: Iterable[Iterable[Piece]], door: Door) -> Played:
    """The records of the files in the order of their arrival, each counted once."""
    read: list[list[Record]] = []
    rejected: list[RejectedLine] = []
    for pieces in files:
        read.append([])
        for piece in pieces:
            what = door.read(piece.raw)
            if isinstance(what, Rejection):
                rejected.append(RejectedLine(piece.place, what))
            else:
                read[-1].append(what)
    return Played(_once(in_order(read)), rejected)


def _once(records: Iterable[Record]) -> list[Record]:
    counted = Counted()
    return [kept for record in records if (kept := counted.take(record)) is not None]
