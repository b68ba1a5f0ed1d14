"""What the doctor says of real brokers, each fault really there."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType

from signals.runtime.checkup import brokers
from tests.kafka.installation import Installation
from tests.kafka.secured import PASSWORD, Secured, installed

Told = dict[str, list[tuple[bool, str, str]]]


def told(installation: Installation, code: int) -> Told:
    """What it says of the brokers, by name."""
    found: Told = {}
    for line in installation.run("doctor", "--json", code=code).splitlines():
        one = json.loads(line)
        found.setdefault(one["name"], []).append((one["fine"], one["says"], one["mend"]))
    return found


def bad(found: Told) -> list[tuple[str, str, str]]:
    return [
        (name, says, mend) for name, all_ in found.items() for fine, says, mend in all_ if not fine
    ]


def test_brokers_without_a_fault(installation: Installation) -> None:
    with installation.running() as (worker,):
        installation.wait_until_folded([worker])
        found = told(installation, 0)
    ((_, versions, _),) = found["brokers"]
    assert versions.startswith("1: Kafka 4.")
    assert found["topics"][0][1].endswith("topics are as they must be")
    assert found["rights"][0][0]
    assert found["clock of the brokers"][0][0]
    assert "agree with Kafka's own client" in found["partitioners"][0][1]
    group = f"group {installation.prefix}signals-monitor"
    assert found[group] == [(True, "1 workers are in it", "")]


def test_brokers_that_are_not_there(installation: Installation) -> None:
    installation.environment["SIGNALS_KAFKA_BOOTSTRAP"] = "127.0.0.1:1"
    ((name, says, _),) = bad(told(installation, 1))
    assert name == "brokers"
    assert "127.0.0.1:1 refuses the connection: is the broker up?" in says


def test_settings_that_cannot_be_read(installation: Installation) -> None:
    installation.environment["SIGNALS_KAFKA_SECURITY_PROTOCOL"] = "TLS"
    ((name, says, _),) = bad(told(installation, 1))
    assert name == "brokers' settings"
    assert says.startswith("SIGNALS_KAFKA_SECURITY_PROTOCOL: Input should be 'PLAINTEXT'")


def test_topics_that_differ_or_are_missing(installation: Installation) -> None:
    admin = KafkaAdminClient(bootstrap_servers=installation.bootstrap)
    journal, canary = installation.topics.journal, installation.topics.canary
    admin.delete_topics([canary])
    config = ConfigResource(ConfigResourceType.TOPIC, journal, configs={"retention.ms": "1000"})
    admin.alter_configs([config])
    admin.close()
    found = bad(told(installation, 1))
    apply = "'signals topics apply', as a user who may make and alter topics"
    assert (
        f"topic {journal}",
        "differs: retention.ms is 1000, must be -1",
        apply,
    ) in found
    assert (f"topic {canary}", "to be made: to be made with 1 partitions", apply) in found


@pytest.mark.parametrize(("seconds", "is_fine"), [(0.0, True), (-30.0, False), (30.0, False)])
def test_a_clock_that_is_not_the_brokers(
    installation: Installation, seconds: float, is_fine: bool
) -> None:
    off = timedelta(seconds=seconds)
    found = brokers.clock(installation.settings, lambda: datetime.now(UTC) + off)
    assert found.fine is is_fine, found.says
    assert abs(float(found.says.split(" s ")[0]) + seconds) < 2.0
    assert installation.ends(installation.topics.doctor) == 3
    assert installation.ends(installation.topics.journal) == 0


def test_partitioners() -> None:
    assert brokers.partitioners().fine
    clients = {**brokers.CLIENTS, "another": lambda key, count: len(key) % count}
    found = brokers.partitioners(clients)
    assert not found.fine
    # murmur2 of "21" is -973932308 in Kafka's own tests: 1173551340 without its sign bit, and the
    # sum of those digits divides by 3.
    place = 0
    assert found.says.startswith(f"another puts 21 on 2 of 3 and not on {place}")
    assert "do not start a worker" in found.mend


# ---------------------------------------------------------------------- rights


def test_a_user_with_every_right(secured: Secured, tmp_path: Path) -> None:
    installation = installed(secured, tmp_path, secured.by_password())
    found = told(installation, 0)
    assert found["rights"][0][1].startswith("all that a worker does with ")
    ((_, says, _),) = found[f"group {installation.prefix}signals-monitor"]
    assert says == "no worker was ever in it; whether this user may READ it shows only then"


@pytest.mark.parametrize(
    ("topic", "operation"),
    [("journal", "WRITE"), ("events.case", "READ"), ("alerts.dlt", "WRITE"), ("doctor", "WRITE")],
)
def test_a_right_that_is_missing(
    secured: Secured, tmp_path: Path, topic: str, operation: str
) -> None:
    installation = installed(secured, tmp_path, secured.by_password())
    name = installation.topics[topic]
    secured.forbid(name, operation)
    found = bad(told(installation, 1))
    says = f"the user signals may not {operation} the topic {name}"
    mend = (
        f"kafka-acls.sh --add --allow-principal User:... --operation {operation.capitalize()}"
        f" --topic {name}"
    )
    assert ("rights", says, mend) in found


def test_a_topic_that_may_not_be_seen(secured: Secured, tmp_path: Path) -> None:
    installation = installed(secured, tmp_path, secured.by_password())
    journal, state = installation.topics.journal, installation.topics.state
    secured.forbid(journal, "DESCRIBE", "READ", "WRITE")
    secured.forbid(state, "DESCRIBE_CONFIGS")
    found = bad(told(installation, 1))
    says = {name: says for name, says, _ in found}
    assert says[f"topic {journal}"].startswith("hidden: this user may not DESCRIBE it")
    assert says[f"topic {state}"].startswith("hidden: this user may not DESCRIBE_CONFIGS it")
    assert ("rights", f"the user signals may not READ and WRITE the topic {journal}") in [
        (name, says) for name, says, _ in found
    ]
    applied = installation.run("topics", "apply", code=1)
    assert f"{journal}: hidden: this user may not DESCRIBE it" in applied


def test_a_group_that_may_not_be_read(secured: Secured, tmp_path: Path) -> None:
    installation = installed(secured, tmp_path, secured.by_password())
    installation.environment["SIGNALS_KAFKA_GROUP"] = "other"
    group = f"{installation.prefix}other-monitor"
    secured.forbid(group, "READ", "DESCRIBE", group=True)
    assert f"the user signals may not READ the group {group}" in [
        says for _, says, _ in bad(told(installation, 1))
    ]


def test_a_password_that_is_wrong(secured: Secured, tmp_path: Path) -> None:
    wrong = secured.by_password() | {"SIGNALS_KAFKA_SASL_PASSWORD": "wr0ng-word"}
    installation = installed(secured, tmp_path, wrong)
    shown = installation.run("doctor", code=1)
    assert "refuses the user 'signals': check SIGNALS_KAFKA_SASL_USERNAME" in shown
    assert PASSWORD not in shown
    assert "wr0ng-word" not in shown
