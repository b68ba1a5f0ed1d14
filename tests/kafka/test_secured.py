"""Workers and tools on a broker that asks who comes: they work, or say what is wrong; no secret is told."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

import pytest

from tests.kafka.installation import SIGNALS, Installation
from tests.kafka.secured import PASSWORD, Secured, installed
from tests.runtime.posts import adverse_event

pytestmark = pytest.mark.kafka


def an_event_becomes_an_alert(installation: Installation) -> None:
    file = installation.folder / "events.ndjson"
    file.write_text(json.dumps(adverse_event("AE-1")) + "\n")
    with installation.running(1, "--clock", "journal") as workers:
        installation.run("publish", str(file))
        installation.wait_until_folded(workers)
    told = installation.run("tail", "alerts.sae", "--from-beginning", "--no-follow", "--json")
    assert "UC-MSC|SAE-01|001-004|AE-1" in told
    assert "the book is that of the journal" in installation.run("verify")
    assert all(PASSWORD not in worker.log.read_text() for worker in workers)


def test_a_worker_with_a_password(secured: Secured, tmp_path: Path) -> None:
    an_event_becomes_an_alert(installed(secured, tmp_path, secured.by_password()))


def test_a_worker_with_a_certificate(secured: Secured, tmp_path: Path) -> None:
    an_event_becomes_an_alert(installed(secured, tmp_path, secured.by_certificate))


@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256"])
def test_every_mechanism(secured: Secured, tmp_path: Path, mechanism: str) -> None:
    installation = installed(secured, tmp_path, secured.by_password(mechanism))
    assert "journal: fine" in installation.run("topics", "plan")


def test_a_password_in_a_file(secured: Secured, tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text(f"{PASSWORD}\n")
    environment = secured.by_password() | {
        "SIGNALS_KAFKA_SASL_PASSWORD": "",
        "SIGNALS_KAFKA_SASL_PASSWORD_FILE": str(file),
    }
    installation = installed(secured, tmp_path, environment)
    assert "journal: fine" in installation.run("topics", "plan")


def test_a_right_taken_away_and_given_back(secured: Secured, tmp_path: Path) -> None:
    installation = installed(secured, tmp_path, secured.by_password())
    alerts = installation.topics["alerts.sae"]
    with installation.running(1, "--clock", "journal") as (worker,):
        worker.wait_until("/readyz")
        secured.forbid(alerts, "WRITE")
        installation.send([json.dumps(adverse_event("AE-1")).encode()])
        until(lambda: worker.get("/readyz") is None)
        until(lambda: f"TopicAuthorizationFailedError('{alerts}')" in worker.answer("/readyz")[1])
        secured.give_back(alerts)
        installation.wait_until_folded([worker])
        until(lambda: worker.get("/readyz") is not None)
    assert any("SAE-01" in name for name, _ in installation.published())
    assert "the book is that of the journal" in installation.run("verify")


def test_a_group_that_refuses_a_worker_and_then_takes_it(secured: Secured, tmp_path: Path) -> None:
    installation = installed(secured, tmp_path, secured.by_password())
    group = installation.settings.group_of("monitor")
    secured.forbid(group, "READ", group=True)
    with installation.running(1, "--clock", "journal") as (worker,):
        installation.send([json.dumps(adverse_event("AE-1")).encode()])
        until(
            lambda: (
                f"{group}: the brokers do not let it in, it tries again: GroupAuth"
                in worker.answer("/readyz")[1]
            )
        )
        assert "'signals doctor' tells which right is missing" in worker.answer("/readyz")[1]
        secured.give_back(group, group=True)
        installation.wait_until_folded([worker])
    assert any("SAE-01" in name for name, _ in installation.published())


def test_a_worker_whose_group_puts_it_out_ends_and_the_next_goes_on(
    secured: Secured, tmp_path: Path
) -> None:
    installation = installed(secured, tmp_path, secured.by_password())
    group = installation.settings.group_of("monitor")
    worker = installation.start("--clock", "journal")
    worker.wait_until("/readyz")
    secured.forbid(group, "READ", group=True)
    installation.send([json.dumps(adverse_event("AE-1")).encode()])
    assert worker.process.wait(60) == 2
    assert f"GroupAuthorizationFailedError('{group}')" in worker.log.read_text()
    secured.give_back(group, group=True)
    with installation.running(1, "--clock", "journal") as workers:
        installation.wait_until_folded(workers)
    assert any("SAE-01" in name for name, _ in installation.published())


def until(true: Callable[[], bool]) -> None:
    give_up = monotonic() + 60
    while not true():
        assert monotonic() < give_up
        sleep(0.2)


WRONG = [
    ({"SIGNALS_KAFKA_SASL_PASSWORD": "wr0ng-word"}, "refuses the user 'signals': check"),
    ({"SIGNALS_KAFKA_SSL_CAFILE": "other-ca.pem"}, "shows a certificate that cannot be trusted"),
    ({"SIGNALS_KAFKA_SSL_CAFILE": "missing.pem"}, "missing.pem cannot be used (No such file"),
    ({"SIGNALS_KAFKA_SSL_CAFILE": "ca.key"}, "ca.key cannot be used"),
    ({"SIGNALS_KAFKA_SECURITY_PROTOCOL": "PLAINTEXT"}, "SECURITY_PROTOCOL, which is PLAINTEXT"),
    ({"SIGNALS_KAFKA_SASL_PASSWORD": ""}, "or a file with the password in"),
    ({"SIGNALS_KAFKA_SSL_CERTFILE": "client.pem"}, "belong together: give both or none"),
    ({"SIGNALS_KAFKA_BOOTSTRAP": "nobody.invalid:1"}, "is no name that can be found"),
]


@pytest.mark.parametrize(
    ("words", "changed", "says"),
    [
        *((("topics", "plan", "--json"), *wrong) for wrong in WRONG),
        *((("worker", "--health-port", "0"), *wrong) for wrong in WRONG[:3]),
    ],
)
def test_what_is_wrong_is_told_and_no_secret(
    secured: Secured, words: tuple[str, ...], changed: dict[str, str], says: str
) -> None:
    changed = {
        name: secured.certificates.path(value) if "_SSL_" in name else value
        for name, value in changed.items()
    }
    environment = os.environ | secured.by_password() | changed
    done = ended(words, environment)
    assert done.returncode == 2, done.stderr
    assert says in done.stderr
    for secret in (PASSWORD, "wr0ng-word"):
        assert secret not in done.stdout + done.stderr


def test_a_client_without_its_certificate(secured: Secured) -> None:
    environment = os.environ | secured.by_certificate
    for name in ("SIGNALS_KAFKA_SSL_CERTFILE", "SIGNALS_KAFKA_SSL_KEYFILE"):
        del environment[name]
    done = ended(("topics", "plan"), environment)
    assert done.returncode == 2
    assert "it wants a certificate of the client (SIGNALS_KAFKA_SSL_CERTFILE" in done.stderr


def ended(words: tuple[str, ...], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [SIGNALS, *words], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
