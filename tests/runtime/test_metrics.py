"""What a scrape tells of a trial, and what it never tells."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from signals.book.alert import Alert
from signals.events import Record
from signals.facts.kind import Fact
from signals.facts.value import word
from signals.rulebook.pack import Pack
from signals.runtime.embedded.panels import watched_panel
from signals.runtime.embedded.service import Service
from signals.runtime.intake import Accepted
from signals.runtime.journal import Journal
from signals.runtime.known import Standing
from signals.runtime.metrics import Metrics
from signals.simulate import simulate
from signals.simulate.tape import line
from tests.runtime.conftest import Client
from tests.runtime.posts import TRUSTING, adverse_event, piece, vital_signs


@pytest.fixture
def client(serve: Callable[..., Client]) -> Client:
    """A service under the clock of its journal."""
    return serve()


LATE = timedelta(hours=24)
FREQUENT = ("lab-result/1", "vital-signs/1")


def figures(text: str) -> dict[str, float]:
    """Every figure of a scrape by its name and labels."""
    lines = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in lines}


def metrics_of(*events: dict[str, Any], arrival: str) -> dict[str, float]:
    """The figures after first versions and others came at an instant."""
    metrics = Metrics()
    metrics.took_in([accepted({**event, "ingested_at": arrival}) for event in events], LATE)
    return figures(metrics.text().decode())


def accepted(event: dict[str, Any]) -> Accepted:
    record = TRUSTING.read(json.dumps(event).encode())
    assert isinstance(record, Record)
    return Accepted(record, 1, Standing.NEW)


@pytest.mark.parametrize(
    ("onset", "late"),
    [
        # The latest it may have begun is 23:59:59 of the day, and it arrives at 10:00.
        ("2026-03-06", 0),
        ("2026-03-05", 0),
        ("2026-03-04", 1),
        ("2026-03", 0),
        (None, 0),
    ],
)
def test_what_came_long_after_it_happened_is_late(onset: str | None, late: int) -> None:
    event = adverse_event(onset=onset, _recorded_at="2026-03-06T09:00:00+08:00")
    told = metrics_of(event, arrival="2026-03-06T10:00:00+08:00")
    assert told.get('signals_events_late_total{kind="adverse-event"}', 0) == late


def test_corrections_and_voids_are_counted_and_later_versions_are_not_late() -> None:
    told = metrics_of(
        vital_signs(),
        adverse_event(version=2, onset="2026-01-01", _change_reason="CORRECTION"),
        adverse_event(version=3, onset="2026-01-01", _change_reason="FOLLOW_UP"),
        adverse_event(version=4, _op="VOID", _change_reason="ENTERED_IN_ERROR"),
        arrival="2026-03-06T20:00:00+08:00",
    )
    assert told['signals_events_corrected_total{kind="adverse-event"}'] == 2
    assert 'signals_events_corrected_total{kind="vital-signs"}' not in told
    assert 'signals_events_late_total{kind="adverse-event"}' not in told


def test_the_way_from_arrival_to_alert_is_measured(client: Client) -> None:
    client.post(adverse_event())
    alerts = [*client.service.folding.fold.book.alerts().values()]
    assert alerts
    metrics = Metrics()
    metrics.published(alerts, max(one.changed_at for one in alerts) + timedelta(seconds=3))
    told = figures(metrics.text().decode())
    assert told["signals_arrival_to_alert_seconds_count"] == len(alerts)
    assert told["signals_arrival_to_alert_seconds_sum"] == pytest.approx(waited(alerts))
    # Under the journal's clock nothing is measured.
    told = figures(client.send("GET", "/metrics")[1])
    assert told["signals_arrival_to_alert_seconds_count"] == 0


def waited(alerts: list[Alert]) -> float:
    last = max(one.changed_at for one in alerts) + timedelta(seconds=3)
    return sum((last - one.changed_at).total_seconds() for one in alerts)


def test_rules_that_fail_and_the_pack_in_force_are_told(pack: Pack) -> None:
    metrics = Metrics()
    panel = watched_panel(pack, metrics)
    told = figures(metrics.text().decode())
    assert told[f'signals_pack_info{{pack_hash="{pack.hash}",study="UC-MSC"}}'] == 1
    assert not [name for name in told if name.startswith("signals_matcher_refused{")]
    # Words where a number belongs: what asks for the number cannot be evaluated.
    broken = Fact(
        "adverse event",
        ("001-004", "AE-1"),
        {
            "dlt_window": word("inside"),
            "causality": word("related"),
            "treatment_emergent": word("yes"),
            "grade_in_dlt_window": word("three"),
        },
    )
    panel.judge(broken, datetime(2026, 3, 10, tzinfo=UTC))
    told = figures(metrics.text().decode())
    assert told['signals_rule_errors_total{rule="DLT-01"}'] == 1
    assert told['signals_rule_errors_total{rule="DLT-02"}'] == 1
    assert told['signals_evaluator_errors_total{evaluator="judge"}'] == 2
    assert told['signals_evaluator_errors_total{evaluator="matcher"}'] == 1


def test_a_rule_that_the_matcher_cannot_hold_is_told() -> None:
    metrics = Metrics()
    metrics.judged_by("UC-MSC", "sha256:1", ["DLT-01"])
    metrics.judged_by("UC-MSC", "sha256:2", ["DLT-02"])
    told = figures(metrics.text().decode())
    assert told['signals_matcher_refused{rule="DLT-02"}'] == 1
    assert 'signals_matcher_refused{rule="DLT-01"}' not in told
    assert told['signals_pack_info{pack_hash="sha256:2",study="UC-MSC"}'] == 1


def test_a_worker_with_two_studies_shows_the_pack_of_each_as_long_as_it_judges_it() -> None:
    metrics = Metrics()
    metrics.judged_by("UC-MSC", "sha256:1", ["DLT-01", "DLT-02"])
    metrics.judged_by("OTHER", "sha256:2", ["DLT-02"])
    told = figures(metrics.text().decode())
    assert told['signals_pack_info{pack_hash="sha256:1",study="UC-MSC"}'] == 1
    assert told['signals_pack_info{pack_hash="sha256:2",study="OTHER"}'] == 1
    metrics.no_longer_judged("UC-MSC")
    metrics.no_longer_judged("UC-MSC")
    shown = {
        name for name in figures(metrics.text().decode()) if "pack_" in name or "refused" in name
    }
    assert shown == {
        'signals_pack_info{pack_hash="sha256:2",study="OTHER"}',
        'signals_matcher_refused{rule="DLT-02"}',
    }


def test_no_figure_names_anybody_of_a_trial(tmp_path: Path, pack: Pack) -> None:
    trial = simulate(3, short=True)
    some = {None, *sorted({event["subject_id"] or "" for _, event in trial.tape.arrived()})[:5]}
    events = [
        event
        for _, event in trial.tape.arrived()
        if event["schema"] not in FREQUENT and event["subject_id"] in some
    ]
    service = Service(tmp_path, pack, "journal")
    service.accept([piece(line(event).encode()) for event in events])
    while service.folding.position < Journal(service.store.connection).last()[0]:
        alerts = service.folding.advance()
        service.metrics.published(alerts)
        for alert in alerts:
            service.states.stands(alert.alert_id, alert.rule, alert.state.value)
    text = service.metrics.text().decode()
    service.stop()
    names = {event[key] for event in events for key in ("subject_id", "record_id", "site_id")}
    values = set(re.findall(r'="([^"]*)"', text))
    assert len({event["subject_id"] for event in events} - {None}) == 4
    assert {value for value in values if value in names} == set()
    assert [n for n in names if n and n in text and re.search(rf"\b{re.escape(n)}\b", text)] == []
    told = figures(text)
    assert sum(n for name, n in told.items() if name.startswith("signals_alerts{")) > 20
    corrected = [e for e in events if e["change_reason"] == "CORRECTION" or e["op"] == "VOID"]
    counted = [n for name, n in told.items() if name.startswith("signals_events_corrected_total{")]
    assert sum(counted) == len(corrected) > 0
