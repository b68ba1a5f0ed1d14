"""When a source was last heard, and how long it is usually silent between two arrivals (DQ-07).

Kept up to date with every record, in any order, so that nobody looks through all of them.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


class Arrivals:
    """The arrivals of one source and the gaps between neighbours, both in order."""

    __slots__ = ("_gaps", "_ticks", "last")

    def __init__(self) -> None:
        """Start with a source that was never heard; ``last`` is the latest arrival."""
        self._ticks: list[int] = []
        self._gaps: list[int] = []
        self.last: datetime | None = None

    def add(self, at: datetime) -> None:
        """Something arrived."""
        # Once in UTC, for a zone is asked for its offset by every comparison.
        moment = at.astimezone(UTC)
        tick = _tick(moment)
        if self.last is None or moment > self.last:
            # As arrivals do, it came after all others.
            if self._ticks:
                insort(self._gaps, tick - self._ticks[-1])
            self._ticks.append(tick)
            self.last = moment
            return
        place = bisect_left(self._ticks, tick)
        before, after = self._neighbours(place, place)
        if before is not None and after is not None:
            self._take_gap(after - before)
        if before is not None:
            insort(self._gaps, tick - before)
        if after is not None:
            insort(self._gaps, after - tick)
        self._ticks.insert(place, tick)

    def remove(self, at: datetime) -> None:
        """What arrived then counts at another instant: a repetition that came earlier."""
        tick = _tick(at)
        place = bisect_left(self._ticks, tick)
        before, after = self._neighbours(place, place + 1)
        del self._ticks[place]
        if before is not None:
            self._take_gap(tick - before)
        if after is not None:
            self._take_gap(after - tick)
        if before is not None and after is not None:
            insort(self._gaps, after - before)
        self.last = _EPOCH + self._ticks[-1] * _TICK if self._ticks else None

    @property
    def median_gap(self) -> timedelta | None:
        """The median of the gaps between arrivals that follow each other; None without any."""
        if not self._gaps:
            return None
        middle = len(self._gaps) // 2
        if len(self._gaps) % 2:
            return self._gaps[middle] * _TICK
        return (self._gaps[middle - 1] + self._gaps[middle]) // 2 * _TICK

    def _neighbours(self, before: int, after: int) -> tuple[int | None, int | None]:
        return (
            self._ticks[before - 1] if before > 0 else None,
            self._ticks[after] if after < len(self._ticks) else None,
        )

    def _take_gap(self, gap: int) -> None:
        del self._gaps[bisect_left(self._gaps, gap)]


def _tick(at: datetime) -> int:
    return (at - _EPOCH) // _TICK
