"""The monitor against a fresh one: incremental equals from scratch (law 2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from signals.chart.answers import Answers
from signals.chart.chart import Chart
from signals.facts.kind import Context, Fact
from signals.monitor.derivation import Facts
from signals.monitor.due import DueDates
from signals.monitor.judgements import Judgements
from signals.monitor.monitor import Monitor
from signals.rulebook.answer import Answer


def differences(monitor: Monitor) -> list[str]:
    """Where facts, answers or wakes are not what deriving and judging all anew gives; none: []."""
    monitor.settle()
    fresh, due = _facts(monitor)
    judgements = monitor.fresh_judgements(due)
    for fact in fresh:
        judgements.judge(fact, monitor.now)
    return [
        *_unequal("fact", _named(monitor.facts()), _named(fresh)),
        *_unequal("answer", _answers(monitor.answers()), _answers(judgements)),
        *_of_wakes(monitor, judgements),
    ]


def _facts(monitor: Monitor) -> tuple[Facts, DueDates]:
    facts, due = Facts(kind.name for kind in monitor.kinds), DueDates()
    context = Context(monitor.pack.study, monitor.chart, facts)
    with _asking_anew(monitor.chart):
        for kind in monitor.kinds:
            for key in kind.keys(context):
                change = facts.put(kind.name, key, kind.derive(key, context))
                if change is not None:
                    due.follow(change)
    return facts, due


@contextmanager
def _asking_anew(chart: Chart) -> Iterator[None]:
    """Without the answers that are kept: one of them may be what is wrong."""
    kept, chart.answers = chart.answers, Answers()
    try:
        yield
    finally:
        chart.answers = kept


def _named(facts: Iterable[Fact]) -> dict[str, object]:
    return {f"{fact.kind} {fact.key}": fact for fact in facts}


def _answers(answers: Iterable[Answer]) -> dict[str, object]:
    return {f"{answer.rule.code} {answer.key}": answer for answer in answers}


def _unequal(what: str, has: Mapping[str, object], fresh: Mapping[str, object]) -> Iterator[str]:
    for name in dict.fromkeys((*has, *fresh)):
        if has.get(name) != fresh.get(name):
            yield f"{what} {name}: {has.get(name)}, from scratch {fresh.get(name)}"


def _of_wakes(monitor: Monitor, fresh: Judgements) -> Iterator[str]:
    if monitor.next_wake() != fresh.wakes.next():
        yield f"next wake {monitor.next_wake()}, from scratch {fresh.wakes.next()}"
