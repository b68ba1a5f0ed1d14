"""Cases: which adverse events are reported together (E2B; EVENTS, "case").

Each adverse event is its own case unless a ``case`` record joins several; a case bears the record
id of its first adverse event.  Case records with one worldwide id (C.1.8.1) are one case (EC-069).
Two adverse events that may be one, told twice, are one case until somebody rules them apart (EC-070).
A fatal adverse event that is entered after an untold death joins the case ``DEATH-NOS``.
"""

from __future__ import annotations

from signals.chart.chart import Chart
from signals.chart.view import View
from signals.events import Record
from signals.facts.deaths import DEATH_NOS, linked_events, untold_death
from signals.facts.duplicates import told_before, twins

_NAMED_BY = ("adverse-event", "case", "subject-status", "decision")


def case_of(chart: Chart, subject: str | None, event_id: str) -> str:
    """The name of the case of an adverse event."""
    return chart.view.kept(
        ("case of", subject, event_id),
        subject,
        _NAMED_BY,
        lambda: _case_of(chart, subject, event_id),
    )


def _case_of(chart: Chart, subject: str | None, event_id: str) -> str:
    own = _own_case(chart, subject, event_id)
    if own is not None:
        return own
    first = _same_told_before(chart, subject, event_id)
    return event_id if first is None else _own_case(chart, subject, first) or first


def members_of(chart: Chart, subject: str | None, case: str) -> tuple[str, ...]:
    """The adverse events of a case, the one that names it first."""
    return chart.view.kept(
        ("members of", subject, case), subject, _NAMED_BY, lambda: _members_of(chart, subject, case)
    )


def _members_of(chart: Chart, subject: str | None, case: str) -> tuple[str, ...]:
    explicit = joined(chart.view, subject).get(case)
    if explicit is not None:
        members = explicit
    elif case == DEATH_NOS:
        members = (DEATH_NOS, *_joins_death(chart, subject))
    else:
        members = (case,)
    standing = (chart.view.current("adverse-event", subject, each) for each in members)
    again = {twin.record_id for each in standing if each for twin in twins(chart, each)}
    joined_by = (e for e in sorted(again - set(members)) if case_of(chart, subject, e) == case)
    return (*members, *joined_by)


def _own_case(chart: Chart, subject: str | None, event_id: str) -> str | None:
    """The case that a record, or a death, gives an adverse event."""
    for name, members in joined(chart.view, subject).items():
        if event_id in members:
            return name
    return DEATH_NOS if event_id in _joins_death(chart, subject) else None


def _same_told_before(chart: Chart, subject: str | None, event_id: str) -> str | None:
    """The event entered first that tells the same; one that tells another's story itself is none."""
    for other in sorted(told_before(chart, subject, event_id)):
        if _own_case(chart, subject, other) or not _same_told_before(chart, subject, other):
            return other
    return None


def joined(view: View, subject: str | None) -> dict[str, tuple[str, ...]]:
    """The cases that ``case`` records make: name -> adverse events."""
    found: dict[str, tuple[str, ...]] = {}
    for group in _groups(view, subject):
        events = tuple(
            dict.fromkeys(each for record in group for each in record.data.adverse_events or ())
        )
        if events:
            found.setdefault(events[0], events)
    return found


def case_records(view: View, subject: str | None, case: str) -> list[Record]:
    """The ``case`` records that make up a case."""
    for group in _groups(view, subject):
        if any(case in (record.data.adverse_events or ())[:1] for record in group):
            return group
    return []


def _groups(view: View, subject: str | None) -> list[list[Record]]:
    records = sorted(
        view.of_subject("case", subject), key=lambda each: (each.arrival, each.record_id)
    )
    groups: dict[str, list[Record]] = {}
    for record in records:
        name = record.data.worldwide_id or f"{record.subject_id}/{record.record_id}"
        groups.setdefault(name, []).append(record)
    return list(groups.values())


def _joins_death(chart: Chart, subject: str | None) -> tuple[str, ...]:
    """Adverse events entered after an untold death that tell it now and have no other case."""
    death = untold_death(chart, subject)
    if death is None:
        return ()
    own = {each for members in joined(chart.view, subject).values() for each in members}
    return tuple(
        event.record_id
        for event in linked_events(chart.view, subject)
        if event.subject_id == subject
        and event.record_id not in own
        and _entered_after(chart, event, death.known_since)
    )


def _entered_after(chart: Chart, event: Record, death: Record) -> bool:
    versions = chart.view.versions("adverse-event", event.subject_id, event.record_id)
    return min(each.arrival for each in versions) > death.arrival
