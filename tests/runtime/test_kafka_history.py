"""The digest of a journal: the same for the same history, another for any other."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

import pytest

from signals.events import Record, journal_json, read_event
from signals.runtime.kafka.history import History
from signals.runtime.kafka.state import Mark, Writer
from signals.runtime.known import Counted
from tests.runtime.posts import ZONE, adverse_event, line


def record(name: str, arrival: str = "2026-03-06T12:00:00+00:00", **changes: Any) -> Record:
    """As it stands in a journal."""
    event = {**adverse_event(name, **changes), "ingested_at": arrival}
    found = read_event(line(event), zone=ZONE, trusted=True)
    assert isinstance(found, Record)
    return found


def mark(position: int, journal: str | None) -> Mark:
    return Mark("UC-MSC", position, 9, "0" * 64, (), Writer("one", 1), journal)


def history(records: Iterable[Record], held_against: Mark | None = None) -> History:
    """Of the records that count."""
    counted, found = Counted(), History("UC-MSC", held_against)
    for each in records:
        counts = counted.take(each)
        if counts is not None:
            found.add(counts)
    return found


ONE, TWO, THREE = record("AE-1"), record("AE-2"), record("AE-3")
BOTH = history([ONE, TWO]).digest


def test_the_digest_is_the_one_that_is_documented() -> None:
    """docs/decisions/0030: a version that works it out otherwise would take every journal for lost."""
    beside = f"{ONE.event_id} 2026-03-06T12:00:00+00:00 0 null"
    assert b'"term":"Lung infection"' in ONE.sent
    assert ONE.event_id.encode() not in ONE.sent
    assert history([ONE]).digest == sha256(beside.encode() + b"\n" + ONE.sent + b"\n").hexdigest()


@pytest.mark.parametrize(
    "others",
    [
        [TWO, ONE],
        [ONE],
        [ONE, TWO, THREE],
        [ONE, THREE],
        [ONE, record("AE-2", grade=4)],
        [ONE, record("AE-2", _event_id="00000000-0000-0000-0000-000000000007")],
        [ONE, record("AE-2", arrival="2026-03-06T12:00:00.000001+00:00")],
        [ONE, record("AE-2", _backfill="B-1")],
        [ONE, TWO, record("AE-1", arrival="2026-03-06T11:59:59+00:00")],
    ],
)
def test_another_history_has_another_digest(others: list[Record]) -> None:
    assert history(others).digest != BOTH


@pytest.mark.parametrize(
    "same",
    [
        [ONE, ONE, TWO, ONE],
        [ONE, record("AE-2", arrival="2026-03-06T20:00:00+08:00")],
    ],
)
def test_a_repetition_and_the_zone_of_a_clock_are_no_other_history(same: list[Record]) -> None:
    assert history(same).digest == BOTH


def test_a_journal_that_was_exported_and_put_back_is_the_same() -> None:
    conflict = record("AE-1", _event_id="00000000-0000-0000-0000-000000000007", grade=5)
    broken = record("AE-4", grade="seven", _backfill="B-1")
    counted = Counted()
    taken = [counted.take(each) for each in (ONE, conflict, broken, TWO)]
    kept = [each for each in taken if each is not None]
    assert [each.conflict for each in kept] == [False, True, False, False]
    assert kept[2].problems
    back = [read_event(journal_json(each), zone=ZONE, trusted=True) for each in kept]
    digest = history([ONE, conflict, broken, TWO]).digest
    assert history([each for each in back if isinstance(each, Record)]).digest == digest


def test_the_journal_that_was_published_is_not_lost_and_may_go_on() -> None:
    found = history([ONE, TWO, THREE], mark(2, BOTH))
    found.at_end()
    assert found.lost == ""


def test_as_many_other_records_are_told() -> None:
    found = history([ONE, THREE, TWO], mark(2, BOTH))
    assert found.lost.startswith(
        "the journal of UC-MSC up to position 2 is not the one whose alerts were published (its"
        f" digest is {history([ONE, THREE]).digest[:12]}..., published was {BOTH[:12]}...)"
    )
    assert "docs/ops/runbooks/SignalsJournalLost.md" in found.lost


def test_fewer_records_are_told_at_the_end() -> None:
    found = history([ONE], mark(2, BOTH))
    assert found.lost == ""
    found.at_end()
    assert found.lost.startswith(
        "UC-MSC was published up to position 2, and the journal holds 1 of its records: it was lost"
        " or replaced; nothing more of this study is folded or published"
    )
    assert "docs/ops/runbooks/SignalsJournalLost.md" in found.lost


def test_records_without_a_pack_are_told_for_what_they_are() -> None:
    found = history([], mark(2, BOTH))
    found.at_end(waiting=7)
    assert (
        "published up to position 2, and the journal puts no pack in force for the 7" in found.lost
    )


def test_without_a_digest_counts_tell() -> None:
    found = history([ONE, THREE], mark(2, None))
    found.at_end()
    assert found.lost == ""
    found = history([ONE], mark(2, None))
    found.at_end()
    assert found.lost.startswith("UC-MSC was published up to position 2")


def test_what_was_never_published_cannot_be_lost() -> None:
    found = history([])
    found.at_end()
    assert found.lost == ""
