"""Secondary tumours in two years (registered outcome 22; DOMAIN 6)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from signals.events import PartialDate, Record
from signals.facts.neoplasm import NeoplasmKind
from signals.facts.refs import ref
from signals.facts.spans import Days
from signals.facts.value import Ref
from signals.outcomes.estimates import incidence, share, sorted_out
from signals.outcomes.events import says
from signals.outcomes.found import Found, counted_in_two_years
from signals.outcomes.model import Answer, Counted, Ending, LeftOut, Outcome, Timed
from signals.outcomes.person import Person, Trial
from signals.outcomes.times import Candidate, death, flags_of_death, time_to_first
from signals.outcomes.windows import Window, all_of, two_years

_KINDS = ("adverse-event", "disease-status")


class _Tumour(NamedTuple):
    """A neoplasm that is or may be a new primary, with its day of diagnosis."""

    name: str
    counted: Answer
    diagnosed: Days
    ref: Ref


def incidence_of_tumours(trial: Trial, people: list[Person]) -> Outcome:
    """O22: subjects with an adjudicated new primary malignancy; the undecided make the range."""
    years = trial.study.periods.sae_years
    members, out = sorted_out(_subject(each, trial) for each in people)
    literal, _ = sorted_out(_subject(each, trial, literally=True) for each in people)
    timed, _ = sorted_out(_timed(each, trial, years) for each in people)
    return Outcome(
        code="O22",
        title="Secondary tumours in 2 years",
        population="treated, window closed",
        window=f"first infusion to {years} years after the last",
        measures=(
            share("new primary malignancy", members),
            incidence("new primary malignancy; death competes (supportive)", timed),
            share("read literally: from the last infusion on (footnote)", literal),
        ),
        left_out=out,
    )


def _subject(person: Person, trial: Trial, *, literally: bool = False) -> Counted | LeftOut:
    def find(window: Window) -> Iterator[Found]:
        for each, answer in _within(trial, person, window):
            yield Found(each.name, each.diagnosed.low, each.ref, answer)

    return counted_in_two_years(person, trial, "tumour", find, literally=literally)


def _within(trial: Trial, person: Person, window: Window) -> list[tuple[_Tumour, Answer]]:
    return [
        (each, all_of(each.counted, window.holds(each.diagnosed)))
        for each in _tumours(trial, person)
    ]


def _timed(person: Person, trial: Trial, years: int) -> Timed | LeftOut:
    origin, last = person.first_infusion, person.exposed.last
    if origin is None or last is None:
        return LeftOut(person.subject, "no infusion, or its day is not known")
    window = two_years(Days(origin, origin), last.days, years)
    found = _within(trial, person, window)
    sure = [each.diagnosed for each, said in found if said is Answer.YES]
    first = min((day for each in sure if (day := each.low or each.high)), default=None)
    return time_to_first(
        person,
        origin,
        [
            Candidate(first, Ending.EVENT, "new primary malignancy"),
            death(person, Ending.COMPETING),
        ],
        stop=window.end.high or origin,
        seen=person.contact,
        flags=flags_of_death(person),
    )


def _tumours(trial: Trial, person: Person) -> Iterator[_Tumour]:
    for kind in _KINDS:
        for record in trial.view.of_person(kind, person.subject):
            name = f"{kind}/{record.record_id}"
            fact = trial.fact(NeoplasmKind.name, record.subject_id, name)
            if fact is None:
                continue
            counted = says(fact, "counted", "yes")
            yield _Tumour(name, counted, _diagnosed(record), ref(record))


def _diagnosed(record: Record) -> Days:
    """The pathological diagnosis; of an adverse event without a report its onset."""
    data = record.data
    when: PartialDate | None
    if record.kind == "adverse-event":
        when = data.onset
    else:
        when = data.new_primary.diagnosed_at or data.assessed_at
    known = (record.recorded_at or record.arrival).date()
    return Days(when.first_day, when.last_day) if when is not None else Days(None, known)
