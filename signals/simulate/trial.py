"""The whole trial: every subject's story, then what is not about one subject."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from signals.simulate.background import complications, everyday_events
from signals.simulate.blood import course
from signals.simulate.disease import disease, end_of_follow_up, fate
from signals.simulate.dose_escalation import cohort_decisions
from signals.simulate.draw import clock, days, stream
from signals.simulate.laboratory import laboratory
from signals.simulate.plan import FULL, SHORT, Entry, Plan
from signals.simulate.scenarios.catalogue import Scenario, assigned
from signals.simulate.scenarios.dose_limiting import judged_related_later, registered
from signals.simulate.scenarios.records import clusters
from signals.simulate.script import CHEMOTHERAPY, Script, script_of
from signals.simulate.story import Reaction, Story
from signals.simulate.study_level import aggregates, reference_safety_information
from signals.simulate.tape import Place, Tape
from signals.simulate.treatment import (
    enrolment,
    infusions,
    medication,
    therapy,
    transfusions,
    visits,
    visits_of,
)
from signals.simulate.truth import Truth
from signals.simulate.ward import vital_signs

_FEBRILE = 0.6
_SLOW_RECOVERY = 24
_LAST_SLOT = 3


@dataclass(frozen=True, slots=True)
class Trial:
    """A simulated trial: its plan, the scripts of its subjects, what was sent, and the truth."""

    plan: Plan
    scripts: tuple[Script, ...]
    tape: Tape
    truth: Truth

    @property
    def subject_months(self) -> float:
        """Follow-up of all subjects from enrolment to their end or the cut, in months."""
        cut = self.plan.cut.date()
        spans = ((min(each.stop or cut, cut) - each.entry.enrolled).days for each in self.scripts)
        return sum(max(0, span) for span in spans) / 30.4375


def simulate(
    seed: int, *, short: bool, progress: Callable[[int, int], None] | None = None
) -> Trial:
    """Simulate the reference trial; the same seed gives the same trial.

    ``progress`` is told how many subjects of how many are written.
    """
    plan = SHORT if short else FULL
    entries = plan.entries(seed)
    tape, truth = Tape(seed, plan.cut), Truth(plan.cut)
    reactions: list[Reaction] = []
    stories = {
        each.subject: Story(
            script=_drafted(seed, plan, each),
            tape=tape,
            truth=truth,
            other=_neighbour(entries, each),
            reactions=reactions,
        )
        for each in entries
    }
    reference_safety_information(tape)
    _cohorts(plan, stories, truth)
    carried = _carried(plan, entries, stories)
    for done, (subject, story) in enumerate(stories.items(), 1):
        _live(story, carried.get(subject, []))
        if progress:
            progress(done, len(stories))
    scripts = [each.script for each in stories.values()]
    cohort_decisions(plan, scripts, tape, truth)
    clusters(reactions, truth)
    aggregates(plan, tape, truth)
    return Trial(plan, tuple(scripts), tape, truth)


def _drafted(seed: int, plan: Plan, entry: Entry) -> Script:
    script = script_of(seed, plan, entry)
    chance = stream(seed, entry.subject, "fever")
    if chance.random() < _FEBRILE:
        deepest = script.anchor + days(script.anc_recovery - chance.randint(5, 8))
        span = (deepest + days(step) for step in range(chance.randint(2, 4)))
        script.fever_days = {day for day in span if day not in script.dose_days}
    return script


def _neighbour(entries: list[Entry], entry: Entry) -> Place:
    """The subject of the same site enrolled before, or after the first one."""
    own = [each for each in entries if each.site == entry.site]
    place = own.index(entry)
    other = own[place - 1] if place else own[1]
    return Place(other.site, other.subject)


def _carried(
    plan: Plan, entries: list[Entry], stories: dict[str, Story]
) -> dict[str, list[Scenario]]:
    chemotherapy = {name for name, each in stories.items() if each.script.arm == CHEMOTHERAPY}
    carried: dict[str, list[Scenario]] = {}
    for entry, scenario in assigned(plan, entries, chemotherapy):
        carried.setdefault(entry.subject, []).append(scenario)
    return carried


def _cohorts(plan: Plan, stories: dict[str, Story], truth: Truth) -> None:
    """The scripted toxicities of the cohorts, and the status that changes after the decision."""
    counted: dict[str, list[datetime]] = {}
    for cohort in plan.cohorts:
        members = [
            each
            for each in stories.values()
            if each.script.entry.cohort == (cohort.level, cohort.number)
        ]
        for story in members[1 : 1 + cohort.toxicities]:
            counted.setdefault(cohort.level, []).append(registered(story))
    first = plan.cohorts[0].level
    own = [index for index, each in enumerate(plan.cohorts) if each.level == first]
    changed = next(iter(stories.values()))
    judged_related_later(changed, [f"DEC-{each + 1}" for each in own])
    counted.setdefault(first, []).append(plan.judged_again)
    for level, told in counted.items():
        for when in sorted(told)[1:2]:
            why = f"{level}: a second subject of the first six"
            truth.tell("DLT-06", {"dose level": level}, when, why)


def _live(story: Story, scenarios: list[Scenario]) -> None:
    """Write one subject: first what scenarios change, then everything else around it."""
    for scenario in scenarios:
        scenario(story)
    story.script.fever_days -= story.script.dose_days
    fate(story.script)
    counts = course(story.script)
    enrolment(story)
    therapy(story)
    infusions(story)
    vital_signs(story)
    kept = visits_of(story)
    visits(story, kept)
    laboratory(story, counts, set(kept.values()))
    transfusions(story, counts)
    medication(story)
    everyday_events(story)
    complications(story)
    disease(story)
    end_of_follow_up(story)
    _slow_recovery(story)


def _slow_recovery(story: Story) -> None:
    script = story.script
    if script.anc_recovery >= _SLOW_RECOVERY:
        warned = clock(script.anchor + days(29), 0)
        story.tell("LAB-04", warned, "neutrophils recover late", "background")
