"""Reading an event: a record, with problems if need be, or a rejection with its reasons."""

from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

from signals.events.canonical import content_hash
from signals.events.decode import Decoded, NotAnEventError, as_bytes, decode, decode_again
from signals.events.envelope import ADDED_KEYS, MAJOR, Envelope
from signals.events.fields import read_data
from signals.events.kinds import KINDS
from signals.events.problems import Problem, Rejection
from signals.events.record import Record
from signals.events.values import Place


def read_event(
    raw: bytes | str | dict[str, Any], *, zone: ZoneInfo, trusted: bool = False
) -> Record | Rejection:
    """Read one event; never raises on what a sender can send.

    `zone` is the site's: a time without offset is read in it. `trusted` is for the service's own
    journal and exports: their `ingested_at`, `problems`, `backfill` and `conflict` hold. Else a
    sender's `ingested_at` is only kept as `claimed_ingested_at`, and the kinds that the service
    itself writes are refused.

    A rejection means that there is no readable envelope: no JSON object, or no study, record,
    version, kind, or subject where the kind needs one (EVENTS, "One event").
    """
    try:
        return _read(decode(raw), raw, zone, trusted)
    except TypeError:
        # The canonical JSON cannot be written: lone surrogates, long integers, deep nesting.
        pass
    except NotAnEventError as why:
        return _rejected(raw, why)
    try:
        return _read(decode_again(raw), raw, zone, trusted)
    except NotAnEventError as why:
        return _rejected(raw, why)


def _rejected(raw: bytes | str | dict[str, Any], why: Exception) -> Rejection:
    return Rejection((Problem("", f"the event {why}", "a JSON object, UTF-8"),), as_bytes(raw))


def _read(
    decoded: Decoded, raw: bytes | str | dict[str, Any], zone: ZoneInfo, trusted: bool
) -> Record | Rejection:
    event = decoded.event
    event_id = event.pop("event_id", None)
    added = {key: event.pop(key) for key in ADDED_KEYS if key in event}
    content = content_hash(event)
    envelope = Envelope(event, zone, decoded.problems)
    if added:
        envelope.read_added(added, trusted)
    identity = envelope.identity(trusted)
    if identity is None:
        return Rejection(tuple(envelope.reasons), as_bytes(raw))
    event["event_id"] = name = envelope.event_id(event_id, content)
    envelope.check_keys()
    recorded_at = envelope.instant("recorded_at")
    place = Place(zone, None if recorded_at is None else recorded_at.astimezone(UTC))
    op = envelope.op()
    data, unread = read_data(KINDS[identity.kind], envelope.data(op), place, envelope.known)
    change_reason, effective_from = envelope.change_reason(), envelope.effective_from(place)
    site, source, actor = envelope.text("site_id"), envelope.text("source"), envelope.text("actor")
    return Record(
        event_id=name,
        kind=identity.kind,
        major=MAJOR,
        study_id=identity.study_id,
        site_id=site,
        subject_id=identity.subject_id,
        record_id=identity.record_id,
        version=identity.version,
        op=op,
        change_reason=change_reason,
        effective_from=effective_from,
        recorded_at=recorded_at,
        ingested_at=envelope.ingested_at if trusted else None,
        source=source,
        actor=actor,
        data=data,
        problems=(*envelope.problems, *unread),
        backfill=envelope.backfill,
        conflict=envelope.conflict,
        content=content,
        raw=event,
        claimed_ingested_at=None if trusted else envelope.ingested_at,
    )
