"""How long a trial's subjects were followed, the measure that counts of alerts are held against."""

from __future__ import annotations

from datetime import date, timedelta

from signals.chart.view import View
from signals.events import PartialDate

DAYS_OF_A_MONTH = 30.4375
_ENDED = frozenset({"WITHDRAWN", "LOST", "COMPLETED", "DEAD"})


def subject_months(view: View, subjects: list[str], cut: date) -> float:
    """Months of 30.4375 days from enrolment to death, the end of follow-up, or the cut, summed.

    A subject without a day of enrolment counts nothing.
    """
    spans = (_span(view, subject, cut) for subject in subjects)
    return sum(spans, timedelta()).days / DAYS_OF_A_MONTH


def _span(view: View, subject: str, cut: date) -> timedelta:
    began = _days([each.data.enrolled_at for each in view.of_subject("enrolment", subject)])
    if not began:
        return timedelta()
    statuses = view.of_subject("subject-status", subject)
    ended = _days(
        [each.data.death_date for each in statuses]
        + [each.data.at for each in statuses if each.data.status in _ENDED]
    )
    return max(timedelta(), min([cut, *ended]) - min(began))


def _days(dates: list[PartialDate | None]) -> list[date]:
    return [each.first_day for each in dates if each is not None]
