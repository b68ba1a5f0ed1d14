"""The periods within which rules look (DOMAIN 1.6, D9)."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from signals.chart.view import View
from signals.events import PartialDate
from signals.facts.exposure import Exposure
from signals.facts.refs import ref
from signals.facts.spans import Days, certainly_outside, certainly_within
from signals.facts.value import NO, YES, YES_OR_NO, Coded, Ref


def years_later(day: date, years: int) -> date:
    """The same calendar date that many years later; 29 February falls back to the 28th (D9)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


class Period(NamedTuple):
    """From the earliest consent to the end, as spans of days, and the records that say so."""

    consent: Days
    end: Days
    records: tuple[Ref, ...]


def sae_period(view: View, subject: str | None, exposed: Exposure, years: int) -> Period:
    """From consent to the later of enrolment and last infusion plus ``years`` (DOMAIN 1.6).

    ``exposed``: the person's, in the view.
    """
    return view.kept(
        ("period for serious events", subject, years),
        subject,
        ("enrolment", "infusion"),
        lambda: _sae_period(view, subject, exposed, years),
    )


def _sae_period(view: View, subject: str | None, exposed: Exposure, years: int) -> Period:
    enrolments = view.of_person("enrolment", subject) if subject is not None else []
    consent = _earliest([each.data.consented_at for each in enrolments])
    enrolled = _latest([each.data.enrolled_at for each in enrolments])
    end = _years_later(_later_of(enrolled, exposed), years)
    return Period(consent, end, (*(ref(each) for each in enrolments), *exposed.records))


def in_sae_period(
    began: Days, view: View, subject: str | None, exposed: Exposure, years: int
) -> Coded:
    """Whether an event began within the period for serious events.

    An onset that may lie inside counts as inside, and that is said (DOMAIN 1.6).
    """
    consent, end, records = sae_period(view, subject, exposed, years)
    if certainly_outside(began, consent, end):
        return NO.resting_on(*records)
    if certainly_within(began, consent, end):
        return YES.resting_on(*records)
    return YES.resting_on(*records).assuming(
        "the onset may lie outside the period for serious events: taken as inside"
    )


def safety_period(exposed: Exposure, length: int) -> tuple[Days, Days] | None:
    """From the first infusion to ``length`` days after the last; None without any (DOMAIN 1.6)."""
    if exposed.first is None or exposed.last is None:
        return None
    return exposed.first.days, exposed.last.days.later(length)


def in_safety_period(began: Days | None, exposed: Exposure, length: int) -> Coded:
    """Whether something began within the safety period; None never began."""
    period = safety_period(exposed, length)
    if began is None or period is None:
        return NO.resting_on(*exposed.records)
    return lies_within(began, period).resting_on(*exposed.records)


def lies_within(days: Days, period: tuple[Days, Days]) -> Coded:
    """Whether days lie within a period, from its first days to its last."""
    start, end = period
    if certainly_outside(days, start, end):
        return NO
    return YES if certainly_within(days, start, end) else YES_OR_NO


def _later_of(enrolled: Days, exposed: Exposure) -> Days:
    if exposed.last is None:
        return enrolled
    last = exposed.last.days
    lows = [day for day in (enrolled.low, last.low) if day is not None]
    if enrolled.high is None or last.high is None:
        return Days(max(lows, default=None), None)
    return Days(max(lows, default=None), max(enrolled.high, last.high))


def _years_later(days: Days, years: int) -> Days:
    return Days(
        years_later(days.low, years) if days.low else None,
        years_later(days.high, years) if days.high else None,
    )


def _earliest(dates: list[PartialDate | None]) -> Days:
    known = [each for each in dates if each is not None]
    if not known:
        return Days(None, None)
    return Days(min(each.first_day for each in known), min(each.last_day for each in known))


def _latest(dates: list[PartialDate | None]) -> Days:
    known = [each for each in dates if each is not None]
    if not known:
        return Days(None, None)
    return Days(max(each.first_day for each in known), max(each.last_day for each in known))
