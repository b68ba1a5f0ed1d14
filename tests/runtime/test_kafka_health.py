"""What a worker answers about its groups: nothing here needs a broker."""

import pytest

from signals.runtime.kafka.health import alive, ready, started
from signals.runtime.kafka.settings import KafkaSettings
from signals.runtime.kafka.worker import Role, Worker


@pytest.mark.parametrize(
    ("role", "joined", "fine", "says"),
    [
        ("both", set(), False, "intake and monitor: not in the group yet"),
        ("both", {"intake"}, False, "monitor: not in the group yet"),
        ("both", {"monitor"}, False, "intake: not in the group yet"),
        ("both", {"intake", "monitor"}, True, "it has joined its groups"),
        ("monitor", set(), False, "monitor: not in the group yet"),
        ("monitor", {"monitor"}, True, "it has joined its groups"),
        ("intake", {"intake"}, True, "it has joined its groups"),
    ],
)
def test_it_is_ready_only_when_every_role_has_joined_its_group(
    role: Role, joined: set[str], fine: bool, says: str
) -> None:
    worker = Worker(KafkaSettings(bootstrap="127.0.0.1:1"), [], role)
    worker.joined |= joined
    (check,) = started(worker)
    assert check.fine is fine
    assert says in check.says
    assert all(each.fine for each in ready(worker)) is fine


def test_a_group_that_does_not_take_it_is_told_by_name(worker: Worker) -> None:
    worker.refused["intake"] = "GroupAuthorizationFailedError('signals-intake')"
    (check,) = started(worker)
    assert not check.fine
    assert check.says.startswith("signals-intake: the brokers do not let it in, it tries again: G")


def test_a_worker_on_its_way_out_is_not_ready(worker: Worker) -> None:
    worker.stop()
    assert "leaving: it is on its way out" in told(worker)
    assert not all(each.fine for each in ready(worker))


@pytest.fixture
def worker() -> Worker:
    """One that has joined and looked around just now."""
    made = Worker(KafkaSettings(bootstrap="127.0.0.1:1"), [], "intake")
    made.joined.add("intake")
    return made


def test_brokers_that_say_nothing_for_a_while_are_told_and_restarting_does_not_help(
    worker: Worker,
) -> None:
    assert "brokers: the brokers answer" in told(worker)
    worker.looked -= 16
    assert "brokers: they have not answered for 16 s" in told(worker)
    assert not all(each.fine for each in ready(worker))
    assert all(each.fine for each in alive(worker))
    worker.trouble = "looking around failed: BrokerAwayError()"
    assert "brokers: looking around failed: BrokerAwayError()" in told(worker)


def test_a_loop_that_stands_still_is_to_be_restarted(worker: Worker) -> None:
    worker.turned -= 59
    assert all(each.fine for each in alive(worker))
    worker.turned -= 2
    assert not all(each.fine for each in alive(worker))
    assert "loop: the loop has not turned for 61 s" in told(worker)


def told(worker: Worker) -> list[str]:
    return [f"{each.name}: {each.says}" for each in ready(worker)]
