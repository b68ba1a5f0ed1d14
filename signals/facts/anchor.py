"""The anchor: the index therapy from which blood counts are followed (DOMAIN 1.6).

The completion of the index transplantation, else the start of the index course.  Where no course is
marked, the latest begun on or before the first infusion is taken, else the first after it; before
that infusion none is, for a conditioning would be taken for the transplantation to come (EC-121).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from signals.chart.view import View
from signals.events import PartialDate, Record
from signals.facts.exposure import exposure
from signals.facts.refs import refs
from signals.facts.spans import Days
from signals.facts.value import Ref

TRANSPLANTS = frozenset({"HSCT_AUTO", "HSCT_ALLO"})
INFERRED = "no course is marked as the index course: the one nearest to the first infusion is taken"
_NO_COURSE = "DLI"
"""Given to a graft, it starts no course."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """The index therapy: the days that may be its anchor, and what bounds the wait for recovery.

    ``ends``: the last day of the index course, if known; ``next_course``: the first day on which
    another course may have begun.
    """

    course: Record
    day: Days
    transplantation: bool
    inferred: bool
    ends: date | None
    next_course: date | None
    records: tuple[Ref, ...]


def anchor(view: View, subject: str | None, new_course: tuple[str, ...]) -> Anchor | None:
    """The anchor of a person; None without an index course, or one to take for it.

    ``new_course``: the kinds of therapy of which another one ends the wait for recovery.
    """
    key = ("anchor", subject, new_course)
    return view.kept(
        key, subject, ("therapy", "infusion"), lambda: _anchor(view, subject, new_course)
    )


def _anchor(view: View, subject: str | None, new_course: tuple[str, ...]) -> Anchor | None:
    therapies = view.of_person("therapy", subject) if subject is not None else []
    marked = [each for each in therapies if each.data.is_index]
    chosen = _marked(marked) if marked else _nearest(therapies, view, subject)
    if chosen is None:
        return None
    ends = _end(chosen, therapies)
    day = _day(chosen)
    return Anchor(
        course=chosen,
        day=day,
        transplantation=chosen.data.kind in TRANSPLANTS,
        inferred=not marked,
        ends=ends,
        next_course=_next(chosen, therapies, new_course, ends or day.high),
        records=refs(therapies),
    )


def _when(course: Record) -> PartialDate | None:
    """The date that makes it the anchor: never the conditioning of a transplantation (EC-121)."""
    data = course.data
    when: PartialDate | None = data.completed_at if data.kind in TRANSPLANTS else data.start
    return when


def _day(course: Record) -> Days:
    when = _when(course)
    if when is not None:
        return Days(when.first_day, when.last_day)
    start: PartialDate | None = course.data.start
    return Days(None if start is None else start.first_day, None)


def _marked(marked: list[Record]) -> Record:
    """Of several, which is wrong, a transplantation, then the one with a date, then the last."""
    return max(
        marked,
        key=lambda each: (
            each.data.kind in TRANSPLANTS,
            _when(each) is not None,
            str(_when(each)),
            each.record_id,
        ),
    )


def _nearest(therapies: list[Record], view: View, subject: str | None) -> Record | None:
    first = exposure(view, subject).first
    treated = first.days.high if first is not None else None
    if treated is None:
        return None
    courses = [each for each in therapies if each.data.kind != _NO_COURSE and _when(each)]
    ordered = sorted(courses, key=lambda each: (_first_day(each), each.record_id))
    before = [each for each in ordered if _first_day(each) <= treated]
    return before[-1] if before else next(iter(ordered), None)


def _first_day(course: Record) -> date:
    when = _when(course)
    return when.first_day if when is not None else date.max


def _end(course: Record, therapies: list[Record]) -> date | None:
    """The last day of a course of drugs, whose records share an id."""
    if course.data.kind in TRANSPLANTS:
        return None
    own = [each for each in therapies if _is_same_course(each, course)]
    return max((each.data.end.last_day for each in own if each.data.end), default=None)


def _is_same_course(one: Record, other: Record) -> bool:
    course_id = one.data.course_id
    return one.key == other.key or (course_id is not None and course_id == other.data.course_id)


def _next(
    course: Record, therapies: list[Record], kinds: tuple[str, ...], over: date | None
) -> date | None:
    """The first day of another course begun after this one was over."""
    if over is None:
        return None
    begun = [
        each.data.start or each.data.completed_at
        for each in therapies
        if each.data.kind in kinds and not _is_same_course(each, course)
    ]
    return min((each.first_day for each in begun if each and each.first_day > over), default=None)
