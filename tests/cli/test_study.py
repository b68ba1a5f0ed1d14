"""``signals study``: dose levels and outcomes, for people and for programs."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from signals.events.record import journal_json
from signals.resources import folder
from tests.cli.conftest import Signals
from tests.outcomes.kit import assessed, died, reference, treat


@pytest.fixture
def told(tmp_path: Path) -> Path:
    """Two subjects as in fixture F1: one in remission on day 18, one dead on day 23."""
    trial = reference()
    assessed(trial, "03-10", "CR")
    with trial.of("001-005"):
        treat(trial)
        died(trial, "03-15")
    file = tmp_path / "told.ndjson"
    file.write_bytes(b"".join(journal_json(record) + b"\n" for record, _ in trial.journal))
    return file


def outcome(objects: list[dict[str, Any]], code: str) -> dict[str, Any]:
    return next(one for one in objects if one.get("outcome") == code)


def test_every_outcome_is_there_in_order(signals: Signals, told: Path) -> None:
    ran = signals("study", told, "--as-of", "2026-06-30", "--json")
    assert ran.code == 0
    objects = [json.loads(line) for line in ran.out.splitlines()]
    assert [one["outcome"] for one in objects if one["kind"] == "outcome"] == [
        f"O{number}" for number in range(1, 24)
    ]
    levels = [one["about"]["dose level"] for one in objects if one["kind"] == "dose level"]
    assert levels == ["DL1", "DL2", "DL3"]
    survival = outcome(objects, "O20")["measures"][0]
    ends = {one["subject"]: (one["days"], one["ending"]) for one in survival["subjects"]}
    assert ends == {"001-004": (18, "censored"), "001-005": (23, "event")}
    assert survival["median"] == 23
    remission = outcome(objects, "O17")["measures"][0]
    assert [(point["day"], point["estimate"]) for point in remission["points"]] == [(18, 0.5)]


def test_every_line_is_as_its_published_schema_says(signals: Signals, told: Path) -> None:
    schema = json.loads((folder("schemas") / "study-output.json").read_text(encoding="utf-8"))
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    Draft202012Validator.check_schema(schema)
    for when in ("2026-03-12", "2026-06-30"):
        for line in signals("study", told, "--as-of", when, "--json").out.splitlines():
            one = json.loads(line)
            validator.validate(one)
            assert not validator.is_valid({**one, "unknown": 1})


def test_only_what_had_arrived_counts(signals: Signals, told: Path) -> None:
    ran = signals("study", told, "--as-of", "2026-03-12", "--json")
    objects = [json.loads(line) for line in ran.out.splitlines()]
    survival = outcome(objects, "O20")["measures"][0]
    assert [one["ending"] for one in survival["subjects"]] == ["censored", "censored"]
    assert outcome(objects, "O2")["left_out"] == [
        {"subject": subject, "why": "the window is not over", "until": "2026-03-30"}
        for subject in ("001-004", "001-005")
    ]


def test_a_person_reads_tables(signals: Signals, told: Path) -> None:
    ran = signals("study", told, "--as-of", "2026-06-30")
    assert ran.code == 0
    assert "O20  Overall survival  (enrolled (ENR); to 2 years after enrolment)" in ran.out
    assert "2 subjects: 1 event, 1 censored; day 23: 0.0 %; median 23 d" in ran.out
    assert "left out: 2: the window is not over" in ran.out
    assert "median not reached" in ran.out


def test_a_rejected_line_is_a_finding(signals: Signals, told: Path) -> None:
    told.write_bytes(told.read_bytes() + b"{}\n")
    ran = signals("study", told, "--json")
    assert ran.code == 1
    assert "rejected" in ran.err


def test_no_records_no_outcomes(signals: Signals) -> None:
    ran = signals("study", "-", "--json", stdin=b"")
    assert (ran.code, ran.out) == (2, "")
    assert "there is no event in it" in ran.err


def test_a_file_that_is_not_there(signals: Signals, tmp_path: Path) -> None:
    ran = signals("study", tmp_path / "none.ndjson")
    assert ran.code == 2
    assert "No such file" in ran.err
