"""Following one adverse event through what was told of it: is an initial report needed, since when.

A *run* is a stretch of versions that must be reported.  It ends quietly when what was assumed is
answered for the first time (either party's causality, the sponsor's expectedness); any other end
needs a person (DOMAIN 4.2, 4.4; SAE-09).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from signals.facts.susar import Assessment


class RunState(StrEnum):
    """What has become of the need for a report."""

    NEVER = "never"
    NEEDED = "needed"
    ANSWERED = "answered"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Run:
    """The state, the receipt that started it, the assessment it rests on, and its answer's time."""

    state: RunState = RunState.NEVER
    since: datetime | None = None
    rests_on: Assessment | None = None
    answered_at: datetime | None = None


def fatal_or_life_threatening(assessments: Sequence[Assessment], *, may_answer: bool) -> Run:
    """The need for the 7-day report."""
    run = Run()
    stretch: list[Assessment] = []
    for each in assessments:
        if each.reportable and each.grave:
            stretch.append(each)
            run = Run(RunState.NEEDED, _first_held(stretch), each)
        elif run.state is RunState.NEEDED:
            run = _over(run, stretch, each, may_answer=may_answer)
            stretch = [] if run.state is RunState.ANSWERED else stretch
    return run


def other(assessments: Sequence[Assessment], *, written_report: bool, may_answer: bool) -> Run:
    """The need for the 15-day report.

    It rests on a version that is neither fatal nor life-threatening, and runs from the first that
    was reportable: what is no longer life-threatening, assumed or recorded, keeps its day 0.  An
    upgrade never ends it.  Where a ``written_report`` follows the 7-day one, any gravity needs it.
    """
    run = Run()
    stretch: list[Assessment] = []
    for each in assessments:
        if each.reportable:
            stretch.append(each)
            plain = [one for one in stretch if not one.grave]
            if plain or written_report:
                run = Run(RunState.NEEDED, _first_held(stretch), (plain or stretch)[-1])
        elif run.state is RunState.NEEDED:
            run = _over(run, stretch, each, may_answer=may_answer)
            stretch = [] if run.state is RunState.ANSWERED else stretch
        elif run.state is not RunState.ENDED:
            stretch = []
    return run


def _first_held(stretch: list[Assessment]) -> datetime:
    """The earliest receipt: a later version may tell that a delegate held it before (EC-057)."""
    return min(each.told.at for each in stretch)


def _over(run: Run, stretch: list[Assessment], last: Assessment, *, may_answer: bool) -> Run:
    if may_answer and _first_answer(stretch, last):
        return Run(RunState.ANSWERED, run.since, last, last.told.at)
    return Run(RunState.ENDED, run.since, run.rests_on)


def _first_answer(stretch: list[Assessment], last: Assessment) -> bool:
    never_related = all(each.causality != "related" for each in stretch)
    if last.causality == "not related" and never_related:
        return True
    information = last.expected.information
    return (
        last.expected.word == "expected"
        and all(each.told.data.expected is None for each in stretch)
        and information is not None
        and information.arrival <= stretch[0].told.record.arrival
    )


def voided(run: Run) -> Run:
    """The same once the adverse event is void: what was needed now waits for a person."""
    if run.state is RunState.NEEDED:
        return Run(RunState.ENDED, run.since, run.rests_on)
    return run


def together(runs: Sequence[Run]) -> Run:
    """The need of a case: that of any of its adverse events, from the earliest day 0."""
    for state in (RunState.NEEDED, RunState.ENDED, RunState.ANSWERED):
        of_state = [run for run in runs if run.state is state]
        if of_state:
            starts = [
                run.since
                for run in runs
                if run.since is not None and run.state in (state, RunState.NEEDED, RunState.ENDED)
            ]
            first = of_state[0]
            return Run(state, min(starts), first.rests_on, first.answered_at)
    return Run()
