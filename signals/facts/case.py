"""The fact ``case``: what one reported case is, and how its reports stand (DOMAIN 4).

Rules judge a case by one field a duty (``initial_7`` and so on) and repeat no clinical condition:
whether a report is owed is decided here, once, with its history.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from signals.events import Record
from signals.facts.adverse_event import AdverseEventKind, term_of
from signals.facts.bearing import bears, is_plain
from signals.facts.case_fields import FIELDS
from signals.facts.cases import case_of, joined
from signals.facts.causality import Opinion, investigators, sponsors
from signals.facts.deaths import (
    DEATH_NOS,
    ever_dead_by_status,
    is_ever_cause,
    linked_events,
    untold_death,
    with_death,
)
from signals.facts.duties import Obligation, assumptions, obligations_of
from signals.facts.kind import Change, Context, Fact, FactChange, Field, Key, RecordChange
from signals.facts.ledger import CaseHistory, Status, is_answered
from signals.facts.susar import Assessment
from signals.facts.told import versions_of
from signals.facts.upgrades import upgrade
from signals.facts.value import Ref, Value, exactly, flag, word
from signals.study.model import Study

_URGENT_FIRST = (Status.OPEN, Status.END_PROPOSED, Status.MET, Status.SIGNED_OFF)
_DUTIES = ("initial_7", "initial_15", "completion", "follow_up")
_OF_THE_PERSON = {"infusion", "enrolment", "subject-status", "case", "decision"}


class CaseKind:
    """One fact per case that ever was serious, or on whose causality the parties disagree."""

    name = "case"
    about = ("subject", "case")
    reads: tuple[str, ...] = (AdverseEventKind.name,)
    hears: frozenset[str] = frozenset(
        {
            "adverse-event",
            "reference-safety-information",
            "report-submission",
            *_OF_THE_PERSON,
        }
    )
    fields: Mapping[str, Field] = FIELDS

    def keys(self, ctx: Context) -> Iterator[Key]:
        """The cases of all adverse events, and those of untold deaths."""
        for subject in ctx.chart.subjects("adverse-event"):
            for record_id in ctx.chart.record_ids("adverse-event", subject):
                yield (subject, case_of(ctx.chart, subject, record_id))
        for subject in ctx.chart.subjects("subject-status"):
            yield (subject, DEATH_NOS)

    def touched_by(self, change: Change, ctx: Context) -> Iterable[Key]:
        """The case of an adverse event, before and after; all of a person; all, by new RSI."""
        if isinstance(change, FactChange):
            if change.kind == AdverseEventKind.name:
                yield from _cases(change)
            return
        if change.kind == "adverse-event":
            yield from _of_event(change, ctx)
        elif change.kind == "report-submission":
            # What nothing is owed for, no report changes.
            for key in _of_person(change, ctx):
                if ctx.facts.get(self.name, key) is not None:
                    yield key
        elif change.kind in _OF_THE_PERSON:
            if bears(change.versions):
                yield from _of_person(change, ctx)
        elif change.kind == "reference-safety-information":
            yield from self.keys(ctx)

    def derive(self, key: Key, ctx: Context) -> Fact | None:
        """The fact, or None for a case that nothing is owed or asked for, or part of another."""
        subject, case = key[0], str(key[1])
        if _is_elsewhere(ctx, subject, case):
            return None
        history = CaseHistory(ctx.study, ctx.chart, subject, case)
        if _is_plain(history) or not history.moments:
            return None
        told = [assessments for assessments, _ in history.moments[-1].told]
        everything = [each for assessments in told for each in assessments]
        if not everything:
            return None
        if not _ever_serious(history) and _side(_standing(history), ctx.study) != "disagree":
            return None
        return _fact(key, told, everything, history)

    def moved_to(self, key: Key, ctx: Context) -> Key | None:
        """The case that this one was joined to, or its place under the right subject."""
        subject, case = key[0], str(key[1])
        if case == DEATH_NOS:
            return _told_at_once(ctx, subject)
        moved = ctx.chart.moved_to("adverse-event", subject, case)
        if moved is not None:
            return (moved[1], case_of(ctx.chart, moved[1], moved[2]))
        now = case_of(ctx.chart, subject, case)
        return (subject, now) if now != case else None


def _is_elsewhere(ctx: Context, subject: str | None, case: str) -> bool:
    """Joined to another case, or void here and taken over under another subject."""
    moved = ctx.chart.moved_to("adverse-event", subject, case)
    if moved is not None and ctx.view.current("adverse-event", subject, case) is None:
        return True
    return case != DEATH_NOS and case_of(ctx.chart, subject, case) != case


def _is_plain(history: CaseHistory) -> bool:
    """Never serious nor disputed by any version, and no death's cause: so it is at every moment."""
    chart, subject = history.chart, history.subject
    if any(
        not is_plain(version, history.study)
        for member in history.members
        for version in versions_of(chart.view, subject, member)
    ):
        return False
    if DEATH_NOS in history.members:
        return not any(ever_dead_by_status(chart, number) for number in chart.person(subject))
    return not any(is_ever_cause(chart, subject, member) for member in history.members)


def _told_at_once(ctx: Context, subject: str | None) -> Key | None:
    """The case of the event that tells a death, if it arrived together with the death."""
    events = linked_events(ctx.view, subject)
    if not events or untold_death(ctx.chart, subject) is not None:
        return None
    return (events[0].subject_id, case_of(ctx.chart, events[0].subject_id, events[0].record_id))


def _cases(change: FactChange) -> Iterator[Key]:
    for fact in (change.old, change.new):
        if fact is not None and fact.case is not None:
            yield fact.case


def _of_event(change: RecordChange, ctx: Context) -> Iterator[Key]:
    """Its case, that of the record that took its place, and that of a death it may tell."""
    own = ("adverse-event", change.subject_id, change.record_id)
    for _, subject, record_id in (own, change.moved or own):
        yield (subject, record_id)
        yield (subject, case_of(ctx.chart, subject, record_id))
    for number in change.person:
        if ever_dead_by_status(ctx.chart, number):
            yield (number, DEATH_NOS)


def _of_person(change: RecordChange, ctx: Context) -> Iterator[Key]:
    for number in change.person:
        yield (number, DEATH_NOS)
        for record_id in ctx.chart.record_ids("adverse-event", number):
            yield (number, record_id)
        for case in joined(ctx.view, number):
            yield (number, case)
        # A void case record, too, once named the cases that its events now leave.
        for record_id in ctx.chart.record_ids("case", number):
            for version in ctx.view.versions("case", number, record_id):
                for name in version.data.adverse_events or ():
                    yield (number, name)


def _ever_serious(history: CaseHistory) -> bool:
    return any(
        each.serious.serious
        for moment in history.moments
        for assessments, _ in moment.told
        for each in assessments
    )


def _fact(
    key: Key, told: list[list[Assessment]], everything: list[Assessment], history: CaseHistory
) -> Fact:
    current = [assessments[-1] for assessments in told if assessments]
    gravest = min(current, key=_gravity)
    obligations = obligations_of(history)
    records = tuple(dict.fromkeys(ref for each in current for ref in each.records))
    values: dict[str, Value] = {
        "term": term_of(current[0].told.record).resting_on(*current[0].records),
        **_of_assessment(gravest, records),
        **_of_duties(obligations),
        **_of_opinions(_standing(history), key, history.study, records),
        "upgrade": upgrade(_versions(history), history.study).resting_on(*records),
        "since_first_receipt": exactly(min(each.told.at for each in everything)).resting_on(
            *records
        ),
    }
    return Fact(
        kind=CaseKind.name,
        key=key,
        values=values,
        subject_id=key[0],
        site_id=_site(current),
        case=key,
        clinical_at=_clinical_at(obligations, everything),
        decided=_decided(obligations, history),
        detail=obligations,
    )


def _versions(history: CaseHistory) -> list[list[Record]]:
    view, subject = history.chart.view, history.subject
    events = [
        with_death(view, subject, member, versions_of(view, subject, member))
        for member in history.members
    ]
    standing = [versions for versions in events if versions and versions[-1].op != "VOID"]
    return [[each for each in versions if each.op != "VOID"] for versions in standing]


def _of_opinions(
    standing: list[Assessment], key: Key, study: Study, records: tuple[Ref, ...]
) -> dict[str, Value]:
    missing = sorted(
        {
            name
            for each in standing
            for name in each.missing_criteria
            if name != "suspect product" or key[0] is None
        }
    )
    values: dict[str, Value] = {
        "causality_sides": word(_side(standing, study)),
        "minimum_criteria": word("incomplete" if missing else "complete"),
        "minimum_missing": word(", ".join(missing) or "none"),
    }
    return {name: value.resting_on(*records) for name, value in values.items()}


def _standing(history: CaseHistory) -> list[Assessment]:
    """The adverse events as now told, without those that were entered in error."""
    last = history.moments[-1].told
    return [assessments[-1] for assessments, is_void in last if assessments and not is_void]


def _side(standing: list[Assessment], study: Study) -> str:
    product = study.suspect_product
    sides = {
        _sides(investigators(each.told.data, product), sponsors(each.told.data, product))
        for each in standing
    }
    found = (each for each in ("disagree", "one missing", "agree") if each in sides)
    return next(found, "one missing")


def _sides(investigator: Opinion, sponsor: Opinion) -> str:
    if "missing" in (investigator, sponsor):
        return "one missing"
    return "agree" if investigator == sponsor else "disagree"


def _decided(obligations: tuple[Obligation, ...], history: CaseHistory) -> frozenset[str]:
    """A signature, or its refusal, in force on everything that waited for one (SAE-09)."""
    if any(each.end_proposed for each in obligations):
        return frozenset()
    signed = any(each.status is Status.SIGNED_OFF for each in obligations)
    return (
        frozenset({"SIGN_OFF"})
        if signed or is_answered(history, (each.obligation_id for each in obligations))
        else frozenset()
    )


def _site(current: list[Assessment]) -> str | None:
    return next((each.told.record.site_id for each in current if each.told.record.site_id), None)


def _clinical_at(obligations: tuple[Obligation, ...], told: list[Assessment]) -> datetime:
    """A case comes to pass when the sponsor hears what makes it one."""
    since_ = [each.rests_on.told.at for each in obligations]
    return max(since_, default=max(each.told.at for each in told))


def _gravity(assessment: Assessment) -> tuple[bool, bool]:
    return not assessment.reportable, not assessment.grave


def _of_assessment(gravest: Assessment, records: tuple[Ref, ...]) -> dict[str, Value]:
    notes = assumptions(gravest)
    product = "suspect product" not in gravest.missing_criteria
    values: dict[str, Value] = {
        "serious": flag(gravest.serious.serious).assuming(
            *filter(None, (gravest.serious.assumed,))
        ),
        "fatal_or_life_threatening": flag(gravest.serious.serious and gravest.grave),
        "causality_expedited": word(gravest.causality),
        "expectedness": word(gravest.expected.word),
        "suspect_product": flag(product),
        "reportable_because": word(_in_words(gravest)).assuming(*notes),
    }
    return {name: value.resting_on(*records) for name, value in values.items()}


def _in_words(assessment: Assessment) -> str:
    grave = assessment.gravity if assessment.grave else assessment.serious.why
    return f"{grave}; {assessment.causality}; {assessment.expected.word}"


def _of_duties(obligations: tuple[Obligation, ...]) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for duty in _DUTIES:
        name = duty.replace("_", "-")
        own = [each for each in obligations if each.duty.startswith(name)]
        states = {each.status for each in own}
        found = next((state for state in _URGENT_FIRST if state in states), None)
        refs = [ref for each in own for ref in each.records]
        notes = tuple(dict.fromkeys(note for each in own if each.is_open for note in each.assumed))
        values[duty] = word(found.value if found else "none").resting_on(*refs).assuming(*notes)
    submitted = any(each.status is Status.MET and each.end_proposed for each in obligations)
    refs = [ref for each in obligations for ref in each.records]
    values["submitted_end_proposed"] = flag(submitted).resting_on(*refs)
    fatal = any(each.reports_fatal and each.status is Status.OPEN for each in obligations)
    values["follow_up_fatal"] = flag(fatal)
    return values
