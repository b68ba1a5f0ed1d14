"""What ``alerts.state`` says, put together again: whole bursts, cut ones, and dead writers."""

import json
from typing import Any

import pytest

from signals.runtime.kafka.state import (
    AlertState,
    Mark,
    StudyState,
    UnreadableStateError,
    Writer,
    digest_of,
    read_state,
    weight,
)

ONE, TWO = Writer("one", 1), Writer("two", 2)


def entry(revision: int) -> dict[str, Any]:
    return {"alert": {"revision": revision}, "known": revision}


def alert(
    name: str, position: int, revision: int, before: int | None = None, writer: Writer = ONE
) -> AlertState:
    was = None if before is None else entry(before)
    return AlertState("S", name, position, entry(revision), was, writer)


def mark(position: int, book: dict[str, dict[str, Any]], writer: Writer = ONE) -> Mark:
    return Mark("S", position, position + 7, f"{digest_of(book):064x}", (), writer)


def state(*messages: AlertState | Mark) -> StudyState:
    found = StudyState()
    for message in messages:
        found.take(read_state(message.to_json()))
    return found


def test_a_message_reads_back_as_it_was() -> None:
    one, two = alert("A", 3, 2, before=1), mark(3, {"A": entry(2)})
    assert read_state(one.to_json()) == one
    assert read_state(two.to_json()) == two


def test_the_digest_and_the_loss_of_the_journal_read_back() -> None:
    writer = Writer("one", 1)
    found = Mark("S", 3, 10, "0" * 64, (), writer, journal="7" * 64, lost="it is another")
    assert read_state(found.to_json()) == found


def test_a_mark_of_a_version_that_kept_no_digest_of_the_journal_is_read() -> None:
    older = json.loads(mark(3, {}).to_json())
    del older["journal"], older["lost"]
    found = read_state(json.dumps(older).encode())
    assert isinstance(found, Mark)
    assert (found.journal, found.lost) == (None, "")


def test_a_whole_burst_is_the_book() -> None:
    assert state(alert("A", 3, 1), mark(3, {"A": entry(1)})).book() == {"A": entry(1)}


def test_a_burst_without_its_mark_is_undone() -> None:
    first: list[AlertState | Mark] = [alert("A", 3, 1), mark(3, {"A": entry(1)})]
    cut = [alert("A", 5, 2, before=1), alert("B", 5, 1)]
    assert state(*first, *cut).book() == {"A": entry(1)}


def test_before_the_first_mark_there_is_no_book() -> None:
    assert state(alert("A", 3, 1)).book() is None


def test_of_two_writers_the_higher_generation_counts_wherever_it_stands() -> None:
    late = alert("A", 9, 3, before=2, writer=ONE)
    book = {"A": entry(2)}
    now: list[AlertState | Mark] = [alert("A", 5, 2, before=1, writer=TWO), mark(5, book, TWO)]
    assert state(*now, late).book() == book
    assert state(late, *now).book() == book


def test_a_book_that_lost_a_message_does_not_fit_its_mark() -> None:
    book = {"A": entry(2), "B": entry(1)}
    assert state(alert("A", 3, 2), mark(3, book)).book() is None
    assert state(alert("A", 2, 1), alert("B", 3, 1), mark(3, book)).book() is None


def test_the_digest_is_carried_on_entry_by_entry() -> None:
    book = {"A": entry(1), "B": entry(1)}
    carried = digest_of(book) ^ weight("A", entry(1)) ^ weight("A", entry(2))
    assert carried == digest_of({"B": entry(1), "A": entry(2)})


WRONG: list[tuple[AlertState | Mark, dict[str, Any]]] = [
    (mark(3, {}), {"generation": "1"}),
    (mark(3, {}), {"position": None}),
    (mark(3, {}), {"digest": 7}),
    (mark(3, {}), {"passed_over": [[]]}),
    (mark(3, {}), {"journal": 7}),
    (mark(3, {}), {"lost": None}),
    (alert("A", 3, 1), {"entry": []}),
    (alert("A", 3, 1), {"alert": 1}),
    (alert("A", 3, 1), {"before": "x"}),
    (alert("A", 3, 1), {"alert_id": None}),
]


@pytest.mark.parametrize(
    "value",
    [
        *(b"", b"{", b"[]", b'{"schema": "alert/1"}', b"null", b"\xff", b"[" * 5000),
        *(json.dumps({**json.loads(one.to_json()), **wrong}).encode() for one, wrong in WRONG),
    ],
)
def test_what_is_no_message_of_a_worker_is_told(value: bytes) -> None:
    with pytest.raises(UnreadableStateError, match="no message of a worker"):
        read_state(value)
