"""One line in plain words: what a revision differs in from the one before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from signals.book.alert import Alert, Because, State
from signals.chart.chart import Entry

_STATES = {
    State.POSSIBLE: "not certain any more",
    State.FIRING: "now certain",
    State.CLEARED: "no longer true",
    State.WITHDRAWAL_PENDING: "no longer true: waits for a signature",
    State.WITHDRAWN: "withdrawn",
}


def change_line(before: Alert | None, after: Alert, corrections: Sequence[Entry]) -> str:
    """What differs: records voided, values, what is missing, priority, due dates, state."""
    if before is None:
        return "first seen"
    differences = [
        *_records(before, after, corrections),
        *_values(before.because, after.because),
        *_missing(before, after),
        *_assumed(before, after),
        *_priority(before, after),
        *_due(before, after),
        *_state(before, after),
    ]
    return "; ".join(dict.fromkeys(differences)) or f"now: {after.headline}"


def _records(before: Alert, after: Alert, corrections: Sequence[Entry]) -> Iterator[str]:
    if before.state is after.state and before.holds == after.holds:
        return
    for entry in corrections:
        what = "voided" if entry.record.op == "VOID" else "corrected"
        yield f"{entry.record.record_id} {what}"


def _values(before: list[Because], after: list[Because]) -> Iterator[str]:
    values = {leaf.field: leaf.value for leaf in before}
    verdicts = {(leaf.criterion, leaf.field, leaf.condition): leaf.verdict for leaf in before}
    for leaf in after:
        was = values.get(leaf.field, leaf.value)
        verdict = verdicts.get((leaf.criterion, leaf.field, leaf.condition), leaf.verdict)
        if was != leaf.value:
            yield f"{leaf.field}: {was} -> {leaf.value}"
        elif verdict != leaf.verdict:
            yield f"{leaf.criterion}: now {leaf.verdict}"


def _missing(before: Alert, after: Alert) -> Iterator[str]:
    now = {field.field for field in after.missing}
    was = {field.field for field in before.missing}
    for field in sorted(now - was):
        yield f"{field}: not known"
    for field in sorted(was - now):
        yield f"{field}: now known"


def _assumed(before: Alert, after: Alert) -> Iterator[str]:
    now = {value.field: value.value for value in after.assumed}
    was = {value.field: value.value for value in before.assumed}
    for field, value in now.items():
        if was.get(field) != value:
            yield f"{field}: assumed {value}"
    for field in was:
        if field not in now and after.because:
            yield f"{field}: no longer assumed"


def _priority(before: Alert, after: Alert) -> Iterator[str]:
    if before.priority is not after.priority:
        yield f"priority: {before.priority} -> {after.priority}"
    if after.proposed_priority not in (None, before.proposed_priority):
        yield f"priority {after.proposed_priority} is proposed"


def _due(before: Alert, after: Alert) -> Iterator[str]:
    now = {due.obligation_id: due.due for due in after.due}
    was = {due.obligation_id: due.due for due in before.due}
    for obligation, due in now.items():
        if was.get(obligation) != due:
            yield f"{obligation} is due {due.isoformat()}"
    for obligation in was:
        if obligation not in now:
            yield f"{obligation} is no longer due"


def _state(before: Alert, after: Alert) -> Iterator[str]:
    if after.replaced_by not in (None, before.replaced_by):
        yield f"shown under {after.replaced_by}"
    if before.closed and not after.closed:
        yield "reopened: the evidence changed"
    if after.holds and not before.holds:
        yield "no longer true, and stays until a person ends it"
    elif before.state in (State.CLEARED, State.WITHDRAWN) and before.state is not after.state:
        yield "true again" if after.state is State.FIRING else _STATES[after.state]
    elif before.state is not after.state:
        yield _STATES[after.state]
