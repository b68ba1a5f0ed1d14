"""Law 1: the order of the records does not matter, nor do repetitions, for what should stand."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import takewhile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signals.events import Record
from signals.monitor.monitor import Monitor
from tests.laws.generate import START, journal
from tests.laws.packs import reference_pack, without_matcher

SEEDS = st.lists(st.integers(0, 10**6), min_size=1, max_size=14, unique=True)
END = START + timedelta(days=60)


def folded(records: list[Record]) -> Monitor:
    monitor = Monitor(reference_pack(), make_panel=without_matcher)
    for position, record in enumerate(records, start=1):
        monitor.observe(record, position)
    monitor.wake(END)
    return monitor


def shuffled_and_repeated(records: list[Record], data: st.DataObject) -> list[Record]:
    """The same records in any order, some of them again with a later arrival."""
    places = st.sampled_from(range(len(records)))
    again = [records[place] for place in data.draw(st.lists(places, max_size=5), label="again")]
    late = [each.arrived(each.arrival + timedelta(hours=7)) for each in again]
    everything = [*records, *late]
    order = data.draw(st.permutations(range(len(everything))), label="order")
    return [everything[place] for place in order]


def unequal(one: Mapping[str, object], other: Mapping[str, object]) -> list[str]:
    """What differs by name, and from where on: whole facts would fill pages."""
    differing = (
        (name, str(one.get(name)), str(other.get(name)))
        for name in sorted({*one, *other})
        if one.get(name) != other.get(name)
    )
    return [f"{name}: {_from(*both)!r} / {_from(*reversed(both))!r}" for name, *both in differing]


def _from(text: str, other: str) -> str:
    same = takewhile(lambda both: both[0] == both[1], zip(text, other, strict=False))
    begin = sum(1 for _ in same)
    return text[max(0, begin - 60) : begin + 120]


def facts(monitor: Monitor) -> dict[str, object]:
    return {f"{fact.kind} {fact.key}": fact for fact in monitor.facts()}


def check(seeds: list[int], data: st.DataObject) -> None:
    records = journal(seeds)
    one = folded(records)
    other = folded(shuffled_and_repeated(records, data))
    assert unequal(facts(one), facts(other)) == []
    assert unequal(one.standing(), other.standing()) == []
    assert unequal(one.shadow_standing(), other.shadow_standing()) == []


@given(seeds=SEEDS, data=st.data())
def test_order_does_not_matter(seeds: list[int], data: st.DataObject) -> None:
    check(seeds, data)


@pytest.mark.ci
@settings(max_examples=1000)
@given(seeds=SEEDS, data=st.data())
def test_order_does_not_matter_a_thousand_times(seeds: list[int], data: st.DataObject) -> None:
    check(seeds, data)
