"""The committee's decisions on the cohorts, and what its counts call for (DOMAIN 3.4, 3.5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from signals.simulate.draw import clock, stamp
from signals.simulate.plan import LEVELS, Plan
from signals.simulate.script import Script
from signals.simulate.tape import Place, Tape
from signals.simulate.truth import Truth

_NOBODY = Place(None, None)
_SIX, _TO_FAIL = 6, 3


class Count(NamedTuple):
    """Evaluable subjects of a level, and those of them with a dose-limiting toxicity."""

    n: int
    x: int


class Step(NamedTuple):
    """From an instant on a level has another count."""

    when: datetime
    level: str
    figures: Count


def cohort_decisions(plan: Plan, scripts: list[Script], tape: Tape, truth: Truth) -> None:
    """Each decision of the committee, and what stood on its desk."""
    for index, cohort in enumerate(plan.cohorts):
        level: dict[str, str | None] = {"dose level": cohort.level}
        ready = _ready(scripts, cohort.level, cohort.number)
        truth.tell("DLT-05", level, ready, f"{cohort.level}: cohort {cohort.number} is complete")
        when = plan.decided(index)
        named = {
            "dose_level": cohort.level,
            "cohort_no": cohort.number,
            "outcome": cohort.outcome,
            "n": cohort.n,
            "x": cohort.x,
        }
        data = {
            "kind": "COHORT",
            "decided_at": stamp(when),
            "by": "src-chair",
            "role": "SAFETY_REVIEW_COMMITTEE",
            "reason": f"{cohort.x} of {cohort.n} with a dose-limiting toxicity",
            "cohort": named,
        }
        tape.put("decision", _NOBODY, f"DEC-{index + 1}", data, when, source="inbox")
    tolerated_doses(_steps(plan, scripts), truth)


def _ready(scripts: list[Script], level: str, number: int) -> datetime:
    """When the ward's first signs of the last day of observation are read, of the last member."""
    members = [each for each in scripts if each.entry.cohort == (level, number)]
    return max(clock(each.window_end, 6.0) for each in members)


def _steps(plan: Plan, scripts: list[Script]) -> Iterator[Step]:
    """The counts as the cohorts complete; then the event that is judged related afterwards."""
    for cohort in plan.cohorts:
        ready = _ready(scripts, cohort.level, cohort.number)
        yield Step(ready, cohort.level, Count(cohort.n, cohort.x))
    decided = [each for each in plan.cohorts if each.level == plan.cohorts[0].level]
    yield Step(plan.judged_again, decided[-1].level, Count(decided[-1].n, decided[-1].x + 1))


def tolerated_doses(steps: Iterator[Step], truth: Truth) -> None:
    """Tell when another level, or none, is the maximum tolerated dose, and where 3+3 objects.

    A lower level that passes while a higher one still does changes nothing: the committee has seen
    that dose, and is not called again.
    """
    counts: dict[str, Count] = {}
    seen: str | None = None
    for when, level, count in sorted(steps):
        counts[level] = count
        now = tolerated(counts)
        if now != seen:
            why = f"{now} is the highest level that passes" if now else "no level passes any more"
            truth.tell("MTD-01", {}, when, f"{why}: {level} has {count.x} of {count.n}")
        seen = now
        if _passes(count) and count.n == _SIX and count.x > 1:
            why = f"{level}: {count.x} of {count.n} conflicts with 3+3"
            truth.tell("MTD-02", {"dose level": level}, when, why)


def tolerated(counts: Mapping[str, Count]) -> str | None:
    """The highest level that passes and has none below it that fails (registered outcome 3)."""
    found = None
    for level in LEVELS:
        count = counts.get(level, Count(0, 0))
        if count.n >= _TO_FAIL and 3 * count.x > count.n:
            break
        if _passes(count):
            found = level
    return found


def _passes(count: Count) -> bool:
    """At least six evaluable, and at most a third of them with a toxicity."""
    return count.n >= _SIX and 3 * count.x <= count.n
