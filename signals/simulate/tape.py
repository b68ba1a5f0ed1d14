"""The tape: every message of the trial, as its source sends it, played back by arrival."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from signals.simulate.draw import stamp

STUDY = "UC-MSC"
_NAMESPACE = UUID("7f1d3a52-91c6-5b0e-8a37-5a2d1f0c9e64")
_SOURCES = {"lab-result": "lims", "microbiology": "lims", "report-submission": "safety-desk"}


@dataclass(frozen=True, slots=True)
class Place:
    """Whose record it is: site and subject, null where the sender does not know them."""

    site: str | None
    subject: str | None


@dataclass(slots=True)
class Tape:
    """Messages in the order they were made, with the versions and ids given out so far.

    Nothing that arrives after ``cut``, the data cut of the trial, is kept.
    """

    seed: int
    cut: datetime
    sent: list[tuple[datetime, int, dict[str, Any]]] = field(default_factory=list)
    _versions: Counter[tuple[str, str | None, str]] = field(default_factory=Counter)
    _numbers: Counter[tuple[str | None, str]] = field(default_factory=Counter)

    def number(self, place: Place, prefix: str) -> str:
        """The next free record id of the subject, such as AE-3."""
        self._numbers[place.subject, prefix] += 1
        return f"{prefix}-{self._numbers[place.subject, prefix]}"

    def numbered(self, place: Place, prefix: str) -> int:
        """The number last given out."""
        return self._numbers[place.subject, prefix]

    def put(
        self,
        kind: str,
        place: Place,
        record_id: str,
        data: dict[str, Any],
        when: datetime,
        *,
        reason: str = "NEW",
        effective_from: str | None = None,
        moved_from: dict[str, Any] | None = None,
        source: str | None = None,
    ) -> dict[str, Any]:
        """Send the next version of a record; ``when`` is its entry at the source.

        The version follows the order of the calls, so a version may arrive before an older one.
        """
        key = (kind, place.subject, record_id)
        self._versions[key] += 1
        version = self._versions[key]
        sender = source or _SOURCES.get(kind, "edc")
        name = f"{self.seed}/{kind}/{place.subject}/{record_id}/{version}"
        event: dict[str, Any] = {
            "event_id": str(uuid5(_NAMESPACE, name)),
            "schema": f"{kind}/1",
            "study_id": STUDY,
            "site_id": place.site,
            "subject_id": place.subject,
            "record_id": record_id,
            "version": version,
            "op": "VOID" if reason == "ENTERED_IN_ERROR" else "UPSERT",
            "change_reason": reason,
            "effective_from": effective_from,
            "recorded_at": stamp(when),
            "source": sender,
            "actor": f"{sender}-{(place.site or 'desk').lower()}",
            "moved_from": moved_from,
            "data": dict(data),
        }
        event = {name: value for name, value in event.items() if _told(name, value)}
        self.send(event, when)
        return event

    def continues(self, kind: str, place: Place, record_id: str, version: int) -> None:
        """Let the next version under this place follow one that was sent under another."""
        self._versions[kind, place.subject, record_id] = version

    def repeat_last(self) -> None:
        """Send the last message once more, byte for byte."""
        when, _, event = self.sent[-1]
        self.send(event, when)

    def send(self, event: dict[str, Any], when: datetime) -> None:
        """Send a message as it is; ``when`` is its ``recorded_at``."""
        if when <= self.cut:
            self.sent.append((when, len(self.sent), event))

    def arrived(self) -> Iterator[tuple[datetime, dict[str, Any]]]:
        """The messages by arrival; of one instant, in the order they were made."""
        for when, _, event in sorted(self.sent, key=lambda each: each[:2]):
            yield when, event


def line(thing: dict[str, Any]) -> str:
    """One JSON object as one line."""
    return json.dumps(thing, ensure_ascii=False, separators=(",", ":")) + "\n"


def _told(name: str, value: object) -> bool:
    return value is not None or name not in ("effective_from", "moved_from")
