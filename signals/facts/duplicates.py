"""Two adverse events that may be one, told twice (DQ-06, EC-070).

Of the same term, with onsets at most a day apart, and first entered by different sources.  Until
somebody rules them apart they run one clock, from the earliest day 0: that of the event that was
entered first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import NamedTuple, Self

from signals.chart.chart import Chart, View
from signals.chart.timeline import happened
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
        return chart.record_ids(EVENT, subject)
    return chart.within(EVENT, subject, when.earliest - _NEAR, when.latest + _NEAR)


def told_before(chart: Chart, subject: str | None, event_id: str) -> Iterator[str]:
    """The events entered before this one that are taken for the same."""
    event = chart.view.current(EVENT, subject, event_id)
    if event is None:
        return
    entered = _entered(chart.view, event)
    for other in _twins(chart, event):
        if _entered(chart.view, other) < entered:
            yield other.record_id


def kin(chart: Chart, subject: str | None, event_ids: Iterable[str]) -> set[str]:
    """The events, and all whose case may hang on them by any of their versions."""
    found: set[str] = set()
    waiting = [other for each in event_ids for other in _ever_near(chart, subject, each)]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        event = chart.view.current(EVENT, subject, name)
        if event is not None:
            waiting += [twin.record_id for twin in _twins(chart, event)]
    return found


def _ever_near(chart: Chart, subject: str | None, event_id: str) -> list[str]:
    """The event, and those that by some version of each may have been taken for the same."""
    versions = chart.view.versions(EVENT, subject, event_id)
    if not versions:  # It is now read under another subject, and was near any of those it left.
        return [event_id, *chart.record_ids(EVENT, subject)]
    close = dict.fromkeys(other for each in versions for other in near(chart, subject, each))
    told = _Told.by(versions)
    others = (each for each in close if each != event_id)
    return [
        event_id,
        *(e for e in others if told.may_be(_Told.by(chart.view.versions(EVENT, subject, e)))),
    ]


class _Told(NamedTuple):
    """The names of an event, and who sent it, in any of its versions."""

    names: frozenset[str]
    sources: frozenset[str | None]

    @classmethod
    def by(cls, versions: Iterable[Record]) -> Self:
        names, sources = set[str](), set[str | None]()
        for each in versions:
            sources.add(each.source)
            if each.op != "VOID":
                names |= names_of(each.data)
        return cls(frozenset(names), frozenset(sources))

    def may_be(self, other: _Told) -> bool:
        """Whether some version of each could be twins: one name, first entered by two sources."""
        return bool(self.names & other.names) and len(self.sources | other.sources) > 1


def _twins(chart: Chart, event: Record) -> list[Record]:
    """The events taken for the same as this one; what may be close by is not."""
    if happened(event) is None:
        return []
    names = set(near(chart, event.subject_id, event)) - {event.record_id}
    others = (chart.view.current(EVENT, event.subject_id, name) for name in sorted(names))
    return [each for each in others if each is not None and _is_same(chart.view, event, each)]


def _is_same(view: View, event: Record, other: Record) -> bool:
    if not names_of(event.data) & names_of(other.data) or within_a_day(event, other) is not YES:
        return False
    if entered_by(view, event) == entered_by(view, other):
        return False
    return ruling_on_two(view, "duplicate", [event, other]) != "NOT_DUPLICATE"


def _entered(view: View, event: Record) -> tuple[object, str]:
    versions = view.versions(event.kind, event.subject_id, event.record_id)
    return min(each.arrival for each in versions), event.record_id
