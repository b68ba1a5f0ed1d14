"""Records in the order in which they happened, so that a window need not look at all of them.

Each is filed once under its kind, and again under each *sort* it is of: a laboratory result under
its test, any record under the marks it bears.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import TypeAlias

from signals.events import PartialDate, Record

_FIELDS = {
    "adverse-event": "onset",
    "lab-result": "collected_at",
    "medication": "start",
    "microbiology": "collected_at",
    "planned-visit": "from_",
    "transfusion": "start",
    "vital-signs": "at",
}
LONGEST_VISIT = timedelta(days=31)
"""A planned visit whose window is longer, or has no end, stands with those without a date."""
_LONGEST_DAY = timedelta(days=1)
_EXACT = {"day", "minute", "second"}
_LAST_ID = "\U0010ffff"
_Place: TypeAlias = tuple[str, str | None, str]
_Dated: TypeAlias = tuple[datetime, str]
"""When a version of a record happened at the earliest, and the record's id."""


def happened(record: Record) -> PartialDate | None:
    """When it happened, as far as known; the kinds that have no such time are not kept in order."""
    field = _FIELDS.get(record.kind)
    when: PartialDate | None = None if field is None else getattr(record.data, field)
    return when


def _is_long(record: Record, when: PartialDate) -> bool:
    if record.kind != "planned-visit":
        return False
    end: PartialDate | None = record.data.to
    return end is None or end.latest - when.earliest > LONGEST_VISIT


class _Line:
    """The versions of one place: those dated, in order, and the ids of the rest.

    ``changes`` counts what came; all that came after the change of number ``unsettled`` stood alone
    and was put at the end of the dated.
    """

    __slots__ = ("changes", "dated", "rest", "unsettled")

    def __init__(self) -> None:
        self.dated: list[_Dated] = []
        self.rest: dict[str, None] = {}
        self.changes = 0
        self.unsettled = 0

    def put(self, version: _Dated) -> None:
        """File a version that has a date, nearly always as the last one."""
        self.changes += 1
        if not self.dated or version[0] > self.dated[-1][0]:
            self.dated.append(version)
        else:
            insort(self.dated, version)
            self.unsettled = self.changes

    def disturb(self) -> None:
        """What stands here may be another, or not be in order."""
        self.changes += 1
        self.unsettled = self.changes


_EMPTY = _Line()


class Timeline:
    """Per kind, subject and sort: the versions dated to the day or better, in order; the rest apart."""

    def __init__(self) -> None:
        """Start empty."""
        self._lines: dict[_Place, _Line] = {}
        self._sorts: dict[tuple[str, str | None], dict[str, None]] = {}

    def add(self, record: Record, sorts: Iterable[str]) -> None:
        """File a version; one that corrects another does not take its place away."""
        kind, subject, record_id = record.kind, record.subject_id, record.record_id
        if kind not in _FIELDS:
            return
        own = self._sorts.setdefault((kind, subject), {})
        for sort in sorts:
            own.setdefault(sort)
        when = happened(record)
        is_dated = when is not None and when.precision in _EXACT and not _is_long(record, when)
        for sort in ("", *sorts):
            place = (kind, subject, sort)
            line = self._lines.get(place)
            if line is None:
                line = self._lines[place] = _Line()
            if when is not None and is_dated:
                line.put((when.earliest, record_id))
            else:
                line.rest.setdefault(record_id)
                line.disturb()

    def disturb(self, kind: str, subject: str | None) -> None:
        """A record that is on file became another, maybe of another sort."""
        for sort in ("", *self._sorts.get((kind, subject), ())):
            line = self._lines.get((kind, subject, sort))
            if line is not None:
                line.disturb()

    def changes(self, kind: str, subject: str | None, sort: str) -> int:
        """How often something changed there."""
        return self._lines.get((kind, subject, sort), _EMPTY).changes

    def appended(
        self, kind: str, subject: str | None, sort: str, changes: int
    ) -> list[_Dated] | None:
        """The versions after a number of changes; None if they are not all that changed.

        Each is the only one of its record, and dated later than all that were there.
        """
        line = self._lines.get((kind, subject, sort), _EMPTY)
        if line.unsettled > changes or line.rest:
            return None
        return line.dated[len(line.dated) - (line.changes - changes) :]

    def within(
        self, kind: str, subject: str | None, first: datetime, last: datetime, sort: str = ""
    ) -> list[str]:
        """The ids of which some version may have happened from ``first`` to ``last``."""
        line = self._lines.get((kind, subject, sort))
        if line is None:
            return []
        dated, rest = line.dated, line.rest
        low = bisect_left(dated, (first - _LONGEST_DAY, ""))
        high = bisect_right(dated, (last, _LAST_ID), low)
        found = [record_id for _, record_id in dated[low:high]]
        if rest:
            return list(dict.fromkeys(found) | rest)
        return list(dict.fromkeys(found)) if found[1:] else found

    def onward(self, kind: str, subject: str | None, first: datetime) -> Iterator[_Dated]:
        """The versions dated from ``first`` on, the earliest first."""
        dated = self._lines.get((kind, subject, ""), _EMPTY).dated
        return map(dated.__getitem__, range(bisect_left(dated, (first, "")), len(dated)))

    def backward(
        self, kind: str, subject: str | None, sort: str = "", until: datetime | None = None
    ) -> Iterator[_Dated]:
        """The versions dated until an instant (None: all), the latest first."""
        dated = self._lines.get((kind, subject, sort), _EMPTY).dated
        end = len(dated) if until is None else bisect_right(dated, (until, _LAST_ID))
        return map(dated.__getitem__, range(end - 1, -1, -1))

    def undated(self, kind: str, subject: str | None, sort: str) -> list[str]:
        """The ids of which some version is dated to the month or year, or not at all."""
        return list(self._lines.get((kind, subject, sort), _EMPTY).rest)

    def sorts(self, kind: str, subject: str | None) -> list[str]:
        """The sorts of which there is some version."""
        return list(self._sorts.get((kind, subject), {}))
