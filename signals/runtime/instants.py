"""The instants that people give on the command line or in an address."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from signals.events import partial_date

_COARSE = ("year", "month")


def read_instant(text: str, zone: ZoneInfo) -> datetime:
    """An ISO 8601 instant, or a date: then the last second of that day in the study's zone.

    Raises:
        ValueError: it is neither; the message says what would be read.
    """
    try:
        read = partial_date(text, zone)
    except ValueError as error:
        raise ValueError(f"'{text}' {error}; {_ALLOWED}") from None
    if read.precision in _COARSE:
        raise ValueError(f"'{text}' names no day; {_ALLOWED}")
    return read.latest


_ALLOWED = "give an instant such as 2026-03-08T09:10:00+08:00, or a date such as 2026-03-08"
