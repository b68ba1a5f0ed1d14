"""Transfusions and anti-infectives (registered outcomes 15 and 16)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from signals.events import Record
from signals.facts.refs import ref
from signals.facts.spans import Days, certainly_outside, certainly_within
from signals.outcomes.anchored import Anchored, all_anchored
from signals.outcomes.estimates import share, typical
from signals.outcomes.found import Found, counted
from signals.outcomes.model import Answer, Counted, Measured, Outcome, Share
from signals.outcomes.person import Person, Trial
from signals.outcomes.windows import Window, all_of

_COMPONENTS = ("RBC", "PLATELET", "PLASMA", "CRYO", "WHOLE_BLOOD", "GRANULOCYTE")
_ANTI_INFECTIVES = ("J01", "J02", "J04", "J05")
_INTENTS = ("PROPHYLAXIS", "EMPIRICAL", "TARGETED")
_POPULATION = "treated, with an anchor, window closed"
_CONTINUED = "begun before the window and continued"


def transfusions(trial: Trial, people: list[Person]) -> Outcome:
    """O15: subjects with a transfusion, by component; units and days."""
    found, out = all_anchored(trial, people)
    given = [(each, _transfusions(trial, each)) for each in found]
    shares = [_share("any transfusion", given, lambda _: Answer.YES)]
    shares += [_share(each, given, _is_component(each)) for each in _COMPONENTS]
    having = [(each, records) for (each, _), records in zip(given, map(_sure, given), strict=True)]
    having = [(each, records) for each, records in having if records]
    return Outcome(
        "O15",
        "Application rate of blood transfusion",
        _POPULATION,
        f"anchor to {trial.study.haematology.recovery_days} days later",
        (
            *shares,
            typical("units per transfused subject", "units", list(_units(having))),
            typical(
                "days with a transfusion, per transfused subject",
                "d",
                [
                    Measured(each.person.subject, len({_first(record) for record in records}))
                    for each, records in having
                ],
            ),
        ),
        out,
    )


def _transfusions(trial: Trial, each: Anchored) -> list[tuple[Record, Answer]]:
    records = trial.view.of_person("transfusion", each.person.subject)
    placed = [(record, each.window.holds(_started(record))) for record in records]
    return [one for one in placed if one[1] is not Answer.NO]


def _started(record: Record) -> Days:
    when = record.data.start
    known = (record.recorded_at or record.arrival).date()
    return Days(when.first_day, when.last_day) if when is not None else Days(None, known)


def _first(record: Record) -> date | None:
    when = record.data.start
    return when.first_day if when is not None else None


def _is_component(component: str) -> Callable[[Record], Answer]:
    def tells(record: Record) -> Answer:
        given = record.data.component
        if given is None:
            return Answer.UNDETERMINED
        return Answer.YES if given == component else Answer.NO

    return tells


def _sure(given: tuple[Anchored, list[tuple[Record, Answer]]]) -> list[Record]:
    return [record for record, inside in given[1] if inside is Answer.YES]


def _units(having: Iterable[tuple[Anchored, list[Record]]]) -> Iterator[Measured]:
    """Whole units; who has a transfusion without a number of units is flagged."""
    for each, records in having:
        numbers = [record.data.units for record in records]
        known = [number.value for number in numbers if number and number.comparator == ""]
        flags = () if len(known) == len(numbers) else ("a transfusion without units: not added",)
        yield Measured(each.person.subject, int(sum(known, Decimal(0))), flags)


def _share(
    name: str,
    given: list[tuple[Anchored, list[tuple[Record, Answer]]]],
    tells: Callable[[Record], Answer],
) -> Share:
    return share(name, [_counted(each, records, tells) for each, records in given])


def _counted(
    each: Anchored, records: list[tuple[Record, Answer]], tells: Callable[[Record], Answer]
) -> Counted:
    found = (
        Found(record.record_id, _first(record), ref(record), all_of(inside, tells(record)))
        for record, inside in records
    )
    return counted(each.person.subject, found, each.flags)


# ------------------------------------------------------------------ anti-infectives


def anti_infectives(trial: Trial, people: list[Person]) -> Outcome:
    """O16: subjects with a day of a systemic anti-infective; by intent; new starts; days."""
    found, out = all_anchored(trial, people)
    given = [(each, list(_medicines(trial, each))) for each in found]
    shares = [_share("any systemic anti-infective", given, lambda _: Answer.YES)]
    shares += [_share(each.lower(), given, _has_intent(each)) for each in _INTENTS]
    begun = [
        (each, [(r, all_of(inside, each.window.holds(_started(r)))) for r, inside in records])
        for each, records in given
    ]
    shares.append(_share("newly begun in the window", begun, lambda _: Answer.YES))
    return Outcome(
        "O16",
        "Application rate of anti-infectives",
        _POPULATION,
        f"anchor to {trial.study.haematology.recovery_days} days later",
        (*shares, typical("days per treated subject", "d", list(_days(given)))),
        out,
    )


def _medicines(trial: Trial, each: Anchored) -> Iterator[tuple[Record, Answer]]:
    for record in trial.view.of_person("medication", each.person.subject):
        answer = all_of(is_systemic_anti_infective(record), _overlaps(record, each.window))
        if answer is not Answer.NO:
            yield record, answer


def is_systemic_anti_infective(record: Record) -> Answer:
    """ATC J01, J02, J04 or J05 (for systemic use, unless the record denies it).

    Without an ATC code the class tells, if it is said to act on the whole body.
    """
    data = record.data
    if data.systemic is False:
        return Answer.NO
    if data.atc is not None:
        return Answer.YES if data.atc.upper().startswith(_ANTI_INFECTIVES) else Answer.NO
    if data.class_ == "ANTI_INFECTIVE":
        return Answer.YES if data.systemic else Answer.UNDETERMINED
    return Answer.UNDETERMINED if data.class_ is None else Answer.NO


def _overlaps(record: Record, window: Window) -> Answer:
    """Whether a day of it lies in the window; without an end only its first day is sure."""
    start = _started(record)
    end = _last(record, start)
    if certainly_outside(Days(start.low, end.high), window.start, window.end):
        return Answer.NO
    if certainly_within(start, window.start, window.end):
        return Answer.YES
    begun = start.high is not None and window.end.low is not None and start.high <= window.end.low
    lasts = end.low is not None and window.start.high is not None and end.low >= window.start.high
    return Answer.YES if begun and lasts else Answer.UNDETERMINED


def _last(record: Record, start: Days) -> Days:
    end = record.data.end
    if end is not None:
        return Days(end.first_day, end.last_day)
    if record.data.ongoing:
        return Days((record.recorded_at or record.arrival).date(), None)
    return Days(start.low, None)


def _has_intent(intent: str) -> Callable[[Record], Answer]:
    def tells(record: Record) -> Answer:
        if record.data.intent is None:
            return Answer.UNDETERMINED
        return Answer.YES if record.data.intent == intent else Answer.NO

    return tells


def _days(given: list[tuple[Anchored, list[tuple[Record, Answer]]]]) -> Iterator[Measured]:
    """The days in the window on which a subject surely had one."""
    for each, records in given:
        sure = [record for record, inside in records if inside is Answer.YES]
        first, last = each.window.start.high, each.window.end.low
        if not sure or first is None or last is None:
            continue
        days: set[date] = set()
        for record in sure:
            start = _started(record)
            end = _last(record, start).low or start.low
            days |= set(_each_day(max(start.low or first, first), min(end or last, last)))
        continued = any((_started(record).low or first) < first for record in sure)
        yield Measured(each.person.subject, len(days), (_CONTINUED,) if continued else ())


def _each_day(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)
