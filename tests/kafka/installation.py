"""One installation on a broker of the tests: its topics, its workers, and what they published."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

from signals.runtime.kafka.export import Sender, journal_of
from signals.runtime.kafka.plan import Admin
from signals.runtime.kafka.reader import Reader
from signals.runtime.kafka.settings import KafkaSettings
from signals.runtime.kafka.state import StudyState, by_study, readable
from signals.runtime.kafka.topics import ALERTS, Topics, partition_of
from tests.faults.trial import ZONE
from tests.kafka.broker import free_port
from tests.kafka.progress import PATIENCE, wait_until_acknowledged

SIGNALS = Path(sys.executable).with_name("signals")


@dataclass
class Process:
    """A worker as a process of its own."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def get(self, path: str) -> str | None:
        """What it answers; None if it does not."""
        status, found = self.answer(path)
        return found if status == HTTPStatus.OK else None

    def answer(self, path: str) -> tuple[int, str]:
        """The status and what it says; 0 and why if it does not answer."""
        try:
            with urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()
        except OSError as error:
            return 0, repr(error)

    def wait_until(self, path: str) -> None:
        """Until it answers that this holds."""
        give_up = monotonic() + PATIENCE
        while self.get(path) is None:
            self.assert_alive()
            assert monotonic() < give_up, self.answer(path)
            sleep(0.05)

    def assert_alive(self) -> None:
        """It has not ended."""
        assert self.process.poll() is None, self.log.read_text()

    def figure(self, name: str) -> float:
        """The sum of a figure over its labels."""
        lines = [line for line in (self.get("/metrics") or "").splitlines() if line[:1] != "#"]
        return sum(
            float(line.rpartition(" ")[2])
            for line in lines
            if line.partition("{")[0].partition(" ")[0] == name
        )

    def kill(self) -> None:
        """End it as a loss of power would."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """End it in order."""
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()


@dataclass
class Installation:
    """Topics of its own on a broker that it shares."""

    bootstrap: str
    prefix: str
    folder: Path
    partitions: int = 3
    packs: list[Path] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with Admin(self.settings) as admin:
            admin.apply(admin.plan(self.partitions))

    @property
    def settings(self) -> KafkaSettings:
        """How to reach it."""
        return KafkaSettings(
            bootstrap=self.bootstrap, prefix=self.prefix, replication=1, session_seconds=6
        )

    @property
    def topics(self) -> Topics:
        """Its topics."""
        return Topics(self.prefix)

    @property
    def variables(self) -> dict[str, str]:
        """The environment of its commands."""
        return os.environ | {
            "SIGNALS_KAFKA_BOOTSTRAP": self.bootstrap,
            "SIGNALS_KAFKA_PREFIX": self.prefix,
            "SIGNALS_KAFKA_REPLICATION": "1",
            "SIGNALS_KAFKA_SESSION_SECONDS": "6",
            "SIGNALS_CANARY_SECONDS": "0",
            "SIGNALS_PACKS": os.pathsep.join(str(pack) for pack in self.packs),
            **self.environment,
        }

    def start(self, *options: str) -> Process:
        """A worker."""
        port = free_port()
        log = self.folder / f"worker-{port}.log"
        with log.open("wb") as stderr:
            process = subprocess.Popen(
                [SIGNALS, "worker", "--health-port", str(port), *options],
                env=self.variables,
                stderr=stderr,
            )
        return Process(process, port, log)

    def holder(self, workers: list[Process]) -> Process:
        """The worker that folds the study UC-MSC, once there is one."""
        lag = f'signals_journal_lag{{partition="{partition_of("UC-MSC", self.partitions)}"}}'
        give_up = monotonic() + PATIENCE
        while monotonic() < give_up:
            for worker in workers:
                if lag in (worker.get("/metrics") or ""):
                    return worker
            sleep(0.1)
        raise AssertionError("none of them holds it")

    @contextmanager
    def serving(self, *options: str) -> Iterator["Process"]:
        """``signals serve``, until the block ends."""
        port = free_port()
        log = self.folder / f"serve-{port}.log"
        with log.open("wb") as stderr:
            process = subprocess.Popen(
                [SIGNALS, "serve", "--port", str(port), *options],
                env=self.variables,
                stderr=stderr,
                stdout=stderr,
            )
        served = Process(process, port, log)
        try:
            yield served
        finally:
            served.stop()

    @contextmanager
    def running(self, count: int = 1, *options: str) -> Iterator[list[Process]]:
        """Some workers, until the block ends."""
        workers = [self.start(*options) for _ in range(count)]
        try:
            yield workers
        finally:
            for worker in workers:
                worker.stop()

    def run(self, *words: str, code: int = 0) -> str:
        """A command that ends with a code; what it wrote."""
        done = subprocess.run(
            [SIGNALS, *words], env=self.variables, capture_output=True, text=True, check=False
        )
        assert done.returncode == code, (done.stdout, done.stderr)
        return done.stdout

    def send(self, raws: Iterable[bytes]) -> int:
        """Send events as a source does."""
        with Sender(self.settings) as sender:
            return sender.events((_kind(raw), None, raw) for raw in raws)

    def ends(self, *topics: str) -> int:
        """How many messages the topics hold, control records among them."""
        with Reader(self.settings) as reader:
            return sum(sum(reader.ends(t, reader.partitions(t)).values()) for t in topics)

    def wait_until_taken_in(self, workers: list[Process]) -> None:
        """Until everything sent is in the journal or rejected."""
        self._wait("intake", self.topics.sources, workers)

    def wait_until_folded(self, workers: list[Process]) -> None:
        """The same, and until the journal is folded and what came of it published."""
        self.wait_until_taken_in(workers)
        for worker in workers:
            worker.wait_until("/readyz")  # what it adds to the journal itself is there
        self._wait("monitor", [self.topics.journal], workers)

    def _wait(self, role: str, topics: list[str], workers: list[Process]) -> None:
        def alive() -> None:
            for worker in workers:
                worker.assert_alive()

        wait_until_acknowledged(self.settings, role, topics, alive)

    def published(self) -> dict[tuple[str, int], dict[str, Any]]:
        """Every revision ever published; a repetition must be the same, byte for byte."""
        found: dict[tuple[str, int], bytes] = {}
        for name in ALERTS:
            for value in self.values(self.topics[name]):
                alert = json.loads(value)
                key = alert["alert_id"], alert["revision"]
                assert found.setdefault(key, value) == value, f"{key} was published as another"
        return {key: json.loads(value) for key, value in found.items()}

    def values(self, topic: str) -> list[bytes]:
        """All that a topic holds."""
        with Reader(self.settings) as reader:
            partitions = reader.partitions(topic)
            ends = reader.ends(topic, partitions)
            return [
                message.value
                for partition in partitions
                for message in reader.read(topic, partition, 0, ends[partition])
            ]

    def states(self) -> dict[str, StudyState]:
        """What ``alerts.state`` says, study by study."""
        topic, found = self.topics.state, dict[str, StudyState]()
        with Reader(self.settings) as reader:
            partitions = reader.partitions(topic)
            for partition, end in reader.ends(topic, partitions).items():
                found |= by_study(readable(reader.read(topic, partition, 0, end)))
        return found

    def journal(self, study_id: str) -> list[Any]:
        """The records of a study as they count."""
        with Reader(self.settings) as reader:
            return list(journal_of(reader, self.topics, study_id, ZONE))


def until(true: Callable[[], bool]) -> None:
    """Until it is so."""
    give_up = monotonic() + PATIENCE
    while not true():
        assert monotonic() < give_up, "this did not come"
        sleep(0.2)


def _kind(raw: bytes) -> str:
    from signals.runtime.kafka.topics import SOURCE_KINDS, UNREADABLE

    try:
        kind = str(json.loads(raw)["schema"]).partition("/")[0]
    except (ValueError, TypeError, KeyError, RecursionError):
        return UNREADABLE
    return kind if kind in SOURCE_KINDS else UNREADABLE
