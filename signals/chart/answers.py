"""Answers that are kept until a record changes on which they rest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
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
        self._changes: defaultdict[Place, int] = defaultdict(int)
        self._kept: dict[Hashable, _Kept] = {}

    def forget(self, places: Iterable[Place]) -> None:
        """What rests on these places has to be asked again."""
        self._now += 1
        for place in places:
            self._changes[place] += 1

    def clear(self) -> None:
        """Everything has to be asked again: the study by which it was answered is another."""
        self._kept.clear()

    def of(
        self, question: Hashable, places: Callable[[], list[Place]], answer: Callable[[], T]
    ) -> T:
        """The answer, asked for only if a record in one of the places changed since."""
        kept = self._kept.get(question)
        if kept is not None and kept.seen == self._now:
            return cast("T", kept.answer)
        found = places()
        changes = [self._changes[place] for place in found]
        if kept is not None and kept.changes == changes and kept.places == found:
            kept.seen = self._now
            return cast("T", kept.answer)
        now = answer()
        self._kept[question] = _Kept(found, changes, now, self._now)
        return now
