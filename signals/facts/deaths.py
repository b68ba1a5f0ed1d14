"""Deaths: which records imply one, and the synthetic event that stands in for a missing one.

A death known from any record without an adverse event that tells it makes the adverse event and
case ``DEATH-NOS``, grade 5, causality missing, onset on the death date (DOMAIN 4.1).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from signals.chart.chart import Chart, Mark
from signals.chart.view import View
from signals.events import Record
from signals.events.kinds.adverse_event import AdverseEvent, Criteria
from signals.facts.receipts import receipt
from signals.facts.refs import ref
from signals.facts.seriousness import is_fatal
from signals.facts.told import Told

DEATH_NOS = "DEATH-NOS"
DEATH_TERM = "Death NOS"
_MARK = "implies death"


def implies_death(record: Record) -> bool:
    """Grade 5, outcome FATAL or the criterion death; status DEAD or a death date."""
    if record.op == "VOID":
        return False
    if record.kind == "adverse-event":
        return is_fatal(record.data)
    return record.data.status == "DEAD" or record.data.death_date is not None


MARKS = {_MARK: Mark(frozenset({"adverse-event", "subject-status"}), implies_death)}
"""The questions the chart answers for every record, for this module's sake."""


def telling(view: View, subject: str | None) -> list[Record]:
    """The current records of the person that imply death, in order."""
    found = [each for each in view.marked(_MARK, subject) if implies_death(each)]
    return sorted(found, key=lambda each: (each.kind, each.subject_id or "", each.record_id))


def statuses(view: View, subject: str | None) -> list[Record]:
    """Those of them that are no adverse events."""
    return [each for each in telling(view, subject) if each.kind == "subject-status"]


def linked_events(view: View, subject: str | None) -> list[Record]:
    """The adverse events that tell the death: fatal, or named as its cause."""
    fatal = [each for each in telling(view, subject) if each.kind == "adverse-event"]
    named = {
        (str(each.subject_id), each.data.death_cause.record_id)
        for each in statuses(view, subject)
        if each.data.death_cause is not None and each.data.death_cause.record_id is not None
    }
    causes = [
        event
        for number, name in sorted(named)
        if (event := view.current("adverse-event", number, name)) is not None
    ]
    return list({each.key: each for each in fatal + causes}.values())


def with_death(
    view: View, subject: str | None, record_id: str, versions: list[Record]
) -> list[Record]:
    """The versions of an adverse event; fatal from the first record on that names it as the cause.

    What the death tells of the event stands among them as a version of its own, received when the
    death was, with the kind and id of the death's record.
    """
    death = _named_by(view, subject, record_id)
    if death is None or view.current("adverse-event", subject, record_id) is None:
        return versions
    told = [each if each.arrival <= death.arrival else _fatal(each) for each in versions]
    before = [each for each in versions if each.arrival <= death.arrival and each.op != "VOID"]
    if before:
        held = death.data.received_by_sponsor_at
        data = before[-1].data.model_copy(
            update={"outcome": "FATAL", "received_by_sponsor_at": held}
        )
        told.insert(versions.index(before[-1]) + 1, replace(death, data=data))
    return told


def _fatal(version: Record) -> Record:
    if version.op == "VOID":
        return version
    return replace(version, data=version.data.model_copy(update={"outcome": "FATAL"}))


def _named_by(view: View, subject: str | None, record_id: str) -> Record | None:
    """The first version of a death that stands to name the event as its cause."""
    naming = [
        version
        for status in statuses(view, subject)
        if status.subject_id == subject and _names(status, record_id)
        for version in view.versions(status.kind, status.subject_id, status.record_id)
        if implies_death(version) and _names(version, record_id)
    ]
    return min(naming, key=lambda each: (each.arrival, each.version), default=None)


def _names(status: Record, record_id: str) -> bool:
    cause = status.data.death_cause
    return cause is not None and cause.record_id == record_id


def is_ever_cause(chart: Chart, subject: str | None, record_id: str) -> bool:
    """Whether some version of a death of the subject names the adverse event as its cause."""
    return any(
        _names(version, record_id)
        for status_id in ever_dead_by_status(chart, subject)
        for version in chart.ever("subject-status", subject, status_id)
    )


def ever_linked(chart: Chart, subject: str | None) -> set[str]:
    """The subject's adverse events that some version makes fatal, or a death's cause."""
    fatal = {each for kind, _, each in chart.marked(_MARK, subject) if kind == "adverse-event"}
    causes = [
        version.data.death_cause
        for status_id in chart.record_ids("subject-status", subject)
        for version in chart.ever("subject-status", subject, status_id)
    ]
    return fatal | {each.record_id for each in causes if each is not None and each.record_id}


@dataclass(frozen=True, slots=True)
class UntoldDeath:
    """A death that was known before any adverse event told it."""

    subject: str | None
    status_id: str
    known_since: Record


def ever_dead_by_status(chart: Chart, subject: str | None) -> list[str]:
    """The ids of the subject's statuses of which some version implies death."""
    marked = chart.marked(_MARK, subject)
    if not marked:
        return []
    return sorted(each for kind, _, each in marked if kind == "subject-status")


def untold_death(chart: Chart, subject: str | None) -> UntoldDeath | None:
    """The first death status of the subject that no adverse event told when it arrived."""
    return chart.view.kept(
        ("untold death", subject),
        subject,
        ("adverse-event", "subject-status"),
        lambda: _untold_death(chart, subject),
    )


def _untold_death(chart: Chart, subject: str | None) -> UntoldDeath | None:
    for record_id in ever_dead_by_status(chart, subject):
        versions = chart.view.versions("subject-status", subject, record_id)
        first = min(
            (each for each in versions if implies_death(each)),
            key=lambda each: (each.arrival, each.version),
        )
        if not linked_events(chart.as_of(first.arrival), subject):
            return UntoldDeath(subject, record_id, first)
    return None


def told_by_status(view: View, death: UntoldDeath) -> list[Told]:
    """The versions of the death status, as told of the synthetic adverse event."""
    versions = view.versions("subject-status", death.subject, death.status_id)
    return [_synthetic(each) for each in versions if implies_death(each)]


def _synthetic(status: Record) -> Told:
    held = receipt(status)
    # Made of values already read, so there is nothing to validate.
    data = AdverseEvent.model_construct(
        term=DEATH_TERM,
        onset=status.data.death_date,
        grade=5,
        serious="Y",
        outcome="FATAL",
        criteria=Criteria(death="Y"),
    )
    record = replace(
        status, kind="adverse-event", record_id=DEATH_NOS, data=data, effective_from=None
    )
    return Told(record, ref(status), held.at, held.stated)


def synthetic_event(view: View, death: UntoldDeath) -> Told | None:
    """The synthetic event while the status stands and no adverse event tells the death."""
    current = view.current("subject-status", death.subject, death.status_id)
    if current is None or not implies_death(current) or linked_events(view, death.subject):
        return None
    return told_by_status(view, death)[-1]
