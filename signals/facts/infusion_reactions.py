"""Adverse events around an infusion (DOMAIN 5.1, 5.2; registered outcome 21).

Acute: onset from the start to 24 hours after the end.  An onset known only by its date, on the day
of the infusion, counts as after its start if it may be (D17).  An event that lies in the intervals
of two infusions belongs to the last.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from signals.chart.chart import View
from signals.events import Record
from signals.events.kinds.adverse_event import AdverseEvent
from signals.facts.exposure import Exposure, ended, started
from signals.facts.onset import onset
from signals.facts.spans import Instants
from signals.facts.told import versions_of
from signals.facts.value import NO, YES, YES_OR_NO, Coded, Ordered, between
from signals.study.model import Study

ACUTE, EARLY = timedelta(hours=24), timedelta(hours=4)
_GRADES = (1, 5)


@dataclass(frozen=True, slots=True)
class Reaction:
    """An adverse event near an infusion, and whether its onset surely lies in the window."""

    record: Record
    surely: bool


def names_of(data: AdverseEvent) -> set[str]:
    """The terms under which an event is recorded, letter case folded."""
    named = (
        data.term,
        data.ctcae.term if data.ctcae else None,
        data.meddra.pt_name if data.meddra else None,
    )
    return {name.casefold() for name in named if name}


def is_listed(data: AdverseEvent, terms: Iterable[str]) -> bool:
    """Whether the event is recorded under one of the terms."""
    return not names_of(data).isdisjoint(terms)


def later(instants: Instants, by: timedelta) -> Instants:
    """Both ends that much later."""
    return Instants(instants.low and instants.low + by, instants.high and instants.high + by)


def events_within(
    view: View, infusion: Record, exposed: Exposure, length: timedelta
) -> list[Reaction]:
    """The events with onset from the start of an infusion to ``length`` after its end."""
    start, (end, _) = started(infusion), ended(infusion)
    until = later(end, length)
    if start.low is None or until.high is None:
        return []
    records = view.of_person_within("adverse-event", infusion.subject_id, start.low, until.high)
    others = [each for each in exposed.given if each is not infusion]
    found = []
    for record in records:
        surely = _lies_within(view, record, start, until)
        if surely is None:
            continue
        taken = [_belongs_to(view, record, other, start, length) for other in others]
        if True not in taken:
            found.append(Reaction(record, surely and None not in taken))
    return found


def _belongs_to(
    view: View, record: Record, other: Record, start: Instants, length: timedelta
) -> bool | None:
    """Whether a later infusion's interval surely (True) or possibly (None) holds the event too."""
    begun = started(other)
    if begun.low is None or start.high is None or begun.low <= start.high:
        return False
    surely = _lies_within(view, record, begun, later(ended(other)[0], length))
    return True if surely else None if surely is False else False


def _lies_within(view: View, record: Record, start: Instants, until: Instants) -> bool | None:
    """True surely inside, False possibly, None surely outside."""
    began = onset(record, versions_of(view, record.subject_id, record.record_id))
    before = began.high is not None and start.low is not None and began.high < start.low
    after = began.low is not None and until.high is not None and began.low > until.high
    if before or after:
        return None
    begins = began.low is not None and start.high is not None and began.low >= start.high
    same_day = (
        began.low is not None
        and start.high is not None
        and began.days.low == began.days.high == start.days.low == start.days.high
    )
    ends = began.high is not None and until.low is not None and began.high <= until.low
    return (begins or same_day) and ends


def any_of(reactions: list[Reaction]) -> Coded:
    """Yes, no, or possibly."""
    if any(each.surely for each in reactions):
        return YES
    return YES_OR_NO if reactions else NO


def in_set(reactions: list[Reaction], study: Study) -> list[Reaction]:
    """Those in the infusion-reaction set, or flagged as one by the investigator."""
    terms = study.terms.get("infusion_reaction", frozenset())
    return [
        each
        for each in reactions
        if each.record.data.infusion_reaction or is_listed(each.record.data, terms)
    ]


def linked_in_set(view: View, infusion: Record, study: Study) -> list[Reaction]:
    """The events that the site linked to the infusion, of the same set, whatever their onset."""
    terms = study.terms.get("infusion_reaction", frozenset())
    linked = view.linked("adverse-event", infusion.subject_id, infusion.record_id)
    return [
        Reaction(each, surely=True)
        for each in linked
        if each.data.infusion_reaction or is_listed(each.data, terms)
    ]


def highest_grade(reactions: list[Reaction]) -> Ordered:
    """The highest grade among them; 1 to 5 where one is missing."""
    if not reactions:
        return between(*_GRADES)
    grades = [each.record.data.grade for each in reactions]
    sure = [each.record.data.grade or _GRADES[0] for each in reactions if each.surely]
    lowest = max(sure) if sure else min(grade or _GRADES[0] for grade in grades)
    return between(lowest, max(grade or _GRADES[1] for grade in grades))


def systems_reacting(
    reactions: list[Reaction], study: Study, hypotension: Coded, hypoxia: Coded
) -> Ordered:
    """How many of skin, airways, circulation and gut react (anaphylaxis pattern, IRR-05)."""
    hypotensive = [each for each in reactions if "hypotension" in names_of(each.record.data)]
    answers = [
        any_of(_of(reactions, study, "skin_or_mucosa")),
        _either(any_of(_of(reactions, study, "respiratory")), hypoxia),
        _either(any_of(hypotensive), hypotension),
        any_of(_of(reactions, study, "gastrointestinal")),
    ]
    return between(sum(each == YES for each in answers), sum(each != NO for each in answers))


def _of(reactions: list[Reaction], study: Study, listed: str) -> list[Reaction]:
    terms = study.terms.get(listed, frozenset())
    return [each for each in reactions if is_listed(each.record.data, terms)]


def _either(first: Coded, second: Coded) -> Coded:
    if YES in (first, second):
        return YES
    return NO if first == second == NO else YES_OR_NO
