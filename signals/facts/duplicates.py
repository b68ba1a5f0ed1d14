"""Two adverse events that may be one, told twice (DQ-06, EC-070).

Of the same term, with onsets at most a day apart, and first entered by different sources.  Until
somebody rules them apart they run one clock, from the earliest day 0: that of the event that was
entered first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from signals.chart.chart import Chart
from signals.chart.timeline import happened
from signals.chart.view import View
from signals.events import Record
from signals.facts.decisions import ruling_on_two
from signals.facts.infusion_reactions import names_of
from signals.facts.value import NO, YES, YES_OR_NO, Coded

EVENT = "adverse-event"
_DAY = timedelta(days=1)
_NEAR = 2 * _DAY
"""Two instants on neighbouring days lie less than two days apart."""


def within_a_day(first: Record, other: Record) -> Coded:
    """Onset at most one calendar day apart."""
    one, two = happened(first), happened(other)
    if one is None or two is None:
        return YES_OR_NO
    apart_at_most = max(one.last_day - two.first_day, two.last_day - one.first_day)
    if apart_at_most <= _DAY:
        return YES
    apart_at_least = max(one.first_day - two.last_day, two.first_day - one.last_day)
    return YES_OR_NO if apart_at_least <= _DAY else NO


def entered_by(view: View, event: Record) -> str | None:
    """The source that first entered a record; who follows it up tells nothing of its beginning."""
    return view.versions(event.kind, event.subject_id, event.record_id)[0].source


def near(chart: Chart, subject: str | None, version: Record) -> list[str]:
    """The events that may have begun at most a day apart; all, if its onset is not known."""
    when = happened(version)
    if when is None:
        return list(chart.record_ids(EVENT, subject))
    return chart.within(EVENT, subject, when.earliest - _NEAR, when.latest + _NEAR)


def told_before(chart: Chart, subject: str | None, event_id: str) -> Iterator[str]:
    """The events entered before this one that are taken for the same."""
    event = chart.view.current(EVENT, subject, event_id)
    if event is None:
        return
    for other in twins(chart, event):
        if _entered(chart.view, other) < _entered(chart.view, event):
            yield other.record_id


def twins(chart: Chart, event: Record) -> list[Record]:
    """The events taken for the same as a current one; what only may be close by is not."""
    return chart.view.kept(
        ("twins", event.subject_id, event.record_id),
        event.subject_id,
        (EVENT, "decision"),
        lambda: _twins(chart, event),
    )


def _twins(chart: Chart, event: Record) -> list[Record]:
    view = chart.view
    return [
        each
        for each in _alike(chart, event)
        if entered_by(view, event) != entered_by(view, each)
        and ruling_on_two(view, "duplicate", [event, each]) != "NOT_DUPLICATE"
    ]


def kin(chart: Chart, subject: str | None, event_ids: Iterable[str]) -> set[str]:
    """The events, and all whose case may hang on them by any of their versions."""
    found: set[str] = set()
    waiting = [other for each in event_ids for other in _ever_alike(chart, subject, each)]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        event = chart.view.current(EVENT, subject, name)
        if event is not None:
            waiting += [twin.record_id for twin in twins(chart, event)]
    return found


def _ever_alike(chart: Chart, subject: str | None, event_id: str) -> list[str]:
    versions = chart.ever(EVENT, subject, event_id)
    alike = (other.record_id for each in versions for other in _alike(chart, each))
    return [event_id, *dict.fromkeys(alike)]


def _alike(chart: Chart, version: Record) -> list[Record]:
    """The other events of a term in common that surely began at most a day apart from it."""
    when = happened(version)
    terms = names_of(version.data)
    if when is None or when.last_day - when.first_day > _DAY or not terms:
        return []
    subject = version.subject_id
    names = [name for name in near(chart, subject, version) if name != version.record_id]
    others = (chart.view.current(EVENT, subject, name) for name in names)
    return [
        each
        for each in others
        if each is not None
        and within_a_day(version, each) is YES
        and not terms.isdisjoint(names_of(each.data))
    ]


def _entered(view: View, event: Record) -> tuple[datetime, str]:
    versions = view.versions(event.kind, event.subject_id, event.record_id)
    return min(each.arrival for each in versions), event.record_id
