"""The door of the stream, the places of studies, and the settings: nothing here needs a broker."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from signals.events import Record, Rejection
from signals.rulebook.pack import Pack
from signals.runtime.kafka.canary import canary_event, canary_of, is_canary
from signals.runtime.kafka.intake import Doors, RejectedMessage
from signals.runtime.kafka.reader import Message
from signals.runtime.kafka.settings import KafkaSettings
from signals.runtime.kafka.topics import ALERTS, Topics, partition_of
from tests.runtime.posts import adverse_event


@pytest.mark.parametrize(
    ("name", "hashed"),
    [
        # Kafka's own test of its Java client (UtilsTest, testMurmur2).
        ("21", -973932308),
        ("foobar", -790332482),
        ("a-little-bit-long-string", -985981536),
        ("a-little-bit-longer-string", -1486304829),
        ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971),
    ],
)
def test_a_study_lies_where_kafkas_own_client_puts_it(name: str, hashed: int) -> None:
    for partitions in (1, 3, 12):
        assert partition_of(name, partitions) == (hashed & 0x7FFFFFFF) % partitions


def test_each_partition_has_its_canary() -> None:
    names = [canary_of(partition, 12) for partition in range(12)]
    assert [partition_of(name, 12) for name in names] == list(range(12))
    assert all(is_canary(name) for name in names)


def test_what_comes_is_stamped_by_the_clock_and_not_by_its_sender(pack: Pack) -> None:
    raw = json.dumps({**adverse_event(), "ingested_at": "2001-01-01T00:00:00Z"}).encode()
    first, second = (Doors([pack]).read(raw) for _ in range(2))
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert first.arrival.year > 2020
    assert first.arrival <= second.arrival


def test_a_study_without_a_pack_is_turned_away_by_name(pack: Pack) -> None:
    other = replace(pack, study=replace(pack.study, study_id="OTHER"))
    read = Doors([other]).read(json.dumps(adverse_event()).encode())
    assert isinstance(read, Rejection)
    (reason,) = read.reasons
    assert reason.message == '"UC-MSC" is a study that no worker has a rule pack for'
    assert reason.allowed == '"OTHER"'


def test_a_canary_is_let_in_without_a_pack(pack: Pack) -> None:
    event = canary_event(canary_of(0, 3), datetime.now(UTC))
    read = Doors([pack]).read(json.dumps(event).encode())
    assert isinstance(read, Record)
    assert read.problems == ()


def test_a_rejection_keeps_the_bytes_and_where_they_came_from(pack: Pack) -> None:
    raw = b"\xff{"
    read = Doors([pack]).read(raw)
    assert isinstance(read, Rejection)
    kept = RejectedMessage.of("events.case", 2, Message(7, None, raw, 0, ()), read)
    assert kept.id == "events.case/2/7"
    again = RejectedMessage.from_json(json.loads(kept.to_bytes()))
    assert again == kept
    assert again.value == raw
    assert again.reasons


def test_every_topic_that_a_rule_names_exists(pack: Pack) -> None:
    assert {rule.alert.topic for rule in pack.rules} <= set(ALERTS)
    named = {spec.name for spec in Topics("x.").specs(12, 4)}
    assert {f"x.{name}" for name in (*ALERTS, "journal", "rejected", "alerts.state")} <= named


def test_sasl_without_a_password_is_told() -> None:
    with pytest.raises(ValidationError, match="SIGNALS_KAFKA_SASL_PASSWORD"):
        KafkaSettings(bootstrap="localhost:9092", security_protocol="SASL_SSL")


def test_settings_are_read_from_the_environment_and_the_password_is_never_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in (
        ("BOOTSTRAP", "one:9092, two:9092"),
        ("SECURITY_PROTOCOL", "SASL_PLAINTEXT"),
        ("SASL_USERNAME", "signals"),
        ("SASL_PASSWORD", "hush"),
    ):
        monkeypatch.setenv(f"SIGNALS_KAFKA_{name}", value)
    settings = KafkaSettings()
    assert "hush" not in repr(settings)
    told = settings.client()
    assert told["bootstrap_servers"] == ["one:9092", "two:9092"]
    assert (told["sasl_plain_username"], told["sasl_plain_password"]) == ("signals", "hush")
