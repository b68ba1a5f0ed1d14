"""When a row was entered: SDTM does not say, so the rule here is cautious and stated.

A clinical date later than the entry of its record could not be true, and the service would set it
aside. So a row counts as entered at the end of the latest day that it names itself.
"""

from collections.abc import Iterable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from signals.events.dates import PartialDate, partial_date

END_OF_DAY = time(23, 59, 59)


def latest_day(texts: Iterable[str], zone: ZoneInfo) -> date | None:
    """Find the latest local day among dates as they stand; what is no date does not count.

    A date without day or month counts with the first day it may mean, unless nothing better is
    named: then with the last day it may mean, for it must not lie after the entry.
    """
    whole: list[date] = []
    partial: list[PartialDate] = []
    for text in texts:
        read = _read(text, zone)
        if read is None:
            continue
        if read.precision in ("year", "month"):
            partial.append(read)
        else:
            whole.append(read.last_day)
    if whole:
        return max([*whole, *(each.first_day for each in partial)])
    return max((each.last_day for each in partial), default=None)


def end_of(day: date, zone: ZoneInfo) -> str:
    """Write the last second of a local day with its offset."""
    return datetime.combine(day, END_OF_DAY, zone).isoformat()


def _read(text: str, zone: ZoneInfo) -> PartialDate | None:
    try:
        return partial_date(text, zone)
    except ValueError:
        return None
