"""Decisions of people in force on a record: adjudications and sign-offs (EVENTS, "A decision").

A decision holds for the record versions it was taken on; a later version that changes a field on
the list of significant changes (DOMAIN 4.4) reopens the question.
"""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

from signals.chart.chart import Mark
from signals.chart.view import View
from signals.events import Record
from signals.facts.significance import listed_changes

_SETTLES = "settles a question"
_COHORT, _LOT = "is on a cohort", "is on a lot"


def settles(decision: Record) -> bool:
    """An adjudication or a sign-off; most decisions are about alerts and settle nothing here."""
    return decision.data.kind in ("ADJUDICATION", "SIGN_OFF")


def is_on_cohort(decision: Record) -> bool:
    """Whether a decision is about a dose level, and names it."""
    data = decision.data
    return data.kind == "COHORT" and data.cohort is not None and data.cohort.dose_level is not None


def is_on_lot(decision: Record) -> bool:
    """Whether a decision is about a lot or a donor."""
    return decision.data.kind == "LOT" and decision.data.lot is not None


_DECISIONS = frozenset({"decision"})
MARKS = {
    _SETTLES: Mark(_DECISIONS, settles),
    _COHORT: Mark(_DECISIONS, is_on_cohort),
    _LOT: Mark(_DECISIONS, is_on_lot),
}
"""The questions the chart answers for every record, for this module's sake."""


def versions_taken_on(decision: Record, record: Record | str, versions: list[Record]) -> int:
    """The highest version of a record that the decision was taken on (0: none of them).

    Named in ``on``; absent: those that had arrived when it was decided.
    """
    record_id = record if isinstance(record, str) else record.record_id
    named: list[int] = [
        each.version
        for each in decision.data.on or ()
        if _plain(each.record_id) == record_id and each.version is not None
    ]
    if named:
        return max(named)
    decided = decided_at(decision)
    return max((each.version for each in versions if each.arrival <= decided), default=0)


def reopened_by(versions: list[Record], taken_on: int) -> Record | None:
    """The first later version that changes something significant, if any."""
    standing = [each for each in versions if each.op != "VOID"]
    for before, after in pairwise(standing):
        if after.version > taken_on and listed_changes(before.data, after.data):
            return after
    return None


def ruling(view: View, kind: str, subject: str | None, record_id: str, question: str) -> str | None:
    """The answer in force to a question on a record; the decision taken last counts."""
    decision = ruling_decision(view, kind, subject, record_id, question)
    if decision is None:
        return None
    answer: str | None = decision.data.adjudication.answer
    return answer


def ruling_decision(
    view: View, kind: str, subject: str | None, record_id: str, question: str
) -> Record | None:
    """The decision in force that answers a question on a record."""
    decisions = [
        each
        for each in _settling(view, subject)
        if each.data.kind == "ADJUDICATION" and _asks(each, kind, record_id, question)
    ]
    if not decisions:
        return None
    last = max(decisions, key=_when)
    versions = view.versions(kind, subject, record_id)
    if reopened_by(versions, versions_taken_on(last, record_id, versions)) is not None:
        return None
    return last


def ruled_on(view: View, subject: str | None, question: str) -> frozenset[str]:
    """The records of a subject on which some decision, in force or not, answers a question."""
    asked = (each.data.adjudication for each in _settling(view, subject))
    return frozenset(
        str(_plain(each.record_id))
        for each in asked
        if each is not None and each.question == question and each.record_id
    )


def cohort_decisions(view: View) -> list[Record]:
    """The decisions of the safety review committee on dose levels, in the order they were taken."""
    found = [each for each in view.marked(_COHORT, None) if is_on_cohort(each)]
    return sorted(found, key=_when)


def lot_decisions(view: View) -> list[Record]:
    """The decisions of quality on lots and donors, in the order they were taken."""
    return sorted((each for each in view.marked(_LOT, None) if is_on_lot(each)), key=_when)


def decided_at(decision: Record) -> datetime:
    """When it was taken; what was known then had arrived by then."""
    stated: datetime | None = decision.data.decided_at
    return stated or decision.arrival


def ruling_on_two(view: View, question: str, records: list[Record]) -> str | None:
    """The answer in force, for both, to a question about two records."""
    named = {each.record_id for each in records}
    decisions = [
        each
        for each in view.marked(_SETTLES, records[0].subject_id)
        if each.data.kind == "ADJUDICATION"
        and each.data.adjudication is not None
        and each.data.adjudication.question == question
        and {
            _plain(each.data.adjudication.record_id),
            _plain(each.data.adjudication.other_record_id),
        }
        == named
    ]
    if not decisions:
        return None
    last = max(decisions, key=_when)
    for each in records:
        versions = view.versions(each.kind, each.subject_id, each.record_id)
        if reopened_by(versions, versions_taken_on(last, each.record_id, versions)) is not None:
            return None
    answer: str | None = last.data.adjudication.answer
    return answer


def sign_offs(
    view: View, subject: str | None, what: str, *, of: str | None = None
) -> Record | None:
    """The latest SIGN_OFF of one sort, whatever its answer; ``of``: that names this duty or record."""
    named = [
        each
        for each in _settling(view, subject)
        if each.data.kind == "SIGN_OFF"
        and each.data.sign_off is not None
        and each.data.sign_off.what == what
        and (
            of is None
            or of in (each.data.sign_off.obligation_id, _plain(each.data.sign_off.record_id))
        )
    ]
    return max(named, key=_when, default=None)


def _settling(view: View, subject: str | None) -> list[Record]:
    """The decisions in force under one subject's number, those about alerts left out."""
    return [each for each in view.marked(_SETTLES, subject) if each.subject_id == subject]


def _asks(decision: Record, kind: str, record_id: str, question: str) -> bool:
    asked = decision.data.adjudication
    if asked is None or asked.question != question:
        return False
    return asked.record_id in (record_id, f"{kind}/{record_id}")


def _when(decision: Record) -> tuple[datetime, datetime, str]:
    return decided_at(decision), decision.arrival, decision.record_id


def _plain(record_id: str | None) -> str | None:
    """A record is also written ``kind/record_id``."""
    return record_id.rpartition("/")[2] if record_id else None
