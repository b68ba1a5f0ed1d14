"""A person's disease from enrolment on: assessments, remission, transplantation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from signals.outcomes.deaths import CONTRADICTORY
from signals.outcomes.model import LeftOut
from signals.outcomes.person import Person, Trial
from signals.outcomes.times import flags_of_death

COMPLETE = frozenset({"CR"})
_TRANSPLANTS = frozenset({"HSCT_AUTO", "HSCT_ALLO"})
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Assessment:
    """An assessment of the disease after the day of enrolment."""

    day: date
    status: str


@dataclass(frozen=True, slots=True)
class Course:
    """A person's disease from enrolment on, assessment by assessment."""

    person: Person
    enrolled: date
    assessments: tuple[Assessment, ...]
    transplanted: tuple[date, ...]
    flags: tuple[str, ...]

    def first(self, statuses: frozenset[str], *, since: date | None = None) -> date | None:
        """The day of the first assessment with one of the statuses."""
        days = (each.day for each in self.assessments if each.status in statuses)
        return next((day for day in days if since is None or day >= since), None)

    @property
    def last(self) -> date | None:
        """The day of the last assessment."""
        return self.assessments[-1].day if self.assessments else None

    @property
    def remission(self) -> date | None:
        """The day on which complete remission began: enrolment, if it stood at entry."""
        return self.enrolled if self.person.in_cr_at_entry else self.first(COMPLETE)


def enrolled_on(person: Person) -> date | LeftOut:
    """The day from which an enrolled person's time runs, or why it cannot be told."""
    if person.enrolled is None:
        return LeftOut(person.subject, "the day of enrolment is not known")
    if person.death is not None and person.death.day is None:
        return LeftOut(person.subject, CONTRADICTORY)
    return person.enrolled


def course_of(trial: Trial, person: Person) -> Course | LeftOut:
    """The disease of an enrolled person; what was assessed on the day of enrolment is the baseline."""
    enrolled = enrolled_on(person)
    if isinstance(enrolled, LeftOut):
        return enrolled
    found: list[Assessment] = []
    flags = list(flags_of_death(person))
    for record in trial.view.of_person("disease-status", person.subject):
        when, status = record.data.assessed_at, record.data.status
        if status is None:
            continue
        if when is None:
            flags.append(f"assessment {record.record_id} has no date: not used")
        elif when.last_day > enrolled:
            day = max(when.first_day, enrolled + _ONE_DAY)
            found.append(Assessment(day, status))
            if when.first_day != when.last_day:
                flags.append(f"date of assessment {record.record_id} imputed: its first day")
    return Course(
        person=person,
        enrolled=enrolled,
        assessments=tuple(sorted(found, key=lambda each: (each.day, each.status))),
        transplanted=tuple(_transplanted(trial, person)),
        flags=tuple(flags),
    )


def _transplanted(trial: Trial, person: Person) -> Iterator[date]:
    for record in trial.view.of_person("therapy", person.subject):
        when = record.data.completed_at or record.data.start
        if record.data.kind in _TRANSPLANTS and when is not None:
            yield when.first_day
