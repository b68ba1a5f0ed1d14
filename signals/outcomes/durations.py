"""Durations: median and quartiles, or a survival curve where some may have lasted longer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from signals.outcomes.anchored import Anchored
from signals.outcomes.estimates import survival, typical
from signals.outcomes.model import Ending, Measure, Measured, Timed


def of_days(
    name: str, found: Sequence[tuple[Anchored, int, bool, tuple[str, ...]]]
) -> list[Measure]:
    """Days with whether they are censored, and flags."""
    if not any(censored for _, _, censored, _ in found):
        numbers = [Measured(each.person.subject, days, flags) for each, days, _, flags in found]
        return [typical(name, "d", numbers)]
    return [survival(f"{name}, some still ongoing", [_timed(*each) for each in found])]


def _timed(each: Anchored, days: int, censored: bool, flags: tuple[str, ...]) -> Timed:
    origin = each.window.start.low or each.window.start.high
    assert origin is not None  # noqa: S101 - who is anchored has a day
    ending = Ending.CENSORED if censored else Ending.EVENT
    why = "ongoing at the end of the window or of what is known" if censored else "over"
    # A duration need not be one stretch: it is laid out from the anchor.
    return Timed(each.person.subject, origin, origin + timedelta(days=days), ending, why, flags)
