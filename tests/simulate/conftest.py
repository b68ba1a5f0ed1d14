"""One short trial for all tests of its contents, and one full one for what needs numbers."""

import pytest

from signals.simulate import Trial, simulate


@pytest.fixture(scope="session")
def short_trial() -> Trial:
    return simulate(7, short=True)


@pytest.fixture(scope="session")
def full_trial() -> Trial:
    return simulate(7, short=False)
