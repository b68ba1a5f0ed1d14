"""Law 2: after every record what is kept up to date is what a fresh fold gives."""

import pytest
from hypothesis import given, settings

from signals.monitor.monitor import Monitor
from signals.monitor.scratch import differences
from tests.laws.generate import journal
from tests.laws.packs import reference_pack, without_matcher
from tests.laws.test_order import END, SEEDS


def check(seeds: list[int]) -> None:
    monitor = Monitor(reference_pack(), make_panel=without_matcher)
    # To look at all facts settles those that wait; of this one only the alerts are looked at.
    unasked = Monitor(reference_pack(), make_panel=without_matcher)
    for position, record in enumerate(journal(seeds), start=1):
        monitor.observe(record, position)
        unasked.observe(record, position)
        assert differences(monitor) == [], f"after {record.kind}/{record.record_id}"
        assert unasked.standing() == monitor.standing(), f"after {record.kind}/{record.record_id}"
    monitor.wake(END)
    unasked.wake(END)
    assert differences(monitor) == []
    assert differences(unasked) == []


@given(seeds=SEEDS)
def test_incremental_equals_from_scratch(seeds: list[int]) -> None:
    check(seeds)


@pytest.mark.ci
@settings(max_examples=1000)
@given(seeds=SEEDS)
def test_incremental_equals_from_scratch_a_thousand_times(seeds: list[int]) -> None:
    check(seeds)
