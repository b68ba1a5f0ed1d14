"""Windows over records of one sort: a laboratory test, or the records that bear a mark."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from signals.chart.chart import Chart, Mark
from signals.events import Record, read_event

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 3, 1, tzinfo=ZONE)
ALWAYS = datetime(1900, 1, 1, tzinfo=ZONE), datetime(2100, 1, 1, tzinfo=ZONE)


def result(record_id: str, version: int = 1, subject: str = "001", **data: Any) -> Record:
    sent = {
        "schema": "lab-result/1",
        "study_id": "T-1",
        "site_id": "WHC",
        "subject_id": subject,
        "record_id": record_id,
        "version": version,
        "op": "UPSERT",
        "change_reason": "NEW" if version == 1 else "CORRECTION",
        "recorded_at": (START + timedelta(days=9)).isoformat(),
        "source": "lims",
        "actor": "lab",
        "data": {"collected_at": "2026-03-02", "unit_raw": "10*9/L", "result_raw": "1"} | data,
    }
    read = read_event(sent, zone=ZONE)
    assert isinstance(read, Record), read
    return read.arrived(START + timedelta(days=9, hours=version))


def chart_of(*records: Record) -> Chart:
    low = Mark(frozenset({"lab-result"}), lambda each: str(each.data.result_raw).startswith("0"))
    chart = Chart({"low": low})
    for position, record in enumerate(records, 1):
        chart.add(record, position)
    return chart


def found(chart: Chart, sort: str, first: datetime, last: datetime) -> set[str]:
    records = chart.view.of_person_within("lab-result", "001", first, last, sort)
    return {each.record_id for each in records}


@pytest.mark.parametrize(
    ("sort", "ids"),
    [("", {"N-1", "N-2", "P-1"}), ("NEUT", {"N-1", "N-2"}), ("PLAT", {"P-1"}), ("WBC", set())],
)
def test_a_test_finds_only_its_own_results(sort: str, ids: set[str]) -> None:
    chart = chart_of(
        result("N-1", test="NEUT"), result("N-2", test="NEUT"), result("P-1", test="PLAT")
    )
    assert found(chart, sort, *ALWAYS) == ids


def test_a_mark_finds_the_records_that_bear_it() -> None:
    chart = chart_of(result("N-1", result_raw="0.4"), result("N-2", result_raw="2.0"))
    assert found(chart, "low", *ALWAYS) == {"N-1"}


def test_the_window_holds_for_a_sort_too() -> None:
    chart = chart_of(
        result("N-1", test="NEUT", collected_at="2026-03-02"),
        result("N-2", test="NEUT", collected_at="2026-03-06"),
        result("N-3", test="NEUT", collected_at="2026-03"),
    )
    day = START + timedelta(days=5)
    assert found(chart, "NEUT", day, day + timedelta(hours=23)) == {"N-2", "N-3"}


def test_a_corrected_test_is_found_under_both_for_the_reader_to_ask_again() -> None:
    chart = chart_of(result("N-1", test="NEUT"), result("N-1", 2, test="PLAT"))
    assert found(chart, "NEUT", *ALWAYS) == found(chart, "PLAT", *ALWAYS) == {"N-1"}


def test_another_subject_is_not_found() -> None:
    chart = chart_of(result("N-1", test="NEUT", subject="002"))
    assert found(chart, "NEUT", *ALWAYS) == set()


@pytest.mark.parametrize(
    ("more", "ids"),
    [
        ([], []),
        ([result("N-3", test="NEUT", collected_at="2026-03-05")], ["N-3"]),
        ([result("P-1", test="PLAT", collected_at="2026-03-05")], []),
        ([result("N-3", 1, "002", test="NEUT", collected_at="2026-03-05")], []),
        ([result("N-3", test="NEUT", collected_at=None)], None),
        ([result("N-3", test="NEUT", collected_at="2026-03")], None),
        ([result("N-3", test="NEUT", collected_at="2026-03-03")], None),
        ([result("N-3", test="NEUT", collected_at="2026-03-01")], None),
        ([result("N-1", 2, test="NEUT", collected_at="2026-03-05")], None),
        ([result("N-1", 2, test="PLAT", collected_at="2026-03-05")], None),
    ],
)
def test_what_is_new_is_told_where_nothing_else_changed(
    more: list[Record], ids: list[str] | None
) -> None:
    chart = chart_of(
        result("N-1", test="NEUT"), result("N-2", test="NEUT", collected_at="2026-03-03")
    )
    before = chart.view.changes("lab-result", "001", "NEUT")
    for position, record in enumerate(more, 3):
        chart.add(record, position)
    found = chart.view.appended("lab-result", "001", "NEUT", before)
    assert (None if found is None else [each.record_id for each in found]) == ids
    assert chart.as_of(START).appended("lab-result", "001", "NEUT", before) is None


def test_of_one_test_nothing_is_told_when_a_result_of_it_became_one_of_another() -> None:
    chart = chart_of(result("N-1", test="NEUT"), result("P-1", test="PLAT"))
    before = chart.view.changes("lab-result", "001", "PLAT")
    chart.add(result("P-1", 2, test="NEUT"), 3)
    assert chart.view.appended("lab-result", "001", "PLAT", before) is None
