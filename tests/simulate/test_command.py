"""The command: files, summary, and what it says when it cannot write."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from signals.cli.common import CannotRunError
from signals.cli.simulate import simulate


def called(*words: str) -> object:
    app = typer.Typer()
    app.command()(simulate)
    return CliRunner().invoke(app, list(words), catch_exceptions=True)


def test_it_writes_events_and_truth_and_sums_them_up(tmp_path: Path) -> None:
    events, truth = tmp_path / "events.ndjson", tmp_path / "truth.ndjson"
    ran = called("--short", "--seed", "3", "-o", str(events), "--truth", str(truth), "--json")
    summary = json.loads(ran.stdout)  # type: ignore[attr-defined]
    assert summary["seed"] == 3
    assert summary["subjects"] == 12
    assert summary["events"] == len(events.read_text(encoding="utf-8").splitlines())
    findings = [json.loads(each) for each in truth.read_text(encoding="utf-8").splitlines()]
    assert summary["planted"] == sum(each["kind"] == "planted" for each in findings)
    assert set(findings[0]) == {"rule", "about", "from", "until", "why", "kind"}


def test_a_folder_that_does_not_exist_is_told(tmp_path: Path) -> None:
    nowhere = tmp_path / "none" / "events.ndjson"
    with pytest.raises(
        CannotRunError, match=r"none.events\.ndjson: cannot be written: No such file"
    ):
        simulate(nowhere, tmp_path / "truth.ndjson", seed=1, short=True)
