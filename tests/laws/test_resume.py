"""Law 5: a fold that was cut off and resumed publishes what an unbroken one publishes."""

import json
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signals.book.alert import Alert
from signals.book.fold import Fold
from signals.events import Record
from tests.laws.generate import journal
from tests.laws.packs import reference_pack, without_matcher
from tests.laws.test_order import SEEDS

Line = tuple[Record, int]


def published(fold: Fold, lines: Iterable[Line]) -> list[list[Alert]]:
    return [fold.step(record, position) for record, position in lines]


def as_stored(state: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    stored: dict[str, dict[str, Any]] = json.loads(json.dumps(state))
    return stored


def check(seeds: list[int], data: st.DataObject) -> None:
    lines = [(record, position) for position, record in enumerate(journal(seeds), start=1)]
    cut = data.draw(st.integers(0, len(lines)), label="cut")
    whole = Fold(reference_pack(), make_panel=without_matcher)
    published(whole, lines[:cut])
    state = as_stored(whole.book.state())
    resumed = Fold.resume(reference_pack(), lines[:cut], state, make_panel=without_matcher)
    rest = published(whole, lines[cut:])
    assert published(resumed, lines[cut:]) == rest
    assert resumed.book.state() == whole.book.state()


@given(seeds=SEEDS, data=st.data())
def test_a_cut_changes_nothing(seeds: list[int], data: st.DataObject) -> None:
    check(seeds, data)


@given(seeds=SEEDS)
def test_what_changed_is_all_that_changed(seeds: list[int]) -> None:
    fold = Fold(reference_pack(), make_panel=without_matcher)
    kept: dict[str, object] = {}
    for position, record in enumerate(journal(seeds), start=1):
        fold.step(record, position)
        kept |= as_stored(fold.take_changes())
        assert kept == fold.book.state()


@pytest.mark.ci
@settings(max_examples=1000)
@given(seeds=SEEDS, data=st.data())
def test_a_cut_changes_nothing_a_thousand_times(seeds: list[int], data: st.DataObject) -> None:
    check(seeds, data)
