"""What a planned visit expects, and the records that answer it (DQ-03; SDTM TV, SV)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from signals.chart.timeline import happened
from signals.chart.view import View
from signals.events import PartialDate, Record
from signals.facts.exposure import is_given
from signals.facts.observation import observes
from signals.facts.spans import Instants
from signals.facts.value import NO, YES, YES_OR_NO, Coded

CONTACT = "CONTACT"
_KIND_OF = {"VITAL_SIGNS": "vital-signs", "DISEASE_STATUS": "disease-status"}
_DATED_BY = {
    "disease-status": "assessed_at",
    "subject-status": "last_known_alive",
    "infusion": "start",
}
_CBC = ("HGB", "WBC", "NEUT", "LYM", "PLAT")
_GONE = {"DEAD", "WITHDRAWN", "LOST", "COMPLETED"}
_BEGINNING = datetime(1900, 1, 2, tzinfo=UTC)
_LONG = timedelta(days=3650)
Order: TypeAlias = tuple[datetime, str, str, str]


@dataclass(frozen=True, slots=True)
class Visit:
    """Who is to be seen, from when to when, and what is expected."""

    subject: str | None
    start: Instants
    end: Instants
    expects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """Whether an item was recorded in the window, and by what: the first record that surely is.

    ``order`` is that of such a record; whatever comes after it makes no difference.
    """

    answer: Coded
    records: tuple[Record, ...] = ()
    order: Order | None = None


def found_of(visit: Visit, view: View) -> dict[str, Found]:
    """For each expected item whether it was recorded in the window."""
    return {item: _first(visit, _of(item, visit, view)) for item in visit.expects}


def order_of(record: Record, when: PartialDate) -> Order:
    """Of several records of one item the first counts."""
    return when.earliest, record.kind, record.subject_id or "", record.record_id


def occurred(record: Record) -> PartialDate | None:
    """The date by which a record is placed in a window."""
    field = _DATED_BY.get(record.kind)
    dated: PartialDate | None = happened(record) if field is None else getattr(record.data, field)
    return dated


def may_answer(record: Record, item: str) -> bool:
    """Whether a record is of the kind that an item asks for."""
    if item == "CBC":
        return record.kind == "lab-result" and record.data.test in _CBC
    if item == "CHEMISTRY":
        return record.kind == "lab-result" and record.data.test not in _CBC
    return item not in _KIND_OF or record.kind == _KIND_OF[item]


def is_gone(status: Record) -> bool:
    """Whether a status says that the subject died or left the trial."""
    return status.data.status in _GONE or status.data.death_date is not None


def _of(item: str, visit: Visit, view: View) -> Iterator[tuple[Record, PartialDate | None]]:
    if item == "CBC":
        for test in _CBC:
            yield from _dated("lab-result", visit, view, test)
    elif item == "CHEMISTRY":
        for record, when in _dated("lab-result", visit, view):
            if record.data.test not in _CBC:
                yield record, when
    elif item == "VITAL_SIGNS":
        yield from _dated("vital-signs", visit, view)
    elif item == "DISEASE_STATUS":
        yield from _assessed(visit, view)
    else:
        yield from _contacts(visit, view)


def _dated(
    kind: str, visit: Visit, view: View, sort: str = ""
) -> Iterator[tuple[Record, PartialDate | None]]:
    last = visit.end.high or (visit.start.low or _BEGINNING) + _LONG
    first = visit.start.low or last - _LONG
    for record in view.of_person_within(kind, visit.subject, first, last, sort):
        if not sort or record.data.test == sort:
            yield record, happened(record)


def _assessed(visit: Visit, view: View) -> Iterator[tuple[Record, PartialDate | None]]:
    for record in view.of_person("disease-status", visit.subject):
        yield record, record.data.assessed_at


def _contacts(visit: Visit, view: View) -> Iterator[tuple[Record, PartialDate | None]]:
    """Whatever shows that somebody looked (DOMAIN 3.3)."""
    for kind in ("lab-result", "vital-signs", "microbiology"):
        for record, when in _dated(kind, visit, view):
            if observes(record) is not None or when is None:
                yield record, when
    yield from _assessed(visit, view)
    for record in view.of_person("subject-status", visit.subject):
        if record.data.last_known_alive is not None:
            yield record, record.data.last_known_alive
    for record in view.of_person("infusion", visit.subject):
        if is_given(record) and record.data.start is not None:
            yield record, record.data.start


def _first(visit: Visit, candidates: Iterator[tuple[Record, PartialDate | None]]) -> Found:
    """Yes with the first that surely lies inside, else possibly with all that may."""
    sure: list[tuple[Order, Record]] = []
    maybe: list[Record] = []
    for record, when in candidates:
        place = _place(visit, when)
        if place and when is not None:
            sure.append((order_of(record, when), record))
        elif place is False:
            maybe.append(record)
    if sure:
        order, first = min(sure, key=lambda each: each[0])
        return Found(YES, (first,), order)
    return Found(YES_OR_NO, tuple(maybe)) if maybe else Found(NO)


def _place(visit: Visit, when: PartialDate | None) -> bool | None:
    """True surely inside the window, False possibly, None surely not."""
    if when is None:
        return False
    start, end = visit.start.low, visit.end.high
    if (start is not None and when.latest < start) or (end is not None and when.earliest > end):
        return None
    return start is not None and end is not None and when.earliest >= start and when.latest <= end


def left_before(subject: str | None, end: Instants, view: View) -> tuple[Coded, list[Record]]:
    """Whether the subject had died or left the trial by the end of the window."""
    gone = [each for each in view.of_subject("subject-status", subject) if is_gone(each)]
    answers = [_was_gone(each, end) for each in gone]
    answer = YES if YES in answers else YES_OR_NO if YES_OR_NO in answers else NO
    return answer, gone


def _was_gone(status: Record, end: Instants) -> Coded:
    when = status.data.death_date or status.data.at
    if when is None or end.high is None:
        return YES_OR_NO
    if when.latest <= end.high:
        return YES
    return NO if when.earliest > end.high else YES_OR_NO
