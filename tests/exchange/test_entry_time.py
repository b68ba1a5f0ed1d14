"""When a row counts as entered, and that no clinical date lies after it."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.exchange.sdtm.dates import latest_day
from tests.exchange.studies import imported, row, said

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("dates", "latest"),
    [
        (["2026-03-04", "2026-03-09", "2026-03-05"], "2026-03-09"),
        (["2026-03-04T23:59", "2026-03-04"], "2026-03-04"),
        # 23:30 in London is 07:30 of the next day in Shanghai.
        (["2026-03-04T23:30Z"], "2026-03-05"),
        # A month beside a whole day counts with its first day, alone with its last.
        (["2026-03", "2026-02-20"], "2026-03-01"),
        (["2026-02", "2026-02-20"], "2026-02-20"),
        (["2024-02"], "2024-02-29"),
        (["2025", "2026-02"], "2026-02-28"),
        (["2026"], "2026-12-31"),
        (["2026-02-30", "2026---04", "unknown"], None),
        (["2026-02-30", "2026-01-02"], "2026-01-02"),
        ([], None),
    ],
)
def test_latest_day(dates: list[str], latest: str | None) -> None:
    found = latest_day(dates, SHANGHAI)
    assert (found.isoformat() if found else None) == latest


def test_a_row_is_entered_at_the_end_of_the_latest_day_it_names(tmp_path: Path) -> None:
    ae = row("AE", AETERM="A", AESTDTC="2026-03-04", AEENDTC="2026-03-09", AEDTC="2026-03-05")
    (event,), run = imported(tmp_path, "zone: Asia/Shanghai", AE=[ae])
    assert event["recorded_at"] == "2026-03-09T23:59:59+08:00"
    assert run.understood


def test_a_row_without_a_date_is_entered_at_the_end_of_the_study(tmp_path: Path) -> None:
    rows = [
        row("AE", seq=1, AETERM="A", AESTDTC=""),
        row("AE", seq=2, AETERM="B", AESTDTC="2026-03-04"),
    ]
    lb = [row("LB", LBTESTCD="K", LBORRES="4.0", LBORRESU="mmol/L", LBDTC="2026-05-01T08:00")]
    events, run = imported(tmp_path, AE=rows, LB=lb)
    assert events[0]["recorded_at"] == "2026-05-01T23:59:59+00:00"
    assert said(run) == [("AE", 1, "AEDTC", "", "assumed")]
    assert run.understood


def test_every_row_is_entered_at_the_end_of_the_study_if_the_map_says_so(tmp_path: Path) -> None:
    rows = [
        row("AE", seq=1, AETERM="A", AESTDTC="2026-03-04"),
        row("AE", seq=2, AETERM="B", AESTDTC="2026-04-30"),
    ]
    events, _ = imported(tmp_path, "recorded_at: study end", AE=rows)
    assert {event["recorded_at"] for event in events} == {"2026-04-30T23:59:59+00:00"}


def test_a_study_without_any_date_yields_no_event_and_says_so(tmp_path: Path) -> None:
    events, run = imported(tmp_path, AE=[row("AE", AETERM="A", AESTDTC="")])
    assert events == []
    assert said(run) == [("AE", 1, "AEDTC", "", "key unusable")]


days = st.dates(min_value=date(1900, 1, 1)).map(lambda day: day.isoformat())
partial = st.tuples(days, st.sampled_from([4, 7, 10])).map(lambda cut: cut[0][: cut[1]])


@given(st.lists(partial, min_size=1))
def test_no_date_of_a_row_begins_after_its_entry(dates: list[str]) -> None:
    latest = latest_day(dates, SHANGHAI)
    assert latest is not None
    assert all(f"{each}-01-01"[:10] <= latest.isoformat() for each in dates if len(each) == 4)
    assert all(f"{each}-01"[:10] <= latest.isoformat() for each in dates if len(each) > 4)
