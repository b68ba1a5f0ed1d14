"""Decoding an event by pydantic alone: a plain envelope around the data in the model of its kind."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field, ValidationError, create_model

from signals.events.kinds import KINDS
from signals.events.values import Place


class Envelope(BaseModel):
    """The keys around the data, read by pydantic alone."""

    event_id: UUID
    schema_: Annotated[str, Field(alias="schema")]
    study_id: str
    site_id: str | None
    subject_id: str | None
    record_id: str
    version: int
    op: str
    change_reason: str
    effective_from: str | None = None
    recorded_at: datetime
    ingested_at: datetime | None = None
    source: str
    actor: str


class Decode:
    """Made once, then asked event by event."""

    def __init__(self, zone: ZoneInfo | None = None) -> None:
        """``zone``: of the times without an offset."""
        self._models = {kind: _model(kind, data) for kind, data in KINDS.items()}
        self._place = Place(zone or ZoneInfo("UTC"), None)

    def __call__(self, kind: str, raw: bytes) -> None:
        """Decode one event."""
        with suppress(ValidationError):  # the simulated trial holds values that cannot be read
            self._models[kind].model_validate_json(raw, context=self._place)


def _model(kind: str, data: type[BaseModel]) -> type[BaseModel]:
    return create_model(f"Event of {kind}", __base__=Envelope, data=(data, ...))
