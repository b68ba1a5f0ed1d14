"""``signals verify``."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from signals.resources import folder
from signals.rulebook.pack import load_pack
from signals.runtime.embedded.service import Service
from signals.runtime.journal import Journal
from signals.runtime.schema import FILE_NAME
from tests.cli.conftest import Signals
from tests.runtime.posts import adverse_event, piece, vital_signs


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Service]:
    """A service that still has its folder: a serious event, its upgrade, a temperature."""
    service = Service(tmp_path / "data", load_pack(folder("rules") / "uc-msc"), "journal")
    upgrade = adverse_event(version=2, grade=5, outcome="FATAL")
    service.accept([piece(adverse_event()), piece(upgrade)])
    while service.folding.position < Journal(service.store.connection).last()[0]:
        service.folding.advance()
    service.accept([piece(vital_signs())])
    yield service
    service.stop()


def test_the_book_of_a_running_service_is_that_of_its_journal(
    signals: Signals, running: Service
) -> None:
    data = running.store.folder
    ran = signals("verify", "--data", data)
    assert ran.code == 0, ran.out
    # The activation of the pack, and two versions; the temperature waits to be folded.
    assert ran.out.startswith("3 records folded afresh, ")
    assert "(1 record not yet in the book): the book is that of the journal" in ran.out
    told = json.loads(signals("verify", "--data", data, "--json").out)
    with sqlite3.connect(data / FILE_NAME) as connection:
        (published,) = connection.execute("SELECT count(*) FROM revision").fetchone()
    assert (told["records"], told["waiting"], told["differences"]) == (3, 1, [])
    assert told["revisions"] == published > 0


def test_a_book_that_somebody_changed_differs(signals: Signals, running: Service) -> None:
    data = running.store.folder
    with sqlite3.connect(data / FILE_NAME) as connection:
        connection.execute("DELETE FROM revision WHERE alert_id = 'UC-MSC|SAE-12|001-004'")
    ran = signals("verify", "--data", data)
    assert ran.code == 1
    gone = "position 3: UC-MSC|SAE-12|001-004 revision 1: stored -, afresh published"
    assert gone in ran.out.splitlines()
    assert "the book differs in 1 place" in ran.out


def test_without_a_folder_it_cannot_run(signals: Signals, tmp_path: Path) -> None:
    ran = signals("verify", "--data", tmp_path)
    assert ran.code == 2
    assert "no service has run on this folder" in ran.err
    assert list(tmp_path.iterdir()) == []
