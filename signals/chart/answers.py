"""Answers that are kept until a record changes on which they rest.

What was known at an instant rests on nothing that arrived later, so most of it never changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias, TypeVar, cast

from signals.events.kinds import WITHOUT_SUBJECT

T = TypeVar("T")
Place: TypeAlias = tuple[str, str | None]
"""The records of a kind under a subject's number."""
_Changes: TypeAlias = tuple[list[datetime], ...]
"""Of each of some places, since when what was known of it changed, change by change."""


@dataclass(slots=True)
class _Kept:
    """An answer, how often what it rests on had changed, and when that was last looked at."""

    changes: _Changes
    counts: list[int]
    answer: object
    seen: int


class Answers:
    """The last answer to each question."""

    def __init__(self) -> None:
        """Start with none."""
        self._now = 0
        self._places: defaultdict[Place, list[datetime]] = defaultdict(list)
        self._changes: dict[tuple[tuple[str | None, ...], tuple[str, ...]], _Changes] = {}
        self._kept: dict[Hashable, _Kept] = {}

    def forget(self, places: Iterable[Place], since: datetime) -> None:
        """What rests on these places, as known at ``since`` or later, has to be asked again."""
        self._now += 1
        for place in places:
            self._places[place].append(since)

    def clear(self) -> None:
        """Everything has to be asked again: the study by which it was answered is another."""
        self._kept.clear()

    def of(
        self,
        question: Hashable,
        until: datetime | None,
        on: tuple[tuple[str | None, ...], tuple[str, ...]],
        answer: Callable[[], T],
    ) -> T:
        """The answer as known at ``until`` (None: now), asked for only if it may be another.

        ``on``: the numbers of the person and the kinds of record on which it rests.
        """
        name = (until, question)
        kept = self._kept.get(name)
        if kept is not None and kept.seen == self._now:
            return cast("T", kept.answer)
        changes = self._changes.get(on) or self._changes_of(on)
        counts = [len(each) for each in changes]
        if kept is not None and kept.changes is changes and not _bears(kept, counts, until):
            kept.counts, kept.seen = counts, self._now
            return cast("T", kept.answer)
        now = answer()
        self._kept[name] = _Kept(changes, counts, now, self._now)
        return now

    def _changes_of(self, on: tuple[tuple[str | None, ...], tuple[str, ...]]) -> _Changes:
        numbers, kinds = on
        found = tuple(
            [
                self._places[kind, None if kind in WITHOUT_SUBJECT else number]
                for number in numbers
                for kind in kinds
            ]
        )
        self._changes[on] = found
        return found


def _bears(kept: _Kept, counts: list[int], until: datetime | None) -> bool:
    """Whether a change since bears on what was known at an instant."""
    if until is None or kept.counts == counts:
        return kept.counts != counts
    return any(
        min(changes[before:]) <= until
        for changes, before, count in zip(kept.changes, kept.counts, counts, strict=True)
        if before != count
    )
