"""The lines of a story as events: every version whole, as a source would send it."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from signals.events import KINDS, WITHOUT_SUBJECT, Record, Rejection, read_event
from signals.rulebook.story.defaults import Defaults
from signals.rulebook.story.model import Tree, Write

_REASONS = {
    "new": "NEW",
    "correct": "CORRECTION",
    "progress": "PROGRESSION",
    "follow up": "FOLLOW_UP",
    "void": "ENTERED_IN_ERROR",
}
_OF_ONE_VERSION = ("error_origin", "significant")
"""What a version says of itself; the next one does not inherit it."""
_RECEIPT = "received_by_sponsor_at"


class EventRejectedError(Exception):
    """The event of a line has no readable envelope."""


@dataclass(slots=True)
class Script:
    """Writes the events of one story; remembers the last version of every record."""

    study_id: str
    zone: ZoneInfo
    defaults: Defaults
    story: str
    _last: dict[tuple[str, str], tuple[int, Tree]] = field(default_factory=dict)

    def record(self, write: Write) -> Record:
        """The next version of the record, as it arrives at the time of its line.

        Raises:
            EventRejectedError: The event is one that every entrance would reject.
        """
        return _accepted(read_event(self.event(write), zone=self.zone), write.at)

    def event(self, write: Write) -> dict[str, Any]:
        """The event as a source sends it."""
        version, data = self._next(write)
        self._last[self._name(write)] = version, data
        if write.subject is not None and write.change != "new":
            self._last.pop((write.kind, f"None/{write.record_id}"), None)
        line = self.defaults.line
        event = {
            "event_id": self._id(write.kind, write.subject, write.record_id, version),
            "schema": f"{write.kind}/1",
            "study_id": self.study_id,
            "site_id": line.get("site"),
            "subject_id": write.subject,
            "record_id": write.record_id,
            "version": version,
            "op": "VOID" if write.change == "void" else "UPSERT",
            "change_reason": _REASONS[write.change],
            "recorded_at": write.at.isoformat(),
            "source": line.get("source"),
            "actor": line.get("actor"),
            "data": merged(data, write.raw),
            **write.envelope,
        }
        return without_site(event) if write.kind in WITHOUT_SUBJECT else event

    def clock(self, now: datetime) -> Record:
        """The record by which the clock runs on."""
        said = now.isoformat()
        event = {
            "event_id": self._id("clock", None, said, 1),
            "schema": "clock/1",
            "study_id": self.study_id,
            "record_id": f"clock-{said}",
            "version": 1,
            "op": "UPSERT",
            "change_reason": "NEW",
            "recorded_at": said,
            "data": {"now": said},
        }
        return _accepted(read_event(event, zone=self.zone, trusted=True), now)

    def _next(self, write: Write) -> tuple[int, Tree]:
        if write.change == "new":
            return 1, merged(self.defaults.data_of(write.kind, write.at), write.data)
        version, last = self._last_of(write)
        kept = {key: value for key, value in last.items() if key not in _OF_ONE_VERSION}
        if write.change == "void":
            return version + 1, copy.deepcopy(last)
        if _RECEIPT in KINDS[write.kind].model_fields and last.get(_RECEIPT) is not None:
            kept[_RECEIPT] = write.at.isoformat()
        if write.change == "correct" and write.kind == "adverse-event":
            kept = merged(kept, self.defaults.correct)
        return version + 1, merged(kept, write.data)

    def _last_of(self, write: Write) -> tuple[int, Tree]:
        own = self._last.get(self._name(write))
        return own or self._last[write.kind, f"None/{write.record_id}"]

    def _name(self, write: Write) -> tuple[str, str]:
        return write.kind, f"{write.subject}/{write.record_id}"

    def _id(self, kind: str, subject: str | None, record_id: str, version: int) -> str:
        name = f"{self.story}/{kind}/{subject}/{record_id}/{version}"
        return str(uuid.uuid5(uuid.NAMESPACE_OID, name))


def _accepted(read: Record | Rejection, at: datetime) -> Record:
    if isinstance(read, Rejection):
        reasons = "; ".join(f"{reason.pointer} {reason.message}" for reason in read.reasons)
        raise EventRejectedError(f"every entrance would reject this event: {reasons}")
    return read.arrived(at)


def merged(data: Mapping[str, Any], stated: Mapping[str, Any]) -> Tree:
    """The data with what is stated put over it, field by field."""
    result = copy.deepcopy(dict(data))
    for key, value in stated.items():
        inner = result.get(key)
        if isinstance(value, dict) and isinstance(inner, dict):
            result[key] = merged(inner, value)
        else:
            result[key] = copy.deepcopy(value)
    return result


def without_site(event: dict[str, Any]) -> dict[str, Any]:
    """An event about the study as a whole."""
    return {**event, "site_id": None, "subject_id": None}
