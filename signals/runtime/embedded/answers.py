"""What a sender is told about each event, and about all of them together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from signals.events import Record
from signals.runtime.intake import Accepted, Handed, Outcome, Sent
from signals.runtime.known import Standing

ACCEPTED, MIXED, NOTHING, CONFLICT, REJECTED = 202, 207, 400, 409, 422


def status_of(outcome: Outcome | Handed) -> int:
    """The HTTP status of one event."""
    if isinstance(outcome, Sent):
        return ACCEPTED
    if not isinstance(outcome, Accepted):
        return REJECTED
    return CONFLICT if outcome.standing is Standing.CONFLICT else ACCEPTED


def answer(outcomes: Sequence[Outcome | Handed]) -> tuple[int, dict[str, Any]]:
    """Status and body: of the one event, or a list with the status of each in its order."""
    if not outcomes:
        return NOTHING, {
            "message": "The body is empty: send one event, an array of events, or NDJSON."
        }
    told = [_told(outcome) for outcome in outcomes]
    if len(told) == 1:
        return told[0]["status"], told[0]
    statuses = {one["status"] for one in told}
    return (ACCEPTED if statuses == {ACCEPTED} else MIXED), {"records": told}


def _told(outcome: Outcome | Handed) -> dict[str, Any]:
    status = status_of(outcome)
    if isinstance(outcome, Sent):
        return {"status": status, **_read(outcome.record)}
    if not isinstance(outcome, Accepted):
        return {
            "status": status,
            "message": "Rejected, and kept: put it right and send it again.",
            "rejected_id": outcome.rejected_id,
            "reasons": [reason.as_json() for reason in outcome.reasons],
        }
    told = {"status": status, "position": outcome.position, **_read(outcome.record)}
    if status == CONFLICT:
        told["message"] = (
            "Another content under a known event_id or version: the first one counts, this one is"
            " kept in the journal, marked. To change a record send its next version."
        )
        told["conflicts_with"] = outcome.earlier
    elif outcome.standing is Standing.REPEATED:
        told["repeated"] = True
    return told


def _read(record: Record) -> dict[str, Any]:
    return {
        "event_id": record.event_id,
        "problems": [problem.as_json() for problem in record.problems],
    }
