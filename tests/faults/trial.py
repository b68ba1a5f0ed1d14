"""A made-up trial as its sources send it: infusions, events, corrections, reports, decisions.

The times are near the present, and some events were received nearly 24 hours or nearly seven days
ago, so that under the wall's clock wakes come due while the test runs.
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
_DAY = timedelta(days=1)
_TERMS = ("Pneumonitis", "Rash maculo-papular", "Hypotension", "Fever", "Febrile neutropenia")
_PARTIES = (None, "RELATED", "POSSIBLE", "UNRELATED")
_ENVELOPE = {"study_id": "UC-MSC", "op": "UPSERT", "source": "edc", "actor": "site-001"}


class Trial:
    """Makes one event after another; the same seed makes the same ones around the same present."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 - it must repeat, not surprise
        self._events: dict[tuple[str, str], tuple[int, dict[str, Any]]] = {}

    def events(self) -> Iterator[bytes]:
        """Events for ever, each as its sender writes it."""
        makers = (self._adverse_event, self._adverse_event, self._correction, self._infusion)
        while True:
            yield json.dumps(self._random.choice(makers)()).encode()

    def _adverse_event(self) -> dict[str, Any]:
        received = datetime.now(ZONE) - self._random.choice((timedelta(0), _DAY, 7 * _DAY))
        received += timedelta(seconds=self._random.uniform(0, 3))
        data = {
            "term": self._random.choice(_TERMS),
            "onset": (received - _DAY).date().isoformat(),
            "grade": self._random.randint(1, 4),
            "serious": self._random.choice(("Y", "Y", "N", None)),
            "criteria": {"life_threatening": self._random.choice(("Y", "N"))},
            "causality": {
                "investigator": self._opinion(),
                "sponsor": self._opinion(),
            },
            "received_by_sponsor_at": received.isoformat(),
        }
        return self._event("adverse-event", f"AE-{len(self._events)}", 1, data)

    def _opinion(self) -> list[dict[str, str]]:
        word = self._random.choice(_PARTIES)
        return [] if word is None else [{"product": "UC-MSC", "assessment": word}]

    def _correction(self) -> dict[str, Any]:
        if not self._events:
            return self._adverse_event()
        subject, name = self._random.choice(list(self._events))
        version, data = self._events[subject, name]
        changed = {**data, "grade": self._random.randint(1, 4), "error_origin": "SITE"}
        changed["causality"] = {"investigator": self._opinion(), "sponsor": self._opinion()}
        return self._event("adverse-event", name, version + 1, changed, subject)

    def _infusion(self) -> dict[str, Any]:
        number = self._random.randint(1, 3)
        start = datetime.now(ZONE) - timedelta(days=self._random.randint(2, 9))
        data = {
            "infusion_no": number,
            "status": "COMPLETED",
            "start": start.isoformat(),
            "end": (start + timedelta(minutes=40)).isoformat(),
        }
        return self._event("infusion", f"INF-{number}-{self._random.random()}", 1, data)

    def _event(
        self, kind: str, name: str, version: int, data: dict[str, Any], subject: str | None = None
    ) -> dict[str, Any]:
        of = subject or f"001-{self._random.randint(1, 6):03}"
        if kind == "adverse-event":
            self._events[of, name] = version, data
        return {
            **_ENVELOPE,
            "event_id": str(UUID(int=self._random.getrandbits(128))),
            "schema": f"{kind}/1",
            "site_id": "WHC",
            "subject_id": of,
            "record_id": name,
            "version": version,
            "change_reason": "NEW" if version == 1 else "CORRECTION",
            "recorded_at": (datetime.now(ZONE) + timedelta(seconds=5)).isoformat(),
            "data": data,
        }
