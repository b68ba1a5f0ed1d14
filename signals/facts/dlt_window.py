"""The window for dose-limiting toxicity (DOMAIN 3.1; registered outcome 1; D2, D3).

From the day of the first infusion to the day ``days_after_last`` after the last one, at most
``cap_days`` after the first; calendar days, both ends inside.  While infusions are still planned
the end is provisional and the planned end is kept beside it.
"""

from __future__ import annotations

from signals.facts.exposure import Exposure
from signals.facts.spans import Days, certainly_outside, certainly_within, known
from signals.facts.value import Coded, word
from signals.immutable import immutable
from signals.study.model import DltSettings


@immutable(frozen=True, slots=True)
class DltWindow:
    """The ends of the window as spans of days.

    ``end`` is capped; ``cap`` the last day the cap allows; ``uncapped`` the day without the cap;
    ``planned`` the capped end if all plans are carried out (None: nothing is planned).
    """

    start: Days
    end: Days
    cap: Days
    uncapped: Days
    planned: Days | None


def dlt_window(exposed: Exposure, settings: DltSettings) -> DltWindow | None:
    """The window of a person, or None before any infusion."""
    if exposed.first is None or exposed.last is None:
        return None
    start = exposed.first.days
    cap = start.later(settings.cap_days)
    uncapped = exposed.last.days.later(settings.days_after_last)
    return DltWindow(
        start=start,
        end=_sooner(uncapped, cap),
        cap=cap,
        uncapped=uncapped,
        planned=_planned_end(exposed, settings, cap),
    )


def _planned_end(exposed: Exposure, settings: DltSettings, cap: Days) -> Days | None:
    if not exposed.still_planned:
        return None
    if exposed.planned is None:
        return cap
    planned = Days(exposed.planned, exposed.planned).later(settings.days_after_last)
    return _sooner(planned, cap)


def _sooner(first: Days, second: Days) -> Days:
    lows, highs = known([first.low, second.low]), known([first.high, second.high])
    return Days(
        min(lows) if len(lows) == 2 else None,  # noqa: PLR2004 - both bounds
        min(highs) if highs else None,
    )


def placed(days: Days, start: Days, end: Days) -> Coded:
    """Inside, outside, or either (IN, OUT, MAYBE of DOMAIN 1.3)."""
    if certainly_within(days, start, end):
        return word("inside")
    if certainly_outside(days, start, end):
        return word("outside")
    return word("inside", "outside")


def placed_in_window(days: Days, window: DltWindow) -> Coded:
    """Against the window as infusions given make it."""
    return placed(days, window.start, window.end)


def placed_in_planned(days: Days, window: DltWindow) -> Coded:
    """Against the days that only a planned infusion would add (DLT-03)."""
    if window.planned is None or not _extends(window):
        return word("outside")
    return placed(days, window.end.later(1), window.planned)


def _extends(window: DltWindow) -> bool:
    planned = window.planned.high if window.planned else None
    return planned is None or window.end.low is None or planned > window.end.low


def placed_after_cap(days: Days, window: DltWindow) -> Coded:
    """Against the days after the cap that the last infusion alone would include (3.1)."""
    last = window.uncapped.high
    if last is not None and window.cap.low is not None and last <= window.cap.low:
        return word("no")
    inside = placed(days, window.cap.later(1), window.uncapped).words or frozenset()
    return Coded(words=frozenset("yes" if each == "inside" else "no" for each in inside))
