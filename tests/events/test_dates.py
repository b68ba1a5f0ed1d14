"""Partial dates (DOMAIN 1.3): both ends of what a text can mean, and what is refused."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.events import PartialDate, instant, partial_date

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("text", "precision", "earliest", "latest"),
    [
        ("2026", "year", at(2026, 1, 1), at(2026, 12, 31, 23, 59, 59)),
        ("2026-02", "month", at(2026, 2, 1), at(2026, 2, 28, 23, 59, 59)),
        ("2028-02", "month", at(2028, 2, 1), at(2028, 2, 29, 23, 59, 59)),
        ("2026-03-06", "day", at(2026, 3, 6), at(2026, 3, 6, 23, 59, 59)),
        ("2026-03-06T18:05", "minute", at(2026, 3, 6, 18, 5), at(2026, 3, 6, 18, 5)),
        ("2026-03-06T18:05:30", "second", at(2026, 3, 6, 18, 5, 30), at(2026, 3, 6, 18, 5, 30)),
        ("2026-03-06T23:30Z", "minute", at(2026, 3, 7, 7, 30), at(2026, 3, 7, 7, 30)),
        ("2026-03-06T18:05+0900", "minute", at(2026, 3, 6, 17, 5), at(2026, 3, 6, 17, 5)),
        ("1900-01-01", "day", at(1900, 1, 1), at(1900, 1, 1, 23, 59, 59)),
    ],
)
def test_what_a_text_can_mean(
    text: str, precision: str, earliest: datetime, latest: datetime
) -> None:
    found = partial_date(text, SHANGHAI)
    assert (found.text, found.precision) == (text, precision)
    assert (found.earliest, found.latest) == (earliest, latest)
    assert found.earliest.tzinfo is SHANGHAI
    assert found.is_instant == (precision in ("minute", "second"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2026-02-30", "is a date that does not exist"),
        ("2026-02-29", "is a date that does not exist"),
        ("2026-13", "is a date that does not exist"),
        ("2026-00-01", "is a date that does not exist"),
        ("2026---04", "is not an ISO 8601 date"),
        ("2026-3-4", "is not an ISO 8601 date"),
        ("04/03/2026", "is not an ISO 8601 date"),
        ("2026-03-06T18", "is not an ISO 8601 date"),
        ("2026-03-06 18:05", "is not an ISO 8601 date"),
        ("2026-03-06Z", "is not an ISO 8601 date"),
        ("２０２６", "is not an ISO 8601 date"),
        ("", "is not an ISO 8601 date"),
        ("2026-03-06T24:00", "is a date and time that does not exist"),
        ("2026-03-06T18:60", "is a date and time that does not exist"),
        ("2026-02-30T18:00", "is a date and time that does not exist"),
        ("9999-12-31T23:59:59-12:00", "is a date and time that does not exist"),
        ("1899-12-31", "lies before 1900"),
        ("0206-03-06", "lies before 1900"),
    ],
)
def test_what_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        partial_date(text, SHANGHAI)


def test_the_local_day_depends_on_the_zone() -> None:
    text = "2026-03-06T23:30:00Z"
    assert partial_date(text, SHANGHAI).first_day == date(2026, 3, 7)
    assert partial_date(text, NEW_YORK).first_day == date(2026, 3, 6)


def test_an_open_end_far_away_is_read_in_every_zone() -> None:
    for zone in (SHANGHAI, NEW_YORK):
        assert partial_date("9999-12-31", zone).last_day == date(9999, 12, 31)


def test_an_instant_has_a_time_of_day() -> None:
    assert instant("2026-03-06T18:05:00+08:00", NEW_YORK) == at(2026, 3, 6, 18, 5)
    assert instant("2026-03-06T18:05", SHANGHAI) == at(2026, 3, 6, 18, 5)
    with pytest.raises(ValueError, match="has no time of day"):
        instant("2026-03-06", SHANGHAI)


@given(st.dates(date(1900, 1, 1), date(9998, 12, 31)), st.sampled_from([4, 7, 10]))
def test_less_of_a_date_means_more_days(day: date, length: int) -> None:
    whole, part = (partial_date(text, SHANGHAI) for text in (str(day), str(day)[:length]))
    assert part.earliest <= whole.earliest < whole.latest <= part.latest
    assert part.first_day <= day <= part.last_day
    assert (part.earliest - timedelta(seconds=1)).strftime("%Y-%m-%d")[:length] != part.text
    assert (part.latest + timedelta(seconds=1)).strftime("%Y-%m-%d")[:length] != part.text


@given(st.datetimes(datetime(1901, 1, 1), datetime(9998, 12, 31), timezones=st.timezones()))  # noqa: DTZ001
def test_an_instant_is_the_same_in_every_zone(moment: datetime) -> None:
    text = moment.astimezone(UTC).isoformat(timespec="microseconds")
    for zone in (SHANGHAI, NEW_YORK):
        found = partial_date(text, zone)
        assert isinstance(found, PartialDate)
        assert found.earliest.astimezone(UTC) == moment.astimezone(UTC)
