"""Febrile neutropenia as an adverse event of that name (registered outcome 5).

It runs until the event is over, or a count surely taken after its first day shows 1.0 or more.
"""

from __future__ import annotations

from datetime import date, datetime

from signals.chart.chart import Mark
from signals.events import Record
from signals.facts.infusion_reactions import is_listed
from signals.facts.kind import Context
from signals.facts.neutrophils import neutrophils
from signals.facts.ongoing import goes_on
from signals.facts.onset import onset
from signals.facts.recovery import is_reached
from signals.facts.refs import refs
from signals.facts.spans import Instants
from signals.facts.told import versions_of
from signals.facts.value import NO, YES, YES_OR_NO, Coded
from signals.facts.watch import Watch, end_of_day

_CODED = "coded febrile neutropenia"
_TERM = ("febrile neutropenia",)
EVER = date(9999, 1, 1)


def is_coded(event: Record) -> bool:
    """Whether the site recorded febrile neutropenia (CTCAE and MedDRA bear the same name)."""
    return is_listed(event.data, _TERM)


MARKS = {_CODED: Mark(frozenset({"adverse-event"}), is_coded)}
"""The question the chart answers for every record, for this module's sake."""


def coded_events(seen: Watch, ctx: Context) -> list[Record]:
    """The events that may have begun in the time of observation, over or not."""
    events = ctx.view.marked(_CODED, seen.number)
    return [each for each in events if is_coded(each) and _inside(each, seen, ctx) != NO]


def coded_runs(events: list[Record], seen: Watch, ctx: Context) -> Coded:
    """Whether one of them runs."""
    answer = NO
    for event in events:
        if goes_on(event) and not _is_ended_by_counts(event, seen, ctx):
            inside = _inside(event, seen, ctx)
            answer = YES if YES in (answer, inside) else YES_OR_NO
    return answer.resting_on(*refs(events))


def running_since(events: list[Record], ctx: Context) -> list[datetime | None]:
    """Of those that go on, the earliest instants from which a count can end them."""
    return [_began(each, ctx).low for each in events if goes_on(each)]


def _is_ended_by_counts(event: Record, seen: Watch, ctx: Context) -> bool:
    began = _began(event, ctx).high
    if began is None:
        return False
    first = end_of_day(began.date(), seen.zone)
    counts = neutrophils(ctx.view, seen.number, first, end_of_day(EVER, seen.zone))
    return any(
        each.earliest is not None
        and each.earliest > first
        and is_reached(each.value, ctx.study.fever.neutrophils)
        for each in counts
    )


def _inside(event: Record, seen: Watch, ctx: Context) -> Coded:
    days = _began(event, ctx).days
    return seen.holds(days.low, days.high or EVER)


def _began(event: Record, ctx: Context) -> Instants:
    return onset(event, versions_of(ctx.view, event.subject_id, event.record_id))
