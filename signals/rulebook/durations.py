"""Durations as rules write them: ``48 h``, ``3 d``, ``30 min``, ``-4 h``."""

from __future__ import annotations

import re
from datetime import timedelta

_UNITS = {
    "s": timedelta(seconds=1),
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
}
_DURATION = re.compile(r"([+-]?\d{1,6})\s*([A-Za-z]+)")

UNITS = ", ".join(_UNITS)


def read_duration(text: str) -> timedelta | None:
    """The duration, or None if the text is none.  A day is 24 hours.

    >>> read_duration("-4 h")
    datetime.timedelta(days=-1, seconds=72000)
    """
    match = _DURATION.fullmatch(text.strip())
    if match is None or match[2] not in _UNITS:
        return None
    return int(match[1]) * _UNITS[match[2]]
