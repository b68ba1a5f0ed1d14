"""Answers that are kept until a record changes on which they rest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from typing import TypeAlias, TypeVar, cast

T = TypeVar("T")
Place: TypeAlias = tuple[str, str | None]
"""The records of a kind under a subject's number."""


class Answers:
    """The last answer to each question, with what it rests on and how often that had changed."""

    def __init__(self) -> None:
        """Start with none."""
        self._changes: defaultdict[Place, int] = defaultdict(int)
        self._kept: dict[Hashable, tuple[list[Place], list[int], object]] = {}

    def forget(self, places: Iterable[Place]) -> None:
        """What rests on these places has to be asked again."""
        for place in places:
            self._changes[place] += 1

    def of(self, question: Hashable, places: list[Place], answer: Callable[[], T]) -> T:
        """The answer, asked for only if a record in one of the places changed since."""
        changes = [self._changes[place] for place in places]
        kept = self._kept.get(question)
        if kept is None or kept[1] != changes or kept[0] != places:
            kept = self._kept[question] = (places, changes, answer())
        return cast("T", kept[2])
