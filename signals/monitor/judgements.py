"""What the rules of a pack say about the facts, and when time alone will change it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from signals.facts.kind import Fact, FactKind, Key, PutsOff
from signals.monitor.due import DueDates
from signals.monitor.wakes import FactName, Wakes
from signals.rulebook.answer import Answer
from signals.rulebook.pack import Pack
from signals.rulebook.panel import Panel
from signals.rulebook.spec import Priority, Rule, Status, Verdict
from signals.rulebook.translate import conditions_of
from signals.rulebook.turns import Turns

_EVER = datetime.min.replace(tzinfo=UTC)


class Judgements:
    """The answers yes and not yet known of every rule; whatever is not among them is no."""

    def __init__(
        self, pack: Pack, kinds: Mapping[str, FactKind], panel: Panel, due: DueDates
    ) -> None:
        """Start with no fact judged."""
        by_kind = {kind: rules for kind, rules in pack.by_kind.items() if rules}
        self._rules = {kind: {rule.code: rule for rule in rules} for kind, rules in by_kind.items()}
        self._active = {
            kind: {code: rule for code, rule in rules.items() if rule.status is Status.ACTIVE}
            for kind, rules in self._rules.items()
        }
        turns = {kind: Turns(rules, kinds[kind].fields) for kind, rules in by_kind.items()}
        self._turns = {kind: own for kind, own in turns.items() if own}
        self._may_rest = {kind for kind in self._turns if _may_rest(kinds[kind], by_kind[kind])}
        self._panel = panel
        self._due = due
        self._standing: dict[FactName, dict[str, Answer]] = {}
        self._failed: dict[FactName, dict[str, str]] = {}
        self.wakes = Wakes()

    def active(self, kind: str) -> Mapping[str, Rule]:
        """The rules on facts of a kind whose answers are published, by code."""
        return self._active.get(kind, {})

    def judge(self, fact: Fact, now: datetime) -> Iterable[str]:
        """Ask every rule of the fact's kind, and note when to ask again; the rules that stand."""
        kind = fact.kind
        rules = self._rules.get(kind)
        if rules is None:
            return ()
        name, verdicts = (kind, fact.key), self._panel.judge(fact, now)
        standing = {
            code: self.explain(rules[code], fact, verdict, now)
            for code, verdict in verdicts.items()
            if verdict is not Verdict.NO
        }
        if standing:
            self._standing[name] = standing
        else:
            self._standing.pop(name, None)
        if self._panel.errors:
            self._failed[name] = self._panel.errors
        elif self._failed:
            self._failed.pop(name, None)
        turns = self._turns.get(kind)
        if turns is not None:
            self.wakes.set(name, turns.next(fact.values, now))
        return standing

    def rests(self, fact: Fact, now: datetime) -> bool:
        """Whether no rule says anything of a fact, and no condition that runs has turned yet.

        Then nothing will be said of it before the first of them turns, for which it waits.
        """
        kind, name = fact.kind, (fact.kind, fact.key)
        if kind not in self._may_rest or name in self._standing or name in self._failed:
            return False
        first = self._turns[kind].next(fact.values, _EVER)
        return first is not None and first > now

    def forget(self, name: FactName) -> Iterable[str]:
        """The fact is gone: no rule stands on it."""
        self._standing.pop(name, None)
        self._failed.pop(name, None)
        self.wakes.set(name, None)
        return ()

    def show_due(self, fact: Fact) -> None:
        """The obligations of the fact's case are others now."""
        answers = self._standing.get((fact.kind, fact.key), {})
        for code, answer in answers.items():
            answers[code] = replace(answer, due=self._due.of(answer.rule, fact))

    def standing(self, name: FactName) -> Iterable[str]:
        """The rules whose answer about a fact is yes or not yet known."""
        return self._standing.get(name, ())

    def get(self, name: FactName, rule: str) -> Answer | None:
        """The answer of a rule if it is yes or not yet known."""
        return self._standing.get(name, {}).get(rule)

    def failed(self) -> dict[str, tuple[FactName, str]]:
        """The rules that now cannot be judged on some fact: such a fact, and what went wrong."""
        found: dict[str, tuple[FactName, str]] = {}
        for name in sorted(self._failed, key=str):
            for code, message in self._failed[name].items():
                found.setdefault(code, (name, message))
        return found

    def explain(self, rule: Rule, fact: Fact, verdict: Verdict, now: datetime) -> Answer:
        """The whole answer to a verdict of the panel."""
        answer = self._panel.answer(rule.code, fact, now, verdict)
        due = self._due.of(rule, fact)
        return replace(answer, due=due) if due else answer

    def __iter__(self) -> Iterator[Answer]:
        for answers in self._standing.values():
            yield from answers.values()


def _may_rest(kind: FactKind, rules: Iterable[Rule]) -> bool:
    """Whether no rule reads what else is told when a fact is put off."""
    read = {condition.field for rule in rules for condition in conditions_of(rule)}
    return isinstance(kind, PutsOff) and not read & kind.retold


def gone(rule: Rule, key: Key, moved_to: Key | None) -> Answer:
    """The answer no about a fact that is not there (any more), or by a rule not asked any more."""
    return Answer(
        rule=rule,
        key=key,
        verdict=Verdict.NO,
        priority=Priority.INFO,
        headline="",
        because=(),
        missing=(),
        assumed=(),
        moved_to=moved_to,
    )
