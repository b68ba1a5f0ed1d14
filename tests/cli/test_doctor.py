"""``signals doctor``."""

import json
from pathlib import Path

import pytest

from signals.resources import folder
from signals.rulebook.pack import load_pack
from signals.runtime.embedded.server import listen
from signals.runtime.embedded.service import Service
from tests.cli.conftest import Signals
from tests.runtime.posts import adverse_event, piece


@pytest.fixture
def port() -> int:
    with listen("127.0.0.1", 0) as listening:
        number: int = listening.getsockname()[1]
    return number


def test_all_is_fine_beside_a_running_service(signals: Signals, tmp_path: Path, port: int) -> None:
    service = Service(tmp_path / "data", load_pack(folder("rules") / "uc-msc"), "journal")
    service.accept([piece(adverse_event())])
    ran = signals("doctor", "--data", service.store.folder, "--port", port, "--json")
    service.stop()
    found = {one["name"]: one for one in map(json.loads, ran.out.splitlines())}
    assert [one for one in found.values() if not one["fine"] and one["name"] != "disk space"] == []
    assert list(found) == [
        *("python", "packages", "pack", "lock", "time zones", "clock", "disk space"),
        *("file", "journal", "book", "port"),
    ]
    assert found["book"]["says"] == "folded to position 0, 2 records wait"


def test_what_is_to_be_mended_is_told(signals: Signals, tmp_path: Path, port: int) -> None:
    ran = signals("doctor", "--data", tmp_path / "nothing", "--port", port)
    assert ran.code == 1
    assert "BAD   journal: " in ran.out
    assert "to mend it: name the folder of a service that ran" in ran.out
