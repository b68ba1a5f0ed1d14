"""Bayesian monitoring of a rate with a Beta(1, 1) prior (DOMAIN 3.6, 3.7)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from signals.statistics.arithmetic import ONE, PRECISE, ZERO, power, precise


def probability_above(rate: Decimal, events: int, n: Decimal) -> Decimal:
    """The posterior probability that the true rate exceeds ``rate``.

    ``events`` were seen in ``n`` subjects; ``n`` may be a fraction when some were followed only in
    part.  The posterior is Beta(1 + events, 1 + n - events), whose tail is a finite sum because
    its first parameter is whole.

    Raises:
        ValueError: more events than subjects, or a rate outside 0 to 1.
    """
    if not 0 <= events <= n:
        raise ValueError(f"{events} events among {n}: give a count from 0 to {n}")
    if not ZERO < rate < ONE:
        raise ValueError(f"a rate of {rate}: give one between 0 and 1")
    with precise():
        second = 1 + n - events
        total = term = ONE
        for index in range(1, events + 1):
            term *= rate * (second + index - 1) / index
            total += term
        return total * power(1 - rate, second)


def follow_up_weight(observed: int, window: int) -> Decimal:
    """How much a subject without an event counts: the share of the window that was observed.

    Both in the same unit (days of dates; minutes for infusion reactions); at most 1, at least 0.
    A window of no length is complete.
    """
    if observed >= window:
        return ONE
    return PRECISE.divide(Decimal(max(observed, 0)), window)


def effective_n(events: int, without: Iterable[Decimal]) -> Decimal:
    """The number of subjects a monitor counts: 1 for each event, the weights of all others."""
    with precise():
        return sum(without, Decimal(events))
