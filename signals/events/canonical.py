"""Canonical JSON: the one text of a decoded event, and its hash.

Keys are sorted, nothing is spaced, text is UTF-8, and a number stands as it was read: 1.40 does not
become 1.4.
"""

from decimal import Decimal
from hashlib import sha256
from typing import Any

import orjson

_SERVICE_KEYS = ("event_id", "ingested_at", "problems", "backfill", "conflict")


def canonical_json(value: Any) -> bytes:
    """The canonical JSON of a decoded value.

    Raises TypeError on what JSON does not hold (lone surrogates and integers of more than 64 bits
    included), and on more than 250 levels.
    """
    return orjson.dumps(value, _as_read, orjson.OPT_SORT_KEYS)


def canonical_hash(event: dict[str, Any]) -> str:
    """SHA-256 of what the sender sent, apart from the event's id and what the service adds."""
    return hash_of(canonical_json({key: event[key] for key in event if key not in _SERVICE_KEYS}))


def hash_of(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return sha256(content).hexdigest()


def _as_read(value: object) -> object:
    if isinstance(value, Decimal):
        return orjson.Fragment(str(value))
    raise TypeError(f"{type(value).__name__} has no place in JSON")
