"""One alert as it is published: the shape of EVENTS.md, one object a revision."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from signals.rulebook.spec import Priority


class State(StrEnum):
    """RULE_FORMAT, states of an alert."""

    POSSIBLE = "possible"
    FIRING = "firing"
    CLEARED = "cleared"
    WITHDRAWAL_PENDING = "withdrawal_pending"
    WITHDRAWN = "withdrawn"


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RecordVersion(_Model):
    """A version of a record that a leaf rests on."""

    record_id: str
    version: int


class Because(_Model):
    """One condition with the value it met; ``value`` is written as the inbox shows it."""

    criterion: str
    field: str
    value: str
    unit: str | None
    condition: str
    verdict: Literal["yes", "no", "unknown"]
    records: list[RecordVersion]


class MissingField(_Model):
    """A field that keeps a ``possible`` alert from an answer."""

    criterion: str
    field: str
    condition: str
    value: str
    records: list[RecordVersion]


class AssumedValue(_Model):
    """A value taken without a record that says so."""

    field: str
    value: str
    why: str


class Due(_Model):
    """One open obligation; ``due`` is the last second of its local day."""

    jurisdiction: str
    duty: str
    day0: str
    due: datetime
    basis: str
    obligation_id: str


class Alert(_Model):
    """One revision of one alert.  Keys that say nothing are absent from its JSON."""

    schema_: Literal["alert/1"] = Field("alert/1", alias="schema")
    alert_id: str
    revision: int
    state: State
    priority: Priority
    study_id: str
    site_id: str | None
    subject_id: str | None
    rule: str
    rule_version: int
    rule_hash: str
    pack_hash: str
    about: dict[str, str | None]
    topic: str
    headline: str
    changed_at: datetime
    late: bool
    change: str
    because: list[Because]
    missing: list[MissingField]
    assumed: list[AssumedValue]
    due: list[Due]
    send_to: list[str]
    next_steps: list[str]
    proposed_priority: Priority | None = None
    since: datetime | None = None
    cause: Literal["rules"] | None = None
    evidence_hash: str
    closed: bool | None = None
    holds: Literal["no"] | None = None
    replaced_by: str | None = None
    group: str | None = None
    journal_position: int

    def to_json(self) -> dict[str, Any]:
        """The object of EVENTS.md; the further keys are left out where they say nothing."""
        full = self.model_dump(mode="json", by_alias=True)
        return {k: v for k, v in full.items() if k not in _FURTHER or v is not None}


_FURTHER = {"proposed_priority", "since", "cause", "closed", "holds", "replaced_by", "group"}
