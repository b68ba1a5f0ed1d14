"""The chart as known now, or as it was known at an instant."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from signals.events import Record

if TYPE_CHECKING:
    from signals.chart.chart import Chart

T = TypeVar("T")
_ONE_DAY = timedelta(days=1)


class View:
    """The chart as known now (``until`` None), or by the arrivals up to ``until``."""

    __slots__ = ("_chart", "until")

    def __init__(self, chart: Chart, until: datetime | None) -> None:
        """Made by the chart: ``chart.view`` and ``chart.as_of(instant)``."""
        self._chart = chart
        self.until = until

    def kept(
        self,
        question: Hashable,
        subject: str | None,
        kinds: tuple[str, ...],
        answer: Callable[[], T],
    ) -> T:
        """The answer, kept until a record of these kinds changes under a number of the person.

        ``question`` names all that the answer depends on beside the view; what is read to answer it
        must be of the person, and of these kinds.  As of an instant nothing may be read that is
        known only now, save what the question names.
        """
        chart = self._chart
        return chart.answers.of(question, self.until, (chart.person(subject), kinds), answer)

    def last(self, question: Hashable) -> object:
        """The answer last kept to a question, which need not hold any more; None if there is none."""
        return self._chart.answers.last(question, self.until)

    def versions(self, kind: str, subject: str | None, record_id: str) -> list[Record]:
        """The versions known, in the order of their numbers, voids among them."""
        records = self._chart.history((kind, subject, record_id))
        if self.until is None:
            return list(records)
        return [record for record in records if record.arrival <= self.until]

    def current(self, kind: str, subject: str | None, record_id: str) -> Record | None:
        """The highest version, or None if there is none or it is a VOID."""
        if self.until is None:
            return self._chart.current((kind, subject, record_id))
        for record in reversed(self._chart.history((kind, subject, record_id))):
            if record.arrival <= self.until:
                return None if record.op == "VOID" else record
        return None

    def of_subject(self, kind: str, subject: str | None) -> list[Record]:
        """The current records of a kind under one subject's number."""
        return self._those_current(kind, subject, self._chart.record_ids(kind, subject))

    def _those_current(
        self, kind: str, subject: str | None, record_ids: Iterable[str]
    ) -> list[Record]:
        """The current versions of these records, in the same order."""
        if self.until is None:
            currents = self._chart.currents
            found = [currents[kind, subject, each] for each in record_ids]
        else:
            found = [self.current(kind, subject, each) for each in record_ids]
        return [record for record in found if record is not None]

    def of_person(self, kind: str, subject: str | None) -> list[Record]:
        """The current records of a kind of the person, under all the person's numbers."""
        return [
            record
            for number in self._chart.person(subject)
            for record in self.of_subject(kind, number)
        ]

    def of_study(self, kind: str) -> list[Record]:
        """The current records of a kind that is not about one subject."""
        return self.of_subject(kind, None)

    def of_person_within(
        self, kind: str, subject: str | None, first: datetime, last: datetime, sort: str = ""
    ) -> list[Record]:
        """The current records of the person that may have happened between two instants.

        ``sort``: only those of a laboratory test (LBTESTCD), or with a mark.  Some may lie outside,
        or be of another sort, by their current version: ask it again.
        """
        within = self._chart.within
        return [
            record
            for number in self._chart.person(subject)
            for record in self._those_current(kind, number, within(kind, number, first, last, sort))
        ]

    def onward(self, kind: str, subject: str | None, first: datetime) -> Iterator[Record]:
        """The current records under one number, by a date they have or had, from an instant on.

        As of an instant it ends a day after it: what is dated later was not known.
        """
        for dated, record_id in self._chart.onward(kind, subject, first):
            if self.until is not None and dated > self.until + _ONE_DAY:
                return
            record = self.current(kind, subject, record_id)
            if record is not None:
                yield record

    def backward(
        self, kind: str, subject: str | None, sort: str = "", until: datetime | None = None
    ) -> Iterator[tuple[datetime, Record]]:
        """The current records under one number, by a date they have or had, the latest first.

        ``sort``: only those of a laboratory test, or with a mark, by some version; ``until``: only
        dates until an instant.
        """
        currents = self._chart.currents if self.until is None else None
        for dated, record_id in self._chart.backward(kind, subject, sort, until):
            key = (kind, subject, record_id)
            record = self.current(*key) if currents is None else currents[key]
            if record is not None:
                yield dated, record

    def changes(self, kind: str, subject: str | None, sort: str) -> int:
        """How often the records of a laboratory test, or with a mark, changed under one number."""
        return self._chart.changes(kind, subject, sort)

    def appended(
        self, kind: str, subject: str | None, sort: str, changes: int
    ) -> list[Record] | None:
        """The current records that are new after so many changes, each dated later than all before.

        None if that is not all that changed, or if not all of them are dated to the day.
        """
        if self.until is not None:
            return None
        return self._chart.appended(kind, subject, sort, changes)

    def undated(self, kind: str, subject: str | None, sort: str) -> list[Record]:
        """The current records under one number of which some version is not dated to the day."""
        found = self._chart.undated(kind, subject, sort)
        return self._those_current(kind, subject, found) if found else []

    def linked(self, kind: str, subject: str | None, infusion: str) -> list[Record]:
        """The current records that name an infusion of the person (``infusion_ref``)."""
        keys = (
            key
            for number in self._chart.person(subject)
            for key in self._chart.linked(kind, number, infusion)
        )
        found = (self.current(*key) for key in keys)
        return [each for each in found if each and each.data.infusion_ref == infusion]

    def marked(self, mark: str, subject: str | None) -> list[Record]:
        """The current records of the person of which some version was marked.

        The current version may answer otherwise: ask it again.
        """
        marked = self._chart.marked
        keys = [key for number in self._chart.person(subject) for key in marked(mark, number)]
        found = [self.current(*key) for key in keys]
        return [record for record in found if record is not None]
