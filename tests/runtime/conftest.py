"""A running service: a real server on a free port of this machine."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any

import pytest

from signals.resources import folder
from signals.rulebook.pack import Pack, load_pack
from signals.runtime.embedded.server import listen, make_server
from signals.runtime.embedded.service import Clock, Service
from signals.runtime.journal import Journal
from signals.runtime.schema import FILE_NAME
from tests.runtime.posts import adverse_event, piece

PATIENCE = 30.0


@dataclass(frozen=True)
class Client:
    """Speaks HTTP with the service."""

    service: Service
    port: int

    def send(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[int, str]:
        """Status and body of a request."""
        with self.open(method, path, body, headers) as answer:
            return answer.status, answer.read().decode()

    @contextmanager
    def open(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> Iterator[HTTPResponse]:
        """An answer to read from, as long as one likes."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, headers or {})
            with connection.getresponse() as answer:
                yield answer
        finally:
            connection.close()

    def get(self, path: str) -> Any:
        """A JSON answer that must be fine."""
        status, body = self.send("GET", path)
        assert status == 200, body
        return json.loads(body)

    def post(self, body: bytes | dict[str, Any], query: str = "") -> tuple[int, Any]:
        """Send events; what came is folded when it returns."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        status, text = self.send("POST", f"/events{query}", raw)
        wait_until_folded(self.service)
        return status, json.loads(text)


def wait_until_folded(service: Service) -> None:
    """Until the book is that of the whole journal."""
    give_up = monotonic() + PATIENCE
    while (condition := service.condition()).behind:
        assert condition.failure is None, condition.failure
        assert monotonic() < give_up, condition
        sleep(0.005)


@pytest.fixture(scope="session")
def pack() -> Pack:
    """The bundled pack."""
    return load_pack(folder("rules") / "uc-msc")


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory, pack: Pack) -> bytes:
    """The file of a service that ended: the activation, a serious event, its upgrade."""
    data = tmp_path_factory.mktemp("data")
    service = Service(data, pack, "journal")
    upgrade = adverse_event(version=2, grade=5, outcome="FATAL")
    service.accept([piece(adverse_event()), piece(upgrade)])
    while service.folding.position < Journal(service.store.connection).last()[0]:
        service.folding.advance()
    service.stop()
    return (data / FILE_NAME).read_bytes()


@pytest.fixture
def serve(tmp_path: Path, pack: Pack) -> Iterator[Callable[..., Client]]:
    """Starts services on a folder; all end with the test."""
    with ExitStack() as running:

        def start(
            data: Path = tmp_path / "data", clock: Clock = "journal", token: str | None = None
        ) -> Client:
            return running.enter_context(serving(Service(data, pack, clock), token))

        yield start


@contextmanager
def serving(service: Service, token: str | None = None) -> Iterator[Client]:
    """The service on a free port, until the block ends."""
    with listen("127.0.0.1", 0) as listening:
        server = make_server(service, token)
        thread = Thread(target=server.run, args=([listening],))
        service.start()
        thread.start()
        try:
            yield Client(service, listening.getsockname()[1])
        finally:
            server.should_exit = True
            service.stop()
            thread.join()
