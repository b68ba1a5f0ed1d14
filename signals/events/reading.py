"""Reading an event: a record, with problems if need be, or a rejection with its reasons."""

from datetime import UTC
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from signals.events.canonical import canonical_json
from signals.events.decode import Decoded, NotAnEventError, as_bytes, decode, decode_again
from signals.events.envelope import ADDED_KEYS, MAJOR, Envelope, Identity
from signals.events.fields import read_data
from signals.events.kinds import KINDS
from signals.events.plain import read_plain
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
    plain = read_plain(raw, zone, trusted) if isinstance(raw, bytes) else None
    return plain or _read_with_care(raw, zone, trusted)


def _read_with_care(
    raw: bytes | str | dict[str, Any], zone: ZoneInfo, trusted: bool
) -> Record | Rejection:
    try:
        sent = _sent(raw)
    except NotAnEventError as why:
        reason = Problem("", f"the event {why}", "a JSON object, UTF-8")
        return Rejection((reason,), as_bytes(raw))
    envelope = Envelope(sent.event, zone, sent.problems)
    if sent.added:
        envelope.read_added(sent.added, trusted)
    identity = envelope.identity(trusted)
    if identity is None:
        return Rejection(tuple(envelope.reasons), as_bytes(raw))
    return _record(sent, envelope, identity, trusted)


class _Sent(NamedTuple):
    """A decoded event, apart from its id and from what the service adds."""

    event: dict[str, Any]
    event_id: object
    added: dict[str, Any]
    content: bytes
    problems: tuple[Problem, ...]


def _sent(raw: bytes | str | dict[str, Any]) -> _Sent:
    try:
        return _parted(decode(raw))
    except TypeError:
        # Canonical JSON has no lone surrogates, long integers or deep nesting.
        return _parted(decode_again(raw))


def _parted(decoded: Decoded) -> _Sent:
    event = decoded.event
    event_id = event.pop("event_id", None)
    added = {key: event.pop(key) for key in ADDED_KEYS if key in event}
    if added:
        canonical_json(added)
    return _Sent(event, event_id, added, canonical_json(event), decoded.problems)


def _record(sent: _Sent, envelope: Envelope, identity: Identity, trusted: bool) -> Record:
    event_id = envelope.event_id(sent.event_id, sent.content)
    envelope.check_keys()
    recorded_at = envelope.instant("recorded_at")
    place = Place(envelope.zone, recorded_at and recorded_at.astimezone(UTC))
    op = envelope.op()
    data, unread = read_data(KINDS[identity.kind], envelope.data(op), place, envelope.known)
    change_reason, effective_from = envelope.change_reason(), envelope.effective_from(place)
    site, source, actor = envelope.text("site_id"), envelope.text("source"), envelope.text("actor")
    return Record(
        event_id=event_id,
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
        sent=sent.content,
        claimed_ingested_at=None if trusted else envelope.ingested_at,
    )
