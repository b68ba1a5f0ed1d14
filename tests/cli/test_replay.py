"""``signals replay``, ``alerts``, ``facts`` and ``explain``."""

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from signals.runtime.alert_schema import alert_schema
from tests.cli.conftest import Ran, Signals
from tests.runtime.posts import adverse_event, line

SAE = "UC-MSC|SAE-01|001-004|AE-1"
COMMAND = Path(sys.executable).with_name("signals")


def objects(ran: Ran) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ran.out.splitlines()]


def test_every_revision_comes_in_the_order_of_the_steps(signals: Signals, events: Path) -> None:
    ran = signals("replay", events, "--json")
    revisions = objects(ran)
    assert ran.code == 0
    order = [(one["journal_position"], one["changed_at"], one["alert_id"]) for one in revisions]
    assert order == sorted(order)
    assert {"SAE-01", "SAE-12"} <= {one["rule"] for one in revisions}
    for one in revisions:
        jsonschema.validate(one, alert_schema())


def test_a_packed_file_and_standard_input_say_the_same(signals: Signals, events: Path) -> None:
    packed = events.with_suffix(".gz")
    packed.write_bytes(gzip.compress(events.read_bytes()))
    plain = signals("replay", events, "--json")
    assert signals("replay", packed, "--json").out == plain.out
    assert signals("replay", "-", "--json", stdin=events.read_bytes()).out == plain.out
    assert signals("replay", "-", "--json", stdin=packed.read_bytes()).out == plain.out


def test_until_lets_the_clock_run_on(signals: Signals, events: Path) -> None:
    # Causality is missing at first; DQ-01 asks 24 h after the receipt of a serious event.
    before = signals("replay", events, "--json", "--until", "2026-03-07T19:49:00+08:00")
    after = signals("replay", events, "--json", "--until", "2026-03-07")
    assert "DQ-01" not in before.out
    (asked,) = [one for one in objects(after) if one["rule"] == "DQ-01"]
    assert asked["changed_at"].startswith("2026-03-07T19:50:0")
    assert "1 records arrive after 2026-03-07 and are not played" in after.err


def test_the_table_tells_what_stands(signals: Signals, events: Path) -> None:
    ran = signals("replay", events)
    assert ran.out.startswith("3 records, 0 rejected, ")
    assert ran.out.splitlines()[0].endswith(" stand at the end")
    assert "serious adverse event" in ran.out


def test_rejected_records_are_listed_and_end_with_1(signals: Signals, events: Path) -> None:
    with events.open("ab") as file:
        file.write(b'{"schema": "vital-sign/1"}\n')
    ran = signals("replay", events, "--json")
    assert ran.code == 1
    assert f"{events}:4: rejected: /schema" in ran.err
    assert "allowed: vital-signs/1 (the nearest)" in ran.err
    assert objects(ran)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["replay", "missing.ndjson"], "missing.ndjson: cannot be read: No such file"),
        (["replay", "EVENTS", "--until", "tomorrow"], "--until: 'tomorrow' is not an ISO 8601"),
        (["replay", "EVENTS", "--pack", "nowhere"], "nowhere: no rule pack can be read there"),
        (["alerts", "EVENTS", "--as-of", "2026"], "names no day; give an instant"),
        (["facts", "EVENTS", "--subject", "1", "--kind", "ae"], "no kind of fact 'ae'"),
        (["explain", "X", "EVENTS"], "there is no alert 'X'"),
        (["explain", "X"], "give the files that hold the events, or --data DIR"),
        (["explain", "X", "--data", "nowhere"], "nowhere: no service has run on this folder"),
        (["run", "--data", "DATA", "--host", "0.0.0.0"], "can be reached from other machines"),  # noqa: S104
        (["run", "--data", "DATA", "--clock", "sun"], "'sun' is neither of wall, journal"),
        (["rejected", "list", "--data", "nowhere"], "no service has run on this folder"),
    ],
)
def test_what_could_not_run_says_where_what_and_what_instead(
    signals: Signals, events: Path, tmp_path: Path, words: list[str], says: str
) -> None:
    places = {"EVENTS": str(events), "DATA": str(tmp_path / "data")}
    ran = signals(*(places.get(word, word) for word in words))
    assert ran.code == 2
    assert says in ran.err
    assert "Traceback" not in ran.err


def test_a_broken_gzip_file_is_told(signals: Signals, events: Path) -> None:
    events.write_bytes(gzip.compress(events.read_bytes())[:-20])
    ran = signals("replay", events)
    assert ran.code == 2
    assert f"{events}: cannot be read" in ran.err


def test_alerts_as_of_a_day_know_only_what_had_arrived(signals: Signals, events: Path) -> None:
    assert objects(signals("alerts", events, "--as-of", "2026-03-05", "--json")) == []
    before = {
        one["rule"] for one in objects(signals("alerts", events, "--as-of", "2026-03-06", "--json"))
    }
    after = {
        one["rule"] for one in objects(signals("alerts", events, "--as-of", "2026-03-08", "--json"))
    }
    assert "SAE-12" not in before
    assert {"SAE-01", "SAE-12"} <= after
    assert "alerts stand" in signals("alerts", events).out


def test_facts_tell_every_field_of_what_had_arrived(signals: Signals, events: Path) -> None:
    words = ("facts", events, "--subject", "001-004", "--kind", "adverse event", "--json")
    (early,) = objects(signals(*words, "--as-of", "2026-03-06"))
    (late,) = objects(signals(*words))
    assert early["about"] == {"subject": "001-004", "adverse event": "AE-1"}
    assert (early["kind"], early["grade"], late["grade"]) == ("adverse event", 3, 5)
    assert (early["fatal"], late["fatal"]) == ("no", "yes")
    assert objects(signals(*words, "--as-of", "2026-03-01")) == []
    table = signals("facts", events, "--subject", "001-004").out
    assert "worst grade" in table
    assert "case: 001-004, AE-1" in table


def test_an_alert_is_explained_with_its_history(signals: Signals, events: Path) -> None:
    ran = signals("explain", SAE, events)
    assert ran.code == 0
    assert "serious adverse event" in ran.out
    assert "Because serious: serious is yes" in ran.out
    assert "History:" in ran.out
    (told,) = objects(signals("explain", SAE, events, "--json"))
    assert told["alert"]["alert_id"] == SAE
    assert told["revisions"][0]["differences"] == []


def test_a_due_date_is_explained_with_its_law(signals: Signals, tmp_path: Path) -> None:
    # Received on 2026-03-06; related, serious and unexpected: 15 days (jurisdictions/cn-cde.yaml).
    related = {"investigator": [{"product": "UC-MSC", "assessment": "POSSIBLE"}]}
    file = tmp_path / "related.ndjson"
    file.write_bytes(line(adverse_event(causality=related, criteria={"hospitalization": "Y"})))
    assert (
        "Due: CN-CDE initial, 15 days, day 0 2026-03-06, by 2026-03-21 23:59 (CDE 2018: CDE"
        " standards and procedures for expedited reporting of safety data during drug clinical"
        " trials, 27 Apr 2018; Q&A v2.0, 17 Mar 2023; 001-004/AE-1/CN-CDE/initial-15)."
    ) in signals("explain", "UC-MSC|SAE-04|001-004|AE-1", file).out.splitlines()


@pytest.mark.parametrize("command", ["replay {} --json", "facts {} --subject 001-004"])
def test_a_reader_that_has_seen_enough_is_no_error(events: Path, command: str) -> None:
    ran = subprocess.run(  # noqa: S602 - a pipe as a user types it
        f"{COMMAND} {command.format(events)} | head -c 10",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stderr == ""
    assert len(ran.stdout) == 10


@pytest.mark.parametrize(
    "words",
    [
        ["replay"],
        ["alerts"],
        ["facts"],
        ["explain"],
        ["run"],
        ["demo"],
        ["journal", "export"],
        ["journal", "import"],
        ["topics", "plan"],
        ["topics", "apply"],
        ["publish"],
        ["tail"],
        ["worker"],
        ["schemas"],
        ["rejected", "list"],
        ["rejected", "show"],
        ["rejected", "replay"],
    ],
)
def test_every_command_has_help_with_an_example(signals: Signals, words: list[str]) -> None:
    ran = signals(*words, "--help")
    assert ran.code == 0
    assert f"Example: signals {' '.join(words)}" in ran.out
