"""The fact ``response``: what became of the disease under treatment (DOMAIN 1.6, 2; EFF-01).

Assessments count from the day of enrolment on.  The landmark is the day ``response_landmark_days``
after enrolment, until its end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from signals.events import Record
from signals.facts.death import DeathKind
from signals.facts.dlt_status import main_number
from signals.facts.fields import since, text, yes_no
from signals.facts.kind import Change, Context, Fact, FactChange, Field, Key
from signals.facts.refs import refs
from signals.facts.spans import Days, certainly_outside, certainly_within
from signals.facts.value import (
    ANY_ORDERED,
    ANY_WORD,
    NO,
    YES,
    YES_OR_NO,
    Coded,
    Ordered,
    Value,
    flag,
    word,
)

_REMISSION = {"CR", "CRh", "CRi"}
_OF_THE_PERSON = {"disease-status", "enrolment", "infusion"}


class ResponseKind:
    """One fact per person, under the person's main number."""

    name = "response"
    about = ("subject",)
    reads: tuple[str, ...] = (DeathKind.name,)
    hears: frozenset[str] = frozenset(_OF_THE_PERSON)
    fields: Mapping[str, Field] = {
        field.name: field
        for field in (
            yes_no("relapsed", "Assessed as relapse, from enrolment on", "SDTM RS; ELN 2022"),
            yes_no("progressed", "Assessed as progression, from enrolment on", "SDTM RS"),
            yes_no("in_cr_at_entry", "In complete remission at enrolment", "protocol"),
            yes_no(
                "remission_by_landmark",
                "CR, CRh or CRi assessed from enrolment to the end of the landmark; not known "
                "while nothing was assessed by then",
                "ELN 2022; DOMAIN 1.6",
            ),
            yes_no("alive_at_landmark", "No death up to the end of the landmark", "DOMAIN 1.6"),
            since("since_landmark", "Time since the end of the landmark, 24:00", "DOMAIN 1.6"),
            text("response_event", "The gravest of these, in words", "registered outcomes 18, 19"),
        )
    }

    def keys(self, ctx: Context) -> Iterator[Key]:
        """All numbers of every person enrolled or assessed: any of them may be the main one."""
        for kind in ("enrolment", "disease-status"):
            for subject in ctx.chart.subjects(kind):
                yield from ((number,) for number in ctx.chart.person(subject))

    def touched_by(self, change: Change, ctx: Context) -> Iterable[Key]:
        """All numbers of the person assessed, enrolled, dead, or given their main number."""
        if isinstance(change, FactChange):
            subject = change.key[0]
        elif change.kind in _OF_THE_PERSON:
            subject = change.subject_id
            moved = change.moved
            if moved is not None:
                yield from ((number,) for number in ctx.chart.person(moved[1]))
        else:
            return
        yield from ((number,) for number in ctx.chart.person(subject))

    def derive(self, key: Key, ctx: Context) -> Fact | None:
        """The fact, or None for a number that is not the person's main one, or without records."""
        subject = key[0]
        if subject is None or _bearer(subject, ctx) != subject:
            return None
        enrolment = _latest(ctx.view.of_person("enrolment", subject))
        assessed = [each for each in ctx.view.of_person("disease-status", subject) if _is_one(each)]
        if enrolment is None and not assessed:
            return None
        course = _Course(enrolment, assessed, ctx)
        values = course.values()
        return Fact(
            kind=self.name,
            key=key,
            values=values | {"response_event": _in_words(values, ctx)},
            subject_id=subject,
            site_id=(enrolment or assessed[0]).site_id,
            clinical_at=course.came_about(),
        )

    def moved_to(self, key: Key, ctx: Context) -> Key | None:
        """To the main number of the person."""
        main = _bearer(str(key[0]), ctx)
        return None if main in (None, key[0]) else (main,)


def _bearer(subject: str, ctx: Context) -> str | None:
    return main_number(ctx.chart, ctx.view, subject) or min(
        each for each in ctx.chart.person(subject) if each is not None
    )


def _is_one(record: Record) -> bool:
    """A pathology report of another tumour is no assessment of this disease."""
    return record.data.status is not None or record.data.new_primary is None


def _latest(enrolments: list[Record]) -> Record | None:
    return max(enrolments, key=_enrolled, default=None)


def _enrolled(record: Record) -> tuple[date, str, str]:
    when = record.data.enrolled_at
    return (when.first_day if when else date.min), record.subject_id or "", record.record_id


@dataclass(frozen=True, slots=True)
class _Course:
    enrolment: Record | None
    assessed: list[Record]
    ctx: Context

    def values(self) -> dict[str, Value]:
        own = refs([self.enrolment] if self.enrolment is not None else [])
        in_cr = self.enrolment.data.in_cr_at_entry if self.enrolment is not None else None
        return {
            "relapsed": self._ever(lambda status: status == "RELAPSE"),
            "progressed": self._ever(lambda status: status == "PD"),
            "in_cr_at_entry": flag(in_cr).resting_on(*own),
            "remission_by_landmark": self._remission(),
            "alive_at_landmark": self._alive(),
            "since_landmark": self._landmark_over().resting_on(*own),
        }

    @property
    def _from(self) -> Days:
        """The day of enrolment, as far as known."""
        when = self.enrolment.data.enrolled_at if self.enrolment is not None else None
        return Days(when.first_day, when.last_day) if when is not None else Days(None, None)

    @property
    def _landmark(self) -> Days:
        return self._from.later(self.ctx.study.periods.response_landmark_days)

    def _ever(self, fits: Callable[[str], bool]) -> Coded:
        """Whether an assessment from enrolment on says so; one that cannot be read may."""
        found = [
            each for each in self.assessed if each.data.status is None or fits(each.data.status)
        ]
        return self._placed(found, Days(None, None), sure_end=True)

    def _placed(self, records: list[Record], end: Days, *, sure_end: bool = False) -> Coded:
        inside: list[Record] = []
        maybe: list[Record] = []
        for each in records:
            place = self._place(each, end, sure_end=sure_end)
            if place is None:
                continue
            (inside if place and each.data.status is not None else maybe).append(each)
        if inside:
            return YES.resting_on(*refs(inside))
        return (YES_OR_NO if maybe else NO).resting_on(*refs(maybe))

    def _place(self, record: Record, end: Days, *, sure_end: bool) -> bool | None:
        """True surely from enrolment to ``end``, False possibly, None surely not."""
        days = _assessed_on(record)
        last = Days(days.high, days.high) if sure_end else end
        if certainly_outside(days, self._from, last):
            return None
        return certainly_within(days, self._from, last)

    def _remission(self) -> Coded:
        landmark = self._landmark
        remitted = [
            each
            for each in self.assessed
            if each.data.status is None or each.data.status in _REMISSION
        ]
        answer = self._placed(remitted, landmark)
        if answer.words != NO.words:
            return answer
        in_time = [
            each
            for each in self.assessed
            if self._place(each, landmark, sure_end=False) and each.data.status is not None
        ]
        return NO.resting_on(*refs(in_time)) if in_time else YES_OR_NO

    def _alive(self) -> Coded:
        landmark, subject = self._landmark, self._subject
        facts = [
            self.ctx.facts.get(DeathKind.name, (number,))
            for number in self.ctx.chart.person(subject)
        ]
        deaths = [fact for fact in facts if fact is not None]
        if not deaths:
            return YES
        died, told = deaths[0].values["death_date"], deaths[0].values["since_receipt"]
        low = died.low if isinstance(died, Ordered) else None
        high = died.high if isinstance(died, Ordered) else None
        if high is None and isinstance(told, Ordered) and isinstance(told.high, datetime):
            high = told.high.astimezone(self.ctx.study.zone).date()
        if landmark.high is not None and isinstance(low, date) and low > landmark.high:
            return YES.resting_on(*died.records)
        if landmark.low is not None and isinstance(high, date) and high <= landmark.low:
            return NO.resting_on(*died.records)
        return YES_OR_NO.resting_on(*died.records)

    @property
    def _subject(self) -> str | None:
        record = self.enrolment or self.assessed[0]
        return record.subject_id

    def _landmark_over(self) -> Ordered:
        landmark = self._landmark
        if landmark.low is None or landmark.high is None:
            return ANY_ORDERED
        return Ordered(low=self._end_of(landmark.low), high=self._end_of(landmark.high))

    def _end_of(self, day: date) -> datetime:
        return datetime.combine(day + timedelta(days=1), time.min, self.ctx.study.zone)

    def came_about(self) -> datetime | None:
        """When the last relapse or progression was assessed, else the end of the landmark."""
        told = [
            each.data.assessed_at.latest
            for each in self.assessed
            if each.data.status in ("RELAPSE", "PD") and each.data.assessed_at is not None
        ]
        high = self._landmark.high
        return max(told, default=self._end_of(high) if high is not None else None)


def _assessed_on(record: Record) -> Days:
    when = record.data.assessed_at
    recorded = (record.recorded_at or record.arrival).date()
    return Days(when.first_day, when.last_day) if when is not None else Days(None, recorded)


def _in_words(values: Mapping[str, Value], ctx: Context) -> Coded:
    days = ctx.study.periods.response_landmark_days
    for field, words in (("relapsed", "relapse"), ("progressed", "progression")):
        value = values[field]
        if isinstance(value, Coded) and value.words == YES.words:
            return word(words).resting_on(*value.records)
    remission = values["remission_by_landmark"]
    if isinstance(remission, Coded) and remission.words == YES.words:
        return ANY_WORD
    return word(f"no remission by day {days}").resting_on(*remission.records)
