"""Time to recovery of neutrophils, platelets and haemoglobin (registered outcomes 4, 8 and 10; 2.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from signals.facts.cytopenia import Lineage, transfusions
from signals.facts.cytopenia_kinds import ANAEMIA, THROMBOCYTOPENIA
from signals.facts.lab_values import Result
from signals.facts.neutrophil_recovery import Outcome as Neutrophils
from signals.facts.neutrophil_recovery import neutrophil_recovery
from signals.facts.neutrophils import neutrophils
from signals.facts.recovery import Run, days_of, first_run
from signals.outcomes.anchored import Anchored, all_anchored
from signals.outcomes.cytopenia import counts_of, first_instant, last_instant, severe
from signals.outcomes.estimates import incidence, sorted_out, survival
from signals.outcomes.model import Answer, Ending, LeftOut, Measure, Outcome, Timed
from signals.outcomes.person import Person, Trial
from signals.outcomes.times import Candidate, death, flags_of_death, time_to_first

_SUPPORTIVE_NEUTROPHILS = Decimal("1.0")
_ENGRAFTMENT = Decimal(20)
_ONE_DAY = timedelta(days=1)
_SPARSE = "results not of consecutive days"
_PROVISIONAL = "provisional"


@dataclass(frozen=True, slots=True)
class _Found:
    """What shows recovery, if anything does, and the last day of a count of the lineage."""

    run: Run | None
    last: date | None
    provisional: bool = False


def recovery_of_neutrophils(trial: Trial, people: list[Person]) -> Outcome:
    """O4: the first of three results of 0.5 and more after the nadir."""
    having, out = all_anchored(trial, people, open_too=True)
    members, never = sorted_out(_neutrophils(trial, each, None) for each in having)
    wider, _ = sorted_out(_neutrophils(trial, each, _SUPPORTIVE_NEUTROPHILS) for each in having)
    return Outcome(
        code="O4",
        title="Time to neutrophil recovery",
        population="treated, with an anchor and a nadir below 0.5 (HEM)",
        window=_window(trial),
        measures=_curves("recovery to 0.5", members, ("recovery to 1.0 (supportive)", wider)),
        left_out=(*out, *never),
        notes=("G-CSF is recorded, not adjusted for",),
    )


def recovery_of_platelets(trial: Trial, people: list[Person]) -> Outcome:
    """O8: the first of three results of 50 and more, without platelets from a week before."""
    lineage = THROMBOCYTOPENIA.lineage(trial.study)
    engraftment = replace(lineage, wanted=replace(lineage.wanted, level=_ENGRAFTMENT))
    return _of_lineage(
        trial, people, ("O8", "Time to recovery from severe thrombocytopenia"), lineage, engraftment
    )


def recovery_of_haemoglobin(trial: Trial, people: list[Person]) -> Outcome:
    """O10: the first of two results of 80 and more, without red cells from a week before."""
    lineage = ANAEMIA.lineage(trial.study)
    return _of_lineage(
        trial, people, ("O10", "Time to recovery from severe anaemia"), lineage, None
    )


def _of_lineage(
    trial: Trial,
    people: list[Person],
    names: tuple[str, str],
    lineage: Lineage,
    variant: Lineage | None,
) -> Outcome:
    having, out = all_anchored(trial, people, open_too=True)
    found = [_lineage(trial, each, lineage, lineage) for each in having]
    members, never = sorted_out(found)
    more = None
    if variant is not None:
        wider, _ = sorted_out(_lineage(trial, each, lineage, variant) for each in having)
        more = (f"recovery to {variant.wanted.level} (engraftment)", wider)
    return Outcome(
        code=names[0],
        title=names[1],
        population="severe within the window (its incidence is the outcome before)",
        window=_window(trial),
        measures=_curves(f"recovery to {lineage.wanted.level}", members, more),
        left_out=(*out, *never),
    )


def _window(trial: Trial) -> str:
    return f"anchor to {trial.study.haematology.recovery_days} days later; open windows count too"


def _curves(
    name: str, members: list[Timed], more: tuple[str, list[Timed]] | None
) -> tuple[Measure, ...]:
    alone = [
        replace(each, ending=Ending.CENSORED) if each.ending is Ending.COMPETING else each
        for each in members
    ]
    curves: list[Measure] = [
        incidence(f"{name}; death competes", members),
        survival(f"not yet {name}, death censored (supportive)", alone),
    ]
    if more is not None:
        curves.append(incidence(f"{more[0]}; death competes", more[1]))
    return tuple(curves)


# ------------------------------------------------------------------ one subject


def _neutrophils(trial: Trial, each: Anchored, level: Decimal | None) -> Timed | LeftOut:
    subject, origin = each.person.subject, each.day
    if origin is None:
        return LeftOut(subject, "the day of the anchor is not known")
    found = neutrophil_recovery(trial.view, subject, each.anchor, origin, trial.study, level=level)
    if found.outcome is Neutrophils.NOT_COUNTED:
        return LeftOut(subject, "no neutrophil count after the anchor")
    if found.outcome is Neutrophils.NEVER_BELOW:
        return LeftOut(subject, "neutrophils were never below")
    counts = neutrophils(
        trial.view, subject, first_instant(trial, origin + _ONE_DAY), last_instant(trial)
    )
    return _timed(each, origin, _Found(found.run, _last(counts), found.provisional), trial)


def _lineage(trial: Trial, each: Anchored, severity: Lineage, wanted: Lineage) -> Timed | LeftOut:
    subject, origin = each.person.subject, each.day
    if origin is None:
        return LeftOut(subject, "the day of the anchor is not known")
    low = severe(trial, each, severity)
    if isinstance(low, LeftOut):
        return low
    if low.answer is not Answer.YES:
        return LeftOut(subject, f"severe within the window: {low.answer}")
    counts = counts_of(trial, each, severity.test, origin + _ONE_DAY)
    run = _first_run(trial, each, origin, counts, wanted)
    return _timed(each, origin, _Found(run, _last(counts)), trial)


def _first_run(
    trial: Trial, each: Anchored, origin: date, counts: Sequence[Result], lineage: Lineage
) -> Run | None:
    days = days_of(counts, lineage.wanted.level)
    horizon = origin + timedelta(days=trial.study.haematology.recovery_days)
    before = each.anchor.next_course or date.max
    falling = [day for day in days if day.known and day.date <= horizon and day.date < before]
    nadir = min(falling, key=lambda day: (_upper(day.value.high), day.date), default=None)
    after = max(origin, each.anchor.ends or origin, nadir.date if nadir else origin)
    if nadir is not None and not nadir.below:
        after = max(origin, each.anchor.ends or origin)
    given = transfusions(
        trial.view,
        each.person.subject,
        lineage,
        first_instant(trial, origin),
        last_instant(trial),
    ).surely

    def is_free(first: date, last: date) -> bool:
        """The earliest day is that of a transfusion and so many days."""
        return not any(first - lineage.transfusion_free < day <= last for day in given)

    return first_run(days, lineage.wanted, after, is_free)


def _upper(bound: object) -> Decimal:
    return bound if isinstance(bound, Decimal) else Decimal("Infinity")


def _last(counts: Sequence[Result]) -> date | None:
    return max((each.day for each in counts), default=None)


def _timed(each: Anchored, origin: date, found: _Found, trial: Trial) -> Timed:
    """Recovery, or death, or censored: day 42, the last count, the day before another course."""
    stop = origin + timedelta(days=trial.study.haematology.recovery_days)
    course = each.anchor.next_course
    flags = (*each.flags, *flags_of_death(each.person))
    if found.run is not None:
        flags += (_SPARSE,) if found.run.sparse else ()
        flags += (_PROVISIONAL,) if found.provisional else ()
    candidates = [
        Candidate(found.run.first if found.run else None, Ending.EVENT, "recovered"),
        death(each.person, Ending.COMPETING),
        Candidate(course - _ONE_DAY if course else None, Ending.CENSORED, "before another course"),
    ]
    return time_to_first(
        each.person,
        origin,
        [one for one in candidates if one.ending is Ending.EVENT or _in_time(one, stop)],
        stop=stop,
        seen=found.last,
        flags=flags,
    )


def _in_time(candidate: Candidate, stop: date) -> bool:
    """A death or a course after the window does not show that counts stayed low until its end."""
    return candidate.day is not None and candidate.day <= stop
