"""The door of the stream: stateless, so that any number of workers can stand in it.

Whether an event is already known is for whoever folds the journal; here it is only accepted, with
its arrival, or rejected, with the reasons.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from signals.events import Problem, Record, Rejection, journal_json, read_event
from signals.rulebook.pack import Pack
from signals.runtime.arrival import journal_clock
from signals.runtime.kafka.canary import ZONE, is_canary
from signals.runtime.kafka.reader import Message

SCHEMA_REJECTED = b"rejected/1"


class Doors:
    """What the intake lets in: records of the studies whose packs it was given, and canaries.

    ``trusted``: the events tell their own arrival (the journal's clock).
    """

    def __init__(self, packs: Iterable[Pack], *, trusted: bool = False) -> None:
        self._zones = {pack.study.study_id: pack.study.zone for pack in packs}
        self._trusted = trusted
        self._last: datetime | None = None

    def read(self, raw: bytes) -> Record | Rejection:
        """The record, stamped with its arrival, or why it is not let in."""
        first = next(iter(self._zones.values()), ZONE)
        read = self._read(raw, first)
        if isinstance(read, Rejection):
            return read
        zone = ZONE if is_canary(read.study_id) else self._zones.get(read.study_id)
        if zone is None:
            return self._unknown(read, raw)
        if zone != first:
            read = self._read(raw, zone)
        return read if isinstance(read, Rejection) else self._stamped(read, zone)

    def _read(self, raw: bytes, zone: ZoneInfo) -> Record | Rejection:
        return read_event(raw, zone=zone, trusted=self._trusted)

    def _stamped(self, record: Record, zone: ZoneInfo) -> Record:
        if self._trusted and not is_canary(record.study_id):
            return record.arrived(journal_clock(record, None), backfill=record.backfill)
        now = datetime.now(zone)
        self._last = now if self._last is None else max(now, self._last)
        return record.arrived(self._last.astimezone(zone), backfill=record.backfill)

    def _unknown(self, record: Record, raw: bytes) -> Rejection:
        told = f'"{record.study_id}" is a study that no worker has a rule pack for'
        allowed = ", ".join(f'"{name}"' for name in sorted(self._zones)) or "none"
        return Rejection((Problem("/study_id", told, allowed),), raw)


@dataclass(frozen=True, slots=True)
class RejectedMessage:
    """One message of the topic ``rejected``."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes
    reasons: tuple[Problem, ...]
    first_seen: datetime
    tries: int = 1
    replayed: bool = False

    @property
    def id(self) -> str:
        """Where it was rejected: the same message rejected again is the same."""
        return f"{self.topic}/{self.partition}/{self.offset}"

    def to_json(self) -> dict[str, Any]:
        """The object of the message."""
        return {
            "schema": SCHEMA_REJECTED.decode(),
            "topic": self.topic,
            "partition": self.partition,
            "offset": self.offset,
            "key": None if self.key is None else _text(self.key),
            "value": _text(self.value),
            "reasons": [reason.as_json() for reason in self.reasons],
            "first_seen": self.first_seen.isoformat(),
            "tries": self.tries,
            "replayed": self.replayed,
        }

    def to_bytes(self) -> bytes:
        """The message."""
        return json.dumps(self.to_json(), separators=(",", ":")).encode()

    @classmethod
    def of(cls, topic: str, partition: int, message: Message, why: Rejection) -> RejectedMessage:
        """A message that was not let in."""
        place = topic, partition, message.offset
        return cls(*place, message.key, message.value, why.reasons, datetime.now(UTC))

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> RejectedMessage:
        """What ``to_json`` wrote."""
        return cls(
            told["topic"],
            told["partition"],
            told["offset"],
            None if told["key"] is None else base64.b64decode(told["key"]),
            base64.b64decode(told["value"]),
            tuple(Problem(**reason) for reason in told["reasons"]),
            datetime.fromisoformat(told["first_seen"]),
            told["tries"],
            told["replayed"],
        )


def to_journal(record: Record) -> tuple[bytes, bytes]:
    """Key and value of a record on the journal."""
    return record.study_id.encode(), journal_json(record)


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
