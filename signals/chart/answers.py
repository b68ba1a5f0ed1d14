"""Answers that are kept until a record changes on which they rest.

What was known at an instant rests on nothing that arrived later, so most of it never changes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias, TypeVar, cast

from signals.events.kinds import WITHOUT_SUBJECT

T = TypeVar("T")
Place: TypeAlias = tuple[str, str | None]
"""The records of a kind under a subject's number."""
_On: TypeAlias = tuple[tuple[str | None, ...], tuple[str, ...]]
"""The numbers of a person and the kinds of record."""


class _Changes:
    """When a place changed, by a running count, and since when what was known of it is another."""

    __slots__ = ("_counts", "_since", "last")

    def __init__(self) -> None:
        self.last = 0
        self._counts: list[int] = []
        self._since: list[datetime] = []

    def add(self, count: int, since: datetime) -> None:
        self.last = count
        self._counts.append(count)
        self._since.append(since)

    def bear(self, seen: int, until: datetime | None) -> bool:
        """Whether one after ``seen`` bears on what was known at an instant (None: now)."""
        if until is None:
            return self.last > seen
        new = self._since[bisect_right(self._counts, seen) :]
        return bool(new) and min(new) <= until


@dataclass(slots=True)
class _Kept:
    """An answer, what it rests on, and the count of changes when it was last known to hold."""

    places: tuple[_Changes, ...]
    answer: object
    seen: int


class Answers:
    """The last answer to each question."""

    def __init__(self) -> None:
        """Start with none."""
        self._now = 0
        self._places: defaultdict[Place, _Changes] = defaultdict(_Changes)
        self._of_person: dict[_On, tuple[_Changes, ...]] = {}
        self._kept: dict[Hashable, _Kept] = {}

    def forget(self, places: Iterable[Place], since: datetime) -> None:
        """What rests on these places, as known at ``since`` or later, has to be asked again."""
        self._now += 1
        for place in places:
            self._places[place].add(self._now, since)

    def clear(self) -> None:
        """Everything has to be asked again: the study by which it was answered is another."""
        self._kept.clear()

    def last(self, question: Hashable, until: datetime | None) -> object:
        """The answer last given, which need not hold any more; None if there is none."""
        kept = self._kept.get((until, question))
        return None if kept is None else kept.answer

    def of(self, question: Hashable, until: datetime | None, on: _On, answer: Callable[[], T]) -> T:
        """The answer as known at ``until`` (None: now), asked for only if it may be another.

        ``on``: the numbers of the person and the kinds of record on which it rests.
        """
        name = (until, question)
        kept = self._kept.get(name)
        if kept is not None and kept.seen == self._now:
            return cast("T", kept.answer)
        places = self._of_person.get(on) or self._places_of(on)
        if kept is not None and kept.places is places:
            seen = kept.seen
            for place in places:
                if place.last > seen and place.bear(seen, until):
                    break
            else:
                kept.seen = self._now
                return cast("T", kept.answer)
        now = answer()
        self._kept[name] = _Kept(places, now, self._now)
        return now

    def _places_of(self, on: _On) -> tuple[_Changes, ...]:
        numbers, kinds = on
        found = self._of_person[on] = tuple(
            [
                self._places[kind, None if kind in WITHOUT_SUBJECT else number]
                for number in numbers
                for kind in kinds
            ]
        )
        return found
