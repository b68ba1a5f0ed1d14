"""How many subjects of each dose level were evaluable (n) and had a toxicity (x), now and ever.

The registered criterion for the maximum tolerated dose and its conflicts are read from the table
(DOMAIN 3.4, 3.5); thirds are compared in whole numbers (D6).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypeAlias, TypeVar

from signals.facts.dlt_history import Step
from signals.facts.evaluability import DLT, NO_DLT
from signals.statistics.dose_finding import Action, three_plus_three
from signals.study.model import Profile

T = TypeVar("T")
_FEWEST_TO_FAIL, _FEWEST_TO_PASS = 3, 6


class Count(NamedTuple):
    """Evaluable subjects, and those of them with a dose-limiting toxicity."""

    n: int
    x: int

    @property
    def fails(self) -> bool:
        """At least three evaluable, and more than a third with a toxicity."""
        return self.n >= _FEWEST_TO_FAIL and 3 * self.x > self.n

    @property
    def passes(self) -> bool:
        """At least six evaluable, and at most a third with a toxicity."""
        return self.n >= _FEWEST_TO_PASS and 3 * self.x <= self.n


NOBODY = Count(0, 0)
Counts: TypeAlias = Mapping[str, Count]


@dataclass(frozen=True, slots=True)
class Known:
    """The counts as known from an instant on."""

    at: datetime
    counts: Counts


@dataclass(frozen=True, slots=True)
class DoseTable:
    """The levels, lowest first, and everything ever known of their counts, the latest last."""

    order: tuple[str, ...]
    known: tuple[Known, ...]

    @property
    def now(self) -> Counts:
        """The counts as now known."""
        return self.known[-1].counts if self.known else {}

    def at(self, instant: datetime) -> Counts:
        """The counts as they were known at an instant."""
        return next((each.counts for each in reversed(self.known) if each.at <= instant), {})

    def since(self, instant: datetime | None) -> Sequence[Counts]:
        """The counts known at an instant (None: nothing yet) and all known after it."""
        if instant is None:
            return [{}, *(each.counts for each in self.known)]
        return [self.at(instant), *(each.counts for each in self.known if each.at > instant)]

    def unchanged(self, instant: datetime, what: Callable[[Counts], T]) -> bool:
        """Whether something that follows from the counts stayed what it was at an instant."""
        return len({what(each) for each in self.since(instant)}) == 1

    def lower_fails(self, counts: Counts, level: str) -> bool:
        """Whether a lower dose fails; a level the study does not know has none below it."""
        below = self.order[: self.order.index(level)] if level in self.order else ()
        return any(counts.get(each, NOBODY).fails for each in below)

    def next_fails(self, counts: Counts, level: str) -> bool:
        """Whether the next higher dose was found too toxic."""
        above = self.order[self.order.index(level) + 1 :] if level in self.order else ()
        return bool(above) and counts.get(above[0], NOBODY).fails

    def tolerated(self, counts: Counts) -> str | None:
        """The maximum tolerated dose by the registered criterion, if any level meets it."""
        passing = [
            each
            for each in self.order
            if counts.get(each, NOBODY).passes and not self.lower_fails(counts, each)
        ]
        return passing[-1] if passing else None

    def conflict(self, counts: Counts, level: str) -> tuple[bool, bool]:
        """Of a level that passes: exceeded by the 3+3 table, and a lower level fails."""
        count = counts.get(level, NOBODY)
        if not count.passes:
            return False, False
        exceeded = three_plus_three(count.n, count.x) is Action.DE_ESCALATE
        return exceeded, self.lower_fails(counts, level)

    def highest_tested(self, counts: Counts) -> str | None:
        """The highest level with an evaluable subject."""
        tested = [each for each in self.order if counts.get(each, NOBODY).n]
        return tested[-1] if tested else None


def dose_table(
    order: tuple[str, ...], courses: Iterable[tuple[Step, ...]], profile: Profile
) -> DoseTable:
    """Put together what was known of the subjects that count."""
    changes: list[tuple[datetime, int, Step]] = [
        (step.at, subject, step) for subject, steps in enumerate(courses) for step in steps
    ]
    changes.sort(key=lambda each: each[0])
    current: dict[int, _Place] = {}
    counts: dict[str, Count] = {}
    known: list[Known] = []
    for at, subject, step in changes:
        was, now = current.get(subject), _place(step, profile)
        if was == now and known:
            continue
        current[subject] = now
        counts = _moved(counts, was, now)
        if known and known[-1].at == at:
            known.pop()
        if not known or known[-1].counts != counts:
            known.append(Known(at, counts))
    return DoseTable(order, tuple(known))


_Place: TypeAlias = tuple[str, int] | None
"""The level at which a subject counts for n, and what it adds to x; None: it does not count."""


def _place(step: Step, profile: Profile) -> _Place:
    status = step.status(profile)
    return (
        (step.level, int(status == DLT))
        if step.level is not None and status in (DLT, NO_DLT)
        else None
    )


def _moved(counts: dict[str, Count], was: _Place, now: _Place) -> dict[str, Count]:
    """The counts after one subject went from one place to another; levels of nobody are left out."""
    found = dict(counts)
    for place, sign in ((was, -1), (now, 1)):
        if place is not None:
            level, toxic = place
            n, x = found.pop(level, NOBODY)
            if n + sign:
                found[level] = Count(n + sign, x + sign * toxic)
    return found
