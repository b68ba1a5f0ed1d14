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


def _put(dated: list[tuple[datetime, str]], version: tuple[datetime, str]) -> None:
    """In its place, which is nearly always the last one."""
    if not dated or version >= dated[-1]:
        dated.append(version)
    else:
        insort(dated, version)


class Timeline:
    """Per kind, subject and sort: the versions dated to the day or better, in order; the rest apart."""

    def __init__(self) -> None:
        """Start empty."""
        self._dated: dict[_Place, list[tuple[datetime, str]]] = {}
        self._rest: dict[_Place, dict[str, None]] = {}
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
            if when is not None and is_dated:
                _put(self._dated.setdefault(place, []), (when.earliest, record_id))
            else:
                self._rest.setdefault(place, {}).setdefault(record_id)

    def within(
        self, kind: str, subject: str | None, first: datetime, last: datetime, sort: str = ""
    ) -> list[str]:
        """The ids of which some version may have happened from ``first`` to ``last``."""
        dated = self._dated.get((kind, subject, sort), [])
        low = bisect_left(dated, (first - _LONGEST_DAY, ""))
        high = bisect_right(dated, (last, _LAST_ID))
        ids = dict.fromkeys([record_id for _, record_id in dated[low:high]])
        rest = self._rest.get((kind, subject, sort))
        return list(ids | rest if rest else ids)

    def onward(
        self, kind: str, subject: str | None, first: datetime
    ) -> Iterator[tuple[datetime, str]]:
        """The versions dated from ``first`` on, the earliest first."""
        dated = self._dated.get((kind, subject, ""), [])
        return map(dated.__getitem__, range(bisect_left(dated, (first, "")), len(dated)))

    def backward(
        self, kind: str, subject: str | None, sort: str = "", until: datetime | None = None
    ) -> Iterator[tuple[datetime, str]]:
        """The versions dated until an instant (None: all), the latest first."""
        dated = self._dated.get((kind, subject, sort), [])
        end = len(dated) if until is None else bisect_right(dated, (until, _LAST_ID))
        return map(dated.__getitem__, range(end - 1, -1, -1))

    def undated(self, kind: str, subject: str | None, sort: str) -> list[str]:
        """The ids of which some version is dated to the month or year, or not at all."""
        return list(self._rest.get((kind, subject, sort), {}))

    def sorts(self, kind: str, subject: str | None) -> list[str]:
        """The sorts of which there is some version."""
        return list(self._sorts.get((kind, subject), {}))
