"""The monitor: what it says, when it wakes, and that it says the same however it got there."""

import pytest

from signals.monitor.identity import alert_id, read_alert_id
from signals.monitor.monitor import Monitor
from signals.monitor.scratch import differences
from signals.monitor.wakes import Wakes
from signals.rulebook.spec import Verdict
from tests.monitor.world import (
    ALL_RULES,
    KINDS,
    adverse_event,
    at,
    clock,
    make_panel,
    pack_of,
    page,
    submission,
    void,
)
from tests.rulebook.build import compare, hours

OLD = page("T", compare("since_receipt", ">=", hours(48)))


def monitor_of(*rules: object) -> Monitor:
    return Monitor(pack_of(*rules), KINDS, make_panel)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("key", "name"),
    [
        (("001-004", "AE-17"), "UC-MSC|DLT-01|001-004|AE-17"),
        ((None, "AE-1"), "UC-MSC|DLT-01|-|AE-1"),
        (("a|b", "c"), "UC-MSC|DLT-01|a%7Cb|c"),
        ((), "UC-MSC|DLT-01"),
    ],
)
def test_alert_id(key: tuple[str | None, ...], name: str) -> None:
    assert alert_id("UC-MSC", "DLT-01", key) == name
    assert read_alert_id(name) == ("UC-MSC", "DLT-01", key)


@pytest.mark.parametrize("text", ["", "nonsense", "a|b|c|d|e"])
def test_a_text_that_names_no_rule_has_no_rule(text: str) -> None:
    assert monitor_of(OLD).rule(text) is None


def test_it_wakes_when_time_turns_an_answer() -> None:
    monitor = monitor_of(OLD)
    assert monitor.next_wake() is None
    monitor.observe(adverse_event("03-04 10:00"), 1)
    assert monitor.next_wake() == at("03-06 10:00")
    assert monitor.wake(at("03-06 09:59")) == set()
    assert monitor.standing() == {}
    assert monitor.wake(at("03-06 10:00")) == {"T-1|T|001|AE-1"}
    assert set(monitor.standing()) == {"T-1|T|001|AE-1"}
    assert monitor.next_wake() is None


def test_a_voided_fact_wakes_nobody() -> None:
    monitor = monitor_of(OLD)
    monitor.observe(adverse_event("03-04 10:00"), 1)
    monitor.observe(void("03-05 10:00", 2), 2)
    assert monitor.next_wake() is None


def test_a_clock_record_brings_its_own_now() -> None:
    monitor = monitor_of(OLD)
    monitor.observe(adverse_event("03-04 10:00"), 1)
    assert monitor.observe(clock("03-06 10:00"), 2) == {"T-1|T|001|AE-1"}
    assert monitor.now == at("03-06 10:00")


def test_an_old_record_does_not_turn_time_back() -> None:
    monitor = monitor_of(OLD)
    monitor.observe(clock("03-09 10:00"), 1)
    monitor.observe(adverse_event("03-04 10:00"), 2)
    assert monitor.now == at("03-09 10:00")
    assert set(monitor.standing()) == {"T-1|T|001|AE-1"}


def test_the_answer_no_says_why_and_of_a_fact_that_is_gone_that_it_is() -> None:
    monitor = monitor_of(page("T", compare("grade", ">=", 3)))
    monitor.observe(adverse_event("03-04 10:00"), 1)
    answer = monitor.answer("T-1|T|001|AE-1")
    assert (answer.verdict, answer.because[0].value) == (Verdict.NO, "2")
    gone = monitor.answer("T-1|T|001|AE-7")
    assert (gone.verdict, gone.fact, gone.moved_to) == (Verdict.NO, None, None)


def test_a_record_that_found_its_subject_tells_where_it_went() -> None:
    monitor = monitor_of(page("T", compare("grade", ">=", 1)))
    monitor.observe(adverse_event("03-04 10:00", subject=None), 1)
    monitor.observe(adverse_event("03-05 10:00", version=2), 2)
    assert monitor.answer("T-1|T|-|AE-1").moved_to == ("001", "AE-1")


def test_only_what_is_touched_is_looked_at() -> None:
    monitor = monitor_of(*ALL_RULES)
    monitor.observe(adverse_event("03-04 10:00", serious="Y"), 1)
    monitor.observe(adverse_event("03-04 11:00", record_id="AE-2", serious="Y"), 2)
    changed = monitor.observe(submission("03-04 12:00", ae="AE-2"), 3)
    assert changed
    assert all("AE-2" in name for name in changed)
    assert differences(monitor) == []


def test_what_is_untrue_before_and_after_is_named_only_if_it_is_watched() -> None:
    monitor = monitor_of(page("T", compare("grade", ">=", 3)))
    name = "T-1|T|001|AE-1"
    assert monitor.observe(adverse_event("03-04 10:00"), 1) == set()
    assert monitor.observe(adverse_event("03-05 10:00", version=2, grade=3), 2) == {name}
    assert monitor.observe(adverse_event("03-06 10:00", version=3, grade=2), 3) == {name}
    assert monitor.observe(adverse_event("03-07 10:00", version=4, grade=1), 4) == set()
    monitor.watch(name)
    assert monitor.observe(adverse_event("03-08 10:00", version=5, grade=2), 5) == {name}


def test_absorbing_says_the_same_as_observing() -> None:
    journal = [
        (adverse_event("03-04 10:00", serious="Y"), 1),
        (adverse_event("03-04 11:00", record_id="AE-2", grade=None), 2),
        (submission("03-05 12:00"), 3),
        (clock("03-09 12:00"), 4),
    ]
    one, other = monitor_of(*ALL_RULES), monitor_of(*ALL_RULES)
    for record, position in journal:
        one.observe(record, position)
    other.absorb(journal)
    assert one.standing() == other.standing()
    assert one.standing() != {}
    assert (one.now, one.position, one.next_wake()) == (
        other.now,
        other.position,
        other.next_wake(),
    )


def test_scratch_finds_a_fact_that_was_not_derived_anew() -> None:
    monitor = monitor_of(*ALL_RULES)
    monitor.observe(adverse_event("03-04 10:00"), 1)
    monitor.chart.add(adverse_event("03-04 11:00", version=2, grade=4), 2)
    assert any("adverse event ('001', 'AE-1')" in line for line in differences(monitor))


def test_wakes_are_taken_once_and_replaced_ones_not_at_all() -> None:
    wakes = Wakes()
    first, second = ("k", ("a",)), ("k", ("b",))
    wakes.set(first, at("03-04 10:00"))
    wakes.set(second, at("03-04 11:00"))
    wakes.set(first, at("03-04 12:00"))
    assert wakes.next() == at("03-04 11:00")
    assert wakes.take(at("03-04 11:30")) == [second]
    assert wakes.take(at("03-04 11:30")) == []
    wakes.set(first, None)
    assert wakes.next() is None
