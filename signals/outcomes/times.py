"""What ends a subject's time first: an event, a competing one, or the end of what is known."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from signals.outcomes.model import Ending, Timed
from signals.outcomes.person import Person


class Candidate(NamedTuple):
    """Something that may end the time, and how; of two on one day the first listed counts."""

    day: date | None
    ending: Ending
    why: str


def time_to_first(
    person: Person,
    origin: date,
    candidates: Iterable[Candidate],
    *,
    stop: date,
    seen: date | None,
    flags: tuple[str, ...] = (),
) -> Timed:
    """The first of the candidates up to ``stop``, else censored where the person was last ``seen``.

    An event after ``stop`` shows that there was none until then.
    """
    dated = [(each.day, each) for each in candidates if each.day is not None]
    first = min(dated, key=lambda each: each[0], default=None)
    if first is not None and first[0] <= stop:
        return Timed(person.subject, origin, *_found(first[1], first[0]), flags)
    if first is not None or (seen is not None and seen >= stop):
        return Timed(person.subject, origin, stop, Ending.CENSORED, "end of the window", flags)
    if seen is None or seen < origin:
        why = "nothing seen after the origin"
        return Timed(person.subject, origin, origin, Ending.CENSORED, why, flags)
    return Timed(person.subject, origin, seen, Ending.CENSORED, "last seen without event", flags)


def _found(candidate: Candidate, day: date) -> tuple[date, Ending, str]:
    return day, candidate.ending, candidate.why


def death(person: Person, ending: Ending) -> Candidate:
    """The person's death, if it has a day."""
    return Candidate(person.died, ending, "death")


def flags_of_death(person: Person) -> tuple[str, ...]:
    """What was imputed or contradicts itself about the death."""
    return person.death.flags if person.death is not None else ()
