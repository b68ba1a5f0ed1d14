"""Under the wall's clock time itself is written to the journal when a wake is due."""

from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic, sleep
from typing import Any

import pytest

from signals.events import Rejection, read_event
from signals.rulebook.pack import Pack
from signals.runtime.embedded.alone import InUseError
from signals.runtime.embedded.folding import UnfitJournalError
from signals.runtime.embedded.service import Service
from signals.runtime.journal import Journal
from signals.runtime.schema import Store
from tests.runtime.conftest import PATIENCE, Client, wait_until_folded
from tests.runtime.posts import DOOR, ZONE, adverse_event, piece

Serve = Callable[..., Client]


def unassessed(wait: timedelta) -> dict[str, Any]:
    """A serious event nobody assessed: DQ-01 asks 24 hours after its receipt, ``wait`` from now."""
    received = datetime.now(ZONE) - timedelta(hours=24) + wait
    return adverse_event(
        onset=(received - timedelta(days=1)).date().isoformat(),
        received_by_sponsor_at=received.isoformat(),
        _recorded_at=received.isoformat(),
    )


def test_a_wake_comes_though_nothing_else_does(serve: Serve) -> None:
    client = serve(clock="wall")
    client.post(unassessed(timedelta(seconds=1)))
    assert client.get("/alerts?rule=DQ-01") == []
    give_up = monotonic() + PATIENCE
    while not (found := client.get("/alerts?rule=DQ-01")):
        assert monotonic() < give_up
        sleep(0.05)
    with client.service.store.reader() as reader:
        journal = Journal(reader)
        last = journal.last()[0]
        (_, raw), *_ = journal.after(last - 1, last)
    told = read_event(raw, zone=ZONE, trusted=True)
    assert not isinstance(told, Rejection)
    assert told.kind == "clock"
    assert found[0]["journal_position"] == last
    due = datetime.fromisoformat(found[0]["changed_at"])
    assert timedelta(0) <= datetime.now(ZONE) - due < timedelta(seconds=PATIENCE)


def test_a_sender_cannot_write_the_services_own_events(serve: Serve) -> None:
    client = serve(clock="wall")
    status, told = client.post(adverse_event(_schema="clock/1"))
    assert status == 422
    assert "service itself" in told["reasons"][0]["message"]


def test_one_folder_has_one_service(serve: Serve, pack: Pack) -> None:
    client = serve()
    folder = client.service.store.folder
    with pytest.raises(InUseError, match="another 'signals run' works on this folder"):
        Service(folder, pack)


def test_a_folder_of_another_study_is_refused(serve: Serve, pack: Pack) -> None:
    client = serve()
    folder = client.service.store.folder
    client.service.stop()
    other = {path: text.replace("UC-MSC", "OTHER") for path, text in pack.files.items()}
    from signals.book.fold import pack_of

    with pytest.raises(UnfitJournalError, match="a folder of its own"):
        Service(folder, pack_of(other))


def test_a_changed_pack_is_put_in_force_by_the_journal(serve: Serve, pack: Pack) -> None:
    from signals.book.fold import pack_of

    client = serve()
    folder = client.service.store.folder
    client.post(adverse_event())
    client.service.stop()
    page = "expedited/sae-01.yaml"
    changed = {**pack.files, page: pack.files[page].replace("priority: high", "priority: critical")}
    service = Service(folder, pack_of(changed))
    while service.folding.position < Journal(service.store.connection).last()[0]:
        service.folding.advance()
    (alert,) = [
        one for name, one in service.folding.fold.book.alerts().items() if "|SAE-01|" in name
    ]
    assert alert.priority == "critical"
    assert alert.cause == "rules"
    assert alert.pack_hash == pack_of(changed).hash
    service.stop()
    again = Service(folder, pack_of(changed))
    assert Journal(again.store.connection).last()[0] == 3, "the same pack is put in force once"
    again.stop()


def test_the_door_reads_another_study_as_rejected() -> None:
    read = DOOR.read(piece(adverse_event(_study_id="OTHER")).raw)
    assert isinstance(read, Rejection)
    assert read.reasons[0].allowed == '"UC-MSC"'


def test_a_step_that_fails_stops_folding_and_loses_nothing(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = serve()
    client.post(adverse_event())
    before = client.get("/alerts")
    monkeypatch.setattr(client.service.folding.fold.monitor, "observe", None)
    assert client.send("POST", "/events", piece(adverse_event("AE-2")).raw)[0] == 202
    give_up = monotonic() + PATIENCE
    while client.service.failure is None:
        assert monotonic() < give_up
        sleep(0.01)
    assert "stopped before journal position 3" in client.send("GET", "/healthz")[1]
    assert client.get("/alerts") == before
    folder = client.service.store.folder
    client.service.stop()
    again = serve(folder)
    wait_until_folded(again.service)
    assert {one["about"]["adverse event"] for one in again.get("/alerts?rule=SAE-01")} == {
        "AE-1",
        "AE-2",
    }


def test_a_pack_that_cannot_be_read_any_more_is_told(serve: Serve, pack: Pack) -> None:
    client = serve()
    folder = client.service.store.folder
    client.post(adverse_event())
    client.service.stop()
    store = Store(folder)
    store.connection.execute("DROP TRIGGER journal_keeps")
    store.connection.execute(
        "UPDATE journal SET event = CAST(replace(replace(CAST(event AS TEXT), 'judges: adverse"
        " event', 'judges: adverse evnt'), 'sha256:', 'sha256:0') AS BLOB) WHERE position = 1"
    )
    store.close()
    with pytest.raises(UnfitJournalError, match="cannot be read by this version"):
        Service(folder, pack)
