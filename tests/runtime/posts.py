"""Events as a source posts them, for the tests of the runtime."""

import json
from typing import Any
from uuid import NAMESPACE_OID, uuid5
from zoneinfo import ZoneInfo

from signals.runtime.intake import Door, Piece

ZONE = ZoneInfo("Asia/Shanghai")
STUDY = "UC-MSC"
DOOR = Door(STUDY, ZONE)
TRUSTING = Door(STUDY, ZONE, trusted=True)


def adverse_event(name: str = "AE-1", version: int = 1, **changes: Any) -> dict[str, Any]:
    """A serious, unassessed pneumonia; ``changes`` go into the data, ``_x`` into the envelope."""
    data = {
        "term": "Lung infection",
        "onset": "2026-03-06",
        "grade": 3,
        "serious": "Y",
        "received_by_sponsor_at": "2026-03-06T19:50:00+08:00",
    }
    return event("adverse-event", name, version, data, changes)


def vital_signs(name: str = "VS-1", version: int = 1, **changes: Any) -> dict[str, Any]:
    """A temperature."""
    data = {
        "at": "2026-03-06T09:45:00+08:00",
        "temperature": {"value": "36.6", "unit": "Cel", "route": "AXILLARY"},
    }
    return event("vital-signs", name, version, data, changes)


def event(
    kind: str, name: str, version: int, data: dict[str, Any], changes: dict[str, Any]
) -> dict[str, Any]:
    """An event of a kind with an id of its own."""
    data = {**data, **{k: v for k, v in changes.items() if not k.startswith("_")}}
    base: dict[str, Any] = {
        "event_id": str(uuid5(NAMESPACE_OID, f"{kind} {name} {version} {sorted(changes.items())}")),
        "schema": f"{kind}/1",
        "study_id": STUDY,
        "site_id": "WHC",
        "subject_id": "001-004",
        "record_id": name,
        "version": version,
        "op": "UPSERT",
        "change_reason": "NEW" if version == 1 else "FOLLOW_UP",
        "recorded_at": "2026-03-06T19:55:00+08:00",
        "source": "edc",
        "actor": "site-001",
        "data": data,
    }
    return {**base, **{k.removeprefix("_"): v for k, v in changes.items() if k.startswith("_")}}


def line(one: dict[str, Any]) -> bytes:
    """One line of NDJSON, without its end."""
    return json.dumps(one).encode()


def piece(one: dict[str, Any] | bytes, place: str = "test") -> Piece:
    """What the door is handed."""
    return Piece(one if isinstance(one, bytes) else line(one), place)
