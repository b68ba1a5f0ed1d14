"""Febrile neutropenia: how many subjects, for how long (registered outcomes 5 and 6; D13)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from signals.facts.coded_neutropenia import is_coded
from signals.facts.fever import AFEBRILE, AFTER, BEFORE, episodes, match
from signals.facts.lab_values import Result
from signals.facts.neutrophils import neutrophils
from signals.facts.recovery import is_below, is_reached
from signals.facts.spans import Days
from signals.facts.temperatures import Reading, fevers, qualifying
from signals.outcomes.anchored import Anchored, all_anchored
from signals.outcomes.cytopenia import first_instant, last_instant
from signals.outcomes.durations import of_days
from signals.outcomes.estimates import share
from signals.outcomes.events import Stretch, events_of, stretch, union
from signals.outcomes.model import Answer, Counted, LeftOut, Outcome
from signals.outcomes.person import Person, Trial
from signals.outcomes.windows import all_of, any_of
from signals.study.model import Fever

_IDSA_NEUTROPHILS = Decimal("0.5")
_TENTH = Decimal("0.1")
_ONE_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class _Hot:
    """A febrile episode: its readings, and those with neutropenia that lie in the window."""

    readings: Sequence[Reading]
    neutropenic: Sequence[Reading]
    answer: Answer


def febrile_neutropenia(trial: Trial, people: list[Person]) -> tuple[Outcome, Outcome]:
    """O5 and O6."""
    having, out = all_anchored(trial, people)
    members = [_counted(trial, each) for each in having]
    idsa = [_by_idsa(trial, each) for each in having]
    window = f"anchor to {trial.study.haematology.recovery_days} days later"
    first = Outcome(
        code="O5",
        title="Incidence of febrile neutropenia",
        population="treated, with an anchor, window closed",
        window=window,
        measures=(share("CTCAE", members), share("IDSA (supportive)", idsa)),
        left_out=out,
    )
    affected = [each for each, one in zip(having, members, strict=True) if one.answer is Answer.YES]
    without = tuple(
        LeftOut(one.subject, f"febrile neutropenia: {one.answer}")
        for one in members
        if one.answer is not Answer.YES
    )
    parts = [(each, list(_stretches(trial, each))) for each in affected]
    per_subject = of_days(
        "days of febrile neutropenia per subject",
        [(each, union(own), any(part.censored for part in own), ()) for each, own in parts if own],
    )
    longest = of_days(
        "longest episode per subject",
        [
            (each, most.days, most.censored, ())
            for each, own in parts
            if (most := max(own, key=lambda part: part.days, default=None)) is not None
        ],
    )
    second = Outcome(
        code="O6",
        title="Duration of febrile neutropenia",
        population="subjects with febrile neutropenia (O5)",
        window=window,
        measures=(*per_subject, *longest),
        left_out=(*out, *without),
    )
    return first, second


# ------------------------------------------------------------------ O5


def _counted(trial: Trial, each: Anchored) -> Counted:
    """By fever with neutropenia, or by an adverse event of the name."""
    hot = _hot(trial, each, trial.study.fever, trial.study.fever.neutrophils)
    coded = [event for event in events_of(trial, each.person) if is_coded(event.record)]
    told = [each.window.holds(event.began) for event in coded]
    answer = any_of([*(one.answer for one in hot), *told])
    readings = [reading for one in hot for reading in one.neutropenic]
    return Counted(
        each.person.subject,
        answer,
        why="an adverse event of the name" if answer is Answer.YES and not readings else "",
        since=min((one.earliest.date() for one in readings), default=None),
        records=tuple(one.ref for one in readings[:1]) or tuple(event.ref for event in coded),
        flags=each.flags,
    )


def _by_idsa(trial: Trial, each: Anchored) -> Counted:
    """38.3 once or 38.0 over an hour, neutrophils below 0.5 or so within 48 hours."""
    # One tenth less, for the criterion is above it: temperatures are compared in tenths.
    fever = replace(trial.study.fever, single=trial.study.fever.single - _TENTH)
    hot = _hot(trial, each, fever, _IDSA_NEUTROPHILS, soon=True)
    return Counted(each.person.subject, any_of([one.answer for one in hot]), flags=each.flags)


def _hot(
    trial: Trial, each: Anchored, fever: Fever, limit: Decimal, *, soon: bool = False
) -> list[_Hot]:
    start = each.window.start.low
    assert start is not None  # noqa: S101 - who is anchored has a day
    # An episode may reach beyond the window at either end.
    first, last = first_instant(trial, start - BEFORE), last_instant(trial)
    subject = each.person.subject
    found = []
    for readings in episodes(fevers(trial.view, subject, fever, first, last)):
        meeting = qualifying(trial.view, subject, fever, readings)
        if not meeting:
            continue
        since, until = readings[0].earliest - _WEEK, readings[-1].latest + BEFORE
        counts = neutrophils(trial.view, subject, since, until)
        answers = [
            (
                one,
                all_of(
                    each.window.holds(Days(one.earliest.date(), one.latest.date())),
                    _neutropenic(one, counts, limit, soon=soon),
                ),
            )
            for one in meeting
        ]
        sure = [one for one, said in answers if said is Answer.YES]
        found.append(_Hot(readings, sure, any_of([said for _, said in answers])))
    return found


def _neutropenic(
    reading: Reading, counts: Sequence[Result], limit: Decimal, *, soon: bool
) -> Answer:
    """By the count that belongs to the reading: what came after it does not undo it."""
    before = [each for each in counts if each.latest <= reading.latest]
    found = match(reading, before, limit)
    if found.count is None:
        after = [each for each in counts if reading.latest < each.latest <= reading.latest + AFTER]
        found = match(reading, after[:1], limit)
    said = {True: Answer.YES, False: Answer.NO, None: Answer.UNDETERMINED}[found.neutropenic]
    falls = soon and any(
        reading.latest < each.latest <= reading.latest + BEFORE and is_below(each.value, limit)
        for each in counts
    )
    return Answer.YES if falls else said


# ------------------------------------------------------------------ O6


def _stretches(trial: Trial, each: Anchored) -> Iterator[Stretch]:
    """The days of each episode, and of adverse events of the name."""
    fever = trial.study.fever
    for hot in _hot(trial, each, fever, fever.neutrophils):
        if hot.neutropenic:
            yield _stretch(trial, each, hot)
    for event in events_of(trial, each.person):
        if is_coded(event.record) and each.window.holds(event.began) is Answer.YES:
            found = stretch(event, each.person, each.window)
            if found is not None:
                yield found


def _stretch(trial: Trial, each: Anchored, hot: _Hot) -> Stretch:
    """To the last reading before 48 afebrile hours, or the day before the neutrophils are back."""
    first = hot.neutropenic[0].earliest.date()
    last = hot.readings[-1].latest
    counts = neutrophils(trial.view, each.person.subject, hot.neutropenic[0].latest, last)
    back = min(
        (
            one.day - _ONE_DAY
            for one in counts
            if one.exact_day and is_reached(one.value, trial.study.fever.neutrophils)
        ),
        default=None,
    )
    end = last.date() if back is None else max(first, min(back, last.date()))
    died, window_end = each.person.died, each.window.end.low
    known_to = last_instant(trial) if died is None else first_instant(trial, died)
    censored = back is None and died is None and known_to - last < AFEBRILE
    if window_end is not None and end >= window_end and back is None and died is None:
        censored, end = True, window_end
    return Stretch(first, end, censored, ())
