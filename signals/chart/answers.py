"""Answers that are kept until a record changes on which they rest.

What was known at an instant rests on nothing that arrived later, so most of it never changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias, TypeVar, cast

T = TypeVar("T")
Place: TypeAlias = tuple[str, str | None]
"""The records of a kind under a subject's number."""


@dataclass(slots=True)
class _Kept:
    """An answer, how often the places it rests on had changed, and when that was last looked at."""

    places: list[Place]
    changes: list[int]
    answer: object
    seen: int


class Answers:
    """The last answer to each question."""

    def __init__(self) -> None:
        """Start with none."""
        self._now = 0
        self._changes: defaultdict[Place, list[datetime]] = defaultdict(list)
        self._kept: dict[Hashable, _Kept] = {}

    def forget(self, places: Iterable[Place], since: datetime) -> None:
        """What rests on these places, as known at ``since`` or later, has to be asked again."""
        self._now += 1
        for place in places:
            self._changes[place].append(since)

    def clear(self) -> None:
        """Everything has to be asked again: the study by which it was answered is another."""
        self._kept.clear()

    def of(
        self,
        question: Hashable,
        until: datetime | None,
        places: Callable[[], list[Place]],
        answer: Callable[[], T],
    ) -> T:
        """The answer as known at ``until`` (None: now), asked for only if it may be another."""
        name = (until, question)
        kept = self._kept.get(name)
        if kept is not None and kept.seen == self._now:
            return cast("T", kept.answer)
        found = places()
        changes = [len(self._changes[place]) for place in found]
        if kept is not None and kept.places == found and not self._bears(kept, changes, until):
            kept.changes, kept.seen = changes, self._now
            return cast("T", kept.answer)
        now = answer()
        self._kept[name] = _Kept(found, changes, now, self._now)
        return now

    def _bears(self, kept: _Kept, changes: list[int], until: datetime | None) -> bool:
        """Whether a change since bears on what was known at an instant."""
        if until is None or kept.changes == changes:
            return kept.changes != changes
        return any(
            min(self._changes[place][before:]) <= until
            for place, before, count in zip(kept.places, kept.changes, changes, strict=True)
            if before != count
        )
