"""A worker that is asked to end while its brokers are gone: it ends, and nothing is lost."""

from itertools import islice

import pytest

from signals.rulebook.pack import Pack
from signals.runtime.kafka.leaving import LEAVE_SECONDS
from tests.faults.trial import Trial
from tests.kafka.books import check_after_a_fault
from tests.kafka.broker import Broker
from tests.kafka.installation import Installation, until

SOON = LEAVE_SECONDS + 10.0


@pytest.mark.parametrize("at_work", [True, pytest.param(False, marks=pytest.mark.soak)])
def test_a_worker_whose_brokers_are_gone_ends_when_it_is_asked_to(
    own: tuple[Broker, Installation], pack: Pack, at_work: bool
) -> None:
    broker, installation = own
    events = Trial(6).events()
    worker = installation.start("--clock", "journal")
    worker.wait_until("/readyz")
    installation.send(islice(events, 40))
    if not at_work:
        installation.wait_until_folded([worker])
    broker.kill()
    until(lambda: worker.get("/readyz") is None)
    worker.process.terminate()
    assert worker.process.wait(SOON) == 0
    broker.start()
    with installation.running(1, "--clock", "journal") as workers:
        installation.wait_until_folded(workers)
    assert check_after_a_fault(installation, pack) > 30
