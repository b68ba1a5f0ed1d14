"""The benchmark runs, on a tiny size, and its mix is what it says."""

import json
from zoneinfo import ZoneInfo

import pytest

from bench.__main__ import main
from bench.mix import chart, shares, trial
from signals.events import Record, read_event
from signals.simulate import simulate


def test_the_mix_is_read_without_a_problem() -> None:
    zone = ZoneInfo("Asia/Shanghai")
    for event in trial(2, seed=3):
        record = read_event(event.raw, zone=zone, trusted=True)
        assert isinstance(record, Record)
        assert record.problems == ()
        assert record.kind == event.kind


def test_the_mix_is_shaped_like_a_trial() -> None:
    events = trial(3, seed=1)
    assert 1300 <= len(events) / 3 <= 1500
    found = shares(events)
    assert 0.60 <= found["lab-result"] <= 0.70
    assert 0.20 <= found["vital-signs"] <= 0.30
    assert 0.010 <= found["adverse-event"] <= 0.020
    assert sum(found.values()) == pytest.approx(1)


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert trial(1, seed=5) == trial(1, seed=5)
    assert trial(1, seed=5) != trial(1, seed=6)


@pytest.mark.parametrize("records", [60, 100, 2000])
def test_a_chart_has_as_many_events_as_asked_for(records: int) -> None:
    assert len(chart(records, seed=1)) == records


def test_a_run_prints_every_ratio_beside_its_bar(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--subjects", "1", "--short", "60", "--long", "120", "--short-trial", "--json"])
    printed = json.loads(capsys.readouterr().out)
    assert {name: figure["at_most"] for name, figure in printed["ratios"].items()} == {
        "engine / reference": 6,
        "engine without matcher / reference": 3,
        "simulated trial, engine / reference": 6,
        "simulated trial, peak memory in MiB / bar": 1,
        "append lab-result: 120 / 60 records": 1.5,
        "append vital-signs: 120 / 60 records": 1.5,
        "append adverse-event: 120 / 60 records": 1.5,
    }
    assert all(figure["ratio"] > 0 for figure in printed["ratios"].values())
    assert printed["events"] == len(trial(1, seed=1))
    assert printed["matcher_calls"] > 0
    of_twelve = len(list(simulate(1, short=True).tape.arrived()))
    assert 0.9 * of_twelve < printed["trial"]["events"] <= of_twelve, "each counts once"
    assert printed["alone"]["peak_mib"] >= printed["alone"]["before_mib"] > 0
