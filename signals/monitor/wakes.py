"""When time alone will change an answer."""

from __future__ import annotations

import heapq
from datetime import datetime
from typing import TypeAlias

from signals.facts.kind import Key

FactName: TypeAlias = tuple[str, Key]
"""Kind and key of a fact."""


class Wakes:
    """The next instant of every fact whose answers turn with time.

    An instant that was replaced stays in the heap and is passed over when it comes up.
    """

    def __init__(self) -> None:
        """Start with nothing to wake for."""
        self._heap: list[tuple[datetime, int, FactName]] = []
        self._next: dict[FactName, datetime] = {}
        self._count = 0

    def set(self, fact: FactName, at: datetime | None) -> None:
        """State when to look at a fact again; None for not by time alone."""
        if at is None:
            self._next.pop(fact, None)
        elif self._next.get(fact) != at:
            self._next[fact] = at
            self._count += 1
            heapq.heappush(self._heap, (at, self._count, fact))

    def clear(self) -> None:
        """Forget all."""
        self._heap.clear()
        self._next.clear()

    def next(self) -> datetime | None:
        """The soonest instant, or None."""
        self._drop_replaced()
        return self._heap[0][0] if self._heap else None

    def take(self, until: datetime) -> list[FactName]:
        """The facts due at or before ``until``, each once; they are no longer waited for."""
        due: list[FactName] = []
        while (at := self.next()) is not None and at <= until:
            fact = heapq.heappop(self._heap)[2]
            del self._next[fact]
            due.append(fact)
        return due

    def _drop_replaced(self) -> None:
        while self._heap and self._next.get(self._heap[0][2]) != self._heap[0][0]:
            heapq.heappop(self._heap)
