"""Looking for cycles seldom is safe where a fold leaves none."""

import gc
from pathlib import Path

from bench.engine import Engine
from bench.mix import trial
from signals.rulebook.pack import load_pack
from signals.runtime.collector import collect_seldom

_EVENTS = 600


def test_a_fold_leaves_nothing_that_only_the_collector_frees(root: Path) -> None:
    engine = Engine(load_pack(root / "rules" / "uc-msc"), use_matcher=False)
    events = trial(1, seed=1)
    for event in events[:_EVENTS]:
        engine(event)
    gc.collect()
    gc.disable()
    try:
        for event in events[_EVENTS : 2 * _EVENTS]:
            engine(event)
        left = gc.collect()
    finally:
        gc.enable()
    assert left < _EVENTS / 10


def test_the_collector_goes_on_only_more_seldom() -> None:
    before = gc.get_threshold()
    try:
        collect_seldom()
        assert gc.isenabled()
        assert all(now > 0 for now in gc.get_threshold())
        assert gc.get_threshold()[0] > 700
    finally:
        gc.set_threshold(*before)
