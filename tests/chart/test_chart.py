"""The fold of records into versions: what is current, what was known, who is one person."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signals.chart.chart import Chart, Mark
from signals.chart.persons import Persons
from signals.events import Record, read_event

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 3, 1, 9, tzinfo=ZONE)
UUID = "00000000-0000-4000-8000-{:012d}"


def event(
    record_id: str = "AE-1",
    version: int = 1,
    *,
    subject: str | None = "001",
    kind: str = "adverse-event",
    hour: int = 0,
    op: str = "UPSERT",
    number: int | None = None,
    **data: Any,
) -> Record:
    """A version that arrived ``hour`` hours after the start."""
    sent = {
        "schema": f"{kind}/1",
        "study_id": "T-1",
        "site_id": "WHC",
        "subject_id": subject,
        "record_id": record_id,
        "version": version,
        "op": op,
        "change_reason": "NEW",
        "recorded_at": START.isoformat(),
        "source": "edc",
        "actor": "nurse",
        "data": data,
    } | ({} if number is None else {"event_id": UUID.format(number)})
    read = read_event(sent, zone=ZONE)
    assert isinstance(read, Record), read
    return read.arrived(START + timedelta(hours=hour))


def chart_of(*records: Record) -> Chart:
    chart = Chart()
    for position, record in enumerate(records, 1):
        chart.add(record, position)
    return chart


def grade(chart: Chart, hour: int | None = None, subject: str | None = "001") -> int | None:
    """The grade of AE-1 as now known, or as known at an hour."""
    view = chart.view if hour is None else chart.as_of(START + timedelta(hours=hour))
    current = view.current("adverse-event", subject, "AE-1")
    return None if current is None else current.data.grade


def test_the_highest_version_is_current_whatever_came_last() -> None:
    chart = chart_of(event(version=3, grade=3), event(version=1, grade=1, hour=5))
    assert grade(chart) == 3
    assert [each.version for each in chart.view.versions("adverse-event", "001", "AE-1")] == [1, 3]


def test_a_void_record_is_absent_and_never_falls_back() -> None:
    chart = chart_of(event(grade=1), event(version=2, op="VOID", hour=1))
    assert chart.view.current("adverse-event", "001", "AE-1") is None
    assert chart.view.of_subject("adverse-event", "001") == []
    chart.add(event(version=3, grade=2, hour=2), 3)
    assert grade(chart) == 2


def test_what_was_known_at_an_instant() -> None:
    chart = chart_of(
        event(grade=1), event(version=3, op="VOID", hour=4), event(version=2, grade=2, hour=6)
    )
    assert [grade(chart, hour) for hour in (0, 3, 4, 6)] == [1, 1, None, None]
    assert chart.as_of(START - timedelta(seconds=1)).of_subject("adverse-event", "001") == []


def test_of_repeats_the_earliest_arrival_counts() -> None:
    late, early = event(grade=2, hour=5), event(grade=2, hour=1)
    chart = chart_of(late)
    assert chart.add(early, 2) == [early.key]
    assert chart.add(event(grade=2, hour=9), 3) == []
    assert grade(chart, 1) == 2
    assert chart.entries(*early.key)[0].position == 1, "the position at which it first came"


@pytest.mark.parametrize("same", ["version", "event id"])
def test_of_two_contents_the_first_to_come_counts(same: str) -> None:
    other = {"version": 1} if same == "version" else {"version": 2, "number": 1}
    first, second = event(grade=1, hour=9, number=1), event(grade=4, hour=1, **other)  # type: ignore[arg-type]
    chart = chart_of(first)
    assert chart.add(second, 2) == [first.key]
    assert chart.add(second, 3) == [], "the same conflict again says nothing new"
    assert grade(chart) == 1
    assert [each.record for each in chart.conflicts(*first.key)] == [second]


def test_the_same_content_under_another_event_id_is_a_repeat() -> None:
    chart = chart_of(event(grade=1, number=1))
    assert chart.add(event(grade=1, number=2, hour=3), 2) == []
    assert chart.conflicts("adverse-event", "001", "AE-1") == []


def test_an_event_without_a_subject_joins_the_one_that_is_named_later() -> None:
    nameless = event(subject=None, grade=1)
    chart = chart_of(nameless)
    assert grade(chart, subject=None) == 1
    named = event(version=2, grade=2, hour=3)
    assert set(chart.add(named, 2)) >= {nameless.key, named.key}
    assert chart.view.current("adverse-event", None, "AE-1") is None
    assert [each.data.grade for each in chart.view.versions("adverse-event", "001", "AE-1")] == [
        1,
        2,
    ]
    assert chart.moved_to("adverse-event", None, "AE-1") == named.key
    assert chart.record_ids("adverse-event", None) == []


@pytest.mark.parametrize(
    "others",
    [
        # A record of its own that only bears the same id.
        [event(version=1, grade=4)],
        # Two subjects claim it: nobody gets it.
        [event(version=2, grade=2), event(version=3, subject="002", grade=3)],
    ],
)
def test_it_joins_nobody_where_that_is_not_certain(others: list[Record]) -> None:
    chart = chart_of(event(subject=None, grade=1), *others)
    assert grade(chart, subject=None) == 1


def test_a_record_that_moved_says_where_it_went() -> None:
    moved = {"subject_id": "002", "record_id": "AE-5"}
    chart = chart_of(event("AE-5", subject="002"), event(moved_from=moved))
    assert chart.moved_to("adverse-event", "002", "AE-5") == ("adverse-event", "001", "AE-1")
    assert chart.moved_to("adverse-event", "001", "AE-1") is None


def test_what_is_told_where_it_was_wrong_changes_the_record_that_left() -> None:
    origin = event("AE-5", subject="002")
    there = event(moved_from={"subject_id": "002", "record_id": "AE-5"})
    chart = chart_of(there)
    assert set(chart.add(origin, 2)) == {origin.key, there.key}


def test_what_was_ever_read_as_a_record_is_not_forgotten() -> None:
    nameless, named = event(subject=None, grade=1), event(version=2, grade=2)
    chart = chart_of(nameless, named, event(version=3, subject="002", grade=3))
    assert [each.data.grade for each in chart.view.versions(*named.key)] == [2]
    ever = chart.ever(*named.key)
    assert sorted(each.data.grade for each in ever) == [1, 2]
    assert {each.subject_id for each in ever} == {"001"}
    assert [each.data.grade for each in chart.ever(*nameless.key)] == [1]


def enrolment(subject: str, previous: str | None, version: int = 1, name: str = "DM") -> Record:
    return event(name, version, subject=subject, kind="enrolment", previous_subject_id=previous)


def test_a_new_number_is_the_same_person() -> None:
    chart = chart_of(event(), event("AE-2", subject="002"))
    touched = chart.add(enrolment("002", "001"), 3)
    assert chart.person("001") == chart.person("002") == ("001", "002")
    ids = [each.record_id for each in chart.view.of_person("adverse-event", "001")]
    assert ids == ["AE-1", "AE-2"]
    assert ("enrolment", "002", "DM") in touched


def test_the_other_number_hears_of_a_link_and_of_its_end() -> None:
    chart = chart_of(enrolment("001", None))
    assert ("enrolment", "001", "DM") in chart.add(enrolment("002", "001"), 2)
    assert ("enrolment", "001", "DM") in chart.add(enrolment("002", None, 2), 3)
    assert chart.person("001") == ("001",)


def test_so_does_a_number_without_an_enrolment() -> None:
    chart = chart_of(event())
    assert ("enrolment", "001", "DM") in chart.add(enrolment("002", "001"), 2)


def test_a_void_enrolment_links_nobody() -> None:
    chart = chart_of(enrolment("002", "001"))
    chart.add(replace(enrolment("002", None, 2), op="VOID"), 2)
    assert chart.person("001") == ("001",)


def test_a_second_enrolment_record_takes_no_link_away() -> None:
    records = [enrolment("002", "001", name="DM-1"), enrolment("002", None, name="DM-2")]
    assert chart_of(*records).person("001") == ("001", "002")
    assert chart_of(*reversed(records)).person("001") == ("001", "002")


def test_persons_link_in_chains_and_part_where_the_chain_breaks() -> None:
    persons = Persons()
    persons.link("003", frozenset({"002"}))
    assert persons.link("002", frozenset({"001"})) == ("001", "002", "003")
    assert persons.of("001") == ("001", "002", "003")
    assert persons.link("002", frozenset()) == ("001", "002", "003")
    assert (persons.of("001"), persons.of("003")) == (("001",), ("002", "003"))
    assert persons.link("003", frozenset({"002"})) == (), "nothing new"


def test_a_number_that_names_itself_or_goes_in_a_circle_is_one_person() -> None:
    persons = Persons()
    persons.link("001", frozenset({"001"}))
    assert persons.of("001") == ("001",)
    persons.link("001", frozenset({"002"}))
    persons.link("002", frozenset({"001"}))
    assert persons.of("002") == ("001", "002")


def test_marked_records_are_found_and_asked_again() -> None:
    chart = Chart({"grave": Mark(frozenset({"adverse-event"}), lambda each: each.data.grade == 5)})
    chart.add(event(grade=5), 1)
    chart.add(event("AE-2", grade=1), 2)
    assert [each.record_id for each in chart.view.marked("grave", "001")] == ["AE-1"]
    chart.add(event(version=2, grade=2, hour=1), 3)
    assert [each.data.grade for each in chart.view.marked("grave", "001")] == [2]
    chart.add(event(version=3, op="VOID", hour=2), 4)
    assert chart.view.marked("grave", "001") == []


def test_records_are_read_in_the_order_of_their_ids() -> None:
    chart = chart_of(event("AE-9"), event("AE-1"), event("AE-5"))
    assert chart.record_ids("adverse-event", "001") == ["AE-1", "AE-5", "AE-9"]


# ---------------------------------------------------------------------- laws

_VERSIONS = st.builds(
    event,
    st.sampled_from(["AE-1", "AE-2"]),
    st.integers(1, 3),
    subject=st.sampled_from([None, "001", "002"]),
    hour=st.integers(0, 5),
    op=st.sampled_from(["UPSERT", "UPSERT", "VOID"]),
)
_ENROLMENTS = st.builds(
    enrolment,
    st.sampled_from(["001", "002", "003"]),
    st.sampled_from([None, "001", "002", "003"]),
    st.integers(1, 2),
    st.sampled_from(["DM-1", "DM-2"]),
)


def _without_conflicts(records: list[Record]) -> list[Record]:
    """Of every version one content: of two the order decides, which is no law of this kind."""
    contents: dict[tuple[object, ...], str] = {}
    return [
        each
        for each in records
        if contents.setdefault((*each.key, each.version), each.content) == each.content
    ]


def _known(chart: Chart) -> dict[str, object]:
    subjects = [None, "001", "002", "003"]
    instants = [START + timedelta(hours=hour) for hour in range(6)]
    return {
        "current": [chart.view.of_person(kind, s) for kind in _KINDS for s in subjects],
        "known": [
            chart.as_of(each).of_subject("adverse-event", s) for each in instants for s in subjects
        ],
        "persons": [chart.person(s) for s in subjects],
        "moved": [
            chart.moved_to("adverse-event", s, name) for s in subjects for name in ("AE-1", "AE-2")
        ],
    }


_KINDS = ("adverse-event", "enrolment")


@settings(max_examples=100)
@given(
    st.lists(_VERSIONS | _ENROLMENTS, max_size=8).flatmap(
        lambda records: st.tuples(st.just(records), st.permutations(records + records[:3]))
    )
)
def test_no_order_and_no_repetition_matters(drawn: tuple[list[Record], list[Record]]) -> None:
    records, shuffled = drawn
    kept = _without_conflicts(records)
    allowed = {(*each.key, each.version, each.content) for each in kept}
    again = [each for each in shuffled if (*each.key, each.version, each.content) in allowed]
    assert _known(chart_of(*kept)) == _known(chart_of(*again))


@settings(max_examples=100)
@given(st.lists(_VERSIONS | _ENROLMENTS, max_size=8))
def test_what_changes_is_named(records: list[Record]) -> None:
    """A record whose current version or history is another after a step is among the keys."""
    chart = Chart()
    keys = [each.key for each in records]
    for position, record in enumerate(records, 1):
        before = {key: chart.view.versions(*key) for key in keys}
        changed = chart.add(record, position)
        after = {key: chart.view.versions(*key) for key in keys}
        assert {key for key in keys if before[key] != after[key]} <= set(changed)
