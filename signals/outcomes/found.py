"""A subject in the denominator of a share, from what was found of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

from signals.facts.value import Ref
from signals.outcomes.model import Answer, Counted, LeftOut
from signals.outcomes.person import Person, Trial
from signals.outcomes.windows import Window, any_of, event_free_to_the_end, two_years


class Found(NamedTuple):
    """A record that is or may be the event, and the first day it can have been, if it has one."""

    name: str
    first_day: date | None
    ref: Ref
    answer: Answer


def counted(subject: str, found: Iterable[Found], flags: tuple[str, ...] = ()) -> Counted:
    """The subject's answer over all that was found, with the records that make it so."""
    everything = list(found)
    answer = any_of([each.answer for each in everything])
    shown = [each for each in everything if each.answer is answer and answer is not Answer.NO]
    return Counted(
        subject,
        answer,
        why=", ".join(each.name for each in shown),
        since=min((each.first_day for each in shown if each.first_day), default=None),
        records=tuple(each.ref for each in shown),
        flags=flags,
    )


def counted_in_two_years(
    person: Person,
    trial: Trial,
    word: str,
    find: Callable[[Window], Iterable[Found]],
    *,
    literally: bool = False,
) -> Counted | LeftOut:
    """A treated person from the first infusion (``literally``: the last) to years after the last.

    ``word``: the event, as the reason of who is left out without one names it.
    """
    first, last = person.exposed.first, person.exposed.last
    if first is None or last is None:
        return LeftOut(person.subject, "no infusion")
    years = trial.study.periods.sae_years
    window = two_years(last.days if literally else first.days, last.days, years)
    left = window.still_open(person, trial.today)
    if left is not None:
        return left
    members = counted(person.subject, find(window))
    if members.answer is Answer.NO and not event_free_to_the_end(person, window):
        return LeftOut(person.subject, f"lost before the end of the window without a {word}")
    return members
