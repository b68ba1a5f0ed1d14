"""Canaries: a made-up fatal case a few times an hour, which must come out at the far end.

Each journal partition has a study of its own for them, whose name lies on that partition; its packs
and alerts are nobody's.  They end on ``alerts.canary`` and in a metric, never in a notification, an
inbox or a figure of a study.  A new subject every day, forgotten after two.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cache
from itertools import count
from uuid import uuid4
from zoneinfo import ZoneInfo

from signals.book.alert import Alert
from signals.book.fold import Fold
from signals.events import Rejection, read_event
from signals.facts.registry import dictionary
from signals.resources import folder
from signals.rulebook.pack import Pack, load_pack
from signals.rulebook.panel import Panel
from signals.runtime.kafka.topics import partition_of

PREFIX = "_canary"
ZONE = ZoneInfo("UTC")
_DAYS = 2


def is_canary(study_id: str) -> bool:
    """Whether a study is one of the canaries'."""
    return study_id.startswith(PREFIX)


@cache
def canary_of(partition: int, partitions: int) -> str:
    """The canaries' study on a partition."""
    names = (f"{PREFIX}-{number}" for number in count())
    return next(name for name in names if partition_of(name, partitions) == partition)


def canary_event(study_id: str, now: datetime) -> dict[str, object]:
    """A fatal, related, unexpected adverse event, as a source sends it."""
    at, name = now.isoformat(), str(uuid4())
    opinion = [{"product": "UC-MSC", "assessment": "DEFINITE"}]
    return {
        "event_id": name,
        "schema": "adverse-event/1",
        "study_id": study_id,
        "site_id": None,
        "subject_id": now.date().isoformat(),
        "record_id": name,
        "version": 1,
        "op": "UPSERT",
        "change_reason": "NEW",
        "recorded_at": at,
        "source": "signals",
        "actor": "canary",
        "data": {
            "term": "Canary",
            "onset": now.date().isoformat(),
            "grade": 5,
            "serious": "Y",
            "criteria": {"death": "Y"},
            "outcome": "FATAL",
            "causality": {"investigator": opinion, "sponsor": opinion},
            "received_by_sponsor_at": at,
        },
    }


class CanaryFold:
    """The canaries of one partition, folded like any study, each day anew."""

    def __init__(self, study_id: str) -> None:
        self._study_id = study_id
        self._days: dict[str, tuple[Fold, int]] = {}
        self._alerts: list[Alert] = []

    def take(self, value: bytes) -> None:
        """Fold a canary; what is none is not worth a word."""
        read = read_event(value, zone=ZONE, trusted=True)
        if isinstance(read, Rejection) or read.subject_id is None or read.ingested_at is None:
            return
        fold, position = self._days.get(read.subject_id) or (self._fresh(), 0)
        self._alerts += fold.step(read, position + 1)
        self._days[read.subject_id] = fold, position + 1
        for old in sorted(self._days)[:-_DAYS]:
            del self._days[old]

    def collect(self) -> list[Alert]:
        """The alerts since the last call."""
        self._alerts, alerts = [], self._alerts
        return alerts

    def _fresh(self) -> Fold:
        pack = _pack()
        study = replace(pack.study, study_id=self._study_id)
        return Fold(replace(pack, study=study), make_panel=lambda _pack: _panel())


@cache
def _pack() -> Pack:
    return load_pack(folder("rules") / "uc-msc")


@cache
def _panel() -> Panel:
    return Panel(_pack().by_kind, dictionary())
