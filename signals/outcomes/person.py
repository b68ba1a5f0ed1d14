"""The persons of the trial, each counted once under all numbers (EC-144), as tables need them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from signals.chart.chart import Chart
from signals.chart.view import View
from signals.events import Record
from signals.facts.exposure import Exposure, exposure
from signals.facts.kind import Context, Fact
from signals.facts.observation import last_contact
from signals.outcomes.deaths import Death, death_of
from signals.study.model import Study

_KINDS = ("enrolment", "infusion", "adverse-event", "subject-status")


@dataclass(frozen=True, slots=True)
class Trial:
    """All that a table may look at: the records and facts at a time, and the local day it is."""

    ctx: Context
    today: date

    @property
    def study(self) -> Study:
        """What the study lays down."""
        return self.ctx.study

    @property
    def view(self) -> View:
        """The chart as known."""
        return self.ctx.view

    @property
    def chart(self) -> Chart:
        """All records."""
        return self.ctx.chart

    def fact(self, kind: str, *key: str | None) -> Fact | None:
        """A fact by its key."""
        return self.ctx.facts.get(kind, key)


@dataclass(frozen=True, slots=True)
class Person:
    """A person who is enrolled or was treated.

    ``subject`` is the number of the last enrolment, ``enrolled`` the first day of enrolment under
    any number (None: not known to the day).  ``in_cr_at_entry`` is None where nobody recorded it.
    ``contact`` is the day last observed.
    """

    subject: str
    numbers: tuple[str, ...]
    enrolments: tuple[Record, ...]
    enrolled: date | None
    in_cr_at_entry: bool | None
    exposed: Exposure
    death: Death | None
    contact: date | None

    @property
    def treated(self) -> bool:
        """In the safety set: at least one infusion of any volume."""
        return bool(self.exposed.given)

    @property
    def died(self) -> date | None:
        """The day of death, if there is one to count with."""
        return self.death.day if self.death is not None else None

    @property
    def first_infusion(self) -> date | None:
        """The local day of the first infusion, if known to the day."""
        return (
            _only(self.exposed.first.days.low, self.exposed.first.days.high)
            if (self.exposed.first)
            else None
        )

    @property
    def last_infusion(self) -> date | None:
        """The local day of the last infusion given, if known to the day."""
        return (
            _only(self.exposed.last.days.low, self.exposed.last.days.high)
            if (self.exposed.last)
            else None
        )


def _only(low: date | None, high: date | None) -> date | None:
    return low if low == high else None


def persons(trial: Trial) -> list[Person]:
    """Everybody enrolled or treated, in order of their numbers."""
    seen = (_person(trial, number) for number in _numbers(trial))
    found = {each.numbers: each for each in seen if each is not None}
    return sorted(found.values(), key=lambda each: each.subject)


def _numbers(trial: Trial) -> Iterator[str]:
    seen: set[str] = set()
    for kind in _KINDS:
        for subject in trial.chart.subjects(kind):
            if subject is not None and subject not in seen:
                seen.add(subject)
                yield subject


def _person(trial: Trial, number: str) -> Person | None:
    view = trial.view
    enrolments = [each for each in view.of_person("enrolment", number) if each.data.enrolled_at]
    exposed = exposure(view, number)
    if not enrolments and not exposed.given:
        return None
    enrolments.sort(key=lambda each: (each.data.enrolled_at.earliest, str(each.subject_id)))
    stated = [
        each.data.in_cr_at_entry for each in enrolments if each.data.in_cr_at_entry is not None
    ]
    numbers = tuple(str(each) for each in trial.chart.person(number))
    first = enrolments[0].data.enrolled_at if enrolments else None
    contact = last_contact(trial.chart, view, number)
    seen = contact.astimezone(trial.study.zone).date() if contact else None
    return Person(
        subject=str(enrolments[-1].subject_id) if enrolments else numbers[-1],
        numbers=numbers,
        enrolments=tuple(enrolments),
        enrolled=_only(first.first_day, first.last_day) if first else None,
        in_cr_at_entry=stated[-1] if stated else None,
        exposed=exposed,
        death=death_of(view, number, seen, trial.study.zone),
        contact=seen,
    )
