"""Adverse events against the windows of outcomes, and the dates that tables impute (DOMAIN 1.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from signals.events import PartialDate, Record
from signals.facts.adverse_event import AdverseEventKind
from signals.facts.grades import Segment, highest_within, segments
from signals.facts.infusion_reactions import names_of
from signals.facts.kind import Fact
from signals.facts.onset import onset
from signals.facts.refs import ref
from signals.facts.spans import Days, certainly_outside, not_after
from signals.facts.told import versions_of
from signals.facts.value import Coded, Ordered, Ref
from signals.outcomes.found import Found
from signals.outcomes.model import Answer
from signals.outcomes.person import Person, Trial
from signals.outcomes.windows import Window

_ANSWERS = {frozenset({"yes"}): Answer.YES, frozenset({"no"}): Answer.NO}
IMPUTED_START = "start imputed"
IMPUTED_END = "end imputed: last day of its month or year"


@dataclass(frozen=True, slots=True)
class Event:
    """An adverse event of a person: its record, its fact, when it began, and its grades in time."""

    record: Record
    fact: Fact
    began: Days
    grades: tuple[Segment, ...]

    @property
    def ref(self) -> Ref:
        """The version it rests on."""
        return ref(self.record)

    def found(self, answer: Answer) -> Found:
        """The event as something found of its person."""
        return Found(self.record.record_id, self.began.low, self.ref, answer)

    @property
    def ended(self) -> Days:
        """When it ended, as far as known."""
        end = self.record.data.end
        return Days(end.first_day, end.last_day) if end is not None else Days(None, None)

    @property
    def effective(self) -> Days | None:
        """When it began or became worse after the first infusion; None: it never surely did."""
        value = self.fact.values["onset_effective"]
        if not isinstance(value, Ordered) or value.unknown:
            return None
        return Days(_day(value.low), _day(value.high))

    def says(self, field: str, *words: str) -> Answer:
        """Whether a coded field of its fact is surely one of the words."""
        return says(self.fact, field, *words)

    def graded(self, least: int, window: Window) -> Answer:
        """Whether it surely reached a grade within a window."""
        worst = highest_within(list(self.grades), self.ended, window.start, window.end)
        if isinstance(worst.low, Decimal) and worst.low >= least:
            return Answer.YES
        below = isinstance(worst.high, Decimal) and worst.high < least
        return Answer.NO if below else Answer.UNDETERMINED

    def overlaps(self, window: Window) -> Answer:
        """Whether it lasted on some day of a window; without an end it may still last."""
        if certainly_outside(Days(self.began.low, self.ended.high), window.start, window.end):
            return Answer.NO
        began = window.holds(self.began)
        lasted = not_after(window.start.high, self.ended.low)
        begun = not_after(self.began.high, window.end.low)
        return Answer.YES if began is Answer.YES or (begun and lasted) else Answer.UNDETERMINED

    def listed(self, terms: Iterable[str]) -> Answer:
        """Whether it is recorded under one of the terms; without any term it may be."""
        names = names_of(self.record.data)
        if not names:
            return Answer.UNDETERMINED
        return Answer.NO if names.isdisjoint(terms) else Answer.YES


def says(fact: Fact, field: str, *words: str) -> Answer:
    """Whether a coded field is surely one of the words."""
    value = fact.values[field]
    known = value.words if isinstance(value, Coded) else None
    if known is None:
        return Answer.UNDETERMINED
    told = frozenset("yes" if each in words else "no" for each in known)
    return _ANSWERS.get(told, Answer.UNDETERMINED)


def events_of(trial: Trial, person: Person) -> Iterator[Event]:
    """The person's adverse events that are not void."""
    for record in trial.view.of_person("adverse-event", person.subject):
        fact = trial.fact(AdverseEventKind.name, record.subject_id, record.record_id)
        if fact is not None:
            versions = versions_of(trial.view, record.subject_id, record.record_id)
            began = onset(record, versions).days
            yield Event(record, fact, began, tuple(segments(record, versions, began)))


@dataclass(frozen=True, slots=True)
class Stretch:
    """The days of an episode within a window; ``censored``: it may have gone on."""

    first: date
    last: date
    censored: bool
    flags: tuple[str, ...]

    @property
    def days(self) -> int:
        """Both ends counted (D8)."""
        return (self.last - self.first).days + 1


def stretch(event: Event, person: Person, window: Window) -> Stretch | None:
    """The days of an event in a window whose last day is known; None if none is surely there.

    Not beyond death or last contact; without an end it lasts until then, and is censored.
    """
    end = event.record.data.end
    start, flags = start_for_tables(event.record.data.onset, end, person)
    last_day = window.end.low
    if start is None or last_day is None:
        return None
    gone = [day for day in (person.died, person.contact) if day is not None]
    limit = person.died or max(gone, default=start)
    censored = end is None and person.died is None
    last = limit if end is None else end.last_day
    if end is not None and end.first_day != end.last_day:
        last, flags = min(last, max(limit, start)), (*flags, IMPUTED_END)
    if last > last_day:
        last, censored = last_day, True
    return Stretch(start, max(last, start), censored, flags) if start <= last_day else None


def start_for_tables(
    began: PartialDate | None, end: PartialDate | None, person: Person
) -> tuple[date | None, tuple[str, ...]]:
    """The first day of an event as tables need it: of a date known in part, imputed and flagged.

    The day of the first infusion, if it may be and the event had not ended by then; else the first
    day it can mean.
    """
    first = person.first_infusion
    if began is None:
        return first, (IMPUTED_START,) if first is not None else ()
    if began.first_day == began.last_day:
        return began.first_day, ()
    may_be_then = first is not None and began.first_day <= first <= began.last_day
    if may_be_then and (end is None or first is None or end.last_day >= first):
        return first, (IMPUTED_START,)
    return began.first_day, (IMPUTED_START,)


def union(stretches: Iterable[Stretch]) -> int:
    """The number of days in any of them."""
    days = {
        each.first + timedelta(days=offset) for each in stretches for offset in range(each.days)
    }
    return len(days)


def _day(bound: object) -> date | None:
    return bound if isinstance(bound, date) else None
