"""The door: what is accepted, what counts once, what is a conflict, what is kept rejected."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from signals.events import Rejection, read_event
from signals.runtime.arrival import journal_clock, wall_clock
from signals.runtime.intake import Accepted, Intake, Outcome, Refused
from signals.runtime.known import Standing
from signals.runtime.schema import Store
from tests.runtime.posts import DOOR, TRUSTING, ZONE, adverse_event, line, piece, vital_signs


@pytest.fixture
def intake(tmp_path: Path) -> Iterator[Intake]:
    store = Store(tmp_path)
    yield Intake(store, DOOR, wall_clock(ZONE))
    store.close()


def standings(outcomes: list[Outcome]) -> list[str]:
    return [o.standing.value if isinstance(o, Accepted) else "rejected" for o in outcomes]


def test_the_same_event_counts_once(intake: Intake) -> None:
    first, again = (intake.accept([piece(adverse_event())])[0] for _ in range(2))
    assert isinstance(first, Accepted)
    assert isinstance(again, Accepted)
    assert (first.standing, again.standing) == (Standing.NEW, Standing.REPEATED)
    assert first.position == again.position == intake.journal.last()[0] == 1


def test_the_same_content_of_a_version_under_another_id_counts_once(intake: Intake) -> None:
    other_id = adverse_event(_event_id="3e40c5be-7ee6-5b5a-992d-dd156a73968d")
    outcomes = intake.accept([piece(adverse_event()), piece(other_id)])
    assert standings(outcomes) == ["new", "repeated"]


@pytest.mark.parametrize(
    "other",
    [
        adverse_event(grade=4, _event_id=adverse_event()["event_id"]),
        adverse_event(grade=4),
        vital_signs(_event_id=adverse_event()["event_id"]),
    ],
    ids=["the id and the version", "the version only", "the id only"],
)
def test_other_content_under_a_known_id_or_version_is_journaled_as_a_conflict(
    intake: Intake, other: dict[str, object]
) -> None:
    outcomes = intake.accept([piece(adverse_event()), piece(other), piece(other)])
    assert standings(outcomes) == ["new", "conflict", "conflict"]
    kept = [read_event(raw, zone=ZONE, trusted=True) for _, raw in intake.journal.after(0, 9)]
    assert [not isinstance(r, Rejection) and r.conflict for r in kept] == [False, True]


def test_a_record_that_came_under_anothers_id_still_counts_under_its_own(intake: Intake) -> None:
    stolen = vital_signs(_event_id=adverse_event()["event_id"])
    outcomes = intake.accept([piece(adverse_event()), piece(stolen), piece(vital_signs())])
    assert standings(outcomes) == ["new", "conflict", "new"]


def test_arrival_is_stamped_once_and_never_runs_backwards(tmp_path: Path) -> None:
    start = datetime(2026, 3, 6, 20, tzinfo=ZONE)
    machine = iter([start, start - timedelta(hours=1), start + timedelta(hours=1)])
    intake = Intake(
        Store(tmp_path),
        DOOR,
        lambda _record, last: max(next(machine), last) if last else next(machine),
    )
    intake.accept([piece(vital_signs(f"VS-{n}")) for n in range(3)])
    arrivals = [intake.journal.arrival(position) for position in (1, 2, 3)]
    assert arrivals == [start, start, start + timedelta(hours=1)]


def test_the_wall_clock_stands_still_where_the_machines_goes_back() -> None:
    record = DOOR.read(line(vital_signs()))
    assert not isinstance(record, Rejection)
    ahead = datetime.now(ZONE) + timedelta(days=1)
    assert wall_clock(ZONE)(record, ahead) == ahead


def test_a_sender_cannot_set_the_arrival(intake: Intake) -> None:
    (outcome,) = intake.accept([piece(vital_signs(_ingested_at="2020-01-01T00:00:00+08:00"))])
    assert isinstance(outcome, Accepted)
    arrival = intake.journal.arrival(1)
    assert arrival is not None
    assert arrival.year > 2020


def test_under_the_journals_clock_the_record_tells_its_arrival(tmp_path: Path) -> None:
    intake = Intake(Store(tmp_path), TRUSTING, journal_clock)
    intake.accept(
        [
            piece(vital_signs(_ingested_at="2026-03-07T08:00:00+08:00")),
            piece(adverse_event()),  # recorded a day before: arrives with the one before it
        ]
    )
    assert intake.journal.arrival(2) == datetime(2026, 3, 7, 8, tzinfo=ZONE)


def test_a_backfill_marks_its_records(intake: Intake) -> None:
    intake.accept([piece(vital_signs())], backfill="B-7")
    (_, raw), *_ = intake.journal.after(0, 1)
    record = read_event(raw, zone=ZONE, trusted=True)
    assert not isinstance(record, Rejection)
    assert record.backfill == "B-7"


REJECTED = [
    (b"{", "", "not JSON"),
    (b"[1]", "", "not an object"),
    (line(vital_signs(_study_id=None)), "/study_id", "missing"),
    (line(vital_signs(_study_id="OTHER")), "/study_id", "another study"),
    (line(vital_signs(_record_id="")), "/record_id", "record"),
    (line(vital_signs(_version="one")), "/version", "cannot be read"),
    (line(vital_signs(_schema="vital-sign/1")), "/schema", "not a known kind"),
    (line(vital_signs(_subject_id=None)), "/subject_id", "about a subject"),
    (line(vital_signs(_schema="clock/1")), "/schema", "service itself"),
]


@pytest.mark.parametrize(("raw", "pointer", "says"), REJECTED)
def test_what_is_rejected_is_kept_as_it_came_with_place_and_reason(
    intake: Intake, raw: bytes, pointer: str, says: str
) -> None:
    (outcome,) = intake.accept([piece(raw, "feed:3")])
    assert isinstance(outcome, Refused)
    kept = intake.rejected.get(outcome.rejected_id)
    assert kept is not None
    assert (kept.raw, kept.place, kept.tries) == (raw, "feed:3", 1)
    assert kept.reasons[0].pointer == pointer
    assert says in kept.reasons[0].message
    assert kept.reasons[0].allowed
    assert intake.journal.last() == (0, None)


def test_a_rejected_event_says_which_kind_was_probably_meant(intake: Intake) -> None:
    (outcome,) = intake.accept([piece(vital_signs(_schema="vital-sign/1"))])
    assert isinstance(outcome, Refused)
    assert outcome.reasons[0].allowed == "vital-signs/1 (the nearest)"


def test_the_same_bytes_rejected_again_are_another_try(intake: Intake) -> None:
    intake.accept([piece(b"{"), piece(b"{")])
    assert [kept.tries for kept in intake.rejected.all()] == [2]


def test_a_rejected_event_is_replayed_with_the_bytes_that_put_it_right(intake: Intake) -> None:
    (bad,) = intake.accept([piece(vital_signs(_version="one"))], backfill="B-1")
    assert isinstance(bad, Refused)
    kept = intake.rejected.waiting()
    fixed = line(vital_signs())
    ((_, what),) = intake.replay(kept, instead=fixed, dry_run=True)
    assert not isinstance(what, Rejection)
    assert intake.journal.last() == (0, None)
    assert intake.rejected.waiting() == kept
    intake.replay(kept, instead=fixed)
    assert intake.journal.last()[0] == 1
    assert intake.rejected.waiting() == []
    (settled,) = intake.rejected.all()
    assert settled.replayed_as == 1


def test_a_replay_in_vain_keeps_the_event_and_counts_the_try(intake: Intake) -> None:
    intake.accept([piece(b"{", "feed:1")])
    ((_, what),) = intake.replay(intake.rejected.waiting())
    assert isinstance(what, Rejection)
    (kept,) = intake.rejected.waiting()
    assert (kept.tries, kept.raw) == (2, b"{")


@pytest.mark.parametrize("statement", ["DELETE FROM journal", "UPDATE journal SET kind = 'x'"])
def test_the_journal_is_append_only(intake: Intake, tmp_path: Path, statement: str) -> None:
    intake.accept([piece(vital_signs())])
    with pytest.raises(sqlite3.IntegrityError, match="the journal is append-only"):
        Store(tmp_path).connection.execute(statement)


def test_every_commit_is_on_the_disk_before_it_returns(tmp_path: Path) -> None:
    connection = Store(tmp_path).connection
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
