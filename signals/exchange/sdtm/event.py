"""From drafts to events, each read back by the door of the service before it is written."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid5

from signals.events import Problem, Rejection, read_event
from signals.exchange.sdtm.dates import end_of, latest_day
from signals.exchange.sdtm.draft import Draft
from signals.exchange.sdtm.report import Finding, What
from signals.exchange.sdtm.study import Study
from signals.exchange.sdtm.study_map import RecordedAt

NAMESPACE = UUID("6db5f7a5-6afc-51a0-bc29-8b99baee8797")
ACTOR = "signals import sdtm"


def event_of(draft: Draft, study: Study) -> dict[str, Any] | None:
    """Give a draft its envelope; None where no date of the whole study bounds its entry.

    The event id follows from study, domain and key alone: importing twice gives the same bytes.
    """
    recorded_at = _recorded_at(draft, study)
    if recorded_at is None:
        return None
    subject = draft.subject_id
    study_id = study.map.study_id or draft.row["STUDYID"] or None
    identity = json.dumps([study_id, draft.domain, draft.kind, subject, draft.record_id])
    return {
        "event_id": str(uuid5(NAMESPACE, identity)),
        "schema": f"{draft.kind}/1",
        "study_id": study_id,
        "site_id": study.site_of(subject) if subject else None,
        "subject_id": subject,
        "record_id": draft.record_id,
        "version": 1,
        "op": "UPSERT",
        "change_reason": "NEW",
        "recorded_at": recorded_at,
        "source": study.map.source,
        "actor": ACTOR,
        "data": draft.data,
    }


def _recorded_at(draft: Draft, study: Study) -> str | None:
    zone = study.map.zone_info
    own = latest_day(draft.dates, zone)
    if own is None or study.map.recorded_at is RecordedAt.STUDY_END:
        days = [day for day in (own, study.last_day) if day is not None]
        own = max(days, default=None)
    return end_of(own, zone) if own else None


def entry_assumed(draft: Draft, study: Study) -> Finding | None:
    """Say that a row without a readable date counts as entered at the end of the study."""
    if study.map.recorded_at is RecordedAt.STUDY_END:
        return None
    if latest_day(draft.dates, study.map.zone_info) is not None:
        return None
    return Finding(
        draft.domain, draft.row.number, draft.key, f"{draft.domain}DTC", " ".join(draft.dates),
        What.ASSUMED, "the row names no date; it counts as entered on the study's last day",
    )  # fmt: skip


def line_of(event: dict[str, Any]) -> str:
    """Write an event as one line, its keys sorted."""
    return json.dumps(event, ensure_ascii=False, sort_keys=True) + "\n"


def questions(draft: Draft, line: str, study: Study) -> Iterator[Finding]:
    """Ask the event reader what it cannot understand, and say which cell of the study that is."""
    record = read_event(line, zone=study.map.zone_info)
    problems = record.reasons if isinstance(record, Rejection) else record.problems
    return (_question(draft, problem) for problem in problems)


def _question(draft: Draft, problem: Problem) -> Finding:
    row, column = _origin(draft, problem.pointer)
    why = f"{problem.message}; readable is {problem.allowed}"
    return Finding(
        draft.domain, row.number, draft.key, column, row[column], What.NOT_UNDERSTOOD, why
    )


def _origin(draft: Draft, pointer: str) -> tuple[Any, str]:
    """Find the cell that a JSON pointer, or the object around it, was filled from."""
    while pointer:
        if pointer in draft.origin:
            return draft.origin[pointer]
        pointer = pointer.rpartition("/")[0]
    return draft.row, ""
