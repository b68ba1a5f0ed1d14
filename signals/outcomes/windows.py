"""The windows of outcomes: calendar days, both ends inside (D2, D9, D10), and when they are closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from signals.facts.dlt_window import placed
from signals.facts.periods import years_later
from signals.facts.spans import Days
from signals.outcomes.model import Answer, LeftOut
from signals.outcomes.person import Person

_LATE_CONTACT = timedelta(days=30)
_ANSWERS = {
    frozenset({"inside"}): Answer.YES,
    frozenset({"outside"}): Answer.NO,
}


@dataclass(frozen=True, slots=True)
class Window:
    """From ``start`` to ``end``; both are spans, for a date may be known in part."""

    start: Days
    end: Days

    def holds(self, days: Days) -> Answer:
        """Whether something that happened in a span of days surely lies in the window."""
        return _ANSWERS.get(
            placed(days, self.start, self.end).words or frozenset(), Answer.UNDETERMINED
        )

    def closed(self, today: date) -> bool:
        """Whether its last day is over."""
        return self.end.high is not None and self.end.high < today

    def still_open(self, person: Person, today: date) -> LeftOut | None:
        """Why a person does not count yet in an interim percentage (DOMAIN 2.0)."""
        if self.closed(today):
            return None
        return LeftOut(person.subject, "the window is not over", self.end.high)


def days_after(start: Days, length: int) -> Window:
    """From a day to ``length`` days later."""
    return Window(start, start.later(length))


def two_years(first: Days, last: Days, years: int) -> Window:
    """From one day to the same calendar date some years after another."""
    return Window(first, Days(*(day and years_later(day, years) for day in (last.low, last.high))))


def event_free_to_the_end(person: Person, window: Window) -> bool:
    """Whether a subject without event was followed: to the last 30 days, or to death (DOMAIN 2.0)."""
    if person.death is not None:
        return True
    end = window.end.high
    return end is not None and person.contact is not None and person.contact >= end - _LATE_CONTACT


def any_of(answers: list[Answer]) -> Answer:
    """Yes if one is, no if all are not, else undetermined."""
    if Answer.YES in answers:
        return Answer.YES
    return Answer.UNDETERMINED if Answer.UNDETERMINED in answers else Answer.NO


def all_of(*answers: Answer) -> Answer:
    """No if one is not, yes if all are, else undetermined."""
    if Answer.NO in answers:
        return Answer.NO
    return Answer.UNDETERMINED if Answer.UNDETERMINED in answers else Answer.YES
