"""The process is killed (SIGKILL) again and again; nothing acknowledged is lost, no book differs."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from random import Random
from threading import Timer
from time import monotonic, sleep
from typing import Any

import pytest

from signals.book.fold import Fold
from signals.events import Rejection, read_event
from signals.resources import folder
from signals.rulebook.pack import load_pack
from signals.runtime.book_file import BookFile
from signals.runtime.journal import Journal
from signals.runtime.schema import Store
from tests.faults.trial import ZONE, Trial

SIGNALS = Path(sys.executable).with_name("signals")
PATIENCE = 60.0
MANY = 25


@pytest.mark.parametrize(
    "kills",
    [
        3,
        pytest.param(MANY, marks=pytest.mark.ci),
        pytest.param(200, marks=pytest.mark.soak),
    ],
)
def test_a_crash_changes_nothing(tmp_path: Path, kills: int) -> None:
    random = Random(kills)  # noqa: S311 - it must repeat, not surprise
    acknowledged: dict[str, int] = {}
    unfolded: list[int] = []
    posts = Posts(Trial(kills))
    for _ in range(kills):
        with running(tmp_path) as (process, port):
            # Sooner than the answer, between journal and book, or when wakes have come due.
            after = random.choice((random.uniform(0, 0.03), random.uniform(0, 0.3), 2.0))
            killer = Timer(after, process.kill)
            killer.start()
            posts.send_until_broken(port, acknowledged)
            killer.join()
        unfolded.append(waiting(tmp_path))
    with running(tmp_path) as (process, port):
        wait_until_folded(port)
        process.terminate()
    store = Store(tmp_path)
    assert acknowledged
    assert any(unfolded) or kills < MANY, "some kills must fall between journal and book"
    assert_nothing_lost(store, acknowledged)
    before = book_of(store)
    assert before[0], "the trial must make alerts"
    assert before == unkilled(store)
    assert any(kind == "clock" for (kind,) in store.connection.execute("SELECT kind FROM journal"))
    assert_rebuilt_equal(tmp_path, store, before)


class Posts:
    """What a source sends; what was not acknowledged is sent again, as sources do."""

    def __init__(self, trial: Trial) -> None:
        self._events = trial.events()
        self._pending: bytes | None = None

    def send_until_broken(self, port: int, acknowledged: dict[str, int]) -> None:
        """Post one event after another until the process is gone."""
        connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            while True:
                self._pending = self._pending or next(self._events)
                connection.request("POST", "/events", self._pending)
                told = json.loads(connection.getresponse().read())
                assert told["status"] == 202, told
                acknowledged[told["event_id"]] = told["position"]
                self._pending = None
        except (OSError, HTTPException, json.JSONDecodeError):
            connection.close()


def waiting(data: Path) -> int:
    """How many records the killed process had written to the journal and not to the book."""
    store = Store(data)
    behind = Journal(store.connection).last()[0] - BookFile(store.connection).position()
    store.close()
    return behind


@contextmanager
def running(data: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The service as a process of its own, and its port."""
    process = subprocess.Popen(
        [SIGNALS, "run", "--data", data, "--port", "0"], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        said = process.stdout.readline()
        assert "http://" in said, said
        yield process, int(said.partition("http://127.0.0.1:")[2].partition("/")[0])
        process.wait(PATIENCE)
    finally:
        process.kill()
        process.wait(PATIENCE)
        process.stdout.close()


def wait_until_folded(port: int) -> None:
    give_up = monotonic() + PATIENCE
    while True:
        connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        connection.request("GET", "/readyz")
        body = connection.getresponse().read().decode()
        connection.close()
        if "folded up to position" in body:
            return
        assert monotonic() < give_up, body
        sleep(0.05)


def assert_nothing_lost(store: Store, acknowledged: dict[str, int]) -> None:
    stored = dict(store.connection.execute("SELECT event_id, position FROM journal"))
    lost = {
        event_id: place for event_id, place in acknowledged.items() if stored.get(event_id) != place
    }
    assert lost == {}
    count, last = store.connection.execute("SELECT count(*), max(position) FROM journal").fetchone()
    assert count == last, "the journal has no holes"
    arrivals = [
        row[0]
        for row in store.connection.execute("SELECT ingested_at FROM journal ORDER BY position")
    ]
    assert arrivals == sorted(arrivals)


def book_of(store: Store) -> tuple[list[dict[str, Any]], dict[str, dict[str, Any]]]:
    """Every revision in its order, and what the fold keeps."""
    book = BookFile(store.connection)
    return [one.alert for one in book.after(0, limit=1_000_000)], book.internals()


def unkilled(store: Store) -> tuple[list[dict[str, Any]], dict[str, dict[str, Any]]]:
    """The same of a process that was never killed."""
    fold = Fold(load_pack(folder("rules") / "uc-msc"))
    journal = Journal(store.connection)
    revisions = []
    for position, line in journal.after(0, BookFile(store.connection).position()):
        record = read_event(line, zone=ZONE, trusted=True)
        assert not isinstance(record, Rejection)
        revisions += [alert.to_json() for alert in fold.step(record, position)]
    return revisions, json.loads(json.dumps(fold.book.state()))


def assert_rebuilt_equal(data: Path, store: Store, before: object) -> None:
    """An empty book is folded again, by the service itself, and is the same."""
    folded = BookFile(store.connection).position()
    for table in ("book", "revision", "folded"):
        store.connection.execute(f"DROP TABLE {table}")
    store.close()
    with running(data) as (process, port):
        wait_until_folded(port)
        process.terminate()
    again = Store(data)
    assert BookFile(again.connection).position() >= folded
    revisions, internals = book_of(again)
    assert [one for one in revisions if one["journal_position"] <= folded] == before[0]  # type: ignore[index]
    if BookFile(again.connection).position() == folded:
        assert internals == before[1]  # type: ignore[index]
    again.close()
