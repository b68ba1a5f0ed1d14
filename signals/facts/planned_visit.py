"""The fact ``planned visit``: whether what was planned has been recorded (DQ-03; SDTM TV, SV).

What is expected must be dated inside the window of the visit; a test said to be not done counts.
Beside the planned visits every treated subject has one of the name ``DLT-OBSERVATION``: somebody
must see the subject on the last day of observation for dose-limiting toxicity or later, by 24:00 of
the third day after it (DOMAIN 3.3).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from signals.chart.timeline import LONGEST_VISIT
from signals.events import PartialDate, Record
from signals.facts.dlt_status import Course, DltStatusKind
from signals.facts.evaluability import PENDING
from signals.facts.exposure import exposure
from signals.facts.fields import since, text, words, yes_no
from signals.facts.kind import Change, Context, Fact, FactChange, Field, Key, RecordChange
from signals.facts.refs import ref
from signals.facts.spans import Instants
from signals.facts.value import (
    ANY_ORDERED,
    ANY_WORD,
    NO,
    YES,
    YES_OR_NO,
    Coded,
    Ordered,
    Value,
    flag,
    word,
)
from signals.facts.visit_items import (
    CONTACT,
    Order,
    Visit,
    found_of,
    is_gone,
    left_before,
    may_answer,
    occurred,
    order_of,
)

DLT_OBSERVATION = "DLT-OBSERVATION"
_NAME, _KIND = "planned visit", "planned-visit"
_DATED = {"lab-result", "vital-signs", "microbiology", "disease-status"}
_OF_THE_PERSON = {"infusion", "enrolment", "subject-status"}
_GRACE, _GRACE_INFUSION = timedelta(hours=24), timedelta(hours=2)
_DAYS_AFTER_OBSERVATION = 3


class PlannedVisitKind:
    """One fact per planned visit, and one per subject waiting to be observed."""

    name = _NAME
    about = ("subject", "planned visit")
    reads: tuple[str, ...] = (DltStatusKind.name,)
    hears: frozenset[str] = frozenset({_KIND, *_OF_THE_PERSON, *_DATED})
    fields: Mapping[str, Field] = {
        field.name: field
        for field in (
            text("item", "Name of the visit", "SDTM VISIT"),
            words("status", ("planned", "not done"), "Whether it is given up", "SDTM SV"),
            yes_no("observed", "All that is expected is recorded, dated inside", "RULES.csv DQ-03"),
            text("missing", "What is expected and not recorded", "SDTM TV"),
            yes_no("left", "The subject had died or left before the end of the window", "SDTM DS"),
            since(
                "since_grace_end",
                "Time since the end of the window and 24 hours, for vital signs of an infusion "
                "2 hours",
                "RULES.csv DQ-03; DOMAIN 5.3",
            ),
        )
    }

    def keys(self, ctx: Context) -> Iterator[Key]:
        """Every planned visit on file, and the observation of everybody treated."""
        for subject in ctx.chart.subjects(_KIND):
            yield from _visits(subject, ctx)
        for subject in ctx.chart.subjects("infusion"):
            yield (subject, DLT_OBSERVATION)

    def touched_by(self, change: Change, ctx: Context) -> Iterable[Key]:
        """Its record; visits in whose window something was recorded; all, by who is gone."""
        if isinstance(change, FactChange):
            return ((change.key[0], DLT_OBSERVATION),)
        if change.kind == _KIND:
            return ((change.subject_id, change.record_id),)
        if change.kind in _DATED:
            return _in_whose_window(change, ctx)
        return _by_record_of_the_person(change, ctx)

    def derive(self, key: Key, ctx: Context) -> Fact | None:
        """The fact, or None for a void visit, or where nothing is waited for."""
        if key[1] == DLT_OBSERVATION:
            return _observation(key, ctx)
        record = ctx.view.current(_KIND, key[0], str(key[1]))
        return None if record is None else _visit(key, record, ctx)

    def moved_to(self, key: Key, ctx: Context) -> Key | None:
        """Under the right subject, if it was entered under a wrong one."""
        moved = ctx.chart.moved_to(_KIND, key[0], str(key[1]))
        return moved[1:] if moved is not None else None


def _visits(subject: str | None, ctx: Context) -> Iterator[Key]:
    for record_id in ctx.chart.record_ids(_KIND, subject):
        yield (subject, record_id)


def _by_record_of_the_person(change: RecordChange, ctx: Context) -> Iterator[Key]:
    if change.kind in ("infusion", "enrolment"):
        yield from ((number, DLT_OBSERVATION) for number in change.numbers(ctx.chart))
    if change.kind == "enrolment" or any(map(_is_end, change.versions)):
        for number in change.person:
            yield from _visits(number, ctx)
    else:
        yield from _in_whose_window(change, ctx)


def _is_end(version: Record) -> bool:
    return version.kind == "subject-status" and is_gone(version)


def _in_whose_window(change: RecordChange, ctx: Context) -> list[Key]:
    """The visits that a record may answer, now or by a version that no longer holds."""
    facts, versions, found = ctx.facts.of_kind(_NAME), change.versions, list[Key]()
    for each in versions:
        when = occurred(each)
        if each.op == "VOID" or (when is None and each.kind in _OF_THE_PERSON):
            # A status or an infusion without a date is in no window, a result may be in any.
            continue
        only = each if len(versions) == 1 else None
        for number in change.person:
            for record_id in _near(when, number, ctx):
                fact = facts.get((number, record_id))
                waiting = fact.detail if fact is not None else None
                if isinstance(waiting, _Waiting) and waiting.holds(when, only):
                    found.append((number, record_id))
    return found


@dataclass(frozen=True, slots=True)
class _Waiting:
    """The window of a visit, and of each item expected what came first, if it surely did."""

    start: datetime | None
    end: datetime | None
    found: Mapping[str, Order | None]

    def holds(self, when: PartialDate | None, only: Record | None) -> bool:
        """Whether what happened then may lie in it and matter.

        ``only``: the record if it has one version, which matters where what it answers was not
        there yet, or only by a later one.
        """
        if when is None:
            return True
        if self.start is not None and when.latest < self.start:
            return False
        if self.end is not None and when.earliest > self.end:
            return False
        if only is None:
            return True
        order = order_of(only, when)
        for item, first in self.found.items():
            if (first is None or order < first) and may_answer(only, item):
                return True
        return False


def _near(when: PartialDate | None, subject: str | None, ctx: Context) -> Sequence[str]:
    """The visits whose window may hold an instant, and some beside them."""
    if when is None:
        return ctx.chart.record_ids(_KIND, subject)
    return ctx.chart.within(_KIND, subject, when.earliest - LONGEST_VISIT, when.latest)


def _visit(key: Key, record: Record, ctx: Context) -> Fact:
    data, own = record.data, ref(record)
    start, end = _window(record)
    visit = Visit(key[0], start, end, tuple(dict.fromkeys(data.expects or (CONTACT,))))
    found = found_of(visit, ctx.view)
    missing = [item for item, each in found.items() if each.answer != YES]
    records = [ref(record) for each in found.values() for record in each.records]
    quick = data.infusion_ref is not None and "VITAL_SIGNS" in missing
    left, gone = left_before(key[0], end, ctx.view)
    values: dict[str, Value] = {
        "item": word(data.item) if data.item else word(record.record_id),
        "status": word("not done" if data.status == "NOT_DONE" else "planned"),
        "observed": _all([each.answer for each in found.values()]).resting_on(own, *records),
        "missing": word(", ".join(_plain(item) for item in missing)) if missing else ANY_WORD,
        "left": left.resting_on(own, *(ref(each) for each in gone)),
        "since_grace_end": _after(record, _GRACE_INFUSION if quick else _GRACE, ctx),
    }
    return Fact(
        kind=PlannedVisitKind.name,
        key=key,
        values={
            name: each if each.records else each.resting_on(own) for name, each in values.items()
        },
        subject_id=key[0],
        site_id=record.site_id,
        clinical_at=end.high,
        detail=_Waiting(start.low, end.high, {item: each.order for item, each in found.items()}),
    )


def _all(answers: list[Coded]) -> Coded:
    if NO in answers:
        return NO
    return YES if all(each == YES for each in answers) else YES_OR_NO


def _plain(item: str) -> str:
    return item if item == "CBC" else item.replace("_", " ").lower()


def _window(record: Record) -> tuple[Instants, Instants]:
    first, last = record.data.from_, record.data.to
    start = Instants(first.earliest, first.earliest) if first is not None else Instants(None, None)
    end = Instants(last.latest, last.latest) if last is not None else Instants(None, None)
    return start, end


def _after(record: Record, grace: timedelta, ctx: Context) -> Ordered:
    """The end and the grace; a date alone ends at 24:00, a month on one of its days."""
    last = record.data.to
    if last is None:
        return ANY_ORDERED
    if last.is_instant:
        return Ordered(low=last.latest + grace, high=last.latest + grace)
    first_end, last_end = _midnight_after(last.first_day, ctx), _midnight_after(last.last_day, ctx)
    if last.precision == "day":
        first_end = last_end
    return Ordered(low=first_end + grace, high=last_end + grace)


def _midnight_after(day: date, ctx: Context) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, ctx.study.zone)


def _observation(key: Key, ctx: Context) -> Fact | None:
    """Waited for while the subject counts as pending under the profile that decides."""
    fact = ctx.facts.get(DltStatusKind.name, (key[0],))
    if fact is None or not isinstance(fact.detail, Course):
        return None
    course, exposed = fact.detail, exposure(ctx.view, key[0])
    needed, seen = course.now.needed, course.now.observed
    if needed is None or course.status(ctx.study.dlt.decision_profile) != PENDING:
        return None
    if exposed.still_planned and exposed.planned is not None:
        needed = max(needed, exposed.planned + timedelta(days=ctx.study.dlt.days_after_last))
    over = _midnight_after(needed + timedelta(days=_DAYS_AFTER_OBSERVATION), ctx)
    values: dict[str, Value] = {
        "item": word("observation for dose-limiting toxicity"),
        "status": word("planned"),
        "observed": flag(seen is not None),
        "missing": word(_plain(CONTACT)),
        "left": NO,
        "since_grace_end": Ordered(low=over, high=over),
    }
    return Fact(
        kind=PlannedVisitKind.name,
        key=key,
        values={name: value.resting_on(*exposed.records) for name, value in values.items()},
        subject_id=key[0],
        site_id=fact.site_id,
        clinical_at=_midnight_after(needed, ctx),
    )
