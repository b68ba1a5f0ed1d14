"""A real Apache Kafka broker for tests, never an imitation.

``KAFKA_BOOTSTRAP`` if it is set; else the service ``kafka`` of the compose file, if Docker answers
(it is left running, other tests may use it); else one of its own, by Java 17 or newer and Maven
(installed by Debian's package manager if they are missing and we may): the jars are fetched once
into the cache, checked, and run.  The tests that kill a broker always start one of their own.
"""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from time import monotonic, sleep

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

HERE = Path(__file__).parent
COMPOSE = HERE.parent.parent / "docker-compose.yml"
PATIENCE = 60.0
_SMALL = [
    "-Xms256m",
    "-Xmx512m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Djava.awt.headless=true",
]


class NoBrokerError(Exception):
    """There is none to be had here; the message says what is missing."""


@dataclass
class Broker:
    """A broker in a folder of its own; it can be stopped, killed and started again."""

    folder: Path
    port: int
    extra: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def bootstrap(self) -> str:
        """Where it answers."""
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        data = self.folder / "data"
        settings = self.folder / "server.properties"
        settings.write_text(self._settings(data))
        if not data.exists():
            run = [*self._java(), "kafka.tools.StorageTool"]
            # A name of 16 bytes in base64; every broker of the tests is a cluster of its own.
            uuid = "c2lnbmFscy10ZXN0cy1hYg"
            subprocess.run(
                [*run, "format", "--standalone", "-t", uuid, "-c", str(settings)],
                check=True,
                capture_output=True,
            )
        with (self.folder / "stdout.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*self._java(), "kafka.Kafka", str(settings)], stdout=log, stderr=log
            )
        wait_until_answers(self.bootstrap, self.process)

    def kill(self) -> None:
        """End it as a loss of power would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def stop(self) -> None:
        """End it in order."""
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.kill()

    def _settings(self, data: Path) -> str:
        text = (HERE / "server.properties").read_text()
        text += "".join(f"{name}={value}\n" for name, value in self.extra.items())
        for name, value in (
            ("CONTROLLER_PORT", str(self.port + 1)),
            ("PORT", str(self.port)),
            ("FOLDER", str(data)),
        ):
            text = text.replace(f":{name}", f":{value}").replace(f"={name}", f"={value}")
        return text

    def _java(self) -> list[str]:
        return [
            java(),
            *_SMALL,
            f"-Dkafka.logs.dir={self.folder}",
            f"-Dlog4j2.configurationFile=file:{HERE / 'log4j2.properties'}",
            "-cp",
            f"{jars()}/*",
        ]


def java() -> str:
    """The Java to run it with."""
    return _program("java", "default-jre-headless")


def _program(name: str, package: str) -> str:
    """A program, installed if it is missing and we may."""
    home = os.environ.get("JAVA_HOME")
    path = os.environ.get("PATH", "")
    path = f"{home}/bin{os.pathsep}{path}" if home else path
    found = shutil.which(name, path=path)
    installer = shutil.which("apt-get")
    if found is None and installer is not None and os.geteuid() == 0:
        for words in (("update", "-q"), ("install", "-q", "-y", package)):
            subprocess.run([installer, *words], capture_output=True, check=False)
        found = shutil.which(name, path=path)
    if found is None:
        raise NoBrokerError(f"{name} is not installed and could not be (Debian: {package})")
    return found


def jars() -> Path:
    """The folder of the broker's jars, fetched once; each is what it must be."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "signals" / f"kafka-{_fingerprint()}"
    if not folder.is_dir():
        _fetch(folder)
    return folder


def _fingerprint() -> str:
    return sha256((HERE / "jars.sha256").read_bytes()).hexdigest()[:12]


def _fetch(folder: Path) -> None:
    maven = _program("mvn", "maven")
    fresh = folder.with_name(f"{folder.name}.{os.getpid()}")
    done = subprocess.run(
        [
            *(maven, "-q", "-B", "-f", str(HERE / "pom.xml"), "dependency:copy-dependencies"),
            *("-DincludeScope=runtime", f"-DoutputDirectory={fresh}"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NoBrokerError(f"Maven could not fetch the broker's jars: {done.stdout[-300:]}")
    for line in (HERE / "jars.sha256").read_text().splitlines():
        wanted, name = line.split()
        if sha256((fresh / name).read_bytes()).hexdigest() != wanted:
            raise NoBrokerError(f"{name} is not the jar that jars.sha256 names")
    try:
        fresh.rename(folder)
    except OSError:
        shutil.rmtree(fresh)  # another run was faster


def free_port() -> int:
    """A port free together with the next one."""
    while True:
        with socket.create_server(("127.0.0.1", 0)) as first:
            port: int = first.getsockname()[1]
            try:
                with socket.create_server(("127.0.0.1", port + 1)):
                    return port
            except OSError:
                continue


def wait_until_answers(bootstrap: str, process: subprocess.Popen[bytes] | None = None) -> None:
    """Until the broker tells its cluster."""
    give_up = monotonic() + PATIENCE
    while True:
        if process is not None and process.poll() is not None:
            raise NoBrokerError(f"the broker ended with {process.returncode}")
        try:
            admin = KafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=5000)
        except (KafkaError, OSError) as error:
            if monotonic() > give_up:
                raise NoBrokerError(f"no broker answers at {bootstrap}: {error}") from None
            sleep(0.2)
        else:
            admin.close()
            return


@contextmanager
def some_broker(folder: Path) -> Iterator[str]:
    """Where a broker answers, until the block ends."""
    found = os.environ.get("KAFKA_BOOTSTRAP") or composed()
    if found:
        wait_until_answers(found)
        yield found
        return
    with own_broker(folder) as broker:
        yield broker.bootstrap


def composed() -> str | None:
    """Where the broker of the compose file answers; None if Docker does not run it."""
    docker = shutil.which("docker")
    if docker is None or not COMPOSE.exists() or not _succeeds(docker, "info"):
        return None
    compose = (docker, "compose", "-f", str(COMPOSE))
    if not _succeeds(*compose, "up", "--detach", "--wait", "kafka"):
        return None
    told = subprocess.run(
        [*compose, "port", "kafka", "9092"], capture_output=True, text=True, check=False
    )
    port = told.stdout.strip().rpartition(":")[2]
    return f"127.0.0.1:{port}" if port else None


def _succeeds(*words: str) -> bool:
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


@contextmanager
def own_broker(
    folder: Path, extra: dict[str, str] | None = None, port: int | None = None
) -> Iterator[Broker]:
    """A broker that the test may kill."""
    folder.mkdir(parents=True, exist_ok=True)
    broker = Broker(folder, port or free_port(), extra or {})
    broker.start()
    try:
        yield broker
    finally:
        broker.stop()
