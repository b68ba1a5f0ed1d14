"""Neutrophil recovery after the index therapy (registered outcome 4; DOMAIN 2.2, D12).

The first of three consecutive results of 0.5 x 10*9/L or more, on three days at most a week apart,
after the nadir and the end of the index course.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from signals.chart.view import View
from signals.events import Record
from signals.facts.anchor import Anchor
from signals.facts.lab_values import Result
from signals.facts.neutrophils import bearing, by_itself, neutrophils
from signals.facts.recovery import ONE_DAY, Day, Level, Run, confirming, days_of, first_run
from signals.facts.value import Ref
from signals.facts.watch import end_of_day, midnight
from signals.immutable import immutable
from signals.study.model import Study

RESULTS = 3


class Outcome(StrEnum):
    """What became of the neutrophils of a person with an anchor."""

    RECOVERED = "yes"
    NOT_RECOVERED = "no"
    NEVER_BELOW = "never below"
    NOT_COUNTED = "not counted"


@immutable(frozen=True, slots=True)
class NeutrophilRecovery:
    """The outcome, and what it rests on.

    ``run``: the results that show it, whenever they came; ``nadir``: the first day of the lowest
    value; ``count``: how many results in a row speak for recovery so far; ``provisional`` until
    day 42, or until the index course was over before the run; ``looked_until``: the last instant
    looked at (None: all).
    """

    outcome: Outcome
    anchor: date
    nadir: Day | None = None
    run: Run | None = None
    count: int = 0
    provisional: bool = True
    records: tuple[Ref, ...] = ()
    looked_until: datetime | None = None

    def within(self, days: int, before: date | None) -> Outcome:
        """The registered outcome: recovery dated within so many days, before another course."""
        if self.outcome is not Outcome.RECOVERED or self.run is None:
            return self.outcome
        in_time = self.run.first <= self.anchor + timedelta(days=days)
        alone = before is None or self.run.first < before
        return Outcome.RECOVERED if in_time and alone else Outcome.NOT_RECOVERED


def neutrophil_recovery(
    view: View,
    subject: str | None,
    anchored: Anchor,
    day: date,
    study: Study,
    *,
    level: Decimal | None = None,
) -> NeutrophilRecovery:
    """Recovery counted from an anchor on ``day``; ``level``: 1.0 is the supportive reading."""
    settings = study.haematology
    wanted = Level(
        level or settings.recovered_neutrophils,
        RESULTS,
        timedelta(days=settings.recovery_span_days),
    )
    horizon = day + timedelta(days=settings.recovery_days)
    soon = end_of_day(horizon + wanted.span, study.zone)
    begun = midnight(day + ONE_DAY, study.zone)
    near = _judged(_days(view, subject, begun, soon, wanted), anchored, day, horizon, wanted)
    if near.outcome is not Outcome.NOT_RECOVERED:
        return replace(near, looked_until=soon)
    ever = end_of_day(_EVER, study.zone)
    if not bearing(view, subject, soon, ever):
        return near
    return _judged(_days(view, subject, begun, ever, wanted), anchored, day, horizon, wanted)


def _days(
    view: View, subject: str | None, first: datetime, last: datetime, wanted: Level
) -> list[Day]:
    found = days_of(neutrophils(view, subject, first, last), wanted.level)
    begun = first.date()
    return [each for each in found if each.date >= begun]


def _judged(
    days: list[Day], anchored: Anchor, day: date, horizon: date, wanted: Level
) -> NeutrophilRecovery:
    records = tuple(sorted({ref for each in days for ref in each.records}))
    before = anchored.next_course or date.max
    falling = [each for each in days if each.date <= horizon and each.date < before and each.known]
    if not falling:
        return NeutrophilRecovery(Outcome.NOT_COUNTED, day, records=records)
    nadir = min(falling, key=lambda each: (each.value.high or _ENDLESS, each.date))
    if not nadir.below:
        return NeutrophilRecovery(Outcome.NEVER_BELOW, day, nadir, records=records)
    after = max(nadir.date, anchored.ends or nadir.date)
    run = first_run(days, wanted, after)
    if run is None:
        count = confirming(days, wanted, after)
        return NeutrophilRecovery(Outcome.NOT_RECOVERED, day, nadir, count=count, records=records)
    settled = anchored.ends is not None or any(each.date > horizon for each in days)
    rests_on = tuple(sorted({*nadir.records, *run.records}))
    return NeutrophilRecovery(
        Outcome.RECOVERED, day, nadir, run, wanted.results, not settled, rests_on
    )


@immutable(frozen=True, slots=True)
class Settled:
    """Recovery that no later count changes which is as high as the nadir.

    ``first`` and ``last``: between which instants counts were read; ``after``: the last day of the
    run; ``nadir``: the highest it may be.
    """

    first: datetime
    last: datetime
    after: date
    nadir: Decimal

    def unsettled_by(self, view: View, subject: str | None, result: Record) -> bool:
        """Whether a result of which nothing was known before may change the outcome."""
        before, now = by_itself(view, subject, result, self.first, self.last)
        if not all(self._holds_beside(each) for each in (*before, *now)):
            return True
        # A day that is gone may be the one after the horizon that settled it.
        return not {each.day for each in before} <= {each.day for each in now}

    def _holds_beside(self, count: Result) -> bool:
        high = count.value.high
        is_later = count.exact_day and count.day > self.after
        return is_later and isinstance(high, Decimal) and high >= self.nadir


def settled(found: NeutrophilRecovery, zone: ZoneInfo) -> Settled | None:
    """How recovery stands once it is no longer provisional; None while anything may change it."""
    run, nadir = found.run, found.nadir
    if found.provisional or run is None or nadir is None:
        return None
    high = nadir.value.high
    if not isinstance(high, Decimal):
        return None
    begun = midnight(found.anchor + ONE_DAY, zone)
    return Settled(begun, found.looked_until or end_of_day(_EVER, zone), run.last, high)


_EVER = date(9999, 1, 1)
_ENDLESS = Decimal("Infinity")
