"""Partial dates and instants (ISO 8601), read in the zone of the site."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

Precision = Literal["year", "month", "day", "minute", "second"]

ALLOWED_DATE = (
    "an ISO 8601 date as far as it is known: YYYY, YYYY-MM, YYYY-MM-DD or "
    "YYYY-MM-DDThh:mm[:ss] with or without offset"
)
ALLOWED_INSTANT = "an ISO 8601 date and time: YYYY-MM-DDThh:mm[:ss] with offset"

_FORM = re.compile(
    r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})"
    r"(?:T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?)?)?"
)
_FIRST_YEAR = 1900
_CACHE = 1 << 15


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date or time known as far as `precision` says (DOMAIN 1.3).

    `earliest` and `latest` are the first and last instant it can mean, in the zone of the site:
    of a year, month or day its first and last second, of a time that time itself (also of
    hh:mm, whose seconds do not matter to any window).
    """

    text: str
    precision: Precision
    earliest: datetime
    latest: datetime

    @property
    def first_day(self) -> date:
        """The first local day it can mean."""
        return self.earliest.date()

    @property
    def last_day(self) -> date:
        """The last local day it can mean."""
        return self.latest.date()

    @property
    def is_instant(self) -> bool:
        """Whether a time of day is known."""
        return self.precision in ("minute", "second")

    def __str__(self) -> str:
        return self.text


@lru_cache(maxsize=_CACHE)
def partial_date(text: str, zone: ZoneInfo) -> PartialDate:
    """Read a partial date; ValueError says what is wrong with it.

    A time without an offset is the zone's. Years before 1900 are refused: they are slips of the
    pen, and would put an onset safely before every window.
    """
    form = _FORM.fullmatch(text)
    if form is None:
        raise ValueError("is not an ISO 8601 date")
    year, month, day, hour, minute, second, fraction, offset = form.groups()
    if int(year) < _FIRST_YEAR:
        raise ValueError(f"lies before {_FIRST_YEAR}")
    if hour is not None:
        moment = _moment(form, zone)
        return PartialDate(text, "second" if second else "minute", moment, moment)
    first, last, precision = _span(int(year), month, day)
    return PartialDate(
        text,
        precision,
        datetime(first.year, first.month, first.day, tzinfo=zone),
        datetime(last.year, last.month, last.day, 23, 59, 59, tzinfo=zone),
    )


def _span(year: int, month: str | None, day: str | None) -> tuple[date, date, Precision]:
    if month is None:
        return date(year, 1, 1), date(year, 12, 31), "year"
    if not 1 <= int(month) <= 12:
        raise ValueError("names a month that does not exist")
    if day is None:
        return date(year, int(month), 1), date(year, int(month), _days(year, month)), "month"
    if not 1 <= int(day) <= _days(year, month):
        raise ValueError("names a day that does not exist")
    only = date(year, int(month), int(day))
    return only, only, "day"


def _days(year: int, month: str) -> int:
    return monthrange(year, int(month))[1]


def _moment(form: re.Match[str], zone: ZoneInfo) -> datetime:
    year, month, day, hour, minute, second, fraction, offset = form.groups()
    first, _, _ = _span(int(year), month, day)
    if int(hour) > 23 or int(minute) > 59 or int(second or 0) > 59:
        raise ValueError("names a time of day that does not exist")
    local = datetime(
        first.year,
        first.month,
        first.day,
        int(hour),
        int(minute),
        int(second or 0),
        int((fraction or "0").ljust(6, "0")[:6]),
        tzinfo=zone if offset is None else _offset(offset),
    )
    return local if offset is None else _in_zone(local, zone)


def _offset(text: str) -> timezone:
    if text == "Z":
        return UTC
    sign = -1 if text[0] == "-" else 1
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours > 14 or minutes > 59:
        raise ValueError("has an offset that does not exist")
    return timezone(sign * timedelta(hours=hours, minutes=minutes))


def _in_zone(moment: datetime, zone: ZoneInfo) -> datetime:
    try:
        return moment.astimezone(zone)
    except OverflowError:
        raise ValueError("lies beyond the year 9999") from None


def instant(text: str, zone: ZoneInfo) -> datetime:
    """Read an instant as an aware datetime in the zone; ValueError says what is wrong.

    A time without an offset is the zone's; a date without a time is not an instant.
    """
    moment = partial_date(text, zone)
    if not moment.is_instant:
        raise ValueError("has no time of day")
    return moment.earliest
