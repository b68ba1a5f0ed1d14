"""The JSON Schemas: current, strict, described, and of one mind with the models."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from signals.events import KINDS, Record, read_event
from signals.events.schemas import event_schema, stale, write_all
from tests.events.malformed import malformed
from tests.events.samples import SAMPLES, ZONE

VALIDATORS = {kind: Draft202012Validator(event_schema(kind)) for kind in KINDS}


def parts(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
        for value in schema.values():
            yield from parts(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from parts(value)


def test_the_files_are_those_of_the_models(root: Path) -> None:
    told = "write them anew with signals.events.schemas.write_all"
    assert stale(root / "schemas" / "events") == [], told


def test_a_stale_file_is_named(tmp_path: Path) -> None:
    write_all(tmp_path)
    assert stale(tmp_path) == []
    (tmp_path / "case.json").write_text("{}")
    (tmp_path / "clock.json").unlink()
    (tmp_path / "visit.json").write_text("{}")
    assert stale(tmp_path) == ["case.json", "clock.json", "visit.json"]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_schema_is_valid_strict_and_described(kind: str) -> None:
    schema = event_schema(kind)
    Draft202012Validator.check_schema(schema)
    for part in parts(schema):
        if isinstance(part.get("properties"), dict) and part.get("type") == "object":
            assert part["additionalProperties"] is False
            for name, field in part["properties"].items():
                assert name in ("pointer", "message", "allowed") or field["description"]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_valid_event_is_valid_by_its_schema(kind: str) -> None:
    VALIDATORS[kind].validate(SAMPLES[kind])


@pytest.mark.parametrize(
    "change",
    [
        {"subject_id": None},
        {"version": 0},
        {"op": "DELETE"},
        {"schema": "case/2"},
        {"study": "STEM-1"},
        {"data": {"adverse_events": [1]}},
        {"data": {"adverse_event": []}},
        {"event_id": "17"},
    ],
)
def test_a_broken_event_is_not(change: dict[str, Any]) -> None:
    assert not VALIDATORS["case"].is_valid({**SAMPLES["case"], **change})


def test_data_may_only_be_missing_from_a_void() -> None:
    event = {key: value for key, value in SAMPLES["case"].items() if key != "data"}
    assert not VALIDATORS["case"].is_valid(event)
    assert VALIDATORS["case"].is_valid({**event, "op": "VOID"})


def test_what_is_valid_by_the_schema_is_read() -> None:
    """Only what no schema can say stays a problem: real dates, their order, text that is none."""
    beyond = (
        "does not exist",
        "later than",
        "lies before",
        "exponent",
        "no answer",
        "more than once",
        "is not UTF-8",
        "is not a JSON value",
        "too large",
    )
    for raw, _ in malformed(2000, seed=11):
        try:
            event = json.loads(raw.decode())
            valid = VALIDATORS[event["schema"].split("/")[0]].is_valid(event)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            continue
        found = read_event(raw, zone=ZONE, trusted=True)
        if valid:
            for problem in found.problems if isinstance(found, Record) else found.reasons:
                assert any(word in problem.message for word in beyond), (problem, raw)


def test_the_example_of_every_kind_is_valid_and_read(shared: Path) -> None:
    lines = (shared / "domain" / "events_example.ndjson").read_bytes().splitlines()
    for line in lines:
        event = json.loads(line)
        VALIDATORS[event["schema"].split("/")[0]].validate(event)
        found = read_event(line, zone=ZONE)
        assert isinstance(found, Record)
        assert found.problems == ()
        assert found.event_id == event["event_id"]
