"""`signals import sdtm`: files, exit codes and words on the screen."""

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from signals.cli.import_sdtm import app
from tests.exchange.studies import row
from tests.exchange.xport import write_xport


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tmp_path / "study"
    folder.mkdir()
    rows = [
        row("AE", seq=1, AETERM="A", AESTDTC="2026-03-01", AEREL="POSSIBLE"),
        row("AE", seq=2, AETERM="B", AESTDTC="2026-03-02", AEREL="REMOTE"),
    ]
    write_xport(folder / "ae.xpt", "AE", rows)
    return folder


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["sdtm", *(str(each) for each in arguments)])


def test_events_and_report_are_written(study: Path, tmp_path: Path) -> None:
    events, report = tmp_path / "events.ndjson", tmp_path / "report.ndjson"
    result = run(study, "-o", events, "--report", report)
    assert result.exit_code == 1
    assert len(events.read_text(encoding="utf-8").splitlines()) == 2
    findings = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
    (rowwise,) = [each for each in findings if each["row"] is not None]
    assert {key: rowwise[key] for key in ("domain", "row", "key", "column", "value", "what")} == {
        "domain": "AE",
        "row": 2,
        "key": "S-01-001/AE-2",
        "column": "AEREL",
        "value": "REMOTE",
        "what": "not understood",
    }


def test_the_report_may_be_a_table(study: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.csv"
    run(study, "-o", tmp_path / "e.ndjson", "--report", report)
    with report.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["domain", "row", "key", "column", "value", "what", "why"]
    assert [each["value"] for each in rows if each["row"]] == ["REMOTE"]


def test_with_the_map_every_row_is_understood(study: Path, tmp_path: Path) -> None:
    stated = tmp_path / "map.yaml"
    stated.write_text("causality: {REMOTE: UNLIKELY}\n", encoding="utf-8")
    result = run(study, "-o", tmp_path / "e.ndjson", "--map", stated, "--json")
    assert result.exit_code == 0
    summary = json.loads(result.stdout)
    assert summary["domains"] == {"AE": {"events": 2, "rows": 2}}
    assert summary["events"] == {"adverse-event": 2}
    assert summary["understood"] is True


def test_the_summary_states_zone_and_entry_time(study: Path, tmp_path: Path) -> None:
    words = " ".join(run(study, "-o", tmp_path / "e.ndjson").stdout.split())
    assert "are those of UTC" in words
    assert "at the end of the latest day that it names" in words


def test_events_on_standard_output_stand_alone(study: Path) -> None:
    result = run(study, "-o", "-", "--json")
    assert [json.loads(line)["record_id"] for line in result.stdout.splitlines()] == [
        "AE-1",
        "AE-2",
    ]
    assert json.loads(result.stderr)["events"] == {"adverse-event": 2}


def test_what_cannot_be_read_leaves_no_file(tmp_path: Path) -> None:
    output = tmp_path / "events.ndjson"
    result = run(tmp_path / "absent", "-o", output)
    assert result.exit_code == 2
    assert "there is no such folder" in result.stderr
    assert not output.exists()


def test_a_faulty_map_is_told(study: Path, tmp_path: Path) -> None:
    stated = tmp_path / "map.yaml"
    stated.write_text("prodct: X\n", encoding="utf-8")
    result = run(study, "-o", tmp_path / "e.ndjson", "--map", stated)
    assert result.exit_code == 2
    assert "prodct: a map has no such key; did you mean 'product'?" in result.stderr


def test_a_folder_that_cannot_be_written_to(study: Path, tmp_path: Path) -> None:
    result = run(study, "-o", tmp_path / "absent" / "e.ndjson")
    assert result.exit_code == 2
    assert "No such file or directory" in result.stderr
