"""Whether the service lives and may be relied on."""

from dataclasses import replace

import pytest

from signals.runtime.health import Condition, alive, ready

FINE = Condition(
    folding=True,
    failure=None,
    writable=None,
    journal_position=7,
    behind=0,
    waiting=0.0,
    overdue=0.0,
)
CASES = [
    (FINE, True, True, "folded up to position 7"),
    (replace(FINE, behind=3, waiting=59.9), True, True, "3 records are not folded yet"),
    (replace(FINE, behind=3, waiting=60.0), True, False, "the oldest waits 60 s"),
    (replace(FINE, overdue=59.9), True, True, "no wake is overdue"),
    (replace(FINE, overdue=60.0), True, False, "a wake is overdue by 60 s"),
    (replace(FINE, failure="it stopped"), False, False, "it stopped"),
    (replace(FINE, folding=False), False, False, "restart the service"),
    (replace(FINE, writable="disk full"), False, False, "disk full"),
]


@pytest.mark.parametrize(("now", "lives", "is_ready", "says"), CASES)
def test_each_condition_is_told(now: Condition, lives: bool, is_ready: bool, says: str) -> None:
    assert all(check.fine for check in alive(now)) is lives
    assert all(check.fine for check in ready(now)) is is_ready
    assert any(says in check.says for check in ready(now))
