"""From subjects to estimates (DOMAIN 2.0)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from signals.outcomes.model import (
    Answer,
    Counted,
    Curve,
    Ending,
    LeftOut,
    Measured,
    Share,
    Timed,
    Typical,
)
from signals.statistics.arithmetic import HALF
from signals.statistics.counts import spread
from signals.statistics.proportions import clopper_pearson
from signals.statistics.survival import (
    CENSORED,
    Median,
    Observed,
    Point,
    aalen_johansen,
    kaplan_meier,
    median,
)

_CAUSES = {Ending.CENSORED: CENSORED, Ending.EVENT: 1, Ending.COMPETING: 2}
_EVENT = _CAUSES[Ending.EVENT]
Member = TypeVar("Member", Counted, Timed, Measured)


def sorted_out(found: Iterable[Member | LeftOut]) -> tuple[list[Member], tuple[LeftOut, ...]]:
    """Those in the denominator, and those who are not."""
    members: list[Member] = []
    out: list[LeftOut] = []
    for each in found:
        if isinstance(each, LeftOut):
            out.append(each)
        else:
            members.append(each)
    return members, tuple(out)


def share(name: str, members: Sequence[Counted]) -> Share:
    """Subjects with the event among all, with the exact interval."""
    events = sum(each.answer is Answer.YES for each in members)
    open_ = sum(each.answer is Answer.UNDETERMINED for each in members)
    return Share(name, clopper_pearson(events, len(members)), events + open_, tuple(members))


def survival(name: str, members: Sequence[Timed]) -> Curve:
    """Kaplan-Meier: everything that is not censored is the event."""
    points = kaplan_meier(_observed(members))
    return Curve(name, "Kaplan-Meier", points, median(points), tuple(members))


def incidence(name: str, members: Sequence[Timed]) -> Curve:
    """Aalen-Johansen; its median is the first day on which half have had the event."""
    points = aalen_johansen(_observed(members), _EVENT)
    return Curve(name, "Aalen-Johansen", points, _half(points), tuple(members))


def _half(points: Sequence[Point]) -> Median:
    day = next((point.time for point in points if point.estimate >= HALF), None)
    return Median(day, None, None)


def _observed(members: Sequence[Timed]) -> list[Observed]:
    return [Observed(each.days, _CAUSES[each.ending]) for each in members]


def typical(name: str, unit: str, members: Sequence[Measured]) -> Typical:
    """Median, quartiles and range."""
    return Typical(name, unit, spread([each.number for each in members]), tuple(members))
