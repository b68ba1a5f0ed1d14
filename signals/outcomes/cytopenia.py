"""Severe thrombocytopenia and anaemia: how many subjects (registered outcomes 7 and 9; D11)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from signals.facts.cytopenia import Lineage
from signals.facts.cytopenia_kinds import ANAEMIA, THROMBOCYTOPENIA
from signals.facts.lab_values import Result, results
from signals.facts.recovery import Day, days_of
from signals.facts.value import Ref
from signals.outcomes.anchored import Anchored, all_anchored
from signals.outcomes.estimates import share, sorted_out
from signals.outcomes.events import events_of
from signals.outcomes.model import Answer, Counted, LeftOut, Outcome, Share
from signals.outcomes.person import Person, Trial
from signals.outcomes.windows import all_of, any_of

_LOWER_PLATELETS = (Decimal(25), Decimal(20), Decimal(10))
_ANEMIA = ("anemia", "anaemia")
_SEVERE_GRADE = 3
_ONE_DAY = timedelta(days=1)
_NEAR_ANCHOR = timedelta(days=7)
_PREVALENT = "already below at the anchor"
_HAEMOLYSED = "a sample was haemolysed"
_POPULATION = "treated, with an anchor and a count after it (HEM), window closed"


def first_instant(trial: Trial, day: date) -> datetime:
    """The beginning of a local day."""
    return datetime.combine(day, time.min, trial.study.zone)


def last_instant(trial: Trial) -> datetime:
    """The end of the day on which the table is drawn."""
    return first_instant(trial, trial.today + _ONE_DAY)


def counts_of(trial: Trial, each: Anchored, test: str, since: date) -> list[Result]:
    """The results of a test from a day on."""
    return results(
        trial.view, each.person.subject, test, first_instant(trial, since), last_instant(trial)
    )


def thrombocytopenia(trial: Trial, people: list[Person]) -> Outcome:
    """O7: subjects with platelets below 50, and below lower levels."""
    return _outcome(
        trial, people, ("O7", "severe thrombocytopenia"), THROMBOCYTOPENIA.lineage(trial.study)
    )


def anaemia(trial: Trial, people: list[Person]) -> Outcome:
    """O9: subjects with haemoglobin below 80 g/L, or an adverse event of anaemia of grade 3."""
    return _outcome(trial, people, ("O9", "severe anaemia"), ANAEMIA.lineage(trial.study))


def _outcome(
    trial: Trial, people: list[Person], names: tuple[str, str], lineage: Lineage
) -> Outcome:
    having, out = all_anchored(trial, people)
    members, uncounted = sorted_out(severe(trial, each, lineage) for each in having)
    incident = [each for each in members if _PREVALENT not in each.flags]
    unit = "g/L" if lineage.test == "HGB" else "x10^9/L"
    shares: list[Share] = [
        share(f"below {lineage.wanted.level} {unit}", members),
        share("the same, not yet so at the anchor (sensitivity)", incident),
    ]
    for level in _LOWER_PLATELETS if lineage.test == "PLAT" else ():
        lower, _ = sorted_out(severe(trial, each, lineage, level) for each in having)
        shares.append(share(f"below {level} {unit} (supportive)", lower))
    return Outcome(
        code=names[0],
        title=f"Incidence of {names[1]}",
        population=_POPULATION,
        window=f"anchor to {trial.study.haematology.recovery_days} days later",
        measures=tuple(shares),
        left_out=(*out, *uncounted),
    )


def severe(
    trial: Trial, each: Anchored, lineage: Lineage, level: Decimal | None = None
) -> Counted | LeftOut:
    """Whether a count of the window lies below a level (the one that is severe)."""
    subject, origin, limit = each.person.subject, each.day, level or lineage.wanted.level
    if origin is None:
        return LeftOut(subject, "the day of the anchor is not known")
    counts = counts_of(trial, each, lineage.test, origin)
    if not any(one.day > origin for one in counts):
        return LeftOut(subject, "no count after the anchor")
    inside = [
        day
        for day in days_of(counts, limit)
        if each.window.start.low is not None
        and each.window.end.high is not None
        and each.window.start.low <= day.date <= each.window.end.high
    ]
    events = _by_event(trial, each) if lineage.test == "HGB" and level is None else Answer.NO
    answer = any_of([events, *(_below(day, limit) for day in inside)])
    low = [day for day in inside if day.below]
    return Counted(
        subject,
        answer,
        why="an adverse event of anaemia" if not low and answer is Answer.YES else "",
        since=low[0].date if low else None,
        records=low[0].records if low else (),
        flags=(*each.flags, *_flags(trial, each, lineage, limit, low)),
    )


def _below(day: Day, limit: Decimal) -> Answer:
    if day.known:
        return Answer.YES if day.below else Answer.NO
    low = day.value.low
    return Answer.NO if isinstance(low, Decimal) and low >= limit else Answer.UNDETERMINED


def _flags(
    trial: Trial, each: Anchored, lineage: Lineage, limit: Decimal, low: list[Day]
) -> Iterable[str]:
    if each.day is None:
        return
    earlier = days_of(counts_of(trial, each, lineage.test, each.day - _NEAR_ANCHOR), limit)
    at_anchor = [day for day in earlier if day.known and day.date <= each.day]
    if at_anchor and at_anchor[-1].below:
        yield _PREVALENT
    if low and any(_is_haemolysed(trial, ref) for ref in low[0].records):
        yield _HAEMOLYSED


def _is_haemolysed(trial: Trial, ref: Ref) -> bool:
    record = trial.view.current(ref.kind, ref.subject_id, ref.record_id)
    return record is not None and bool(record.data.haemolysed)


def _by_event(trial: Trial, each: Anchored) -> Answer:
    """An adverse event of anaemia that was of grade 3 in the window."""
    return any_of(
        [
            all_of(
                event.listed(_ANEMIA),
                event.overlaps(each.window),
                event.graded(_SEVERE_GRADE, each.window),
            )
            for event in events_of(trial, each.person)
            if event.listed(_ANEMIA) is Answer.YES
        ]
    )
