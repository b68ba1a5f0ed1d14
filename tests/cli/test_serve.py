"""What ``signals serve`` refuses before it asks any broker."""

import pytest

from tests.cli.conftest import Signals


@pytest.fixture(autouse=True)
def brokers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listens there."""
    monkeypatch.setenv("SIGNALS_KAFKA_BOOTSTRAP", "127.0.0.1:1")
    monkeypatch.delenv("SIGNALS_TOKEN", raising=False)


def test_an_address_beyond_this_machine_needs_a_token(signals: Signals) -> None:
    ran = signals("serve", "--host", "0.0.0.0", "--port", 0)  # noqa: S104 - it is refused
    assert ran.code == 2
    assert "--host 0.0.0.0 can be reached from other machines; give a --token" in ran.err


def test_without_settings_it_says_which_is_missing(
    signals: Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SIGNALS_KAFKA_BOOTSTRAP")
    ran = signals("serve")
    assert ran.code == 2
    assert "SIGNALS_KAFKA_BOOTSTRAP: Field required" in ran.err
    assert "SIGNALS_KAFKA_BOOTSTRAP=localhost:9092" in ran.err


def test_a_clock_that_there_is_not_is_told(signals: Signals) -> None:
    for command in (["serve"], ["worker"], ["run", "--data", "nowhere"]):
        ran = signals(*command, "--clock", "moon")
        assert ran.code == 2
        assert "--clock: 'moon' is neither of wall, journal" in ran.err
