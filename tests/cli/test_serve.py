"""What ``signals serve`` refuses before it asks any broker."""

from pathlib import Path

import pytest

from signals.cli.common import token_of
from tests.cli.conftest import Signals


@pytest.fixture(autouse=True)
def brokers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listens there."""
    monkeypatch.setenv("SIGNALS_KAFKA_BOOTSTRAP", "127.0.0.1:1")
    for name in ("SIGNALS_TOKEN", "SIGNALS_TOKEN_FILE"):
        monkeypatch.delenv(name, raising=False)


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


def test_a_token_file_that_tells_no_token_is_refused(signals: Signals, tmp_path: Path) -> None:
    file = tmp_path / "token"
    ran = signals("serve", "--token-file", file)
    assert ran.code == 2
    assert f"--token-file {file}: cannot be read" in ran.err
    file.write_text("\n")
    ran = signals("run", "--data", tmp_path / "data", "--token-file", file)
    assert ran.code == 2
    assert "it is empty; write a long random word into it" in ran.err
    file.write_text("s3cret\n")
    ran = signals("serve", "--token-file", file, "--token", "other")
    assert ran.code == 2
    assert "give one of them" in ran.err


def test_the_token_is_the_word_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("s3cret\n")
    assert token_of(None, file) == "s3cret"
    assert token_of("word", None) == "word"
    assert token_of(None, None) is None
