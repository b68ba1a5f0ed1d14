"""Adverse events around an infusion (DOMAIN 5.1, 5.2; registered outcome 21).

Acute: onset from the start to 24 hours after the end.  An onset known only by its date, on the day
of the infusion, counts as after its start if it may be (D17).  An event that lies in the intervals
of two infusions belongs to the last.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from signals.chart.view import View
from signals.events import Record
from signals.events.kinds.adverse_event import AdverseEvent
from signals.facts.exposure import Exposure, ended, started
from signals.facts.grades import HIGHEST, LOWEST, segments
from signals.facts.onset import onset
from signals.facts.spans import Instants
from signals.facts.told import versions_of
from signals.facts.value import NO, YES, YES_OR_NO, Coded, Ordered, between
from signals.immutable import immutable
from signals.study.model import Study

ACUTE, EARLY = timedelta(hours=24), timedelta(hours=4)


SAME_DAY = "the hour of onset is not known: on the day of the infusion it counts as after its start"


@immutable(frozen=True, slots=True)
class Reaction:
    """An adverse event near an infusion.

    ``surely``: its onset surely lies in the window; ``by_day``: only because an onset on the day
    of the infusion counts as after its start (D17).  ``own``: False if a later infusion surely
    has it, None if it may.  ``grade``: the highest so far.
    """

    record: Record
    surely: bool
    by_day: bool
    own: bool | None
    grade: Ordered


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
    following = [each for each in exposed.given if _follows(started(each), start)]
    found = []
    for record in records:
        versions = versions_of(view, record.subject_id, record.record_id)
        began = onset(record, versions)
        surely = _lies_within(began, start, until)
        if surely is not None:
            taken = [_is_taken(began, other, length) for other in following]
            own = False if True in taken else None if None in taken else True
            by_day = surely and began.low is not None and began.low < (start.high or began.low)
            found.append(Reaction(record, surely, by_day, own, _worst(record, versions, began)))
    return found


def of_this_infusion(reactions: list[Reaction]) -> list[Reaction]:
    """Without those of a later infusion: an event in two intervals belongs to the last one."""
    return [
        replace(each, surely=each.surely and each.own is True)
        for each in reactions
        if each.own is not False
    ]


def _worst(record: Record, versions: list[Record], began: Instants) -> Ordered:
    parts = segments(record, versions, began.days)
    return between(max(each.lowest for each in parts), max(each.highest for each in parts))


def _follows(begun: Instants, start: Instants) -> bool:
    return begun.low is not None and start.high is not None and begun.low > start.high


def _is_taken(began: Instants, other: Record, length: timedelta) -> bool | None:
    """Whether another infusion's interval surely (True) or possibly (None) holds the event too."""
    surely = _lies_within(began, started(other), later(ended(other)[0], length))
    return True if surely else None if surely is False else False


def _lies_within(began: Instants, start: Instants, until: Instants) -> bool | None:
    """True surely inside, False possibly, None surely outside."""
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
    return [each for each in reactions if _is_in_set(each.record.data, study)]


def linked_in_set(view: View, infusion: Record, study: Study) -> list[Record]:
    """The events that the site linked to the infusion, of the same set, whatever their onset."""
    linked = view.linked("adverse-event", infusion.subject_id, infusion.record_id)
    return [each for each in linked if _is_in_set(each.data, study)]


def _is_in_set(data: AdverseEvent, study: Study) -> bool:
    terms = study.terms.get("infusion_reaction", frozenset())
    return bool(data.infusion_reaction) or is_listed(data, terms)


def highest_grade(reactions: list[Reaction]) -> Ordered:
    """The highest grade among them so far; 1 to 5 where one is missing."""
    lows = [_number(each.grade.low) for each in reactions if each.surely]
    lows = lows or [min((_number(each.grade.low) for each in reactions), default=LOWEST)]
    highs = [_number(each.grade.high) for each in reactions]
    return between(max(lows), max(highs, default=HIGHEST))


def _number(grade: object) -> int:
    return int(grade) if isinstance(grade, Decimal) else LOWEST


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
