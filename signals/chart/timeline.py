"""Records in the order in which they happened, so that a window need not look at all of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from datetime import datetime, timedelta

from signals.events import PartialDate, Record

_FIELDS = {
    "adverse-event": "onset",
    "lab-result": "collected_at",
    "medication": "start",
    "microbiology": "collected_at",
    "transfusion": "start",
    "vital-signs": "at",
}
_LONGEST_DAY = timedelta(days=1)
_EXACT = {"day", "minute", "second"}


def happened(record: Record) -> PartialDate | None:
    """When it happened, as far as known; the kinds that have no such time are not kept in order."""
    when: PartialDate | None = getattr(record.data, _FIELDS[record.kind])
    return when


class Timeline:
    """Per kind and subject: the versions dated to the day or better, in order; the rest apart."""

    def __init__(self) -> None:
        """Start empty."""
        self._dated: dict[tuple[str, str | None], list[tuple[datetime, str]]] = {}
        self._rest: dict[tuple[str, str | None], dict[str, None]] = {}

    def add(self, record: Record) -> None:
        """File a version; one that corrects another does not take its place away."""
        if record.kind not in _FIELDS:
            return
        place = (record.kind, record.subject_id)
        when = happened(record)
        if when is None or when.precision not in _EXACT:
            self._rest.setdefault(place, {}).setdefault(record.record_id)
        else:
            insort(self._dated.setdefault(place, []), (when.earliest, record.record_id))

    def within(self, kind: str, subject: str | None, first: datetime, last: datetime) -> list[str]:
        """The ids of which some version may have happened from ``first`` to ``last``."""
        dated = self._dated.get((kind, subject), [])
        low = bisect_left(dated, (first - _LONGEST_DAY, ""))
        high = bisect_right(dated, (last, "\U0010ffff"))
        ids = dict.fromkeys(record_id for _, record_id in dated[low:high])
        return list(ids | self._rest.get((kind, subject), {}))
