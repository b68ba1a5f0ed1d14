"""The grades of an adverse event in time (EVENTS, ``grade_history``; DOMAIN 1.4).

A history that is given counts.  Otherwise the versions after the last CORRECTION make it: a
PROGRESSION begins on its ``effective_from``; a grade changed without a date began at an unknown
time between the receipts of the two versions.  A missing grade is 1 to 5.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from signals.events import Record
from signals.facts.receipts import receipt
from signals.facts.spans import Days
from signals.facts.value import Ordered, between
from signals.immutable import immutable

LOWEST, HIGHEST = 1, 5


@immutable(frozen=True, slots=True)
class Segment:
    """A grade (``lowest`` to ``highest`` possible) from a day on."""

    lowest: int
    highest: int
    since: Days


def segments(current: Record, versions: Sequence[Record], began: Days) -> list[Segment]:
    """The grades in order of time; the first from the onset."""
    history = current.data.grade_history
    if history:
        stated = [
            _segment(each.grade, Days(each.from_.first_day, each.from_.last_day))
            if each.from_ is not None
            else _segment(each.grade, Days(began.low, None))
            for each in history
        ]
        return sorted(stated, key=_order)
    standing = [each for each in versions if each.op != "VOID"]
    corrections = [i for i, each in enumerate(standing) if each.change_reason == "CORRECTION"]
    told = standing[corrections[-1] if corrections else 0 :] or [current]
    found = [_segment(told[0].data.grade, began)]
    for before, after in pairwise(told):
        if after.data.grade != before.data.grade:
            found.append(_segment(after.data.grade, _since(before, after)))
    return found


def _since(before: Record, after: Record) -> Days:
    if after.change_reason == "PROGRESSION" and after.effective_from is not None:
        return Days(after.effective_from.first_day, after.effective_from.last_day)
    heard = sorted((receipt(before).at.date(), receipt(after).at.date()))
    return Days(heard[0], heard[1])


def _segment(grade: int | None, since: Days) -> Segment:
    return Segment(grade or LOWEST, grade or HIGHEST, since)


def _order(segment: Segment) -> tuple[bool, str]:
    low = segment.since.low
    return low is not None, low.isoformat() if low else ""


def highest_within(parts: list[Segment], ended: Days, start: Days, end: Days) -> Ordered:
    """The highest grade of the segments that overlap a window, as far as known.

    A segment lasts to the day on which the next begins, that day included; the last one to the end
    of the event.
    """
    overlaps = [
        (part, _surely_overlaps(part.since, until, start, end))
        for part, until in zip(parts, [*(each.since for each in parts[1:]), ended], strict=True)
        if _may_overlap(part.since, until, start, end)
    ]
    if not overlaps:
        return between(LOWEST, HIGHEST)
    surely = [part.lowest for part, sure in overlaps if sure]
    lowest = max(surely) if surely else min(part.lowest for part, _ in overlaps)
    return between(lowest, max(part.highest for part, _ in overlaps))


def _may_overlap(since: Days, until: Days, start: Days, end: Days) -> bool:
    begins_too_late = since.low is not None and end.high is not None and since.low > end.high
    ends_too_soon = until.high is not None and start.low is not None and until.high < start.low
    return not (begins_too_late or ends_too_soon)


def _surely_overlaps(since: Days, until: Days, start: Days, end: Days) -> bool:
    begins = since.high is not None and end.low is not None and since.high <= end.low
    lasts = until.high is None or (
        until.low is not None and start.high is not None and until.low >= start.high
    )
    return begins and lasts


def worsening(parts: list[Segment], began: Days, treated_from: Days) -> tuple[Days | None, bool]:
    """When an event that began before treatment became worse than before it (DOMAIN 3.2).

    Returns the span of days from the first possible to the first sure worsening (None: there is
    none), and whether the answer is sure.
    """
    begun = 1 if parts and _with_onset(parts[0], began) else 0
    before = parts[:begun] + [each for each in parts[begun:] if _before(each, treated_from)]
    after = [each for each in parts[begun:] if not _before(each, treated_from)]
    lowest = before[-1].lowest if before else LOWEST
    highest = before[-1].highest if before else HIGHEST
    maybe_worse = [each for each in after if each.highest > lowest]
    if not maybe_worse:
        # A grade that was never stated does not say that it stayed the same.
        return None, lowest == highest
    surely_worse = [each for each in after if each.lowest > highest and _after(each, treated_from)]
    first = maybe_worse[0].since.low
    lows = [each for each in (first, treated_from.low) if each is not None]
    last = (surely_worse or maybe_worse)[0].since.high
    return Days(max(lows, default=None), last), bool(surely_worse)


def _with_onset(segment: Segment, began: Days) -> bool:
    """Whether it is the grade with which the event began."""
    low = segment.since.low
    return low is None or (began.high is not None and low <= began.high)


def _before(segment: Segment, treated_from: Days) -> bool:
    high, first = segment.since.high, treated_from.low
    return high is not None and first is not None and high < first


def _after(segment: Segment, treated_from: Days) -> bool:
    """Surely not before treatment; the same day counts as after it (D17)."""
    low, first = segment.since.low, treated_from.high
    return low is not None and first is not None and low >= first
