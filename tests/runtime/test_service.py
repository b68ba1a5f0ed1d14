"""The service over HTTP: what a source, a person and Prometheus are answered."""

import json
import re
from collections.abc import Callable, Iterator
from http.client import HTTPResponse
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.runtime.conftest import Client, wait_until_folded
from tests.runtime.posts import adverse_event, event, line, vital_signs

Serve = Callable[..., Client]
SAE = "UC-MSC|SAE-01|001-004|AE-1"


@pytest.fixture
def client(serve: Serve) -> Client:
    return serve()


# ---------------------------------------------------------------------- taking in


def test_an_event_is_accepted_with_its_problems(client: Client) -> None:
    status, told = client.post(adverse_event(onset="2026-02-30", causalty="POSSIBLE"))
    assert status == 202
    problems = {problem["pointer"]: problem for problem in told["problems"]}
    assert problems.keys() == {"/data/onset", "/data/causalty"}
    assert "causality" in problems["/data/causalty"]["allowed"]


def test_the_same_event_again_is_fine_and_another_content_is_a_conflict(client: Client) -> None:
    first = client.post(adverse_event())
    again = client.post(adverse_event())
    status, conflict = client.post(adverse_event(grade=4))
    assert (first[0], again[0], status) == (202, 202, 409)
    assert again[1]["position"] == first[1]["position"] == conflict["conflicts_with"]
    assert conflict["position"] > first[1]["position"]
    assert "next version" in conflict["message"]


def test_a_rejected_event_is_told_why_and_kept(client: Client) -> None:
    status, told = client.post(adverse_event(_version=None))
    assert status == 422
    (reason,) = told["reasons"]
    assert reason["pointer"] == "/version"
    (kept,) = client.get("/rejected")
    assert kept["id"] == told["rejected_id"]
    assert json.loads(kept["raw"])["record_id"] == "AE-1"
    assert kept["place"] == "POST /events:1"


def test_a_mixed_batch_tells_each_and_loses_none(client: Client) -> None:
    lines = [adverse_event(), adverse_event(grade=4), vital_signs(_version=None), vital_signs()]
    status, told = client.post(b"\n".join(line(one) for one in lines))
    assert status == 207
    assert [one["status"] for one in told["records"]] == [202, 409, 422, 202]


def test_an_array_of_good_events_is_accepted(client: Client) -> None:
    body = b"[" + line(adverse_event()) + b"," + line(vital_signs()) + b"]"
    status, told = client.post(body)
    assert status == 202
    assert len(told["records"]) == 2


def test_an_empty_body_is_told_what_to_send(client: Client) -> None:
    status, told = client.post(b"")
    assert status == 400
    assert "NDJSON" in told["message"]


def test_a_backfill_marks_its_alerts_late(client: Client) -> None:
    client.post(adverse_event(), "?backfill=B-1")
    assert client.get(f"/alerts/{quote(SAE)}")["alert"]["late"]


# ---------------------------------------------------------------------- alerts


def test_an_alert_is_shown_with_words_history_and_decisions(client: Client) -> None:
    client.post(adverse_event())
    client.post(adverse_event(version=2, grade=5, outcome="FATAL"))
    confirm = {
        "kind": "ALERT",
        "decided_at": "2026-03-06T21:00:00+08:00",
        "by": "pv-01",
        "role": "PV_PHYSICIAN",
        "reason": "Seen.",
        "alert": {"alert_id": SAE, "revision": 1, "action": "CONFIRM"},
    }
    client.post(event("decision", "DEC-1", 1, confirm, {}))
    one = client.get(f"/alerts/{quote(SAE)}")
    assert one["alert"]["state"] == "firing"
    assert "serious adverse event" in one["explanation"][0]
    assert any(sentence.startswith("Because serious") for sentence in one["explanation"])
    assert one["revisions"][0]["differences"] == []
    assert [d["action"] for d in one["decisions"]] == ["CONFIRM"]
    assert one["decisions"][0]["effect"]
    for before, after in pairwise(one["revisions"]):
        assert after["alert"]["revision"] == before["alert"]["revision"] + 1
        assert after["differences"]


def test_alerts_come_by_due_date_and_are_filtered(client: Client) -> None:
    client.post(adverse_event("AE-1"))
    client.post(adverse_event("AE-2", _subject_id="002-001", _site_id="WUH"))
    everything = client.get("/alerts?state=all")
    of_study = {None}  # one event in two subjects is about the term, and about no subject
    assert {one["subject_id"] for one in everything} - of_study == {"001-004", "002-001"}
    dues = [min((due["due"] for due in one["due"]), default="9") for one in everything]
    assert dues == sorted(dues)
    assert {one["rule"] for one in client.get("/alerts?rule=SAE-01")} == {"SAE-01"}
    assert {one["subject_id"] for one in client.get("/alerts?subject=002-001")} == {"002-001"}
    assert {one["site_id"] for one in client.get("/alerts?site=WUH")} == {"WUH"}
    assert client.get("/alerts?topic=alerts.none") == []
    assert client.get("/alerts?as_of=2026-03-05") == []
    assert client.get("/alerts?as_of=2026-03-06") == client.get("/alerts")


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("state=fireing", "none of possible, firing"),
        ("priority=urgent", "none of critical, high"),
        ("as_of=2026-03", "names no day"),
        ("as_of=yesterday", "give an instant such as"),
    ],
)
def test_a_filter_that_cannot_be_read_is_told_what_is_allowed(
    client: Client, query: str, says: str
) -> None:
    status, body = client.send("GET", f"/alerts?{query}")
    assert status == 400
    assert says in body


def test_an_unknown_alert_is_told_where_to_look(client: Client) -> None:
    status, body = client.send("GET", "/alerts/UC-MSC%7CSAE-01%7Cnobody%7CAE-1")
    assert status == 404
    assert "state=all" in body


def test_a_stream_tells_each_revision_and_resumes(client: Client) -> None:
    with client.open("GET", "/alerts/stream?after=0") as stream:
        client.post(adverse_event())
        first = next(_streamed(stream))
    client.post(vital_signs())
    client.post(adverse_event(version=2, grade=5, outcome="FATAL"))
    published = [
        one["alert"] for one in client.get(f"/alerts/{quote(first[1]['alert_id'])}")["revisions"]
    ]
    assert first[1] in published
    with client.open("GET", "/alerts/stream", headers={"Last-Event-ID": str(first[0])}) as stream:
        second = next(_streamed(stream))
    assert second[0] == first[0] + 1
    assert second[1] != first[1]


def _streamed(stream: HTTPResponse) -> Iterator[tuple[int, dict[str, Any]]]:
    seq = 0
    while text := stream.readline().decode():
        if text.startswith("id: "):
            seq = int(text.removeprefix("id: "))
        if text.startswith("data: "):
            yield seq, json.loads(text.removeprefix("data: "))


# ---------------------------------------------------------------------- operations


def test_metrics_tell_no_subject(client: Client) -> None:
    client.post(adverse_event())
    client.post(b"{")
    status, text = client.send("GET", "/metrics")
    assert status == 200
    assert "001-004" not in text
    assert "AE-1" not in text
    for figure in (
        'signals_events_total{kind="adverse-event",outcome="accepted"} 1.0',
        'signals_events_total{kind="unreadable",outcome="rejected"} 1.0',
        'signals_alerts{rule="SAE-01",state="firing"} 1.0',
        "signals_journal_position 2.0",
        "signals_folded_position 2.0",
        "signals_oldest_unevaluated_seconds 0.0",
        "signals_rejected_waiting 1.0",
        "signals_folding_failed 0.0",
        "signals_evaluation_seconds_count 2.0",
    ):
        assert figure in text.splitlines(), figure
    assert 'signals_pack_info{pack_hash="sha256:' in text
    assert "signals_evaluator_disagreements_total{" not in text


def test_health_tells_why(client: Client) -> None:
    for path in ("/healthz", "/readyz"):
        told = client.get(path)
        assert told["fine"]
        assert all(check["says"] for check in told["checks"])


def test_folding_that_stopped_is_told_everywhere(client: Client) -> None:
    client.service.failure = "folding stopped before journal position 7: out of disk"
    for path in ("/healthz", "/readyz"):
        status, body = client.send("GET", path)
        assert status == 503
        assert "before journal position 7" in body
    assert "signals_folding_failed 1.0" in client.send("GET", "/metrics")[1]


# ---------------------------------------------------------------------- pages


def test_the_page_lists_what_stands_and_escapes_what_came(client: Client) -> None:
    client.post(adverse_event(term="<script>alert(1)</script>"))
    status, page = client.send("GET", "/")
    assert status == 200
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    address = f"/alert/{quote(SAE, safe='')}"
    assert f"href='{address}'" in page
    status, page = client.send("GET", address)
    assert status == 200
    assert "Because" in page
    assert "History" in page


def test_the_page_needs_nothing_from_elsewhere(client: Client) -> None:
    for path in ("/", "/static/page.css", "/static/page.js"):
        status, text = client.send("GET", path)
        assert status == 200
        assert "http://" not in text
        assert "https://" not in text
    assert client.send("GET", "/static/other.js")[0] == 404


# ---------------------------------------------------------------------- who may


def test_another_name_or_page_is_refused(client: Client) -> None:
    for host in ("rebound.example", "[::1", "", "127.0.0.1.rebound.example"):
        assert client.send("GET", "/alerts", headers={"Host": host})[0] == 421
    assert client.send("GET", "/alerts", headers={"Origin": "http://[::1"})[0] == 403
    evil = {"Origin": "http://elsewhere.example"}
    assert client.send("POST", "/events", b"{}", evil)[0] == 403
    own = {"Origin": f"http://127.0.0.1:{client.port}"}
    assert client.send("POST", "/events", line(vital_signs()), own)[0] == 202


def test_with_a_token_every_request_bears_it(serve: Serve) -> None:
    client = serve(token="s3cret")  # noqa: S106 - not a secret
    status, told = client.send("GET", "/alerts")
    assert status == 401
    assert "Bearer" in told
    assert client.send("GET", "/alerts", headers={"Authorization": "Bearer wrong"})[0] == 401
    assert client.send("GET", "/alerts", headers={"Authorization": "Bearer s3cret"})[0] == 200
    basic = {"Authorization": "Basic YW55Ym9keTpzM2NyZXQ="}  # anybody:s3cret
    assert client.send("GET", "/", headers=basic)[0] == 200
    assert client.send("GET", "/healthz")[0] == 200


# ---------------------------------------------------------------------- restart


def test_a_restart_goes_on_where_it_stopped(serve: Serve, tmp_path: Path) -> None:
    client = serve(tmp_path / "one")
    client.post(adverse_event())
    before = client.get("/alerts?state=all")
    client.service.stop()
    again = serve(tmp_path / "one")
    assert again.get("/alerts?state=all") == before
    again.post(adverse_event(version=2, grade=5, outcome="FATAL"))
    (death,) = again.get("/alerts?rule=SAE-12")
    assert death["journal_position"] == 3


def test_an_empty_book_is_folded_again_and_is_the_same(serve: Serve, tmp_path: Path) -> None:
    client = serve(tmp_path / "one")
    client.post(adverse_event())
    client.post(adverse_event(version=2, grade=5, outcome="FATAL"))
    before = client.get(f"/alerts/{quote(SAE)}")
    client.service.store.drop_book()
    client.service.stop()
    again = serve(tmp_path / "one")
    wait_until_folded(again.service)
    assert again.get(f"/alerts/{quote(SAE)}") == before


def test_every_figure_is_documented(client: Client, root: Path) -> None:
    told = client.send("GET", "/metrics")[1]
    names = {line.split()[2] for line in told.splitlines() if line.startswith("# HELP")}
    page = (root / "docs" / "ops" / "metrics.md").read_text(encoding="utf-8")
    assert names == set(re.findall(r"`(signals_[a-z_]+)`", page))
