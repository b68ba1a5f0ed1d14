"""A site that is heard again waits to be derived, and nobody can tell by the alerts."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from signals.book.fold import Fold
from signals.events import Record
from signals.facts.kind import Context, Fact, Key
from signals.facts.registry import KINDS
from signals.facts.source import SourceKind
from signals.monitor.monitor import Monitor
from signals.monitor.scratch import differences
from signals.rulebook.spec import AnyOf, Is
from tests.facts.kit import Trial, at, without_matcher
from tests.rulebook.build import one_of

BEGIN = "03-01 10:00"
RULE = "DQ-07"

GAPS = st.integers(0, 200) | st.sampled_from([24, 71, 72, 73, 200])
STEPS = st.lists(
    st.tuples(GAPS, st.sampled_from(["record", "record", "record", "clock", "late", "again"])),
    min_size=2,
    max_size=14,
)


def _text(when: datetime) -> str:
    return when.strftime("%m-%d %H:%M")


def _seen(trial: Trial, when: datetime, number: int) -> None:
    trial.add(_text(when), "vital-signs", f"VS-{number}", {"at": when.isoformat()})


def _journal(steps: list[tuple[int, str]]) -> list[tuple[Record, int]]:
    """One site: records, clocks, records that arrive behind the clock, repetitions that came earlier."""
    trial = Trial(stepwise=False)
    trial.enrolment(BEGIN)
    now = at(BEGIN)
    for number, (hours, what) in enumerate(steps):
        if what == "again":
            record, _ = trial.journal[-1]
            earlier = record.arrived(record.arrival - timedelta(hours=hours))
            trial.journal.append((earlier, len(trial.journal) + 1))
            continue
        then = now - timedelta(hours=min(hours, 20)) if what == "late" else now
        if what == "clock":
            now += timedelta(hours=hours)
            trial.wait(_text(now))
        else:
            now += timedelta(hours=hours if what == "record" else 0)
            _seen(trial, now if what == "record" else then, number)
    trial.wait(_text(now + timedelta(days=40)))
    return [(record, place) for place, (record, _) in enumerate(trial.journal, start=1)]


@given(steps=STEPS)
def test_what_is_published_is_the_same_as_if_nothing_waited(steps: list[tuple[int, str]]) -> None:
    pack = Trial(stepwise=False).pack
    waiting = Fold(pack, make_panel=without_matcher)
    settled = Fold(pack, make_panel=without_matcher)
    for record, position in _journal(steps):
        assert waiting.step(record, position) == settled.step(record, position)
        assert waiting.monitor.standing() == settled.monitor.standing()
        settled.monitor.settle()
        assert differences(settled.monitor) == []
    assert differences(waiting.monitor) == []


class _Counted(SourceKind):
    """Counts how often it is asked for a fact."""

    def __init__(self) -> None:
        self.derived = 0

    def derive(self, key: Key, ctx: Context) -> Fact | None:
        self.derived += 1
        return super().derive(key, ctx)


def _heard(times: int, every: timedelta) -> tuple[Monitor, _Counted, datetime]:
    counted = _Counted()
    kinds = [counted if kind.name == SourceKind.name else kind for kind in KINDS]
    trial = Trial(stepwise=False)
    trial.enrolment(BEGIN)
    for number in range(1, times + 1):
        _seen(trial, at(BEGIN) + number * every, number)
    monitor = Monitor(trial.pack, kinds, make_panel=without_matcher)
    for record, position in trial.journal:
        monitor.observe(record, position)
    return monitor, counted, at(BEGIN) + times * every


def test_a_site_that_is_heard_often_is_derived_when_its_time_might_have_come() -> None:
    monitor, counted, _ = _heard(60, timedelta(hours=6))
    # When it is enrolled, and 72 hours after each arrival on which the fact rests: every 66 hours.
    assert counted.derived <= 3 + 60 * 6 // 66
    assert RULE not in {answer.rule.code for answer in monitor.answers()}


def test_a_site_is_silent_at_the_very_instant_though_nobody_asked() -> None:
    monitor, _, last = _heard(10, timedelta(days=1))
    name = monitor.name(RULE, ("site", "WHC"))
    assert name not in monitor.wake(last + timedelta(hours=72) - timedelta(seconds=1))
    assert name in monitor.wake(last + timedelta(hours=72))
    assert name in monitor.standing()


def test_a_rule_that_reads_since_when_in_words_is_asked_by_every_record() -> None:
    trial = Trial(stepwise=False)
    (rule,) = trial.pack.by_kind[SourceKind.name]
    told = one_of("state_of_source", "last heard 2026-03-01 16:00")
    reading = replace(
        rule,
        criteria=(*rule.criteria, ("told", (told,))),
        fires_when=AnyOf((rule.fires_when, Is("told"))),
    )
    by_kind = {**trial.pack.by_kind, SourceKind.name: (reading,)}
    pack = replace(trial.pack, by_kind=by_kind, hash="sha256:reads the words")
    monitor = Monitor(pack, make_panel=without_matcher)
    trial.enrolment(BEGIN)
    for number in range(1, 4):
        _seen(trial, at(BEGIN) + timedelta(hours=3 * number), number)
    stands = []
    for record, position in trial.journal:
        monitor.observe(record, position)
        stands.append(bool(monitor.standing()))
    assert stands == [False, False, True, False]


def test_who_asks_for_facts_is_told_what_is_known_now() -> None:
    monitor, counted, last = _heard(2, timedelta(days=1))
    (fact,) = [each for each in monitor.facts() if each.kind == SourceKind.name]
    assert fact.clinical_at == last + timedelta(hours=72)
    before = counted.derived
    assert monitor.answer(monitor.name(RULE, fact.key)).fact == fact
    assert counted.derived == before
