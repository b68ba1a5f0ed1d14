"""A file becomes a journal: arrival, order, and what counts once."""

import gzip
from datetime import datetime
from pathlib import Path

import pytest

from signals.events import Record, journal_json
from signals.runtime.intake import Piece
from signals.runtime.replay import Played, lines, read_journal
from tests.runtime.posts import TRUSTING, ZONE, adverse_event, line, piece, vital_signs


def journal(*files: list[Piece]) -> Played:
    return read_journal(files, TRUSTING)


def told(played: Played) -> list[tuple[str, str]]:
    return [(r.record_id, _time(r)) for r in played.records]


def _time(record: Record) -> str:
    assert record.ingested_at is not None
    return record.ingested_at.astimezone(ZONE).strftime("%d %H:%M")


def at(name: str, recorded: str | None, ingested: str | None = None) -> Piece:
    event = vital_signs(name, _recorded_at=recorded or "unreadable")
    return piece({**event, "ingested_at": ingested} if ingested else event)


def test_records_arrive_when_they_were_recorded_and_ties_stay_in_file_order() -> None:
    played = journal(
        [
            at("B", "2026-03-07T10:00:00+08:00"),
            at("A", "2026-03-07T10:00:00+08:00"),
            at("C", "2026-03-06T10:00:00+08:00"),
        ]
    )
    assert told(played) == [("C", "06 10:00"), ("B", "07 10:00"), ("A", "07 10:00")]


def test_an_arrival_that_is_told_counts_before_the_recording() -> None:
    played = journal(
        [
            at("A", "2026-03-06T10:00:00+08:00", "2026-03-08T10:00:00+08:00"),
            at("B", "2026-03-07T10:00:00+08:00"),
        ]
    )
    assert told(played) == [("B", "07 10:00"), ("A", "08 10:00")]


def test_a_journal_keeps_its_own_order() -> None:
    exported = [
        at("A", "2026-03-06T10:00:00+08:00", "2026-03-08T10:00:00+08:00"),
        at("B", "2026-03-06T10:00:00+08:00", "2026-03-08T09:00:00+08:00"),
    ]
    assert told(journal(exported)) == [("A", "08 10:00"), ("B", "08 09:00")]


def test_a_record_without_any_time_comes_with_the_one_before_it() -> None:
    played = journal(
        [
            at("A", None),
            at("B", "2026-03-07T10:00:00+08:00"),
            at("C", None),
            at("D", "2026-03-06T10:00:00+08:00"),
        ]
    )
    assert told(played) == [
        ("D", "06 10:00"),
        ("A", "07 10:00"),
        ("B", "07 10:00"),
        ("C", "07 10:00"),
    ]


def test_repetitions_count_once_at_their_earliest_arrival_and_conflicts_are_marked() -> None:
    early, late = "2026-03-06T10:00:00+08:00", "2026-03-07T10:00:00+08:00"
    event = adverse_event(_recorded_at=early)
    played = journal(
        [
            piece({**event, "ingested_at": late}),
            piece(adverse_event(grade=5, _recorded_at=late)),
            piece({**event, "ingested_at": early}),
        ]
    )
    assert [(r.conflict, _time(r)) for r in played.records] == [
        (False, "06 10:00"),
        (True, "07 10:00"),
    ]


def test_an_exported_journal_reads_back_as_it_was() -> None:
    played = journal([at("A", "2026-03-06T10:00:00+08:00"), piece(adverse_event())])
    again = journal([Piece(journal_json(record), "export") for record in played.records])
    assert again.records == played.records


def test_only_what_arrived_up_to_an_instant_is_known_then() -> None:
    played = journal([at("A", "2026-03-06T10:00:00+08:00"), at("B", "2026-03-07T10:00:00+08:00")])
    known = played.upto(datetime(2026, 3, 6, 10, tzinfo=ZONE))
    assert [record.record_id for record in known] == ["A"]
    assert len(played.upto(None)) == 2


@pytest.mark.parametrize("packed", [False, True])
def test_a_file_is_read_line_by_line_plain_or_gzipped(tmp_path: Path, packed: bool) -> None:
    text = line(vital_signs()) + b"\r\n\n{\n"
    file = tmp_path / "events.ndjson"
    file.write_bytes(gzip.compress(text) if packed else text)
    first, second = lines(str(file))
    assert first == Piece(line(vital_signs()), f"{file}:1")
    assert second == Piece(b"{", f"{file}:3")


def test_what_is_rejected_is_listed_with_its_place() -> None:
    played = journal([piece(b"{", "events.ndjson:3")])
    (rejected,) = played.rejected
    assert rejected.place == "events.ndjson:3"
    assert "not JSON" in rejected.rejection.reasons[0].message
