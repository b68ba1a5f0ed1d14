"""The events that the service writes to the journal itself (EVENTS, "Kafka", last paragraph)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from signals.events import Record, Rejection, read_event


def clock(study_id: str, now: datetime, zone: ZoneInfo) -> Record:
    """Time went on to ``now``, and nothing came."""
    at = now.isoformat()
    return _own(_event("clock", study_id, now, {"now": at}), zone)


def pack_activation(
    study_id: str, pack_hash: str, files: Mapping[str, str], now: datetime, zone: ZoneInfo
) -> Record:
    """From here on the study is judged by this pack, whose files travel along for a rebuild."""
    data = {"pack_hash": pack_hash, "files": dict(files), "approvals": []}
    return _own(_event("pack-activation", study_id, now, data), zone)


def _event(kind: str, study_id: str, now: datetime, data: dict[str, Any]) -> dict[str, Any]:
    at = now.isoformat()
    return {
        "event_id": str(uuid5(NAMESPACE_URL, f"signals:{study_id}:{kind}:{at}")),
        "schema": f"{kind}/1",
        "study_id": study_id,
        "site_id": None,
        "subject_id": None,
        "record_id": at,
        "version": 1,
        "op": "UPSERT",
        "change_reason": "NEW",
        "recorded_at": at,
        "ingested_at": at,
        "source": "signals",
        "actor": "signals",
        "data": data,
    }


def _own(event: dict[str, Any], zone: ZoneInfo) -> Record:
    read = read_event(event, zone=zone, trusted=True)
    if isinstance(read, Rejection):
        raise TypeError(f"the service's own event cannot be read: {read.reasons}")
    return read
