"""The events that the service writes to the journal itself (EVENTS, "Kafka", last paragraph)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from signals.events import Record, Rejection, read_event
from signals.study.model import Study


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


def rule_error(
    study: Study, rule: str, version: int, said: Mapping[str, Any], now: datetime
) -> Record:
    """A rule could not be evaluated (``about``, ``message``); without a message it can again."""
    data = {"rule": rule, **said}
    event = _event("rule-error", study.study_id, now, data, f":{rule}:{version}")
    return _own({**event, "record_id": rule, "version": version}, study.zone)


def _event(
    kind: str, study_id: str, now: datetime, data: dict[str, Any], name: str = ""
) -> dict[str, Any]:
    at = now.isoformat()
    return {
        "event_id": str(uuid5(NAMESPACE_URL, f"signals:{study_id}:{kind}:{at}{name}")),
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
