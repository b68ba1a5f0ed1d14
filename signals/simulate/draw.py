"""Chance and time: one stream of chance per subject and topic, and the hospital's clock."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")


def stream(seed: int, subject: str, topic: str) -> Random:
    """The chance of one topic of one subject: a change elsewhere does not move it."""
    return Random(f"{seed}/{subject}/{topic}")  # noqa: S311 - reproducible, and no secret


def clock(day: date, hour: float) -> datetime:
    """An hour of a day (fractions are minutes), in the hospitals' zone."""
    return datetime.combine(day, time(0), ZONE) + timedelta(minutes=round(hour * 60))


def days(count: float) -> timedelta:
    """A span of days."""
    return timedelta(days=count)


def hours(count: float) -> timedelta:
    """A span of hours."""
    return timedelta(hours=count)


def stamp(when: datetime) -> str:
    """The instant as it is written on the wire."""
    return when.isoformat(timespec="seconds")
