"""The short way of reading, for an event in which everything can be read at the first go.

Nearly every event is one. Any other has no short way, and is read with care
(`signals.events.reading`), which alone knows what to say of it. Both give the same record.
"""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import orjson

from signals.events.canonical import canonical_json
from signals.events.dates import instant
from signals.events.envelope import CHANGE_REASONS, MAJOR, OPS, SENT, UUID_FORM
from signals.events.kinds import KINDS, SERVICE_KINDS, SUBJECT_OPTIONAL, WITHOUT_SUBJECT
from signals.events.record import ChangeReason, Op, Record
from signals.events.values import Data, Place

# The service's own kinds may hold any value, also a number whose digits have to be kept.
_KINDS = {f"{kind}/{MAJOR}": kind for kind in KINDS if kind not in SERVICE_KINDS}
_MAY_LACK_SUBJECT = WITHOUT_SUBJECT | SUBJECT_OPTIONAL
_HEAD = ("schema", "study_id", "site_id", "subject_id", "op", "change_reason", "source", "actor")
_AROUND_ID, _AROUND_ARRIVAL = len('"event_id":"",'), len('"ingested_at":"",')
_KEPT = 1 << 13


class _OddError(ValueError):
    """The event has to be read with care."""


class _Head(NamedTuple):
    """What an event shares with many others: its sender, its subject."""

    kind: str
    study_id: str
    site_id: str | None
    subject_id: str | None
    op: Op
    change_reason: ChangeReason
    source: str | None
    actor: str | None


def read_plain(raw: bytes, zone: ZoneInfo, trusted: bool) -> Record | None:
    """The record of an event without anything odd about it; None of any other."""
    try:
        return _record(orjson.loads(raw), _ink(raw), zone, trusted)
    # ValueError: something is odd. The others: something is missing, or of another type.
    except (ValueError, LookupError, TypeError):
        return None


def _record(event: Any, ink: int, zone: ZoneInfo, trusted: bool) -> Record:
    _check(type(event) is dict)
    event_id, arrived = event.pop("event_id"), event.pop("ingested_at", None)
    sent = canonical_json(event)
    _check(_ink_of(sent, event_id, arrived) == ink and event.keys() <= SENT)
    head = _head(tuple(map(event.get, _HEAD)))
    record_id, version = event["record_id"], event["version"]
    _check(
        _is_text(record_id)
        and type(version) is int
        and version > 0
        # Both are rare, and tell something of other fields.
        and event.get("effective_from") is None
        and event.get("moved_from") is None
    )
    recorded_at, place = _entry(event["recorded_at"], zone)
    ingested_at = None if arrived is None else instant(arrived, zone)
    return Record(
        event_id=event_id.lower(),
        kind=head.kind,
        major=MAJOR,
        study_id=head.study_id,
        site_id=head.site_id,
        subject_id=head.subject_id,
        record_id=record_id,
        version=version,
        op=head.op,
        change_reason=head.change_reason,
        effective_from=None,
        recorded_at=recorded_at,
        ingested_at=ingested_at if trusted else None,
        source=head.source,
        actor=head.actor,
        data=_data(KINDS[head.kind], event["data"], place),
        problems=(),
        backfill=None,
        conflict=False,
        sent=sent,
        claimed_ingested_at=None if trusted else ingested_at,
    )


def _check(holds: bool) -> None:
    if not holds:
        raise _OddError


def _ink(text: bytes) -> int:
    """How long a text is without white space, of which a sender may put any around a value."""
    return len(text.translate(None, b" \t\r\n"))


def _ink_of(sent: bytes, event_id: str, arrived: str | None) -> int:
    """How long the whole event is in canonical JSON, without white space.

    What was read cannot be written longer than it came (numbers that can are of no field), so the
    same length means that nothing was left out, such as a key that stands twice.
    """
    _check(UUID_FORM.fullmatch(event_id) is not None)
    length = _ink(sent) + _AROUND_ID + len(event_id)
    return length if arrived is None else length + _AROUND_ARRIVAL + len(arrived)


@lru_cache(maxsize=_KEPT)
def _head(told: tuple[Any, ...]) -> _Head:
    schema, study_id, site_id, subject_id, op, change_reason, source, actor = told
    kind = _KINDS[schema]
    _check(_is_text(study_id) and op in OPS and change_reason in CHANGE_REASONS)
    _check(_is_text(subject_id) or (subject_id is None and kind in _MAY_LACK_SUBJECT))
    _check(all(value is None or _is_text(value) for value in (site_id, source, actor)))
    return _Head(kind, study_id, site_id, subject_id, op, change_reason, source, actor)


@lru_cache(maxsize=_KEPT)
def _entry(text: str, zone: ZoneInfo) -> tuple[datetime, Place]:
    recorded_at = instant(text, zone)
    return recorded_at, Place(zone, recorded_at.astimezone(UTC))


def _is_text(value: object) -> bool:
    return type(value) is str and bool(value.strip())


def _data(model: type[Data], data: object, place: Place) -> Data:
    _check(type(data) is dict)
    # The validator itself: the method around it costs a call more for every record.
    found: Data = model.__pydantic_validator__.validate_python(data, context=place)
    _check(found.contradiction() is None)
    return found
