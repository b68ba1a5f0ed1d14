"""Where the tests find a broker, and what they say if there is none."""

from pathlib import Path

import pytest

from tests.kafka.broker import COMPOSE, NoBrokerError, composed, java, some_broker


def test_a_broker_that_is_named_comes_first(
    bootstrap: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAFKA_BOOTSTRAP", bootstrap)
    with some_broker(tmp_path) as found:
        assert found == bootstrap
    assert [*tmp_path.iterdir()] == [], "none of its own was made"


def test_docker_that_does_not_answer_is_passed_by(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:1")
    assert COMPOSE.exists()
    assert composed() is None


def test_without_java_one_line_tells_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(NoBrokerError) as told:
        java()
    assert str(told.value) == (
        "java is not installed and could not be (Debian: default-jre-headless)"
    )
