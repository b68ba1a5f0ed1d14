"""The anchor, and the time and number under which a person is watched (DOMAIN 1.6)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from signals.events import Record
from signals.facts.anchor import anchor
from signals.facts.watch import watch_of
from tests.facts.kit import pack, plain
from tests.facts.records import chart_of, record

STUDY = pack().study
NEW_COURSE = STUDY.haematology.new_course


def therapy(number: int, kind: str = "CHEMOTHERAPY", **data: Any) -> Record:
    return record("therapy", f"TX-{number}", kind=kind, **data)


def infusion(day: str, number: int = 1, subject: str = "001") -> Record:
    given = {"start": f"{day}T10:00", "end": f"{day}T10:40", "status": "COMPLETED"}
    return record("infusion", f"INF-{number}", subject, **given)


def undated() -> Record:
    return record("infusion", "INF-9", status="COMPLETED")


def day_of(*records: Record) -> tuple[date | None, date | None] | None:
    found = anchor(chart_of(*records).view, "001", NEW_COURSE)
    return None if found is None else (found.day.low, found.day.high)


def on(day: int, month: int = 3) -> tuple[date, date]:
    return date(2026, month, day), date(2026, month, day)


CONDITIONING = therapy(1, "CONDITIONING", start="2026-03-10")
GRAFT = therapy(2, "HSCT_ALLO", start="2026-03-17", completed_at="2026-03-18")


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([therapy(1, start="2026-03-02", is_index=True)], on(2)),
        ([therapy(1, start="2026-03", is_index=True)], (date(2026, 3, 1), date(2026, 3, 31))),
        ([therapy(1, is_index=True)], (None, None)),
        ([therapy(1, start="2026-03-02")], None),
        ([CONDITIONING, therapy(2, "HSCT_ALLO", completed_at="2026-03-18", is_index=True)], on(18)),
        ([therapy(2, "HSCT_AUTO", start="2026-03-17", is_index=True)], (date(2026, 3, 17), None)),
        ([CONDITIONING, GRAFT, infusion("2026-03-20")], on(18)),
        ([CONDITIONING, GRAFT, infusion("2026-03-15")], on(10)),
        ([CONDITIONING, GRAFT, infusion("2026-03-05")], on(10)),
        ([therapy(1, "DLI", start="2026-03-01"), infusion("2026-03-05")], None),
        ([infusion("2026-03-05")], None),
    ],
)
def test_the_day_of_the_anchor(records: list[Record], expected: object) -> None:
    assert day_of(*records) == expected


def test_an_inferred_anchor_says_so() -> None:
    view = chart_of(CONDITIONING, GRAFT, infusion("2026-03-20")).view
    found = anchor(view, "001", NEW_COURSE)
    assert found is not None
    assert found.inferred


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({"kind": "CONDITIONING", "start": "2026-03-30"}, date(2026, 3, 30)),
        ({"kind": "CHEMOTHERAPY", "start": "2026-03-09"}, date(2026, 3, 9)),
        ({"kind": "CHEMOTHERAPY", "start": "2026-03-08"}, None),
        ({"kind": "CHEMOTHERAPY", "start": "2026-03-09", "course_id": "C-1"}, None),
        ({"kind": "TARGETED", "start": "2026-03-09"}, None),
        ({"kind": "DLI", "start": "2026-03-30"}, None),
    ],
)
def test_another_course_begins_after_the_end_of_the_index_course(
    other: dict[str, Any], expected: date | None
) -> None:
    index = therapy(1, start="2026-03-02", end="2026-03-08", is_index=True, course_id="C-1")
    found = anchor(chart_of(index, therapy(2, **other)).view, "001", NEW_COURSE)
    assert found is not None
    assert found.next_course == expected
    assert found.ends == date(2026, 3, 8)


def test_records_of_one_course_end_together() -> None:
    index = therapy(1, start="2026-03-02", end="2026-03-05", is_index=True, course_id="C-1")
    beside = therapy(2, start="2026-03-02", end="2026-03-08", course_id="C-1")
    found = anchor(chart_of(index, beside).view, "001", NEW_COURSE)
    assert found is not None
    assert found.ends == date(2026, 3, 8)


INDEX = therapy(1, start="2026-02-23", is_index=True)


@pytest.mark.parametrize(
    ("records", "day", "inside"),
    [
        ([INDEX], "2026-02-22", "no"),
        ([INDEX], "2026-02-23", "yes"),
        ([INDEX], "2027-02-23", "yes"),
        ([INDEX, infusion("2026-03-02")], "2026-03-23", "yes"),
        ([INDEX, infusion("2026-03-02")], "2026-03-24", "no"),
        ([INDEX, undated()], "2026-03-23", {"yes", "no"}),
        ([infusion("2026-03-02")], "2026-03-01", "no"),
        ([infusion("2026-03-02")], "2026-03-02", "yes"),
        ([infusion("2026-03-02"), infusion("2026-03-09", 2)], "2026-03-30", "yes"),
        ([infusion("2026-03-02"), infusion("2026-03-09", 2)], "2026-03-31", "no"),
        ([therapy(1, start="2026-03", is_index=True)], "2026-03-15", {"yes", "no"}),
    ],
)
def test_what_lies_in_the_time_that_is_watched(
    records: list[Record], day: str, inside: object
) -> None:
    seen = watch_of(chart_of(*records).view, "001", STUDY)
    assert seen is not None
    asked = date.fromisoformat(day)
    assert plain(seen.holds(asked, asked)) == inside


def test_a_person_is_watched_under_the_number_of_the_last_infusion() -> None:
    again = record("enrolment", "DM-2", "002", previous_subject_id="001")
    view = chart_of(INDEX, again, infusion("2026-03-02", subject="002")).view
    assert {watch_of(view, each, STUDY).number for each in ("001", "002")} == {"002"}  # type: ignore[union-attr]


def test_nobody_is_watched_before_a_therapy_or_an_infusion() -> None:
    assert watch_of(chart_of(record("enrolment", "DM-1")).view, "001", STUDY) is None
