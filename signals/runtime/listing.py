"""Which alerts are shown, and in which order: by the soonest legal due date, then by priority."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from signals.book.alert import State
from signals.rulebook.spec import Priority

STANDING = (State.POSSIBLE, State.FIRING, State.WITHDRAWAL_PENDING)
_NEVER = datetime.max.replace(tzinfo=UTC)
_PRIORITIES = [priority.value for priority in Priority]

AlertJson = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Filter:
    """What to show; None is no restriction."""

    state: frozenset[str] | None = frozenset(STANDING)
    rule: str | None = None
    subject: str | None = None
    site: str | None = None
    priority: str | None = None
    topic: str | None = None

    def fits(self, alert: AlertJson) -> bool:
        """Whether the alert is to be shown."""
        wanted = (
            ("rule", self.rule),
            ("subject_id", self.subject),
            ("site_id", self.site),
            ("priority", self.priority),
            ("topic", self.topic),
        )
        return (self.state is None or alert["state"] in self.state) and all(
            word is None or alert[key] == word for key, word in wanted
        )


def listed(alerts: Iterable[AlertJson], shown: Filter) -> list[AlertJson]:
    """The alerts to show, the most urgent first."""
    return sorted((alert for alert in alerts if shown.fits(alert)), key=_urgency)


def soonest_due(alert: AlertJson) -> datetime | None:
    """The first of the alert's due dates, if it has any."""
    return min((datetime.fromisoformat(due["due"]) for due in alert["due"]), default=None)


def _urgency(alert: AlertJson) -> tuple[datetime, int, str]:
    return (
        soonest_due(alert) or _NEVER,
        _PRIORITIES.index(alert["priority"]),
        alert["alert_id"],
    )
