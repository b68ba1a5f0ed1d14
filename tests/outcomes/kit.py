"""Outcomes of a told trial, in few words."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from signals.events import Record
from signals.outcomes.model import Curve, Outcome, Rate, Share, Typical
from signals.outcomes.person import Trial as Look
from signals.outcomes.person import persons
from signals.outcomes.table import TABLES
from tests.facts.kit import ALL_TRIALS, SUBJECT, Trial, fresh


class Told(Trial):
    """A trial whose records are kept and only folded when a table asks: tables have no steps."""

    def __init__(self, *jurisdictions: str, subject: str = SUBJECT) -> None:
        """The laws of the monitor are told elsewhere: it is not among the trials they hold for."""
        super().__init__(*jurisdictions, subject=subject)
        ALL_TRIALS.remove(self)

    def take(self, record: Record) -> None:
        """Keep a record as it is."""
        self.journal.append((record, len(self.journal) + 1))


LATER = "2028-12-31"
"""All windows of the reference subject are over."""


def look(trial: Trial, today: str = LATER) -> Look:
    """The trial as tables see it on a day."""
    return Look(fresh(trial, trial.journal).context, date.fromisoformat(today))


def table(trial: Trial, code: str, today: str = LATER) -> Outcome:
    """One outcome of all."""
    seen = look(trial, today)
    return TABLES[code](seen, persons(seen))


def times(outcome: Outcome, place: int = 0) -> dict[str, tuple[int, str]]:
    """The days and the ending of each subject of a curve."""
    measure = [each for each in outcome.measures if isinstance(each, Curve)][place]
    return {each.subject: (each.days, str(each.ending)) for each in measure.members}


def curve(outcome: Outcome, place: int = 0) -> Curve:
    """A curve by its place."""
    return [each for each in outcome.measures if isinstance(each, Curve)][place]


def answers(outcome: Outcome, place: int = 0) -> dict[str, str]:
    """What each subject of a share counts as."""
    measure = [each for each in outcome.measures if isinstance(each, Share)][place]
    return {each.subject: str(each.answer) for each in measure.members}


def share(outcome: Outcome, name: str) -> tuple[int, int]:
    """Events and subjects of a named proportion."""
    for each in outcome.measures:
        if isinstance(each, Share | Rate) and each.name == name:
            return each.proportion.events, each.proportion.of
    raise AssertionError([each.name for each in outcome.measures])


def numbers(outcome: Outcome, place: int = 0) -> dict[str, int]:
    """The number of each subject of a spread."""
    measure = [each for each in outcome.measures if isinstance(each, Typical)][place]
    return {each.subject: each.number for each in measure.members}


def flags(outcome: Outcome, place: int = 0) -> tuple[str, ...]:
    """What was assumed of the only subject of a measure."""
    measure = outcome.measures[place]
    assert not isinstance(measure, Rate)
    (member,) = measure.members
    return member.flags


def left_out(outcome: Outcome) -> dict[str, str]:
    """Who is missing, and why."""
    return {each.subject: each.why for each in outcome.left_out}


def assessed(trial: Trial, day: str, status: str, record_id: str | None = None) -> None:
    """An assessment of the disease on a day of 2026 (or a full or partial date), entered then."""
    full = day if day[:2] == "20" else f"2026-{day}"
    entered = full if len(full) == len("2026-01-01") else f"{full}-28"
    data = {"assessed_at": full, "status": status}
    trial.add(f"{entered} 18:00", "disease-status", record_id or f"RS-{full}", data)


def seen(trial: Trial, day: str, **said: Any) -> None:
    """Known to be alive on a day."""
    full = day if day[:2] == "20" else f"2026-{day}"
    trial.status(f"{full} 18:00", f"DS-{full}", last_known_alive=full, **said)


def died(trial: Trial, day: str, entered: str | None = None, **said: Any) -> None:
    """A death, entered the day after unless said."""
    full = day if day[:2] == "20" else f"2026-{day}"
    if entered is None:
        entered = (date.fromisoformat(full) + timedelta(days=1)).isoformat()
    trial.status(f"{entered} 12:00", "DS-DEATH", status="DEAD", death_date=full, **said)


def reference(**enrolment: Any) -> Trial:
    """Fixture F1: enrolled 20 February with active leukaemia, index course from the 23rd, infusions
    on 2, 5 and 9 March."""
    trial = Told()
    treat(trial, **enrolment)
    return trial


def treat(trial: Trial, **enrolment: Any) -> None:
    """The subject of the moment as in F1."""
    trial.enrolment(**({"in_cr_at_entry": False} | enrolment))
    course(trial)
    for number, start in enumerate(("03-02 10:00", "03-05 10:00", "03-09 10:00"), 1):
        trial.infusion(start, f"I{number}-{trial.subject}", infusion_no=number)


def course(trial: Trial, start: str = "2026-02-23", end: str = "2026-03-01", **said: Any) -> None:
    """The index course of chemotherapy."""
    data = {"kind": "CHEMOTHERAPY", "course_id": "C1", "start": start, "end": end}
    trial.add(
        f"{start} 12:00", "therapy", f"TH-{trial.subject}", {**data, "is_index": True, **said}
    )
