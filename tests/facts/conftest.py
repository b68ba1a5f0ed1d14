"""After each story: the order in which its records came did not matter."""

from collections.abc import Iterator

import pytest

from tests.facts.kit import ALL_TRIALS, check_any_order


@pytest.fixture(autouse=True)
def laws(request: pytest.FixtureRequest) -> Iterator[None]:
    """Law 1 on every trial of the test; ``conflict`` marks tests where the first to come counts."""
    ALL_TRIALS.clear()
    yield
    if "conflict" not in request.node.name:
        for trial in ALL_TRIALS:
            check_any_order(trial, tries=3 if trial.stepwise else 1)
