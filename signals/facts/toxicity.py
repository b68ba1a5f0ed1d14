"""One adverse event against the window for dose-limiting toxicity (DOMAIN 3.1, 3.2).

Effective onset: the onset, if the event began after the first infusion; the day it became worse
than before the first infusion, if it began earlier; none, if it began earlier and never did.  An
onset on the day of the infusion known only by its date counts as after it, if it may be (D17).
"""

from __future__ import annotations

from datetime import date, datetime, time
from functools import lru_cache
from itertools import pairwise

from signals.events import Record
from signals.facts import causality
from signals.facts.dlt_window import (
    DltWindow,
    dlt_window,
    placed_after_cap,
    placed_in_planned,
    placed_in_window,
)
from signals.facts.exposure import Exposure
from signals.facts.grades import Segment, highest_within, segments, worsening
from signals.facts.infusion_reactions import SAME_DAY
from signals.facts.lab_values import KEPT
from signals.facts.onset import onset
from signals.facts.spans import Days, Instants, certainly_outside
from signals.facts.value import ANY_ORDERED, NO, YES, YES_OR_NO, Coded, Ordered, between, word
from signals.immutable import immutable
from signals.study.model import Study

_LAST_SECOND = time(23, 59, 59)
_EITHER = word("inside", "outside")
_OUTSIDE = word("outside")
_BEFORE, _AFTER, _AMBIGUOUS = word("before"), word("after"), word("ambiguous")
_RELATED = word("related")


@immutable(frozen=True, slots=True)
class Toxicity:
    """What the event is to the window; each as a value without its records."""

    onset: Instants
    onset_effective: Days | None
    temporality: Coded
    preexisting: Coded
    treatment_emergent: Coded
    grades: list[Segment]
    window: DltWindow | None
    dlt_window: Coded
    dlt_planned_window: Coded
    dlt_after_cap: Coded
    grade_in_window: Ordered
    causality: Coded


def toxicity(current: Record, versions: list[Record], exposed: Exposure, study: Study) -> Toxicity:
    """Classify the event; a subject that is not known leaves everything open."""
    return _classified(current, tuple(versions), exposed, study)


@lru_cache(maxsize=KEPT)
def _classified(
    current: Record, versions: tuple[Record, ...], exposed: Exposure, study: Study
) -> Toxicity:
    """Kept: of the same records the same, in whatever view and for whatever fact."""
    began = onset(current, versions)
    grades = segments(current, versions, began.days)
    window = dlt_window(exposed, study.dlt)
    place = _temporality(current, began, exposed)
    effective, emergent = _effective_onset(place, began, grades, exposed)
    ended = _ended(current)
    return Toxicity(
        onset=began,
        onset_effective=effective,
        temporality=place,
        preexisting=_preexisting(place),
        treatment_emergent=emergent.assuming(SAME_DAY) if place is _AMBIGUOUS else emergent,
        grades=grades,
        window=window,
        dlt_window=_placed(current, effective, emergent, window),
        dlt_planned_window=_OUTSIDE
        if window is None or effective is None
        else placed_in_planned(effective, window),
        dlt_after_cap=NO
        if window is None or effective is None
        else placed_after_cap(effective, window),
        grade_in_window=between(1, 5)
        if window is None
        else highest_within(grades, ended, window.start, window.end),
        causality=_causality_in(current, window, study.suspect_product),
    )


def _temporality(current: Record, began: Instants, exposed: Exposure) -> Coded:
    """Before or after the first infusion; ``ambiguous`` is the same day, the hour not known."""
    if current.subject_id is None:
        return word("before", "after")
    if exposed.first is None:
        return word("before")
    first = exposed.first
    if began.high is not None and first.low is not None and began.high < first.low:
        return word("before")
    if began.low is not None and first.high is not None and began.low >= first.high:
        return word("after")
    if _same_day(began.days, first.days):
        return _AMBIGUOUS
    if began.low is None and current.data.preexisting:
        return word("before")
    return word("before", "after")


def _same_day(began: Days, first: Days) -> bool:
    return began.low is not None and began.low == began.high == first.low == first.high


def _preexisting(place: Coded) -> Coded:
    words = place.words or frozenset()
    return Coded(words=frozenset("yes" if each == "before" else "no" for each in words))


def _effective_onset(
    place: Coded, began: Instants, grades: list[Segment], exposed: Exposure
) -> tuple[Days | None, Coded]:
    """The days on which it began for this purpose (None: never), and treatment emergence."""
    if place in (_AFTER, _AMBIGUOUS):
        return began.days, YES
    if exposed.first is None:
        return (began.days, YES_OR_NO) if len(place.words or ()) > 1 else (None, NO)
    since, sure = worsening(grades, began.days, exposed.first.days)
    if place == _BEFORE:
        if since is None:
            return (None, NO) if sure else (_from_first(began, exposed), YES_OR_NO)
        return since, YES if sure else YES_OR_NO
    return began.days, YES_OR_NO


def _from_first(began: Instants, exposed: Exposure) -> Days:
    first: date | None = exposed.first.days.low if exposed.first else None
    return Days(first or began.days.low, None)


def _placed(
    current: Record, effective: Days | None, emergent: Coded, window: DltWindow | None
) -> Coded:
    if window is None:
        return _EITHER if current.subject_id is None else _OUTSIDE
    if effective is None:
        return _OUTSIDE
    place = placed_in_window(effective, window)
    if emergent == YES or place == _OUTSIDE:
        return place
    # It may never have begun for this purpose: then it lies in no window.
    return _EITHER


def _ended(current: Record) -> Days:
    end = current.data.end
    return Days(end.first_day, end.last_day) if end is not None else Days(None, None)


def _causality_in(current: Record, window: DltWindow | None, product: str) -> Coded:
    """Effective causality; of a history, the segments that lie in the window count (3.2)."""
    history = current.data.causality_history or ()
    parts = sorted(
        (each for each in history if each.from_ is not None), key=lambda each: each.from_.earliest
    )
    if not parts or len(parts) < len(history) or window is None:
        # What holds at an unknown time may hold in the window.
        stated = [current.data.causality, *history]
        return _most_conservative([causality.effective_of(each, product) for each in stated])
    ends = [each.from_.last_day for each in parts[1:]] + [None]
    within = [
        causality.effective_of(part, product)
        for part, end in zip(parts, ends, strict=True)
        if not certainly_outside(
            Days(part.from_.first_day, part.from_.last_day), Days(None, None), window.end
        )
        and (end is None or window.start.low is None or end >= window.start.low)
    ]
    return _most_conservative(within or [causality.effective_of(parts[-1], product)])


def _most_conservative(answers: list[Coded]) -> Coded:
    if _RELATED in answers:
        return _RELATED
    return next((each for each in answers if not each.known), answers[0])


def came_about(toxic: Toxicity) -> datetime | None:
    """The latest instant at which the event became what it is: its onset, or its last worsening."""
    onset_at = toxic.onset.high
    worse = [
        after.since.high
        for before, after in pairwise(toxic.grades)
        if after.lowest > before.highest and after.since.high is not None
    ]
    if onset_at is None or not worse or worse[-1] <= onset_at.date():
        return onset_at
    return datetime.combine(worse[-1], _LAST_SECOND, onset_at.tzinfo)


def worst_grade(toxic: Toxicity) -> Ordered:
    """The highest grade it ever had."""
    if not toxic.grades:
        return ANY_ORDERED
    return between(
        max(each.lowest for each in toxic.grades), max(each.highest for each in toxic.grades)
    )
