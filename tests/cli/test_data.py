"""``signals rejected``, ``journal``, ``schemas`` and ``demo``."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from signals.resources import folder
from signals.rulebook.pack import load_pack
from signals.runtime.embedded.server import listen
from signals.runtime.embedded.service import Service
from signals.runtime.journal import Journal
from tests.cli.conftest import Signals
from tests.runtime.posts import adverse_event, line, piece, vital_signs


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A service that took in one event, rejected one, and ended."""
    service = Service(tmp_path / "data", load_pack(folder("rules") / "uc-msc"), "journal")
    service.accept([piece(adverse_event()), piece(vital_signs(_version="one"), "feed.ndjson:2")])
    while service.folding.position < Journal(service.store.connection).last()[0]:
        service.folding.advance()
    service.stop()
    return tmp_path / "data"


def test_what_was_rejected_is_listed_and_shown(signals: Signals, data: Path) -> None:
    listed = signals("rejected", "list", "--data", data).out
    assert "1  feed.ndjson:2" in listed
    assert '/version: "one" cannot be read; allowed: an integer from 1 on' in listed
    (told,) = [
        json.loads(one)
        for one in signals("rejected", "list", "--data", data, "--json").out.splitlines()
    ]
    assert told["reasons"][0]["pointer"] == "/version"
    shown = signals("rejected", "show", 1, "--raw", "--data", data)
    assert json.loads(shown.out) == vital_signs(_version="one")
    missing = signals("rejected", "show", 9, "--data", data)
    assert missing.code == 2
    assert "there is no rejected event 9" in missing.err


def test_what_was_rejected_is_replayed_after_a_fix(signals: Signals, data: Path) -> None:
    fixed = data / "fixed.json"
    fixed.write_bytes(line(vital_signs()) + b"\n")
    again = signals("rejected", "replay", "--data", data)
    assert again.code == 1
    assert "/version" in again.err
    tried = signals("rejected", "replay", 1, "--with", fixed, "--dry-run", "--data", data)
    assert (tried.code, "would be accepted" in tried.out) == (0, True)
    assert len(signals("journal", "export", "--data", data).out.splitlines()) == 2
    done = signals("rejected", "replay", 1, "--with", fixed, "--data", data)
    assert (done.code, "accepted as" in done.out) == (0, True)
    assert len(signals("journal", "export", "--data", data).out.splitlines()) == 3
    assert signals("rejected", "list", "--data", data).out == ""
    assert "in the journal at 3" in signals("rejected", "list", "--all", "--data", data).out


def test_an_exported_journal_replays_to_the_same_book(signals: Signals, data: Path) -> None:
    exported = data / "journal.ndjson"
    exported.write_text(signals("journal", "export", "--data", data).out, encoding="utf-8")
    last = {}
    for one in map(json.loads, signals("replay", exported, "--json").out.splitlines()):
        last[one["alert_id"]] = one
    assert last
    for alert_id, alert in last.items():
        stored = json.loads(signals("explain", alert_id, "--data", data, "--json").out)
        assert stored["alert"] == alert


def test_the_schemas_that_are_written_are_those_shipped(signals: Signals, tmp_path: Path) -> None:
    assert signals("schemas", tmp_path).code == 0
    assert schemas(tmp_path) == schemas(folder("schemas"))


def schemas(where: Path) -> dict[str, str]:
    return {
        file.relative_to(where).as_posix(): file.read_text(encoding="utf-8")
        for file in where.rglob("*.json")
    }


def test_the_demo_plays_on_a_free_port_and_ends() -> None:
    command = Path(sys.executable).with_name("signals")
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        ran = subprocess.run(
            [command, "demo", "--exit", "--speed", "100000", "--port", str(port)],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
    assert ran.returncode == 0, ran.stderr
    assert f"Port {port} is taken, so port" in ran.stdout
    for rule, state in (
        ("DLT-01  002-001", "firing"),
        ("DLT-01  001-004", "withdrawal pending"),
        ("SAE-05  003-001", "cleared"),
    ):
        assert any(rule in told and state in told for told in ran.stdout.splitlines()), rule
