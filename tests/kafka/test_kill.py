"""Law 5: workers and the broker are killed (SIGKILL) again and again: nothing lost or different."""

import json
from collections.abc import Iterator
from itertools import islice
from random import Random
from time import sleep

import pytest

from signals.rulebook.pack import Pack
from tests.faults.trial import Trial
from tests.kafka.books import check_after_a_fault
from tests.kafka.broker import Broker
from tests.kafka.installation import Installation

OF_THE_BROKER = 0.15


@pytest.mark.parametrize("kills", [20, pytest.param(500, marks=pytest.mark.soak)])
def test_a_killed_worker_or_broker_changes_nothing(
    own: tuple[Broker, Installation], pack: Pack, kills: int
) -> None:
    broker, installation = own
    random = Random(kills)  # noqa: S311 - it must repeat, not surprise
    installation.environment["SIGNALS_KAFKA_SESSION_SECONDS"] = "1.5"
    events = Trial(kills).events()
    sent: list[bytes] = []
    of_workers = of_the_broker = 0
    while of_workers + of_the_broker < kills:
        worker = installation.start()
        if random.random() < 0.7:  # else it is killed while it loads
            worker.wait_until("/readyz")
        for _ in range(2):
            sent += send(installation, events)
            sleep(random.choice((0.0, 0.1, 0.5, 3.0)))
            if random.random() < OF_THE_BROKER:
                broker.kill()
                broker.start()
                of_the_broker += 1
        worker.kill()
        of_workers += 1
    assert of_the_broker >= kills // 10
    with installation.running(1, "--clock", "journal") as workers:
        # Its time is the journal's, so that it appends nothing that nobody would fold any more.
        installation.wait_until_folded(workers)
    journal = installation.journal("UC-MSC")
    assert {json.loads(raw)["event_id"] for raw in sent} <= {each.event_id for each in journal}
    assert any(record.kind == "clock" for record in journal)
    assert check_after_a_fault(installation, pack) > len(sent) // 4


def send(installation: Installation, events: Iterator[bytes]) -> list[bytes]:
    some = list(islice(events, 5))
    installation.send(some)
    return some
