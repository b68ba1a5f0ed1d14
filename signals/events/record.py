"""An accepted event."""

from dataclasses import field, replace
from datetime import UTC, datetime
from typing import Any, Literal

from signals.events.canonical import canonical_json, hash_of
from signals.events.dates import PartialDate
from signals.events.decode import decode
from signals.events.problems import Problem
from signals.immutable import immutable

Op = Literal["UPSERT", "VOID"]
ChangeReason = Literal["NEW", "CORRECTION", "PROGRESSION", "FOLLOW_UP", "ENTERED_IN_ERROR"]
Key = tuple[str, str | None, str]


@immutable(frozen=True, slots=True)
class Record:
    """One version of one record, as accepted.

    `ingested_at` is None until the intake stamps it. What could not be read is None, listed in
    `problems`, and stands in `sent`: what the sender sent in canonical JSON, without the event's id
    and what the service adds. Two events of one id or version that sent other things are in
    conflict.
    """

    event_id: str
    kind: str
    major: int
    study_id: str
    site_id: str | None
    subject_id: str | None
    record_id: str
    version: int
    op: Op
    change_reason: ChangeReason | None
    effective_from: PartialDate | None
    recorded_at: datetime | None
    ingested_at: datetime | None
    source: str | None
    actor: str | None
    # Of the model of its kind: `signals.events.kinds`.
    data: Any
    problems: tuple[Problem, ...]
    backfill: str | None
    conflict: bool
    sent: bytes = field(repr=False)
    claimed_ingested_at: datetime | None = field(default=None, compare=False)

    def __hash__(self) -> int:
        return hash(self.event_id)

    @property
    def key(self) -> Key:
        """What the versions of one record share within a study."""
        return self.kind, self.subject_id, self.record_id

    @property
    def content(self) -> str:
        """The SHA-256 of what was sent, in hexadecimal."""
        return hash_of(self.sent)

    @property
    def raw(self) -> dict[str, Any]:
        """What the sender sent, decoded anew, with the event's id."""
        return {**decode(self.sent).event, "event_id": self.event_id}

    @property
    def arrival(self) -> datetime:
        """When it arrived; ValueError for an event that no intake has accepted yet."""
        if self.ingested_at is None:
            raise ValueError(f"{self.kind}/{self.record_id} has not arrived yet")
        return self.ingested_at

    def arrived(
        self, at: datetime, *, backfill: str | None = None, conflict: bool = False
    ) -> "Record":
        """The record as the intake accepts it, stamped with its arrival (an aware instant)."""
        return replace(self, ingested_at=at, backfill=backfill, conflict=conflict)


def journal_json(record: Record) -> bytes:
    """The event as accepted, one line without its end: `read_event(trusted=True)` reads it back."""
    added: dict[str, Any] = {"event_id": record.event_id}
    if record.ingested_at is not None:
        added["ingested_at"] = record.ingested_at.astimezone(UTC).isoformat()
    if record.problems:
        added["problems"] = [problem.as_json() for problem in record.problems]
    if record.backfill is not None:
        added["backfill"] = record.backfill
    if record.conflict:
        added["conflict"] = True
    return canonical_json({**record.raw, **added})
