"""Reading an event: what is rejected, what is accepted with a problem, and what each says."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from signals.events import KINDS, SERVICE_KINDS, Problem, Record, Rejection, read_event
from tests.events.samples import SAMPLES, ZONE

AE = "adverse-event"
WITH_SUBJECT = sorted(
    KINDS.keys()
    - SERVICE_KINDS
    - {"reference-safety-information", "feed-heartbeat", "adverse-event", "decision"}
)


def sample(kind: str = AE, /, **envelope: Any) -> dict[str, Any]:
    event: dict[str, Any] = json.loads(json.dumps({**SAMPLES[kind], **envelope}))
    return event


def with_data(kind: str = AE, /, **data: Any) -> dict[str, Any]:
    event = sample(kind)
    event["data"].update(data)
    return event


def accepted(raw: bytes | str | dict[str, Any], *, trusted: bool = False) -> Record:
    found = read_event(raw, zone=ZONE, trusted=trusted)
    assert isinstance(found, Record), found
    return found


def rejected(raw: bytes | str | dict[str, Any]) -> tuple[Problem, ...]:
    found = read_event(raw, zone=ZONE)
    assert isinstance(found, Rejection), found
    return found.reasons


def only_problem(raw: bytes | str | dict[str, Any]) -> Problem:
    (problem,) = accepted(raw).problems
    return problem


# Valid events


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_valid_event_of_every_kind_has_no_problem(kind: str) -> None:
    record = accepted(sample(kind), trusted=True)
    assert record.problems == ()
    assert (record.kind, record.major, type(record.data)) == (kind, 1, KINDS[kind])
    assert record.key == (kind, SAMPLES[kind]["subject_id"], f"{kind}-1")


def test_bytes_text_and_objects_are_read_alike() -> None:
    event = sample()
    line = json.dumps(event, ensure_ascii=False)
    ways: list[bytes | str | dict[str, Any]] = [
        line,
        line.encode(),
        b"\xef\xbb\xbf" + line.encode(),
        event,
        json.dumps(event).encode(),
    ]
    assert len({accepted(way) for way in ways}) == 1
    assert len({accepted(way).content for way in ways}) == 1


def test_the_envelope() -> None:
    record = accepted(sample())
    assert record.study_id == "STEM-1"
    assert (record.site_id, record.source, record.actor) == ("NORTH", "edc", "nurse-2")
    assert (record.version, record.op, record.change_reason) == (2, "UPSERT", "PROGRESSION")
    assert record.effective_from is not None
    assert str(record.effective_from) == "2026-05-05"
    assert record.recorded_at == datetime(2026, 6, 30, 4, 0, tzinfo=UTC)
    assert record.ingested_at is None


def test_fields_are_typed() -> None:
    data: Any = accepted(sample()).data
    assert data.onset.earliest == datetime(2026, 5, 4, 15, 30, tzinfo=ZONE)
    assert [part.grade for part in data.grade_history] == [1, 2]
    assert data.causality.sponsor == ()
    assert data.causality.other_suspects is None
    assert data.causality_history[0].investigator[0].assessment == "LIKELY"
    lab: Any = accepted(sample("lab-result")).data
    assert (lab.result_raw.comparator, lab.result_raw.value) == ("<", Decimal(5))
    assert lab.fasting is True


def test_a_json_number_is_read_from_its_text() -> None:
    line = json.dumps(with_data("lab-result", result_raw="@")).replace('"@"', "1.40")
    data: Any = accepted(line).data
    assert str(data.result_raw) == "1.40"


def test_a_test_that_measures_nothing_has_a_word_for_a_result() -> None:
    def result(**data: object) -> Record:
        plain = dict.fromkeys(("unit_raw", "range_low", "range_high", "range_unit"))
        return accepted(with_data("lab-result", **plain, result_raw="NEGATIVE", **data))

    assert result().data.result_raw == "NEGATIVE"
    assert result().problems == ()


@pytest.mark.parametrize("given", [{"unit_raw": "10*9/L"}, {"range_low": "1.8"}])
def test_a_word_is_no_result_of_a_measurement(given: dict[str, str]) -> None:
    plain = dict.fromkeys(("unit_raw", "range_low", "range_high", "range_unit"))
    found = accepted(with_data("lab-result", **{**plain, **given}, result_raw="CLOTTED"))
    assert found.data.result_raw is None
    assert [each.pointer for each in found.problems] == ["/data/result_raw"]
    assert "a word is no result of a test that has a unit or limits" in found.problems[0].message


def test_null_and_absent_are_both_unknown() -> None:
    event = with_data(grade=None)
    del event["data"]["outcome"]
    data: Any = accepted(event).data
    assert (data.grade, data.outcome) == (None, None)
    assert accepted(event).problems == ()


def test_a_void_needs_no_data() -> None:
    empty: dict[str, Any] = {}
    for data in (empty, None):
        assert accepted(sample(op="VOID", data=data)).problems == ()


def test_where_a_moved_record_came_from_is_read_in_either_place() -> None:
    origin = {"subject_id": "70", "record_id": "adverse-event-9"}
    for event in (sample(moved_from=origin), with_data(moved_from=origin)):
        record = accepted(event)
        assert record.problems == ()
        assert record.data.moved_from.subject_id == "70"


# Rejected


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "the event is not JSON: Expecting value at character 0"),
        (b'{"a": ', "the event is not JSON: Expecting value at character 6"),
        (b"[]", "the event is JSON, but not an object"),
        (b"null", "the event is JSON, but not an object"),
        ("{}".encode("utf-16"), "the event is not JSON: Expecting value at character 0"),
        (b'{"a":' * 300 + b"1" + b"}" * 300, "the event is nested more than 200 levels deep"),
        (b"[" * 50000, "the event is nested more than 200 levels deep"),
    ],
)
def test_what_is_no_json_object_is_rejected(raw: bytes, message: str) -> None:
    found = read_event(raw, zone=ZONE)
    assert found == Rejection((Problem("", message, "a JSON object, UTF-8"),), raw)


@pytest.mark.parametrize("value", [None, "", " ", 7, True, [], {}])
@pytest.mark.parametrize("key", ["study_id", "record_id"])
def test_a_record_that_cannot_be_placed_is_rejected(key: str, value: object) -> None:
    (reason,) = rejected(sample(**{key: value}))
    assert reason.pointer == f"/{key}"
    assert reason.message.endswith("so the record cannot be placed")
    assert reason.allowed == "text that is not blank"


@pytest.mark.parametrize("value", [None, 0, -1, True, "2", 1.5, [1]])
def test_a_version_is_a_whole_number_from_one(value: object) -> None:
    (reason,) = rejected(sample(version=value))
    assert (reason.pointer, reason.allowed) == ("/version", "an integer from 1 on")


@pytest.mark.parametrize(
    ("schema", "message", "allowed"),
    [
        (
            "adverse_event/1",
            '"adverse_event/1" is not a known kind of event',
            "adverse-event/1 (the nearest)",
        ),
        (
            "adverse-event/2",
            '"adverse-event/2" is of a major version that is not known here',
            "adverse-event/1",
        ),
        (
            "adverse-event",
            '"adverse-event" is not a known kind of event',
            "adverse-event/1 (the nearest)",
        ),
        (None, "null is not a known kind of event", ", ".join(KINDS)),
    ],
)
def test_the_kind_must_be_known(schema: object, message: str, allowed: str) -> None:
    assert rejected(sample(schema=schema)) == (Problem("/schema", message, allowed),)


@pytest.mark.parametrize("kind", WITH_SUBJECT)
def test_a_record_about_a_subject_names_it(kind: str) -> None:
    (reason,) = rejected(sample(kind, subject_id=None))
    assert reason.pointer == "/subject_id"
    assert reason.message == f"is missing, and a {kind} is about a subject"


@pytest.mark.parametrize("kind", ["adverse-event", "decision"])
def test_an_adverse_event_or_a_decision_may_have_no_subject(kind: str) -> None:
    record = accepted(sample(kind, subject_id=None, site_id=None))
    assert (record.subject_id, record.problems) == (None, ())


@pytest.mark.parametrize("kind", sorted(SERVICE_KINDS))
def test_a_sender_does_not_speak_for_the_service(kind: str) -> None:
    (reason,) = rejected(sample(kind))
    assert "is written by the service itself, never by a sender" in reason.message


def test_a_study_in_another_encoding_is_rejected_for_that() -> None:
    line = json.dumps(sample(study_id="@")).encode().replace(b"@", b"\xb8")
    assert rejected(line) == (
        Problem("/study_id", "is not UTF-8 text; the field is unknown", "UTF-8 text"),
    )


def test_every_reason_is_given_at_once() -> None:
    reasons = rejected({"schema": "case/1", "study_id": "STEM-1"})
    assert [reason.pointer for reason in reasons] == ["/record_id", "/version", "/subject_id"]


# Accepted with problems: the envelope


def test_a_missing_event_id_is_derived_from_the_content() -> None:
    first, again, other = sample(event_id=None), sample(event_id="17"), sample(actor="nurse-3")
    del other["event_id"]
    ids = [accepted(event).event_id for event in (first, again, other)]
    assert ids[0] == ids[1] != ids[2]
    assert only_problem(again) == Problem(
        "/event_id", '"17" cannot be read; the id was derived from the content', "a UUID"
    )


def test_an_unknown_op_is_taken_for_an_upsert() -> None:
    assert accepted(sample(op="VOIDED")).op == "UPSERT"
    assert only_problem(sample(op="VOIDED")) == Problem(
        "/op", '"VOIDED" cannot be read (the nearest is VOID)', "one of UPSERT, VOID"
    )


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("change_reason", "UPDATE", '"UPDATE" cannot be read'),
        ("change_reason", None, "is missing"),
        ("recorded_at", "2026-06-31T10:00Z", '"2026-06-31T10:00Z" is a date and time that does not exist'),
        ("recorded_at", "2026-06-30", '"2026-06-30" has no time of day'),
        ("recorded_at", None, "is missing"),
        ("effective_from", "2026-02-30", '"2026-02-30" is a date that does not exist'),
        ("effective_from", "2026-07-01", '"2026-07-01" is later than recorded_at'),
        ("source", 5, "5 cannot be read"),
        ("site_id", "", '"" cannot be read'),
        ("recordid", 5, '"recordid" is not a known key; its value is kept but not used'),
    ],
)  # fmt: skip
def test_an_unreadable_part_of_the_envelope(key: str, value: object, message: str) -> None:
    event = sample(**{key: value})
    problem = only_problem(event)
    assert (problem.pointer, problem.message) == (f"/{key}", message)
    assert getattr(accepted(event), key, None) is None
    assert accepted(event).raw[key] == value


def test_a_misspelt_key_is_told_its_nearest() -> None:
    assert only_problem(sample(actr="x")).allowed == "actor (the nearest known key)"


@pytest.mark.parametrize("value", [5, "text", [], None])
def test_data_that_is_no_object_leaves_nothing_known(value: object) -> None:
    record = accepted(sample(data=value))
    (problem,) = record.problems
    assert problem.pointer == "/data"
    assert set(record.data.model_dump().values()) == {None}


# Accepted with problems: the data


@pytest.mark.parametrize(
    ("change", "pointer", "message", "allowed"),
    [
        (
            {"causalty": {}},
            "/data/causalty",
            '"causalty" is not a known key; its value is kept but not used',
            "causality (the nearest known key)",
        ),
        (
            {"criteria": {"deaht": "Y"}},
            "/data/criteria/deaht",
            '"deaht" is not a known key; its value is kept but not used',
            "death (the nearest known key)",
        ),
        (
            {"outcome": "RECOVERED / RESOLVED"},
            "/data/outcome",
            (
                '"RECOVERED / RESOLVED" is not a known word (the nearest is RECOVERED/RESOLVED); '
                "the field is unknown"
            ),
            (
                "one of FATAL, NOT RECOVERED/NOT RESOLVED, RECOVERED/RESOLVED, "
                "RECOVERED/RESOLVED WITH SEQUELAE, RECOVERING/RESOLVING, UNKNOWN"
            ),
        ),
        (
            {"serious": True},
            "/data/serious",
            "true is not a known word; the field is unknown",
            "one of Y, N",
        ),
        (
            {"grade": "3"},
            "/data/grade",
            '"3" is not an integer; the field is unknown',
            "an integer",
        ),
        (
            {"grade": 6},
            "/data/grade",
            "6 is not an integer up to 5; the field is unknown",
            "an integer up to 5",
        ),
        (
            {"ongoing": "yes"},
            "/data/ongoing",
            '"yes" is not true or false; the field is unknown',
            "true or false",
        ),
        (
            {"narrative": ["secret"]},
            "/data/narrative",
            "is not text in quotes; the field is unknown",
            "text in quotes",
        ),
        (
            {"causality": "POSSIBLE"},
            "/data/causality",
            '"POSSIBLE" is not an object; the field is unknown',
            "an object",
        ),
        (
            {"grade_history": {"grade": 2}},
            "/data/grade_history",
            "an object is not a list; the field is unknown",
            "a list",
        ),
        (
            {"end": "2026-07-01"},
            "/data/end",
            (
                '"2026-07-01" is later than the entry at the source (recorded_at); '
                "the field is unknown"
            ),
            "a date not later than recorded_at",
        ),
        (
            {"onset": "2026-05-07"},
            "/data/onset",
            (
                '"2026-05-07" is later than the receipt by the sponsor ("2026-05-06"); '
                "the field is unknown"
            ),
            "a date not later than received_by_sponsor_at",
        ),
    ],
)
def test_a_field_that_cannot_be_read_is_unknown(
    change: dict[str, Any], pointer: str, message: str, allowed: str
) -> None:
    event = with_data(**change)
    record = accepted(event)
    assert record.problems == (Problem(pointer, message, allowed),)
    assert record.raw["data"] == event["data"]
    name = next(iter(change))
    if name not in ("causalty", "criteria"):
        assert getattr(record.data, name) is None


def test_an_impossible_date_says_what_would_be_read() -> None:
    problem = only_problem(with_data(onset="2026-02-30"))
    assert problem.pointer == "/data/onset"
    assert problem.message == '"2026-02-30" is a date that does not exist; the field is unknown'
    assert problem.allowed.startswith("an ISO 8601 date as far as it is known: YYYY, YYYY-MM")


def test_a_bad_item_costs_only_itself() -> None:
    history = [{"grade": 1}, 5, None, {"grade": 9, "from": "2026-05-05"}, {"grade": 2}]
    record = accepted(with_data(grade_history=history))
    data: Any = record.data
    assert [part.grade for part in data.grade_history] == [1, None, 2]
    assert str(data.grade_history[1].from_) == "2026-05-05"
    pointers = [problem.pointer for problem in record.problems]
    assert pointers == [f"/data/grade_history/{place}" for place in ("1", "2", "3/grade")]


def test_an_answer_to_another_question_is_unknown() -> None:
    event = sample("decision")
    event["data"]["adjudication"]["answer"] = "DLT"
    problem = only_problem(event)
    assert problem.pointer == "/data/adjudication/answer"
    assert (
        problem.message == '"DLT" is no answer to the question "contaminant"; the field is unknown'
    )
    assert problem.allowed == "one of YES, NO"


# Dates and the time of entry, both sides


@pytest.mark.parametrize(
    ("onset", "known"),
    [
        ("2026-06-30", True),
        ("2026-06-30T12:00", True),
        ("2026-06-30T12:01", False),
        ("2026-07-01", False),
        ("2026-06", True),
        ("2026", True),
        ("2027", False),
    ],
)
def test_no_clinical_date_lies_after_the_entry(onset: str, known: bool) -> None:
    event = with_data(onset=onset, end=None, received_by_sponsor_at=None)
    assert (accepted(event).data.onset is not None) == known


@pytest.mark.parametrize("onset", ["2026-05-06", "2026-05-06T23:00", "2026-05", "2026"])
def test_an_onset_up_to_the_day_of_receipt_is_read(onset: str) -> None:
    assert accepted(with_data(onset=onset)).problems == ()


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("infusion", "planned_at"),
        ("planned-visit", "from"),
        ("planned-visit", "to"),
        ("pregnancy", "due_date"),
        ("reference-safety-information", "valid_from"),
        ("reference-safety-information", "valid_to"),
        ("therapy", "end"),
        ("medication", "end"),
    ],
)
def test_plans_may_lie_ahead(kind: str, field: str) -> None:
    assert accepted(with_data(kind, **{field: "2026-12-24"})).problems == ()


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("infusion", "start"),
        ("infusion", "end"),
        ("therapy", "start"),
        ("lab-result", "collected_at"),
        ("subject-status", "death_date"),
        ("enrolment", "consented_at"),
        ("report-submission", "submitted_at"),
    ],
)
def test_what_has_happened_does_not_lie_ahead(kind: str, field: str) -> None:
    assert only_problem(with_data(kind, **{field: "2026-12-24"})).pointer == f"/data/{field}"


def test_without_a_time_of_entry_no_date_is_too_late() -> None:
    event = with_data("infusion", start="2026-12-24")
    event["recorded_at"] = "yesterday"
    assert [problem.pointer for problem in accepted(event).problems] == ["/recorded_at"]


# What JSON alone does not tell


@pytest.mark.parametrize(
    ("written", "kept", "message"),
    [
        ('2, "grade": 3', [2, 3], "the key stands more than once with different values"),
        ("NaN", "NaN", "NaN is not a JSON value"),
        ("9" * 30, "9" * 30, "the number is too large to be read"),
        ("1e" + "9" * 30, "1e" + "9" * 30, "the number is too large to be read"),
        ("9" * 5000, "9" * 5000, "the number is too large to be read"),
        (r'"\ud83d"', r"\ud83d", "is not UTF-8 text"),
    ],
)  # fmt: skip
def test_odd_values_are_kept_and_unknown(written: str, kept: object, message: str) -> None:
    line = json.dumps(with_data(grade="@")).replace('"@"', written)
    record = accepted(line)
    (problem,) = record.problems
    assert problem.pointer == "/data/grade"
    assert problem.message.startswith(message)
    assert record.data.grade is None
    assert record.raw["data"]["grade"] == kept


def test_the_same_value_twice_says_nothing_new() -> None:
    line = json.dumps(with_data(grade="@")).replace('"@"', '2, "grade": 2')
    assert accepted(line).data == accepted(with_data(grade=2)).data
    assert accepted(line).problems == ()


def test_text_of_another_encoding_does_not_stop_a_serious_event() -> None:
    line = json.dumps(with_data(serious="Y"), ensure_ascii=False).encode("gb18030")
    record = accepted(line)
    data: Any = record.data
    assert [problem.pointer for problem in record.problems] == ["/data/term_verbatim"]
    assert (data.serious, data.term_verbatim) == ("Y", None)


# What the service adds


def test_a_sender_does_not_say_when_a_record_arrived() -> None:
    event = sample(ingested_at="2026-07-01T08:00:00+08:00", backfill="b", conflict=True)
    record = accepted(event)
    assert (record.ingested_at, record.backfill, record.conflict) == (None, None, False)
    assert record.claimed_ingested_at == datetime(2026, 7, 1, tzinfo=UTC)
    assert record == accepted(sample())
    trusted = accepted(event, trusted=True)
    assert trusted.ingested_at == datetime(2026, 7, 1, tzinfo=UTC)
    assert (trusted.backfill, trusted.conflict) == ("b", True)
    assert trusted.content == record.content


def test_what_was_unreadable_once_stays_unknown() -> None:
    recorded = {"pointer": "/data/grade", "message": "was odd", "allowed": "a grade"}
    record = accepted(sample(problems=[recorded]), trusted=True)
    assert record.problems == (Problem(**recorded),)
    assert record.data.grade is None


def test_an_unreadable_arrival_in_an_export_is_told() -> None:
    record = accepted(sample(ingested_at="noon"), trusted=True)
    assert (record.ingested_at, [p.pointer for p in record.problems]) == (None, ["/ingested_at"])


def test_an_event_that_no_intake_accepted_has_no_arrival() -> None:
    record = accepted(sample("case"))
    with pytest.raises(ValueError, match="case/case-1 has not arrived yet"):
        _ = record.arrival
    at = datetime(2026, 7, 1, tzinfo=UTC)
    assert record.arrived(at).arrival == at
