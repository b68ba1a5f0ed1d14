"""The service on the brokers, before it has heard from any."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from signals.rulebook.pack import Pack
from signals.runtime.kafka.follower import Follower
from signals.runtime.kafka.post import address
from signals.runtime.kafka.settings import KafkaSettings
from signals.runtime.source import UnavailableError
from tests.runtime.posts import adverse_event, line, piece


@pytest.fixture
def follower(pack: Pack) -> Iterator[Follower]:
    """Nobody listens where it asks."""
    made = Follower(KafkaSettings(bootstrap="127.0.0.1:1"), pack.study)
    yield made
    made.stop()


def test_every_figure_is_documented(follower: Follower, root: Path) -> None:
    told = follower.figures().decode()
    names = {line.split()[2] for line in told.splitlines() if line.startswith("# HELP")}
    page = (root / "docs" / "ops" / "serve.md").read_text(encoding="utf-8")
    assert names == set(re.findall(r"`(signals_[a-z_]+)`", page))


def test_what_is_not_known_yet_is_not_told_as_nothing(follower: Follower) -> None:
    with pytest.raises(UnavailableError, match="not known yet"), follower.book():
        pass
    with pytest.raises(UnavailableError, match="not known yet"):
        follower.rejected(everything=True)
    assert not all(check.fine for check in follower.ready())


def test_a_backfill_is_told_where_to_go(follower: Follower) -> None:
    with pytest.raises(ValueError, match="signals journal import"):
        follower.accept([piece(adverse_event())], "B-1")


@pytest.mark.parametrize(
    ("raw", "kind", "study"),
    [
        (line(adverse_event()), "adverse-event", "UC-MSC"),
        (line(adverse_event(_study_id=7)), "adverse-event", None),
        (line(adverse_event(_schema="pack-activation/1")), "unreadable", "UC-MSC"),
        (line(adverse_event(_schema=None)), "unreadable", "UC-MSC"),
        (b"[]", "unreadable", None),
        (b"7", "unreadable", None),
        (b'{"schema": "adverse-event/1"', "unreadable", None),
        (b"\xff", "unreadable", None),
    ],
)
def test_an_event_goes_to_the_topic_of_its_kind(raw: bytes, kind: str, study: str | None) -> None:
    assert address(raw) == (kind, study, raw)
