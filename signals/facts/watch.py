"""The time in which blood counts, fever and liver tests are watched, and under which number.

From the first infusion or the anchor, the earlier, to the end of the safety period; open until an
infusion is given (DOMAIN 1.6, 9).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from signals.chart.view import View
from signals.events import Record
from signals.facts.anchor import Anchor, anchor
from signals.facts.exposure import Exposure, exposure, started
from signals.facts.kind import Context, Key, RecordChange
from signals.facts.spans import Days, earliest
from signals.facts.value import NO, YES, YES_OR_NO, Coded, Ref
from signals.study.model import Study

OF_THE_PERSON = frozenset({"infusion", "therapy", "enrolment"})
"""The records by which the time, or the number, can become another."""


@dataclass(frozen=True, slots=True)
class Watch:
    """The days in which a person is watched; without an infusion the end is open.

    ``number``: the subject's number under which what is found is told.
    """

    number: str | None
    start: Days
    end: Days
    anchor: Anchor | None
    exposed: Exposure
    zone: ZoneInfo
    site_id: str | None
    records: tuple[Ref, ...]

    @property
    def first(self) -> datetime:
        """The first instant that may lie within."""
        return midnight(self.start.low or date(1900, 1, 2), self.zone)

    @property
    def last(self) -> datetime:
        """The last instant that may lie within."""
        return end_of_day(self.end.high or date(9999, 1, 1), self.zone)

    def holds(self, first: date | None, last: date) -> Coded:
        """Whether something that happened on one of these days lies within."""
        if _after(self.start.low, last) or _after(first, self.end.high):
            return NO
        begun = first is not None and self.start.high is not None and first >= self.start.high
        end = self.end.low
        over = bool(self.exposed.given) if end is None else last > end
        return YES if begun and not over else YES_OR_NO


def watch_of(view: View, subject: str | None, study: Study) -> Watch | None:
    """How a person is watched; None before any therapy or infusion."""
    if subject is None:
        return None
    new_course, days, zone = study.haematology.new_course, study.periods.safety_days, study.zone
    question = ("watch", subject, new_course, days, zone)
    return view.kept(
        question,
        subject,
        ("infusion", "therapy"),
        lambda: _watch(view, subject, new_course, days, zone),
    )


def _watch(
    view: View, subject: str, new_course: tuple[str, ...], safety_days: int, zone: ZoneInfo
) -> Watch | None:
    exposed = exposure(view, subject)
    anchored = anchor(view, subject, new_course)
    home = _home(exposed, anchored)
    if home is None:
        return None
    begins = [anchored.day] if anchored is not None else []
    begins += [exposed.first.days] if exposed.first is not None else []
    highs = [each.high for each in begins if each.high is not None]
    last = exposed.last.days if exposed.last is not None else Days(None, None)
    return Watch(
        number=home.subject_id,
        start=Days(earliest([each.low for each in begins]), min(highs, default=None)),
        end=last.later(safety_days),
        anchor=anchored,
        exposed=exposed,
        zone=zone,
        site_id=home.site_id,
        records=(*exposed.records, *(anchored.records if anchored else ())),
    )


def _home(exposed: Exposure, anchored: Anchor | None) -> Record | None:
    """The record whose number counts: the last infusion given, else the index therapy."""
    if exposed.given:
        return max(exposed.given, key=lambda each: (_begun(each), each.record_id))
    return anchored.course if anchored else None


def _begun(infusion: Record) -> datetime:
    return started(infusion).high or infusion.arrival


def _after(one: date | None, other: date | None) -> bool:
    return one is not None and other is not None and one > other


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a local day."""
    return datetime.combine(day, time.min, zone)


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The last second of a local day."""
    return datetime.combine(day, time(23, 59, 59), zone)


def watched(ctx: Context) -> Iterator[Key]:
    """The keys of all numbers under which somebody may be watched."""
    subjects = {*ctx.chart.subjects("infusion"), *ctx.chart.subjects("therapy")}
    for subject in subjects:
        for number in ctx.chart.person(subject):
            yield (number,)


def numbers(change: RecordChange, ctx: Context) -> list[Key]:
    """The keys of all numbers of the person that a record is about, or has left or moved to."""
    return [(number,) for number in change.numbers(ctx.chart)]
