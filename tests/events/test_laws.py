"""Laws of reading: never an exception, nothing lost on the way through the journal."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.events import (
    KINDS,
    SERVICE_KINDS,
    Problem,
    Record,
    Rejection,
    canonical_hash,
    canonical_json,
    journal_json,
    read_event,
)
from signals.events.plain import read_plain
from tests.events.malformed import malformed
from tests.events.samples import SAMPLES, ZONE

ARRIVAL = datetime(2026, 7, 1, 8, 0, 0, 123456, tzinfo=UTC)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def through_the_journal(record: Record) -> None:
    for arrived in (record.arrived(ARRIVAL), record.arrived(ARRIVAL, backfill="b", conflict=True)):
        line = journal_json(arrived)
        assert b"\n" not in line
        again = read_event(line, zone=ZONE, trusted=True)
        assert again == arrived
        assert isinstance(again, Record)
        assert journal_json(again) == line
        assert canonical_hash(again.raw) == record.content


def is_told(event: dict[str, Any], problem: Problem) -> bool:
    """A problem points at something that was sent, or at a key that is missing."""
    value: Any = event
    *parents, last = (
        part.replace("~1", "/").replace("~0", "~") for part in problem.pointer.split("/")[1:]
    )
    for part in parents:
        if isinstance(value, str):
            return True  # a key of the envelope that was no text is kept as the text of it
        value = value[int(part)] if isinstance(value, list) else value[part]
    here = isinstance(value, list) and int(last) < len(value)
    return here or last in value or len(parents) == 0


def proved(raw: bytes) -> None:
    for trusted in (False, True):
        found = read_event(raw, zone=ZONE, trusted=trusted)
        if isinstance(found, Rejection):
            assert found.raw == raw
            assert found.reasons
        else:
            through_the_journal(found)
            assert all(is_told(found.raw, problem) for problem in found.problems)
            assert len({problem.pointer for problem in found.problems}) == len(found.problems)


def test_malformed_events_are_read_or_rejected() -> None:
    for raw, _ in malformed(3000, seed=7):
        proved(raw)


def the_short_way(raw: bytes, *, trusted: bool) -> Record | None:
    """What the short way makes of an event, proved to be what reading with care makes of it."""
    short = read_plain(raw, ZONE, trusted)
    if short is not None:
        careful = read_event(raw.decode(), zone=ZONE, trusted=trusted)
        assert isinstance(careful, Record)
        assert (short, short.content) == (careful, careful.content)
        assert short.claimed_ingested_at == careful.claimed_ingested_at
        assert canonical_json(short.raw) == canonical_json(careful.raw)
    return short


def test_the_short_way_reads_malformed_events_like_reading_with_care() -> None:
    for raw, _ in malformed(3000, seed=11):
        for trusted in (False, True):
            the_short_way(raw, trusted=trusted)


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - SERVICE_KINDS))
def test_the_short_way_is_open_to_a_record_of_the_journal(kind: str) -> None:
    plain = {**SAMPLES[kind], "effective_from": None, "change_reason": "NEW"}
    record = read_event(plain, zone=ZONE)
    assert isinstance(record, Record)
    assert the_short_way(journal_json(record.arrived(ARRIVAL)), trusted=True) is not None


@pytest.mark.parametrize(
    "written",
    [
        {},
        {"separators": (", ", ": ")},
        {"indent": 2},
        {"indent": "\t", "sort_keys": True},
    ],
    ids=["by default", "with spaces", "with lines", "with tabs"],
)
@pytest.mark.parametrize("end", ["", "\n", "\r\n"], ids=["bare", "line", "line of Windows"])
def test_the_short_way_is_open_to_white_space(written: dict[str, Any], end: str) -> None:
    plain = {
        **SAMPLES["adverse-event"],
        "effective_from": None,
        "data": {"term": "Fever  at night"},
    }
    raw = (json.dumps(plain, **written) + end).encode()
    read = the_short_way(raw, trusted=False)
    assert read is not None
    assert read.data.term == "Fever  at night"


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ('"version":2', '"version":2,"version":3'),
        ('"version":2', '"version":2.0'),
        ('"version":2', '"version":true'),
        ('"version":2', '"version" : 2, "version" : 3'),
        ('"actor":"nurse-2"', '"actor":" "'),
        ('"actor":"nurse-2"', '"actor":["nurse-2"]'),
        ('"op":"UPSERT"', '"op":null'),
        ('"op":"UPSERT"', '"op":"UPSERT","opp":"VOID"'),
        ('"data":{', '"data":{"grade":1.50,'),
        ('"data":{', '"data":{"grade":1e5,"grade":1,'),
        ('"data":{', '"data":{"grade":7,'),
    ],
)
def test_the_short_way_is_closed_to_what_is_odd(written: str, instead: str) -> None:
    plain = {**SAMPLES["adverse-event"], "effective_from": None}
    event = canonical_json(plain | {"data": {"term": "Fever"}}).decode()
    assert the_short_way(event.encode(), trusted=True) is not None
    assert event.count(written) == 1
    assert the_short_way(event.replace(written, instead).encode(), trusted=True) is None


def test_malformed_events_repeat() -> None:
    assert list(malformed(50, seed=3)) == list(malformed(50, seed=3))
    assert list(malformed(50, seed=3)) != list(malformed(50, seed=4))


@given(st.binary())
def test_any_bytes_are_read_or_rejected(raw: bytes) -> None:
    proved(raw)


@given(JSON)
def test_any_json_is_read_or_rejected(value: object) -> None:
    proved(json.dumps(value).encode())


def test_a_key_may_hold_any_character() -> None:
    for key in ("\0", "~", "/", "~0", "~1", "~01", ""):
        event = json.loads(json.dumps(SAMPLES["adverse-event"]))
        event["data"]["moved_from"] = {key: None}
        proved(json.dumps(event).encode())


@given(st.sampled_from(sorted(SAMPLES)), st.data())
def test_any_value_in_any_field_costs_only_that_field(kind: str, draw: st.DataObject) -> None:
    event = json.loads(json.dumps(SAMPLES[kind]))
    names = [field.alias or name for name, field in KINDS[kind].model_fields.items()]
    name = draw.draw(st.sampled_from(names))
    event["data"][name] = draw.draw(JSON)
    proved(json.dumps(event).encode())
    found = read_event(event, zone=ZONE, trusted=True)
    assert isinstance(found, Record)
    told = {problem.pointer.split("/")[2] for problem in found.problems}
    assert told <= {name} | ({"onset"} if name == "received_by_sponsor_at" else set())


@given(st.sampled_from(sorted(SAMPLES)), st.sampled_from([*SAMPLES["case"]]), JSON)
def test_any_value_in_the_envelope(kind: str, key: str, value: object) -> None:
    proved(json.dumps({**SAMPLES[kind], key: value}).encode())


@given(st.dictionaries(st.text(), JSON, max_size=4))
def test_canonical_json_does_not_depend_on_the_order_of_keys(value: dict[str, Any]) -> None:
    plain = json.loads(json.dumps(value), parse_constant=str, parse_int=str)
    if any("\ud800" <= char <= "\udfff" for char in json.dumps(plain, ensure_ascii=False)):
        return
    turned = dict(reversed(plain.items()))
    assert canonical_json(plain) == canonical_json(turned)
    assert json.loads(canonical_json(plain)) == plain


def test_content_is_what_the_sender_sent_about_the_record() -> None:
    event = SAMPLES["case"]
    same = {**event, "event_id": "other", "ingested_at": "x", "problems": [], "backfill": "b"}
    assert canonical_hash(event) == canonical_hash(same)
    assert canonical_hash(event) != canonical_hash({**event, "actor": "nurse-3"})
    assert canonical_hash(event) != canonical_hash({**event, "conflicts": None})


def test_canonical_json_keeps_the_digits_of_a_number() -> None:
    found = read_event(
        json.dumps(SAMPLES["lab-result"]).replace('"<5"', "5.10").encode(), zone=ZONE
    )
    assert isinstance(found, Record)
    assert b'"result_raw":5.10,' in journal_json(found)
