"""A broker for all tests of a process, and an installation of its own for each."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from signals.rulebook.pack import Pack, load_pack
from tests.kafka.books import made_small, pack_for
from tests.kafka.broker import Broker, NoBrokerError, own_broker, some_broker
from tests.kafka.installation import Installation
from tests.kafka.secured import Secured, secured_broker

BROKERS = {"bootstrap", "own", "relayed", "secured", "small_disk"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What asks for a broker is marked so."""
    for item in items:
        if BROKERS & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.kafka)


@pytest.fixture(scope="session")
def bootstrap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a real broker answers; without one the Kafka tests are left out."""
    try:
        with some_broker(tmp_path_factory.mktemp("broker")) as found:
            yield found
    except NoBrokerError as error:
        pytest.skip(f"the tests on Kafka: {error}")


@pytest.fixture
def installation(bootstrap: str, tmp_path: Path) -> Installation:
    """Topics that no other test has."""
    return Installation(bootstrap, f"{uuid4().hex[:8]}.", tmp_path)


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    """A broker that asks who comes."""
    try:
        with secured_broker(tmp_path_factory.mktemp("secured")) as found:
            yield found
    except NoBrokerError as error:
        pytest.skip(f"the tests on Kafka: {error}")


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    """A small pack of the study UC-MSC."""
    return load_pack(pack_for("UC-MSC", tmp_path))


@pytest.fixture
def small(installation: Installation, tmp_path: Path) -> Installation:
    """With that pack, which is loaded fast, and workers that are missed soon."""
    return made_small(installation, tmp_path)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[tuple[Broker, Installation]]:
    """A broker that may be killed, and a small installation on it."""
    try:
        with own_broker(tmp_path / "broker") as broker:
            yield broker, made_small(Installation(broker.bootstrap, "", tmp_path), tmp_path)
    except NoBrokerError as error:
        pytest.skip(f"the tests that kill a broker: {error}")
