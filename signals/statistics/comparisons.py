"""Whether events are more frequent at a higher dose: Fisher's exact test, and the trend test."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from math import comb

from signals.statistics.arithmetic import ZERO, normal_tail, precise


def fisher_greater(events: int, of: int, other_events: int, other_of: int) -> Decimal:
    """One-sided p: so many events or more in the first group, given the margins.

    Raises:
        ValueError: a group with more events than subjects.
    """
    _check([(events, of), (other_events, other_of)])
    total, whole = events + other_events, of + other_of
    top = min(total, of)
    ways = sum(comb(of, k) * comb(other_of, total - k) for k in range(events, top + 1))
    with precise():
        return Decimal(ways) / comb(whole, total)


def cochran_armitage(groups: Sequence[tuple[int, int]]) -> Decimal | None:
    """One-sided p that the share of events rises from group to group (normal approximation).

    ``groups`` are (events, subjects) from the lowest dose level up, scored 0, 1, 2 ...; empty
    groups keep their score.  Armitage, Biometrics 1955;11:375, without continuity correction.
    None: there is nothing to compare (one group only, nobody or everybody with an event).

    Raises:
        ValueError: a group with more events than subjects.
    """
    _check(groups)
    events, whole = sum(x for x, _ in groups), sum(n for _, n in groups)
    if whole == 0:
        return None
    with precise():
        share = Decimal(events) / whole
        weighted = sum(score * n for score, (_, n) in enumerate(groups))
        squares = sum(score * score * n for score, (_, n) in enumerate(groups))
        variance = share * (1 - share) * (squares - Decimal(weighted) ** 2 / whole)
        if variance <= ZERO:
            return None
        statistic = sum((score * x for score, (x, _) in enumerate(groups)), ZERO)
        return normal_tail((statistic - share * weighted) / variance.sqrt())


def _check(groups: Sequence[tuple[int, int]]) -> None:
    for events, of in groups:
        if not 0 <= events <= of:
            raise ValueError(f"{events} events among {of}: give a count from 0 to {of}")
