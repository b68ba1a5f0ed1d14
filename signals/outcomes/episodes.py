"""Infection and bleeding: how many subjects, and for how long (registered outcomes 11 to 14)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from signals.events.kinds.adverse_event import AdverseEvent
from signals.outcomes.anchored import Anchored, all_anchored
from signals.outcomes.durations import of_days
from signals.outcomes.estimates import share
from signals.outcomes.events import Event, Stretch, events_of, stretch, union
from signals.outcomes.found import counted
from signals.outcomes.model import (
    Answer,
    Counted,
    LeftOut,
    Measure,
    Outcome,
    Share,
)
from signals.outcomes.person import Person, Trial
from signals.outcomes.windows import all_of
from signals.study.model import Study

_Narrower: TypeAlias = Callable[[Event, Anchored, Study], Answer]
_INFECTION_CLASS = "infections and infestations"
_POPULATION = "treated, with an anchor, window closed"


@dataclass(frozen=True, slots=True)
class _Sort:
    """A sort of adverse event: what tells it, and the narrower counts shown beside it."""

    tells: Callable[[Event, Study], Answer]
    narrower: tuple[tuple[str, _Narrower], ...]


def is_infection(event: Event, study: Study) -> Answer:
    """By organ class once coded, by the list ``infection`` of CTCAE terms until then."""
    coded: AdverseEvent = event.record.data
    soc = coded.meddra.soc_name if coded.meddra else None
    if soc is not None:
        return Answer.YES if soc.casefold() == _INFECTION_CLASS else Answer.NO
    return event.listed(study.terms.get("infection", frozenset()))


def is_bleeding(event: Event, study: Study) -> Answer:
    """By the list ``bleeding`` (DOMAIN 5.1)."""
    return event.listed(study.terms.get("bleeding", frozenset()))


def _of_grade(least: int) -> _Narrower:
    return lambda event, each, _: event.graded(least, each.window)


def _of_blood(event: Event, each: Anchored, study: Study) -> Answer:
    del each
    return event.listed(study.terms.get("sepsis", frozenset()))


_INFECTION = _Sort(is_infection, (("grade 3 or higher", _of_grade(3)), ("bloodstream", _of_blood)))
_BLEEDING = _Sort(
    is_bleeding, (("grade 2 or higher", _of_grade(2)), ("grade 3 or higher", _of_grade(3)))
)


def infection(trial: Trial, people: list[Person]) -> tuple[Outcome, Outcome]:
    """O11 and O12."""
    return _outcomes(trial, people, _INFECTION, ("O11", "O12"), "infection")


def bleeding(trial: Trial, people: list[Person]) -> tuple[Outcome, Outcome]:
    """O13 and O14."""
    return _outcomes(trial, people, _BLEEDING, ("O13", "O14"), "bleeding")


def _outcomes(
    trial: Trial, people: list[Person], sort: _Sort, codes: tuple[str, str], word: str
) -> tuple[Outcome, Outcome]:
    found, out = all_anchored(trial, people)
    window = f"anchor to {trial.study.haematology.recovery_days} days later"
    first = _share(trial, found, sort, f"new {word}", None)
    narrower = [
        _share(trial, found, sort, f"{word}, {name}", narrow) for name, narrow in sort.narrower
    ]
    incidence = Outcome(
        codes[0],
        f"Incidence of {word}",
        _POPULATION,
        window,
        (first, *narrower),
        out,
    )
    having = [e for e, c in zip(found, first.members, strict=True) if c.answer is Answer.YES]
    none = tuple(
        LeftOut(c.subject, f"{word}: {c.answer}")
        for c in first.members
        if c.answer is not Answer.YES
    )
    duration = Outcome(
        codes[1],
        f"Duration of {word}",
        f"subjects with {word} ({codes[0]})",
        window,
        tuple(_durations(trial, having, sort, word)),
        (*out, *none),
    )
    return incidence, duration


def _share(
    trial: Trial, found: list[Anchored], sort: _Sort, name: str, narrow: _Narrower | None
) -> Share:
    return share(name, [_counted(trial, each, sort, narrow) for each in found])


def _counted(trial: Trial, each: Anchored, sort: _Sort, narrow: _Narrower | None) -> Counted:
    found = (
        event.found(all_of(said, each.window.holds(event.began)))
        for event in events_of(trial, each.person)
        if (said := _says(event, each, sort, narrow, trial.study)) is not Answer.NO
    )
    return counted(each.person.subject, found, each.flags)


def _says(
    event: Event, each: Anchored, sort: _Sort, narrow: _Narrower | None, study: Study
) -> Answer:
    said = sort.tells(event, study)
    return said if narrow is None else all_of(said, narrow(event, each, study))


# ------------------------------------------------------------------ durations


def _durations(trial: Trial, having: list[Anchored], sort: _Sort, word: str) -> list[Measure]:
    by_subject = [(each, _stretches(trial, each, sort)) for each in having]
    return [
        *of_days(
            f"days with {word} per subject",
            [
                (each, union(parts), any(part.censored for part in parts), _flags(parts))
                for each, parts in by_subject
                if parts
            ],
        ),
        *of_days(
            f"days per episode of {word}",
            [
                (each, part.days, part.censored, part.flags)
                for each, parts in by_subject
                for part in parts
            ],
        ),
    ]


def _stretches(trial: Trial, each: Anchored, sort: _Sort) -> list[Stretch]:
    found = [
        stretch(event, each.person, each.window)
        for event in events_of(trial, each.person)
        if sort.tells(event, trial.study) is Answer.YES
        and each.window.holds(event.began) is Answer.YES
    ]
    return [each for each in found if each is not None]


def _flags(parts: list[Stretch]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(flag for part in parts for flag in part.flags))
