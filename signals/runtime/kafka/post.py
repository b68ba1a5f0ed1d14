"""Events handed over HTTP, on their way to the topics of their kinds."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from kafka import KafkaProducer

from signals.runtime.kafka.reader import asked, opened
from signals.runtime.kafka.settings import KafkaSettings
from signals.runtime.kafka.topics import SOURCE_KINDS, UNREADABLE, Topics

_REQUEST_MS, _PATIENCE_MS = 5_000, 15_000


def address(raw: bytes) -> tuple[str, str | None, bytes]:
    """The kind of an event, its study if it tells one, and its bytes."""
    try:
        event = json.loads(raw)
        kind, study = str(event["schema"]).partition("/")[0], event.get("study_id")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return UNREADABLE, None, raw
    key = study if isinstance(study, str) and study.isprintable() else None
    return (kind if kind in SOURCE_KINDS else UNREADABLE), key, raw


class Post:
    """Sends events as a source does; safe to call from several threads.

    Somebody waits at the other end of a line, so it gives up after seconds.  A message that was
    sent twice counts once, so the producer need not remember what it sent.
    """

    def __init__(self, settings: KafkaSettings) -> None:
        """Connect.

        Raises:
            BrokerAwayError: no broker answers.
        """
        self._topics = Topics(settings.prefix)
        patience = {
            "request_timeout_ms": _REQUEST_MS,
            "delivery_timeout_ms": _PATIENCE_MS,
            "max_block_ms": _PATIENCE_MS,
        }
        self._producer = opened(
            settings,
            lambda: KafkaProducer(
                **settings.client() | patience, acks="all", enable_idempotence=False
            ),
        )

    def send(self, raws: Iterable[bytes]) -> list[str]:
        """Send events and wait for the brokers' word; where each came to lie.

        Raises:
            BrokerAwayError: not all were acknowledged.
        """
        sent = [self._send(raw) for raw in raws]
        places = [asked(each.get) for each in sent]
        return [f"{place.topic}/{place.partition}/{place.offset}" for place in places]

    def _send(self, raw: bytes) -> Any:
        kind, study_id, value = address(raw)
        key = None if study_id is None else study_id.encode()
        topic = self._topics.of_kind(kind)
        return asked(lambda: self._producer.send(topic, value=value, key=key))

    def close(self) -> None:
        """Leave the brokers; what was acknowledged is there."""
        self._producer.close(timeout=1)
