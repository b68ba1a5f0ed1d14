"""What ``replay``, ``alerts`` and ``facts`` write with ``--json``, to the letter (EVENTS)."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Ran, Signals
from tests.runtime.posts import adverse_event, line

ALERT = {
    *("schema", "alert_id", "revision", "state", "priority", "study_id", "site_id", "subject_id"),
    *("rule", "rule_version", "rule_hash", "pack_hash", "about", "topic", "headline"),
    *("changed_at", "late", "change", "because", "missing", "assumed", "due", "send_to"),
    "next_steps",
}
MORE = {"proposed_priority", "since", "cause", "evidence_hash", "closed", "holds", "replaced_by"}
MORE |= {"group", "journal_position"}
LEAF = {"criterion", "field", "value", "unit", "condition", "verdict", "records"}
DUE = {"jurisdiction", "duty", "day0", "due", "basis", "obligation_id"}
STATES = {"possible", "firing", "cleared", "withdrawal_pending", "withdrawn"}
STANDING = STATES - {"cleared", "withdrawn"}


def objects(ran: Ran) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ran.out.splitlines()]


@pytest.fixture
def treated(events: Path) -> Path:
    """The events of the fixture after an infusion, so that a report is due."""
    infusion = {
        **adverse_event("I1", _recorded_at="2026-03-02T11:00:00+08:00"),
        "schema": "infusion/1",
        "data": {
            "status": "COMPLETED",
            "start": "2026-03-02T10:00:00+08:00",
            "end": "2026-03-02T10:40:00+08:00",
        },
    }
    told = events.read_bytes().replace(b'"term":', b'"term_verbatim": "coughs a lot", "term":')
    events.write_bytes(line(infusion) + b"\n" + told)
    return events


def test_every_revision_has_the_fixed_keys_and_its_place(signals: Signals, treated: Path) -> None:
    ran = signals("replay", treated, "--json", "--until", "2026-04-01")
    assert "coughs" not in ran.out, "the words of a person never enter an alert"
    found = objects(ran)
    assert found
    for one in found:
        assert one["schema"] == "alert/1"
        assert ALERT <= one.keys() <= ALERT | MORE, one.keys() ^ ALERT
        assert one["state"] in STATES
        assert one["alert_id"].split("|")[:2] == ["UC-MSC", one["rule"]]
        assert one["alert_id"].split("|")[2:] == [value or "-" for value in one["about"].values()]
        for leaf in one["because"]:
            assert leaf.keys() == LEAF
            assert all(each.keys() == {"record_id", "version"} for each in leaf["records"])
        for due in one["due"]:
            assert due.keys() == DUE
            subject, case, authority, _ = due["obligation_id"].split("/")
            assert (subject, case, authority) == ("001-004", "AE-1", due["jurisdiction"])
            assert due["due"].endswith("T23:59:59+08:00")
        assert [due["due"] for due in one["due"]] == sorted(due["due"] for due in one["due"])
    assert any(one["due"] for one in found)
    steps = [(one["changed_at"], one["journal_position"], one["alert_id"]) for one in found]
    assert steps == sorted(steps), "in the order of the steps, within one by id"
    numbers: dict[str, list[int]] = {}
    for one in found:
        numbers.setdefault(one["alert_id"], []).append(one["revision"])
    assert all(each == list(range(1, len(each) + 1)) for each in numbers.values())


def test_alerts_are_the_last_revisions_that_stand_at_that_time(
    signals: Signals, treated: Path
) -> None:
    for instant in ("2026-03-06T20:00:00+08:00", "2026-04-01"):
        last: dict[str, dict[str, Any]] = {}
        for one in objects(signals("replay", treated, "--json", "--until", instant)):
            last[one["alert_id"]] = one
        standing = {name: one for name, one in last.items() if one["state"] in STANDING}
        found = objects(signals("alerts", treated, "--json", "--as-of", instant))
        assert {one["alert_id"]: one for one in found} == standing


def test_several_files_packed_or_from_standard_input_are_one(
    signals: Signals, treated: Path, tmp_path: Path
) -> None:
    lines = treated.read_bytes().splitlines(keepends=True)
    first, rest = tmp_path / "first.ndjson", tmp_path / "rest.ndjson.gz"
    first.write_bytes(b"".join(lines[:2]))
    rest.write_bytes(gzip.compress(b"".join(lines[2:])))
    whole = signals("alerts", treated, "--json")
    assert whole.code == 0
    assert whole.out
    assert signals("alerts", first, rest, "--json").out == whole.out
    packed = gzip.compress(b"".join(lines[2:]))
    assert signals("alerts", first, "-", "--json", stdin=packed).out == whole.out


FORMS: list[tuple[dict[str, Any], str, Any]] = [
    ({}, "grade", 3),
    ({}, "term", "Lung infection"),
    ({}, "serious", "yes"),
    ({"term": None, "ctcae": None, "meddra": None}, "term", None),
    ({"onset": "2026-03-05"}, "onset", "2026-03-05"),
    (
        {"onset": "2026-03"},
        "onset",
        {"low": "2026-03-01", "high": "2026-03-06", "low_open": False, "high_open": False},
    ),
    (
        {"onset": None},
        "onset",
        {"low": None, "high": "2026-03-06", "low_open": False, "high_open": False},
    ),
    (
        {"grade": None},
        "grade",
        {"low": 1, "high": 5, "low_open": False, "high_open": False},
    ),
    ({}, "causality", {"one_of": ["not related", "related"]}),
    ({}, "site_report_hours", None),
]


def test_a_field_is_a_value_nothing_some_words_or_bounds(signals: Signals, tmp_path: Path) -> None:
    file = tmp_path / "forms.ndjson"
    sent = [adverse_event(f"AE-{number}", **said) for number, (said, _, _) in enumerate(FORMS)]
    file.write_bytes(b"\n".join(line(each) for each in sent) + b"\n")
    words = ("facts", file, "--subject", "001-004", "--kind", "adverse event", "--json")
    found = {one["about"]["adverse event"]: one for one in objects(signals(*words))}
    for number, (_, field, written) in enumerate(FORMS):
        fact = found[f"AE-{number}"]
        assert list(fact)[:2] == ["kind", "about"]
        assert (field, fact[field]) == (field, written)


def test_facts_say_every_field_of_every_kind_of_the_subject(
    signals: Signals, treated: Path
) -> None:
    kinds = {each["kind"]: each for each in json.loads(signals("rules", "facts", "--json").out)}
    found = objects(signals("facts", treated, "--subject", "001-004", "--json"))
    assert {"adverse event", "case", "obligation", "infusion"} <= {one["kind"] for one in found}
    for one in found:
        fields = {each["name"] for each in kinds[one["kind"]]["fields"]}
        assert one.keys() - {"kind", "about"} == fields
        assert list(one["about"]) == kinds[one["kind"]]["about"]


@pytest.mark.parametrize("command", [["alerts"], ["facts", "--subject", "001-004"]])
def test_a_rejected_record_is_a_finding(
    signals: Signals, treated: Path, command: list[str]
) -> None:
    with treated.open("ab") as file:
        file.write(b"not an event\n")
    ran = signals(command[0], treated, *command[1:], "--json")
    assert (ran.code, bool(objects(ran))) == (1, True)
    assert f"{treated}:5: rejected: " in ran.err
