"""What a worker answers about its groups: nothing here needs a broker."""

import pytest

from signals.runtime.kafka.health import ready, started
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
