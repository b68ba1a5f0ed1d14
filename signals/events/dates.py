"""Partial dates and instants (ISO 8601), read in the zone of the site."""

import re
from calendar import monthrange
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from signals.immutable import immutable

Precision = Literal["year", "month", "day", "minute", "second"]

ALLOWED_DATE = (
    "an ISO 8601 date as far as it is known: YYYY, YYYY-MM, YYYY-MM-DD or "
    "YYYY-MM-DDThh:mm[:ss] with or without offset"
)
ALLOWED_INSTANT = "an ISO 8601 date and time: YYYY-MM-DDThh:mm[:ss] with offset"

_FORM = re.compile(
    r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?:T[0-9]{2}:([0-9]{2})"
    r"(?::([0-9]{2})(?:\.[0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?)?)?"
)
_FIRST_YEAR = 1900
_CACHE = 1 << 15


@immutable(frozen=True, slots=True)
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
    year, month, day, minute, second = _parts(text)
    if minute is not None:
        moment = _moment(text, zone)
        return PartialDate(text, "second" if second else "minute", moment, moment)
    first, last, precision = _span(int(year), month, day)
    return PartialDate(
        text,
        precision,
        datetime(first.year, first.month, first.day, tzinfo=zone),
        datetime(last.year, last.month, last.day, 23, 59, 59, tzinfo=zone),
    )


def _parts(text: str) -> tuple[str, str | None, str | None, str | None, str | None]:
    """Year, month, day, minute and second as written."""
    form = _FORM.fullmatch(text)
    if form is None:
        raise ValueError("is not an ISO 8601 date")
    year, month, day, minute, second = form.groups()
    if int(year) < _FIRST_YEAR:
        raise ValueError(f"lies before {_FIRST_YEAR}")
    return year, month, day, minute, second


def _span(year: int, month: str | None, day: str | None) -> tuple[date, date, Precision]:
    if month is None:
        return date(year, 1, 1), date(year, 12, 31), "year"
    first = _day(year, int(month), 1)
    if day is None:
        return first, first.replace(day=monthrange(year, first.month)[1]), "month"
    only = _day(year, int(month), int(day))
    return only, only, "day"


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError("is a date that does not exist") from None


def _moment(text: str, zone: ZoneInfo) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            # By way of UTC, for a clock that is set forward skips some times.
            moment = moment.replace(tzinfo=zone).astimezone(UTC)
        return moment.astimezone(zone)
    except (ValueError, OverflowError):
        raise ValueError("is a date and time that does not exist") from None


def instant(text: str, zone: ZoneInfo) -> datetime:
    """Read an instant as an aware datetime in the zone; ValueError says what is wrong.

    A time without an offset is the zone's; a date without a time is not an instant.  Nothing is
    kept of it: an arrival is read once.
    """
    *_, minute, _ = _parts(text)
    if minute is None:
        # That a date does not exist is told first.
        partial_date(text, zone)
        raise ValueError("has no time of day")
    return _moment(text, zone)
