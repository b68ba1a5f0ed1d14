"""``signals serve``: the HTTP service fed from the topics answers as the one in one process."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any
from urllib.parse import quote

from signals.resources import folder
from signals.rulebook.pack import load_pack
from signals.runtime.embedded.server import listen, make_server
from signals.runtime.embedded.service import Service
from signals.runtime.kafka.export import Sender
from signals.runtime.kafka.follower import Follower
from tests.kafka.broker import Broker
from tests.kafka.installation import Installation, Process
from tests.kafka.test_runtimes_agree import reported
from tests.runtime.conftest import Client, serving, wait_until_folded
from tests.runtime.posts import adverse_event, event, line

PATIENCE = 120.0
OURS = "UC-MSC|SAE-01|001-004|AE-900"  # the simulated trial has none of this name
SAE = "UC-MSC|SAE-01|001-004|AE-1"
LISTS = (
    "/alerts",
    "/alerts?state=all",
    "/alerts?state=all&rule=SAE-01",
    "/alerts?state=all&as_of=2026-03-15",
    "/alerts?priority=critical&topic=alerts.expedited",
)
PACK = folder("rules") / "uc-msc"


def ask(port: int, method: str, path: str, body: bytes = b"") -> tuple[int, Any]:
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request(method, path, body)
        with connection.getresponse() as answer:
            raw = answer.read()
            return answer.status, json.loads(raw) if raw[:1] in b"[{" else raw.decode()
    finally:
        connection.close()


def get(served: Process, path: str) -> Any:
    status, body = ask(served.port, "GET", path)
    assert status == 200, body
    return body


def streamed(port: int, count: int) -> list[tuple[int, dict[str, Any]]]:
    """The first revisions of the stream from its beginning, each with its id."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request("GET", "/alerts/stream?after=0")
    found: list[tuple[int, dict[str, Any]]] = []
    seq = 0
    with connection.getresponse() as answer:
        while len(found) < count and (text := answer.readline().decode()):
            if text.startswith("id: "):
                seq = int(text.removeprefix("id: "))
            if text.startswith("data: "):
                found.append((seq, json.loads(text.removeprefix("data: "))))
    connection.close()
    return found


def alert_lines(text: str) -> set[str]:
    """What stands by rule and state; an instance that saw a state go may also show its zero."""
    lines = {line for line in text.splitlines() if line.startswith("signals_alerts{")}
    return {line for line in lines if not line.endswith(" 0.0")}


@contextmanager
def embedded(installation: Installation, data: Path) -> Iterator[Client]:
    """The service in one process on the exported journal of the installation."""
    exported = installation.folder / "journal.ndjson"
    exported.write_text(installation.run("journal", "export"))
    installation.run("journal", "import", str(exported), "--data", str(data))
    with serving(Service(data, load_pack(PACK), "journal")) as client:
        wait_until_folded(client.service)
        yield client


def test_the_same_answers_as_in_one_process_and_again_after_a_restart(
    installation: Installation, tmp_path: Path
) -> None:
    installation.environment["SIGNALS_CANARY_SECONDS"] = "1"
    confirm = {
        "kind": "ALERT",
        "decided_at": "2026-03-06T21:00:00+08:00",
        "by": "pv-01",
        "role": "PV_PHYSICIAN",
        "reason": "Seen.",
        "alert": {"alert_id": OURS, "revision": 1, "action": "CONFIRM"},
    }
    sent = [
        *reported(5),
        line(adverse_event("AE-900")),
        line(event("decision", "DEC-1", 1, confirm, {})),
    ]
    with installation.running(1, "--clock", "journal") as workers:
        with installation.serving("--clock", "journal") as served:
            installation.send([*sent, b"{no event"])
            installation.wait_until_folded(workers)
            give_up = monotonic() + PATIENCE
            while workers[0].figure("signals_canary_round_trip_seconds") == 0:
                assert monotonic() < give_up, "no canary came out"
                sleep(0.2)
            served.wait_until("/readyz")
            with embedded(installation, tmp_path / "data") as client:
                count = len(check_same(served, client))
                assert count > 100
                assert client.get(f"/alerts/{quote(OURS)}")["decisions"]
            kept = answers(served, count)
        with installation.serving("--clock", "journal") as again:
            again.wait_until("/readyz")
            assert answers(again, count) == kept


def check_same(served: Process, client: Client) -> list[Any]:
    for path in LISTS:
        assert get(served, path) == client.get(path), path
    for alert in client.get("/alerts?state=all"):
        assert not alert["study_id"].startswith("_canary")
        path = f"/alerts/{quote(alert['alert_id'], safe='')}"
        assert get(served, path) == client.get(path)
    with client.service.book() as book:
        published = book.after(0, 1_000_000)
    assert streamed(served.port, len(published)) == [tuple(one) for one in published]
    told = client.send("GET", "/metrics")[1]
    assert alert_lines(get(served, "/metrics")) == alert_lines(told)
    assert ask(served.port, "GET", "/")[0] == 200
    (rejected,) = get(served, "/rejected")
    assert rejected["raw"] == "{no event"
    assert get(served, "/alerts?state=all&subject=nobody") == []
    return published


def answers(served: Process, count: int) -> list[Any]:
    everything = get(served, "/alerts?state=all")
    names = [quote(alert["alert_id"], safe="") for alert in everything]
    each = [get(served, f"/alerts/{name}") for name in names]
    return [everything, each, get(served, "/rejected"), streamed(served.port, count)]


@contextmanager
def followed(installation: Installation) -> Iterator[tuple[Follower, int]]:
    """A follower that answers and does not read yet."""
    follower = Follower(installation.settings, load_pack(PACK).study, "journal")
    with listen("127.0.0.1", 0) as listening:
        server = make_server(follower, None)
        thread = Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            yield follower, listening.getsockname()[1]
        finally:
            server.should_exit = True
            follower.stop()
            thread.join()


def test_nothing_is_said_before_the_topics_are_read(installation: Installation) -> None:
    with followed(installation) as (_, port):
        for path in ("/alerts", f"/alerts/{quote(SAE)}", "/alerts/stream", "/rejected", "/"):
            status, told = ask(port, "GET", path)
            assert status == 503, path
            assert "not known yet: the topics are still being read" in told["message"]
        assert ask(port, "GET", "/readyz")[0] == 503
        assert ask(port, "GET", "/healthz")[0] == 200
        assert "signals_soonest_due_hours NaN" in ask(port, "GET", "/metrics")[1]


def test_it_is_not_ready_while_no_worker_has_folded_the_journal(
    installation: Installation,
) -> None:
    file = installation.folder / "journal.ndjson"
    with installation.serving("--clock", "journal") as served:
        told = unready(
            served, "the journal holds no record of UC-MSC; does a worker hold its pack?"
        )
        assert get(served, "/alerts") == []
        stamped = {**adverse_event(), "ingested_at": "2026-03-06T20:00:00+08:00"}
        file.write_bytes(line(stamped) + b"\n")
        installation.run("journal", "import", str(file))
        told = unready(served, "1 records are folded by no worker, the oldest waits")
        assert not told["fine"]
        assert served.figure("signals_oldest_unevaluated_seconds") > 60
        with installation.running(1, "--clock", "journal"):
            served.wait_until("/readyz")
            assert [one["alert_id"] for one in get(served, "/alerts?rule=SAE-01")] == [SAE]
            assert served.figure("signals_oldest_unevaluated_seconds") == 0


def unready(served: Process, why: str) -> dict[str, Any]:
    """What it answers once it says why it is not ready."""
    give_up = monotonic() + PATIENCE
    while True:
        assert monotonic() < give_up, served.log.read_text()
        try:
            status, told = ask(served.port, "GET", "/readyz")
        except OSError:
            status, told = 0, {}
        if status == 503 and any(why in check["says"] for check in told["checks"]):
            found: dict[str, Any] = told
            return found
        sleep(0.1)


def test_what_is_posted_is_judged_and_what_is_unfit_is_kept(installation: Installation) -> None:
    with installation.serving() as served, installation.running() as workers:
        served.wait_until("/readyz")
        status, told = ask(served.port, "POST", "/events", line(adverse_event(onset="2026-02-30")))
        assert status == 202
        assert told["event_id"] == adverse_event(onset="2026-02-30")["event_id"]
        assert [one["pointer"] for one in told["problems"]] == ["/data/onset"]
        bad = line(adverse_event("AE-2", _version=None))
        status, refused = ask(served.port, "POST", "/events", bad)
        assert status == 422
        assert refused["reasons"][0]["pointer"] == "/version"
        both = b"\n".join([line(adverse_event("AE-3")), b"{no event"])
        status, told = ask(served.port, "POST", "/events", both)
        assert [one["status"] for one in told["records"]] == [202, 422]
        installation.wait_until_folded(workers)
        served.wait_until("/readyz")
        until(lambda: len(get(served, "/alerts?rule=SAE-01")) == 2)
        until(lambda: len(get(served, "/rejected")) == 2)
        kept = {one["id"]: one["raw"] for one in get(served, "/rejected")}
        assert kept[refused["rejected_id"]] == bad.decode()
        status, told = ask(served.port, "POST", "/events?backfill=B-1", line(adverse_event()))
        assert status == 400
        assert "signals journal import" in told["detail"]
        assert ask(served.port, "POST", "/events")[0] == 400


def until(true: Any) -> None:
    give_up = monotonic() + PATIENCE
    while not true():
        assert monotonic() < give_up
        sleep(0.2)


def test_without_brokers_nothing_is_taken_in_and_it_recovers(
    own: tuple[Broker, Installation],
) -> None:
    broker, installation = own
    with installation.serving() as served, installation.running() as workers:
        served.wait_until("/readyz")
        assert ask(served.port, "POST", "/events", line(adverse_event()))[0] == 202
        installation.wait_until_folded(workers)
        until(lambda: get(served, "/alerts?rule=SAE-01"))
        broker.kill()
        unready(served, "the brokers do not answer")
        status, told = ask(served.port, "POST", "/events", line(adverse_event("AE-2")))
        assert status == 503
        assert "Not all was taken in: send it again" in told["message"]
        assert len(get(served, "/alerts?rule=SAE-01")) == 1  # what is known stays to be read
        assert ask(served.port, "GET", "/healthz")[0] == 200
        broker.start()
        served.wait_until("/readyz")
        assert ask(served.port, "POST", "/events", line(adverse_event("AE-2")))[0] == 202
        until(lambda: len(get(served, "/alerts?rule=SAE-01")) == 2)


def test_a_revision_of_two_contents_is_told_and_the_book_decides(
    installation: Installation,
) -> None:
    with installation.serving() as served, installation.running() as workers:
        installation.send([line(adverse_event())])
        installation.wait_until_folded(workers)
        served.wait_until("/readyz")
        until(lambda: get(served, "/alerts?rule=SAE-01"))
        before = get(served, f"/alerts/{quote(SAE)}")["alert"]
        forged = json.dumps({**before, "headline": "Nothing to see"}).encode()
        with Sender(installation.settings) as sender:
            sender.message(installation.topics["alerts.sae"], SAE.encode(), forged)
        installation.send([line(adverse_event("AE-2"))])
        installation.wait_until_folded(workers)
        unready(served, f"{SAE} revision {before['revision']} has two contents")
        assert get(served, f"/alerts/{quote(SAE)}")["alert"] == before
