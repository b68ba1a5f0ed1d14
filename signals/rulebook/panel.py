"""Two judges for every fact: the compiled rule and the matcher, and what holds if they differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter
from typing import Protocol

from signals.facts.kind import Fact, Field
from signals.rulebook.answer import Answer, Missing
from signals.rulebook.errors import MatcherError
from signals.rulebook.explain import Explainer, headline
from signals.rulebook.judge import Judge, compile_rule
from signals.rulebook.matcher import Matcher
from signals.rulebook.spec import Rule, Verdict
from signals.rulebook.texts import NOT_KNOWN
from signals.rulebook.together import Together

CAUTION = {Verdict.NO: 0, Verdict.UNKNOWN: 1, Verdict.YES: 2}
"""Of two verdicts the higher stands: better an alert too many than one too few."""


class KindDoc(Protocol):
    """What the dictionary of facts tells of a kind."""

    @property
    def fields(self) -> Mapping[str, Field]:
        """The fields by name."""
        ...


@dataclass(slots=True)
class Counters:
    """What the panel did; the seconds only if it was told to time itself."""

    facts: int = 0
    matcher_calls: int = 0
    disagreements: int = 0
    matcher_errors: int = 0
    rule_errors: int = 0
    judge_seconds: float = 0.0
    matcher_seconds: float = 0.0


@dataclass(slots=True)
class Listeners:
    """Who hears of what should not happen; by default nobody."""

    on_disagreement: Callable[[str, Fact, Verdict, Verdict], None] = lambda *_: None
    on_matcher_error: Callable[[Fact, MatcherError], None] = lambda *_: None
    on_rule_error: Callable[[str, Fact, Exception], None] = lambda *_: None


class Panel:
    """Judges facts by all the rules on their kind.

    ``dictionary`` holds the fields of each kind.  Without ``use_matcher`` the judge is alone.
    """

    def __init__(
        self,
        rules_by_kind: Mapping[str, Iterable[Rule]],
        dictionary: Mapping[str, KindDoc],
        *,
        use_matcher: bool = True,
        listeners: Listeners | None = None,
        timed: bool = False,
    ) -> None:
        """Compile all rules.

        Raises:
            RuleError: a rule does not fit its kind of fact.
            MatcherError: durable-rules did not take the rules.
        """
        self.counters = Counters()
        self.errors: dict[str, str] = {}
        self._listeners = listeners or Listeners()
        self._clock = perf_counter if timed else lambda: 0.0
        self._judges: dict[str, dict[str, Judge]] = {}
        self._together: dict[str, Together] = {}
        self._explainers: dict[str, Explainer] = {}
        self._matchers: dict[str, Matcher] = {}
        for kind, rules in rules_by_kind.items():
            fields = dictionary[kind].fields
            judges = {rule.code: compile_rule(rule, fields) for rule in rules}
            self._judges[kind] = judges
            self._together[kind] = Together(judges, fields)
            self._explainers.update({code: Explainer(judge) for code, judge in judges.items()})
            if use_matcher and judges:
                self._matchers[kind] = Matcher(kind, [j.rule for j in judges.values()], fields)

    @property
    def refused(self) -> dict[str, str]:
        """The rules without a second opinion, by code, and why (see ``Matcher``)."""
        return {
            code: why
            for matcher in self._matchers.values()
            for code, why in matcher.refused.items()
        }

    def judge(self, fact: Fact, now: datetime) -> Mapping[str, Verdict]:
        """The verdict of every rule on the fact's kind, by code; ``errors`` says which failed on it.

        A rule whose judge fails is not yet known; where the evaluators differ, the cautious verdict
        stands; if the matcher fails, the judge's stand.
        """
        kind = fact.kind
        self.errors = {}
        if not self._judges.get(kind):
            return {}
        self.counters.facts += 1
        now = now.astimezone(UTC)
        begun = self._clock()
        try:
            verdicts = self._together[kind].verdicts(fact.values, now)
        except Exception:  # noqa: BLE001 - one of them fails, and each alone shows which
            verdicts = self._one_by_one(fact, now)
        judged = self._clock()
        self.counters.judge_seconds += judged - begun
        if kind in self._matchers:
            verdicts = self._second_opinion(fact, now, verdicts)
            self.counters.matcher_seconds += self._clock() - judged
        return verdicts

    def answer(self, code: str, fact: Fact, now: datetime, verdict: Verdict) -> Answer:
        """The whole answer for a verdict that ``judge`` gave; a rule that fails explains that."""
        try:
            return self._explainers[code].answer(fact, now, verdict)
        except Exception as error:  # noqa: BLE001 - an alert without reasons is better than none
            self._broken(code, fact, error)
            return _unexplained(self._judges[fact.kind][code], fact, verdict)

    def _one_by_one(self, fact: Fact, now: datetime) -> dict[str, Verdict]:
        verdicts: dict[str, Verdict] = {}
        for code, judge in self._judges[fact.kind].items():
            try:
                verdicts[code] = judge.verdict(fact.values, now)
            except Exception as error:  # noqa: BLE001 - a broken rule must not silence the others
                verdicts[code] = Verdict.UNKNOWN
                self._broken(code, fact, error)
        return verdicts

    def _broken(self, code: str, fact: Fact, error: Exception) -> None:
        self.counters.rule_errors += 1
        self.errors[code] = f"{type(error).__name__}: {error}"
        self._listeners.on_rule_error(code, fact, error)

    def _second_opinion(
        self, fact: Fact, now: datetime, verdicts: Mapping[str, Verdict]
    ) -> Mapping[str, Verdict]:
        """The verdicts that stand after the matcher was asked too."""
        self.counters.matcher_calls += 1
        try:
            seconds = self._matchers[fact.kind].judge(fact.values, now)
        except MatcherError as error:
            self.counters.matcher_errors += 1
            self._listeners.on_matcher_error(fact, error)
            return verdicts
        stand = verdicts
        for code, second in seconds.items():
            first = verdicts[code]
            if first is not second and code not in self.errors:
                self.counters.disagreements += 1
                self._listeners.on_disagreement(code, fact, first, second)
                stand = {**stand, code: max(first, second, key=CAUTION.__getitem__)}
        return stand


def _unexplained(judge: Judge, fact: Fact, verdict: Verdict) -> Answer:
    rule = judge.rule
    return Answer(
        rule=rule,
        key=fact.key,
        verdict=verdict,
        priority=rule.priority[0].priority,
        headline=headline(rule, judge.fields, fact),
        because=(),
        missing=(Missing("this rule", rule.judges, "could not be judged", NOT_KNOWN, ()),),
        assumed=(),
        fact=fact,
    )
