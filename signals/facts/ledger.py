"""The initial reports that a case owes, as history made them (DOMAIN 4.4; RULE_FORMAT, obligations).

What was once owed by what was known at some instant stays owed until a person ends it, an
acknowledged report meets it, or a party's first answer to what was assumed settles it.  So the
case is looked at again as of every arrival that can matter, and the answers are folded in order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from signals.chart.chart import Chart
from signals.chart.view import View
from signals.events import Record
from signals.facts import runs
from signals.facts.bearing import bears
from signals.facts.cases import members_of
from signals.facts.deaths import (
    DEATH_NOS,
    synthetic_event,
    told_by_status,
    untold_death,
    with_death,
)
from signals.facts.decisions import reopened_by, sign_offs, versions_taken_on
from signals.facts.receipts import receipt
from signals.facts.refs import ref
from signals.facts.runs import Run, RunState
from signals.facts.susar import Assessment, Assessor
from signals.facts.told import chain, versions_of
from signals.facts.value import Ref
from signals.study.model import Jurisdiction, Study

_PERSON_KINDS = ("infusion", "enrolment", "decision", "case", "subject-status")
_RSI = "reference-safety-information"
_ASSESSED_BY = ("adverse-event", "infusion", "enrolment", "decision", "subject-status", _RSI)


class Status(StrEnum):
    """What has become of an obligation."""

    OPEN = "open"
    MET = "met"
    END_PROPOSED = "end proposed"
    SIGNED_OFF = "signed off"
    ANSWERED = "answered"


_STANDING = (Status.OPEN, Status.END_PROPOSED)


@dataclass(frozen=True, slots=True)
class Owed:
    """One initial report owed: since which receipt, why, and what became of it.

    ``known_since`` is the arrival by which it was first known; ``settled_at`` the instant of the
    answer or signature that ended it.
    """

    status: Status
    since: datetime
    rests_on: Assessment
    known_since: datetime
    settled_at: datetime | None = None
    records: tuple[Ref, ...] = ()


@dataclass(frozen=True, slots=True)
class Moment:
    """What was told of each adverse event of the case, and whether it was void, as then known."""

    instant: datetime
    view: View
    told: tuple[tuple[list[Assessment], bool], ...]


@dataclass(frozen=True)
class CaseHistory:
    """A case and everything in the chart that bears on what it owes."""

    study: Study
    chart: Chart
    subject: str | None
    case: str

    @cached_property
    def members(self) -> tuple[str, ...]:
        """The adverse events of the case as now known."""
        return members_of(self.chart, self.subject, self.case)

    @cached_property
    def moments(self) -> tuple[Moment, ...]:
        """The case as of every arrival that can change what it owes."""
        return tuple(self._moment(instant) for instant in self.instants())

    def _moment(self, instant: datetime) -> Moment:
        view = self.chart.as_of(instant)
        told = tuple(self.assessments(view, member) for member in self.members)
        return Moment(instant, view, told)

    def instants(self) -> list[datetime]:
        """The arrivals that can change the answer, from the first of an adverse event on."""
        own = [each.arrival for member in self.members for each in self._versions(member)]
        if not own:
            return []
        first = min(own)
        return sorted({each for each in self._other_arrivals() if each > first} | set(own))

    def _versions(self, member: str) -> list[Record]:
        if member == DEATH_NOS:
            death = untold_death(self.chart, self.subject)
            if death is None:
                return []
            return self.chart.view.versions("subject-status", death.subject, death.status_id)
        return versions_of(self.chart.view, self.subject, member)

    def _other_arrivals(self) -> Iterator[datetime]:
        numbers = self.chart.person(self.subject)
        names = (*_PERSON_KINDS, "adverse-event") if self.case == DEATH_NOS else _PERSON_KINDS
        kinds = [(kind, number) for kind in names for number in numbers]
        for kind, number in [*kinds, (_RSI, None)]:
            for record_id in self.chart.record_ids(kind, number):
                versions = self.chart.view.versions(kind, number, record_id)
                if bears(versions):
                    yield from (each.arrival for each in versions)

    def assessments(self, view: View, member: str) -> tuple[list[Assessment], bool]:
        """What each version told, and whether the adverse event is void, in one view."""
        death = untold_death(self.chart, self.subject) if member == DEATH_NOS else None
        return view.kept(
            ("told", self.study, self.subject, member, death),
            self.subject,
            _ASSESSED_BY,
            lambda: self._assessments(view, member),
        )

    def _assessments(self, view: View, member: str) -> tuple[list[Assessment], bool]:
        assessor = Assessor.of(self.study, view, self.subject, member)
        if member == DEATH_NOS:
            return self._of_death(view, assessor)
        known = versions_of(view, self.subject, member)
        told = chain(with_death(view, self.subject, member, known))
        is_void = bool(known) and known[-1].op == "VOID"
        return [assessor.assess(each, known) for each in told], is_void

    def _of_death(self, view: View, assessor: Assessor) -> tuple[list[Assessment], bool]:
        death = untold_death(self.chart, self.subject)
        if death is None:
            return [], False
        told = told_by_status(view, death)
        is_void = synthetic_event(view, death) is None
        return [assessor.assess(each, [each.record for each in told]) for each in told], is_void


def initial_7(history: CaseHistory, jurisdiction: Jurisdiction) -> Owed | None:
    """The 7-day report: fatal or life-threatening, recorded or assumed."""
    may_answer = history.case != DEATH_NOS

    def of(assessments: list[Assessment]) -> Run:
        return runs.fatal_or_life_threatening(assessments, may_answer=may_answer)

    return _fold(history, jurisdiction, "initial-7", of)


def initial_15(history: CaseHistory, jurisdiction: Jurisdiction) -> Owed | None:
    """The 15-day report: neither, at its day 0; or the written report beside the 7-day one."""
    may_answer = history.case != DEATH_NOS

    def of(assessments: list[Assessment]) -> Run:
        return runs.other(
            assessments, written_report=jurisdiction.written_report, may_answer=may_answer
        )

    return _fold(history, jurisdiction, "initial-15", of)


def _fold(
    history: CaseHistory,
    jurisdiction: Jurisdiction,
    duty: str,
    of: Callable[[list[Assessment]], Run],
) -> Owed | None:
    obligation_id = f"{history.subject or '-'}/{history.case}/{jurisdiction.code}/{duty}"
    owed: Owed | None = None
    for moment in history.moments:
        found = []
        for assessments, is_void in moment.told:
            run = of([each.before(jurisdiction) for each in assessments])
            found.append(runs.voided(run) if is_void else run)
        signature = _signature(history, moment.view, obligation_id)
        owed = _next(owed, runs.together(found), signature, moment.instant)
    return owed


@dataclass(frozen=True, slots=True)
class _Signature:
    """A sign-off on the obligation, or on the downgrade of its adverse event.

    ``reopened`` is the receipt of the later version that reopened the question, if any.
    """

    decision: Record
    ends: bool
    downgrade: bool
    reopened: datetime | None


def is_answered(history: CaseHistory, obligation_ids: Iterable[str]) -> bool:
    """Whether a person signed, in force, that any of these obligations may end, or may not."""
    signatures = (_signature(history, history.chart.view, each) for each in obligation_ids)
    return any(each is not None and each.reopened is None for each in signatures)


def _signature(history: CaseHistory, view: View, obligation_id: str) -> _Signature | None:
    subject = history.subject
    named = sign_offs(view, subject, "NOT_REPORTABLE", of=obligation_id)
    if named is not None:
        return _read(history, view, named, downgrade=False)
    for member in history.members:
        decision = sign_offs(view, subject, "SERIOUSNESS_DOWNGRADE", of=member)
        if decision is not None:
            return _read(history, view, decision, downgrade=True)
    return None


def _read(history: CaseHistory, view: View, decision: Record, *, downgrade: bool) -> _Signature:
    reopened = []
    for member in history.members:
        versions = versions_of(view, history.subject, member)
        taken_on = versions_taken_on(decision, member, versions)
        later = reopened_by(versions, taken_on) if taken_on else _first(versions)
        if later is not None:
            reopened.append(receipt(later).at)
    return _Signature(
        decision, decision.data.sign_off.answer == "Y", downgrade, min(reopened, default=None)
    )


def _first(versions: list[Record]) -> Record | None:
    """An adverse event that joined the case after the decision is new to it as a whole."""
    return next((each for each in versions if each.op != "VOID"), None)


def _next(
    owed: Owed | None, run: Run, signature: _Signature | None, instant: datetime
) -> Owed | None:
    if run.state is RunState.NEVER and owed is None:
        return None
    owed = _begun(owed, run, instant)
    if signature is not None and signature.reopened is None:
        ended = signature.ends and not (signature.downgrade and run.state is RunState.NEEDED)
        if ended:
            at = signature.decision.data.decided_at or signature.decision.arrival
            signed = (*owed.records, ref(signature.decision))
            return replace(owed, status=Status.SIGNED_OFF, settled_at=at, records=signed)
        if not signature.ends and run.state is not RunState.ANSWERED:
            return replace(owed, status=Status.OPEN, settled_at=None)
    if run.state is RunState.ANSWERED:
        return replace(owed, status=Status.ANSWERED, settled_at=run.answered_at)
    since = owed.since
    if signature is not None and signature.reopened is not None and signature.ends:
        since = signature.reopened
    if run.state is RunState.NEEDED:
        return replace(owed, status=Status.OPEN, since=since, settled_at=None)
    if owed.status in _STANDING:
        return replace(owed, status=Status.END_PROPOSED, since=since, settled_at=None)
    return owed


def _begun(owed: Owed | None, run: Run, instant: datetime) -> Owed:
    if run.rests_on is None or run.since is None:
        if owed is None:
            raise AssertionError("a run that was ever needed rests on an assessment")
        return owed
    if owed is None:
        return Owed(Status.OPEN, run.since, run.rests_on, instant, records=run.rests_on.records)
    # What stands is never put off, say by safety information that arrives late.
    since = min(owed.since, run.since) if owed.status in _STANDING else run.since
    return replace(owed, since=since, rests_on=run.rests_on, records=run.rests_on.records)
