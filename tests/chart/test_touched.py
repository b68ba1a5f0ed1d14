"""What a new record changes: itself, and never what merely bears the same id."""

import json
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest

from signals.chart.chart import Chart, RecordKey
from signals.events import Record, read_event

Add = Callable[..., list[RecordKey]]


@pytest.fixture
def add() -> Add:
    chart = Chart()

    def _add(subject: str | None, version: int = 1) -> list[RecordKey]:
        event = {
            "schema": "adverse-event/1",
            "study_id": "UC-MSC",
            "subject_id": subject,
            "record_id": "AE-1",
            "version": version,
            "op": "UPSERT",
            "recorded_at": "2026-03-06T19:55:00+08:00",
            "ingested_at": "2026-03-06T20:00:00+08:00",
            "data": {"term": f"{subject} {version}"},
        }
        record = read_event(json.dumps(event), zone=ZoneInfo("Asia/Shanghai"), trusted=True)
        assert isinstance(record, Record)
        return chart.add(record, 1)

    return _add


def test_adverse_events_of_one_id_under_two_subjects_do_not_touch_each_other(add: Add) -> None:
    add("001")
    assert add("002") == [("adverse-event", "002", "AE-1")]
    assert add("001", version=2) == [("adverse-event", "001", "AE-1")]


def test_a_code_that_comes_later_touches_both_names(add: Add) -> None:
    add(None)
    assert set(add("001", version=2)) == {
        ("adverse-event", None, "AE-1"),
        ("adverse-event", "001", "AE-1"),
    }


def test_a_second_owner_takes_the_nameless_version_from_the_first(add: Add) -> None:
    add(None)
    add("001", version=2)
    assert set(add("002", version=2)) == {
        ("adverse-event", None, "AE-1"),
        ("adverse-event", "001", "AE-1"),
        ("adverse-event", "002", "AE-1"),
    }
