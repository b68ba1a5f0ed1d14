"""Proportions with exact intervals (DOMAIN 2.0; Clopper and Pearson, Biometrika 1934;26:404)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from signals.statistics.arithmetic import ONE, Z_975, ZERO, precise, rising_root

_TAIL = Decimal("0.025")
_FEWEST_CLUSTERS = 2


@dataclass(frozen=True, slots=True)
class Proportion:
    """``events`` among ``of``; the share and its 95 % interval are None where there is none."""

    events: int
    of: int
    share: Decimal | None
    lower: Decimal | None
    upper: Decimal | None


def clopper_pearson(events: int, of: int) -> Proportion:
    """The share of ``events`` among ``of`` with its exact two-sided 95 % interval.

    Raises:
        ValueError: ``events`` is not between 0 and ``of``.
    """
    if not 0 <= events <= of:
        raise ValueError(f"{events} events among {of}: give a count from 0 to {of}")
    if of == 0:
        return Proportion(0, 0, None, None, None)
    with precise():
        lower = ZERO
        if events > 0:
            lower = rising_root(lambda p: at_least(events, of, p), _TAIL)
        upper = ONE
        if events < of:
            upper = rising_root(lambda p: at_least(events + 1, of, p), ONE - _TAIL)
        return Proportion(events, of, Decimal(events) / of, lower, upper)


def at_least(events: int, of: int, rate: Decimal) -> Decimal:
    """The probability of ``events`` or more among ``of`` independent trials of one rate."""
    with precise():
        if rate in (ZERO, ONE):
            return ONE if events == 0 or rate == ONE else ZERO
        odds = rate / (1 - rate)
        term = (1 - rate) ** of
        total = ZERO
        for count in range(events):
            total += term
            term *= odds * (of - count) / (count + 1)
        return ONE - total


def clustered(clusters: Sequence[tuple[int, int]]) -> Proportion:
    """A share of items that come in clusters (infusions of a subject), as ``(events, items)``.

    The interval allows for the likeness within a cluster: ratio estimator with the variance
    between clusters (Cochran, Sampling Techniques, 3rd ed., 6.3), on the logit scale so that it
    stays between 0 and 1.  None where the data show no spread: no event, all events, one cluster.
    """
    events, items = sum(x for x, _ in clusters), sum(m for _, m in clusters)
    if items == 0:
        return Proportion(0, 0, None, None, None)
    with precise():
        share = Decimal(events) / items
        count = len(clusters)
        if events in (0, items) or count < _FEWEST_CLUSTERS:
            return Proportion(events, items, share, None, None)
        squares = sum(((x - share * m) ** 2 for x, m in clusters), ZERO)
        se = (squares * count / (count - 1)).sqrt() / items
        middle, reach = (share / (1 - share)).ln(), Z_975 * se / (share * (1 - share))
        return Proportion(
            events, items, share, _from_logit(middle - reach), _from_logit(middle + reach)
        )


def _from_logit(logit: Decimal) -> Decimal:
    return ONE / (1 + (-logit).exp())
