"""Infusion reactions in two years (registered outcome 21; DOMAIN 5.2)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from signals.events import Record
from signals.facts.infusion_reactions import ACUTE, events_within, in_set, of_this_infusion
from signals.facts.value import Ordered
from signals.outcomes.estimates import share, sorted_out
from signals.outcomes.events import Event, events_of
from signals.outcomes.found import Found, counted_in_two_years
from signals.outcomes.model import Answer, Counted, LeftOut, Outcome, Rate
from signals.outcomes.person import Person, Trial
from signals.outcomes.windows import Window, all_of, any_of
from signals.statistics.proportions import clustered

_DELAYED_DAYS, _SERUM_SICKNESS_DAYS = 14, 21


def incidence_of_reactions(trial: Trial, people: list[Person]) -> Outcome:
    """O21: subjects with a reaction, and infusions followed by one."""
    years = trial.study.periods.sae_years
    members, out = sorted_out(_subject(each, trial) for each in people)
    literal, _ = sorted_out(_subject(each, trial, literally=True) for each in people)
    treated = [each for each in people if each.treated]
    infusions = [
        (sum(_acute(trial, each, one)[0] is Answer.YES for one in each.exposed.given),
         len(each.exposed.given))
        for each in treated
    ]  # fmt: skip
    return Outcome(
        code="O21",
        title="Infusion reactions in 2 years",
        population="treated, window closed",
        window=f"first infusion to {years} years after the last",
        measures=(
            share("any infusion reaction", members),
            Rate("infusions followed by an acute reaction", clustered(infusions)),
            share("read literally: from the last infusion on (footnote)", literal),
        ),
        left_out=out,
        notes=("signals of vital signs count only once an adverse event is entered",),
    )


def _subject(person: Person, trial: Trial, *, literally: bool = False) -> Counted | LeftOut:
    def find(window: Window) -> Iterator[Found]:
        for event, answer in _reactions(trial, person):
            yield event.found(all_of(answer, window.holds(event.began)))

    return counted_in_two_years(person, trial, "reaction", find, literally=literally)


def _reactions(trial: Trial, person: Person) -> Iterator[tuple[Event, Answer]]:
    """The adverse events that are or may be reactions."""
    acute = [one for infusion in person.exposed.given for one in _acute(trial, person, infusion)[1]]
    for event in events_of(trial, person):
        answers = [
            Answer.YES if sure else Answer.UNDETERMINED
            for record, sure in acute
            if record.key == event.record.key
        ]
        answers += [_delayed(event, trial), _claimed(event)]
        answer = any_of(answers)
        if answer is not Answer.NO:
            yield event, answer


def _acute(
    trial: Trial, person: Person, infusion: Record
) -> tuple[Answer, list[tuple[Record, bool]]]:
    """The events of the infusion-reaction set from its start to 24 h after its end."""
    near = events_within(trial.view, infusion, person.exposed, ACUTE)
    own = in_set(of_this_infusion(near), trial.study)
    if any(each.surely for each in own):
        answer = Answer.YES
    else:
        answer = Answer.UNDETERMINED if own else Answer.NO
    # Of two infusions either may have it: it surely is a reaction all the same.
    return answer, [(each.record, each.surely) for each in in_set(near, trial.study)]


def _claimed(event: Event) -> Answer:
    """Linked to an infusion or called a reaction by the investigator, whenever it began."""
    data = event.record.data
    return Answer.YES if data.infusion_ref or data.infusion_reaction else Answer.NO


def _delayed(event: Event, trial: Trial) -> Answer:
    """The delayed set: over 24 h after the end to 14 days (serum sickness 21), not unrelated."""
    if event.says("causality", "related") is Answer.NO:
        return Answer.NO
    listed = event.listed(trial.study.terms.get("delayed_reaction", frozenset()))
    sick = event.listed({"serum sickness"})
    since = event.fact.values["days_after_infusion"]
    in_time = any_of(
        [_at_most(since, _DELAYED_DAYS), all_of(sick, _at_most(since, _SERUM_SICKNESS_DAYS))]
    )
    late_enough = _more_than(event.fact.values["hours_after_infusion_end"], 24)
    return all_of(listed, late_enough, in_time)


def _more_than(value: object, limit: int) -> Answer:
    if not isinstance(value, Ordered):
        return Answer.UNDETERMINED
    if isinstance(value.low, Decimal) and value.low > limit:
        return Answer.YES
    below = isinstance(value.high, Decimal) and value.high <= limit
    return Answer.NO if below else Answer.UNDETERMINED


def _at_most(value: object, limit: int) -> Answer:
    above = _more_than(value, limit)
    return {Answer.YES: Answer.NO, Answer.NO: Answer.YES}.get(above, above)
