"""Times in a story: days and hours as they are said at the site."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from signals.events import instant
from signals.study.places import Node, Text
from signals.study.problems import Problems

FORM = "write a date and a time, as in 2026-03-06 20:00"


def read_time(node: Node, zone: ZoneInfo, problems: Problems) -> datetime | None:
    """An instant in the zone of the study; None, with a problem, if it cannot be read."""
    if isinstance(node, Text):
        try:
            return instant(node.text.replace(" ", "T"), zone)
        except ValueError as why:
            problems.error("ST002", node.place, f"the time '{node.text}' {why}", FORM)
            return None
    problems.error("ST006", node.place, "a time belongs here", FORM)
    return None
