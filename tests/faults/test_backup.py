"""A backup is made while the service takes events in; the service is killed; the backup is the book."""

import json
import subprocess
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any

from signals.runtime.schema import reading
from tests.faults.test_kill import PATIENCE, SIGNALS, Posts, running, wait_until_folded
from tests.faults.trial import Trial


def signals(*words: object, code: int = 0) -> str:
    done = subprocess.run([SIGNALS, *map(str, words)], capture_output=True, text=True, check=False)
    assert done.returncode == code, (done.stdout, done.stderr)
    return done.stdout + done.stderr


def revisions(data: Path) -> list[tuple[str, int, int, str]]:
    """Every revision in its order: alert, number, journal position, content."""
    with reading(data) as reader:
        return reader.execute(
            "SELECT alert_id, revision, position, alert FROM revision ORDER BY seq"
        ).fetchall()


def journal(data: Path) -> list[tuple[int, bytes]]:
    with reading(data) as reader:
        return reader.execute("SELECT position, event FROM journal ORDER BY position").fetchall()


def test_a_backup_of_a_running_service_is_the_book_after_a_crash(tmp_path: Path) -> None:
    data, copy, again = tmp_path / "data", tmp_path / "backup.sqlite", tmp_path / "again"
    acknowledged: dict[str, int] = {}
    with running(data) as (process, port):
        sending = Thread(target=Posts(Trial(3)).send_until_broken, args=(port, acknowledged))
        sending.start()
        wait_until(lambda: len(acknowledged) > 60)
        at_least, before = len(acknowledged), monotonic()
        told = signals("backup", copy, "--data", data)
        assert monotonic() - before < PATIENCE
        wait_until(lambda: len(acknowledged) > at_least + 20)  # it was not held up for good
        process.kill()
        sending.join()
    records = int(told.rpartition(": ")[2].partition(" records")[0])
    assert at_least <= records < len(journal(data))
    signals("restore", copy, "--data", again)
    assert journal(again) == journal(data)[:records]
    kept = revisions(again)
    folded = max(position for _, _, position, _ in kept)
    assert len(kept) > 20
    assert kept == revisions(data)[: len(kept)]
    assert folded <= records
    assert "the book is that of the journal" in signals("verify", "--data", again)
    assert_goes_on(again, data, acknowledged)


def assert_goes_on(again: Path, data: Path, acknowledged: dict[str, int]) -> None:
    """The service goes on on the restored folder, and what is sent again counts once."""
    sent = [line for _, line in journal(data) if json.loads(line)["event_id"] in acknowledged]
    with running(again) as (process, port):
        for event in sent:
            post(port, event)
        wait_until_folded(port)
        process.terminate()
    ids = [json.loads(line)["event_id"] for _, line in journal(again)]
    assert set(acknowledged) <= set(ids)
    assert len(ids) == len(set(ids))
    assert "the book is that of the journal" in signals("verify", "--data", again)


def post(port: int, event: bytes) -> None:
    told: dict[str, Any] = json.loads(event)
    for added in ("ingested_at", "problems", "conflict"):
        told.pop(added, None)
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request("POST", "/events", json.dumps(told).encode())
    answer = connection.getresponse()
    assert answer.status == 202, answer.read()
    connection.close()


def wait_until(true: Callable[[], bool]) -> None:
    give_up = monotonic() + PATIENCE
    while not true():
        assert monotonic() < give_up
        sleep(0.02)
