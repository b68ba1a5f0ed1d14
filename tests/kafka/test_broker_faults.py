"""Faults of a broker and of the way to it: the workers wait, and then the book is the journal's."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from time import sleep

import pytest

from signals.rulebook.pack import Pack
from tests.faults.trial import Trial
from tests.kafka.books import check_after_a_fault, made_small
from tests.kafka.broker import Broker, NoBrokerError, free_port, own_broker
from tests.kafka.installation import Installation, Process, until
from tests.kafka.relay import Relay, relay_to

MEGABYTE = 1024 * 1024


@pytest.mark.parametrize("away", [5, pytest.param(60, marks=pytest.mark.soak)])
def test_a_broker_that_is_away_under_load_costs_nothing(
    own: tuple[Broker, Installation], pack: Pack, away: float
) -> None:
    broker, installation = own
    events = Trial(2).events()
    with installation.running(2, "--clock", "journal") as workers:
        for end in (broker.kill, broker.stop):
            begun = installation.ends(installation.topics.journal) + 20
            installation.send(islice(events, 100))
            until(partial(reached, installation, begun))
            end()
            until(lambda: all(each.get("/readyz") is None for each in workers))  # after 15 s
            sleep(away)  # a minute is longer than the 30 s for which a message waits to be sent
            # Restarting them would not help.
            until(lambda: all(each.get("/healthz") is not None for each in workers))
            broker.start()
        installation.send(islice(events, 40))
        installation.wait_until_folded(workers)
    assert check_after_a_fault(installation, pack) > 150


def reached(installation: Installation, length: int) -> bool:
    return installation.ends(installation.topics.journal) >= length


# ---------------------------------------------------------------------- the way to the broker


@pytest.fixture
def relayed(tmp_path: Path) -> Iterator[tuple[Relay, Installation]]:
    """A wire to a broker, and the installation that knows it directly."""
    port, behind = free_port(), free_port()
    try:
        with (
            relay_to(behind) as relay,
            own_broker(tmp_path / "broker", _listeners(port, behind, relay.port), port) as broker,
        ):
            yield relay, made_small(Installation(broker.bootstrap, "", tmp_path), tmp_path)
    except NoBrokerError as error:
        pytest.skip(f"the tests that cut the network: {error}")


def _listeners(port: int, behind: int, relay: int) -> dict[str, str]:
    """Who connects through the wire is told to come back through the wire."""
    own, protocol = f"PLAINTEXT://127.0.0.1:{port}", "PLAINTEXT"
    names = {"PLAINTEXT": protocol, "CONTROLLER": protocol, "WIRE": protocol}
    return {
        "listeners": f"{own},CONTROLLER://127.0.0.1:{port + 1},WIRE://127.0.0.1:{behind}",
        "advertised.listeners": f"{own},WIRE://127.0.0.1:{relay}",
        "listener.security.protocol.map": ",".join(f"{k}:{v}" for k, v in names.items()),
    }


@pytest.mark.parametrize("break_it", [Relay.stall, Relay.cut])
@pytest.mark.parametrize("times", [1, pytest.param(5, marks=pytest.mark.soak)])
def test_a_worker_behind_a_broken_wire_is_replaced_and_contradicts_nobody(
    relayed: tuple[Relay, Installation], pack: Pack, break_it: Callable[[Relay], None], times: int
) -> None:
    relay, installation = relayed
    events = Trial(3).events()
    far = start_behind(relay, installation)
    try:
        far.wait_until("/readyz")  # it is alone, so it holds the study
        with installation.running(1, "--clock", "journal") as near:
            near[0].wait_until("/readyz")
            for _ in range(times):
                installation.send(islice(events, 40))
                break_it(relay)
                installation.send(islice(events, 40))
                installation.holder(near)
                until(lambda: far.get("/readyz") is None)
                installation.wait_until_folded(near)
                relay.mend()
                installation.send(islice(events, 40))
                installation.wait_until_folded([far, *near])
    finally:
        relay.mend()
        far.stop()
    assert check_after_a_fault(installation, pack) > 80


def start_behind(relay: Relay, installation: Installation) -> Process:
    """A worker that knows the broker by the wire alone."""
    installation.environment["SIGNALS_KAFKA_BOOTSTRAP"] = f"127.0.0.1:{relay.port}"
    try:
        return installation.start("--clock", "journal")
    finally:
        del installation.environment["SIGNALS_KAFKA_BOOTSTRAP"]


# ---------------------------------------------------------------------- the broker's disk


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, which only the superuser can make."""
    folder = tmp_path / "disk"
    folder.mkdir()
    size = f"size={160 * MEGABYTE}"
    mount = ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("the test of a broker's full disk: it takes the superuser to make a small disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_of_the_broker_costs_nothing(
    small_disk: Path, tmp_path: Path, pack: Pack
) -> None:
    ballast = small_disk / "ballast"
    events = list(islice(Trial(4).events(), 300))
    with own_broker(small_disk / "broker") as broker:
        assert broker.process is not None
        installation = made_small(Installation(broker.bootstrap, "", tmp_path), tmp_path)
        with installation.running(1, "--clock", "journal") as workers:
            installation.send(events[:100])
            installation.wait_until_folded(workers)
            workers[0].process.send_signal(signal.SIGSTOP)  # it finds work when the disk is full
            installation.send(events[100:])
            fill(ballast)
            workers[0].process.send_signal(signal.SIGCONT)
            assert broker.process.wait(60) != 0, "it ends itself when it cannot write"
            until(lambda: workers[0].get("/readyz") is None)
            assert workers[0].get("/healthz") is not None
            ballast.unlink()
            broker.start()
            installation.wait_until_folded(workers)
        assert check_after_a_fault(installation, pack) > 150


def fill(file: Path) -> None:
    """Leave no byte on its disk."""
    with file.open("wb", buffering=0) as out:
        size = MEGABYTE
        while size:
            try:
                out.write(b"\0" * size)
            except OSError:
                size //= 2
