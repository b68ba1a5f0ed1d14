"""Secondary tumours in two years (registered outcome 22; DOMAIN 6)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from signals.events import PartialDate, Record
from signals.facts.neoplasm import NeoplasmKind
from signals.facts.refs import ref
from signals.facts.spans import Days
from signals.facts.value import Ref
from signals.outcomes.estimates import incidence, share, sorted_out
from signals.outcomes.events import says
from signals.outcomes.model import Answer, Counted, Ending, LeftOut, Outcome, Timed
from signals.outcomes.person import Person, Trial
from signals.outcomes.times import Candidate, death, flags_of_death, time_to_first
from signals.outcomes.windows import Window, all_of, any_of, event_free_to_the_end, two_years

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
    members, out = sorted_out(_subject(each, trial, years) for each in people)
    literal, _ = sorted_out(_subject(each, trial, years, literally=True) for each in people)
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


def _subject(
    person: Person, trial: Trial, years: int, *, literally: bool = False
) -> Counted | LeftOut:
    first, last = person.exposed.first, person.exposed.last
    if first is None or last is None:
        return LeftOut(person.subject, "no infusion")
    window = two_years(last.days if literally else first.days, last.days, years)
    left = window.still_open(person, trial.today)
    if left is not None:
        return left
    found = _within(trial, person, window)
    answer = any_of([said for _, said in found])
    if answer is Answer.NO and not event_free_to_the_end(person, window):
        return LeftOut(person.subject, "lost before the end of the window without a tumour")
    shown = [each for each, said in found if said is answer and answer is not Answer.NO]
    return Counted(
        person.subject,
        answer,
        why=", ".join(each.name for each in shown),
        since=_first([each.diagnosed for each in shown]),
        records=tuple(each.ref for each in shown),
    )


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
    sure = _first([each.diagnosed for each, said in found if said is Answer.YES])
    return time_to_first(
        person,
        origin,
        [
            Candidate(sure, Ending.EVENT, "new primary malignancy"),
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


def _first(spans: list[Days]) -> date | None:
    return min((day for each in spans if (day := each.low or each.high)), default=None)
