"""Who is in a table that looks at the days after the anchor: treated, with an anchor, window over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from signals.facts.anchor import INFERRED, Anchor, anchor
from signals.outcomes.model import LeftOut
from signals.outcomes.person import Person, Trial
from signals.outcomes.windows import Window, days_after


@dataclass(frozen=True, slots=True)
class Anchored:
    """A treated person, the anchor, and the window from it on."""

    person: Person
    anchor: Anchor
    window: Window

    @property
    def day(self) -> date | None:
        """The day of the anchor, if it is known."""
        return self.anchor.day.low if self.anchor.day.low == self.anchor.day.high else None

    @property
    def flags(self) -> tuple[str, ...]:
        """What was taken for granted about the anchor."""
        return (INFERRED,) if self.anchor.inferred else ()


def anchored(trial: Trial, person: Person, *, open_too: bool = False) -> Anchored | LeftOut:
    """The person with the window from the anchor on, or why there is none (EC-120).

    ``open_too``: curves also take those whose window is still open.
    """
    if not person.treated:
        return LeftOut(person.subject, "no infusion")
    settings = trial.study.haematology
    found = anchor(trial.view, person.subject, settings.new_course)
    if found is None or found.day.low is None or found.day.high is None:
        return LeftOut(person.subject, "no index therapy with a date: nothing to count from")
    window = days_after(found.day, settings.recovery_days)
    left = window.still_open(person, trial.today)
    if left is not None and not open_too:
        return left
    return Anchored(person, found, window)


def all_anchored(
    trial: Trial, people: list[Person], *, open_too: bool = False
) -> tuple[list[Anchored], tuple[LeftOut, ...]]:
    """Those in the denominator, and those who are not."""
    found = [anchored(trial, each, open_too=open_too) for each in people]
    return (
        [each for each in found if isinstance(each, Anchored)],
        tuple(each for each in found if isinstance(each, LeftOut)),
    )
