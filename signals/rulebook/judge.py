"""The judge: one rule on one fact, leaf by leaf, with Kleene's three answers.

It is one of two evaluators (docs/decisions/0004-two-evaluators.md); the matcher is the other.  A
rule is compiled once into closures and then asked for every fact whose values changed, so it stops
at the first criterion that is certainly no.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TypeAlias

from signals.facts.kind import Field
from signals.facts.value import Coded, Ordered, Value
from signals.rulebook.conditions import Test, test_of
from signals.rulebook.errors import RuleError
from signals.rulebook.ranges import NO, UNKNOWN, YES
from signals.rulebook.running import RUNNING
from signals.rulebook.spec import (
    AllOf,
    AnyOf,
    Assume,
    Condition,
    Expression,
    IfUnknown,
    Is,
    LeaveTo,
    Not,
    Priority,
    Rule,
    Verdict,
)

Values: TypeAlias = Mapping[str, Value]
Answering: TypeAlias = Callable[[Values, datetime], int]

VERDICTS = (Verdict.NO, Verdict.UNKNOWN, Verdict.YES)
"""The word for each answer of a compiled condition."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One compiled condition, and what ``if_unknown`` of the rule makes of it.

    ``assumed`` is the answer by the assumed value, None without an assumption.
    """

    condition: Condition
    field: Field
    test: Test
    assumed: int | None
    left_to: str | None

    def answer(self, values: Values, now: datetime) -> int:
        """The bare answer of the condition, before ``if_unknown``; ``now`` in UTC."""
        return self.test(values.get(self.field.name), now)

    def fallback(self, *, positive: bool) -> int | None:
        """What an undecided leaf counts for in ``fires_when``; None leaves it undecided.

        What is left to another rule counts against firing: ``no``, and ``yes`` under a ``not``.
        """
        if self.left_to is not None:
            return NO if positive else YES
        return self.assumed


class Judge:
    """One rule, compiled.  ``now`` is any aware instant; a missing field may be anything."""

    def __init__(self, rule: Rule, fields: Mapping[str, Field]) -> None:
        """Compile; see ``compile_rule``."""
        self.rule = rule
        self.fields = fields
        self._if_unknown = dict(rule.if_unknown)
        self.criteria = {name: self._leaves(name, page) for name, page in rule.criteria}
        self.exceptions = tuple(
            (exception, self._leaves(exception.name, exception.conditions))
            for exception in rule.unless
        )
        self._fires = self._expression(rule.fires_when, positive=True, leaving=True)
        self._unless = tuple(
            _leaves([(leaf, leaf.assumed) for leaf in leaves]) for _, leaves in self.exceptions
        )
        self._priority = tuple(
            (entry.priority, None if entry.when is None else self._aside(entry.when))
            for entry in rule.priority
        )
        waits = rule.alert.sign_off_when
        self._waits = None if waits is None else self._aside(waits)

    def verdict(self, values: Values, now: datetime) -> Verdict:
        """Whether the rule holds: an exception holds it off only if it is certainly yes."""
        now = now.astimezone(UTC)
        fires = self._fires(values, now)
        if fires == NO:
            return Verdict.NO
        for unless in self._unless:
            if unless(values, now) == YES:
                return Verdict.NO
        return VERDICTS[fires]

    def priority(self, values: Values, now: datetime) -> Priority:
        """The highest priority whose expression is not certainly no."""
        now = now.astimezone(UTC)
        for priority, when in self._priority:
            if when is None or when(values, now) != NO:
                return priority
        return self._priority[-1][0]

    def waits(self, values: Values, now: datetime) -> bool:
        """Whether the untrue rule waits for a signature: ``sign_off_when`` is not certainly no."""
        if self._waits is None or self.verdict(values, now) is not Verdict.NO:
            return False
        return self._waits(values, now.astimezone(UTC)) != NO

    def _leaves(self, name: str, conditions: Sequence[Condition]) -> tuple[Leaf, ...]:
        if not conditions:
            raise RuleError(
                f"{self.rule.code}: '{name}' has no condition; only a draft may lack it"
            )
        return tuple(self._leaf(name, condition) for condition in conditions)

    def _leaf(self, name: str, condition: Condition) -> Leaf:
        field = self.fields.get(condition.field)
        if field is None:
            raise RuleError(
                f"{self.rule.code}: '{name}': '{condition.field}' is not a field of this kind "
                f"({self.rule.judges}); `signals rules facts` lists them"
            )
        try:
            test = test_of(condition, field)
            otherwise = self._if_unknown.get(field.name)
            assumed = _assumed(otherwise, field, test)
        except RuleError as error:
            raise RuleError(f"{self.rule.code}: '{name}': {error}") from None
        left_to = otherwise.rule if isinstance(otherwise, LeaveTo) else None
        return Leaf(condition, field, test, assumed, left_to)

    def _aside(self, expression: Expression) -> Answering:
        """An expression beside ``fires_when``: what is left to a rule stays undecided there."""
        return self._expression(expression, positive=True, leaving=False)

    def _expression(self, expression: Expression, *, positive: bool, leaving: bool) -> Answering:
        match expression:
            case Is(name):
                return self._criterion(name, positive=positive, leaving=leaving)
            case Not(inner):
                return _not(self._expression(inner, positive=not positive, leaving=leaving))
            case AllOf(parts):
                return _all(
                    [self._expression(part, positive=positive, leaving=leaving) for part in parts]
                )
            case AnyOf(parts):
                return _any(
                    [self._expression(part, positive=positive, leaving=leaving) for part in parts]
                )

    def _criterion(self, name: str, *, positive: bool, leaving: bool) -> Answering:
        leaves = self.criteria.get(name)
        if leaves is None:
            raise RuleError(
                f"{self.rule.code}: '{name}' is not a criterion; there are: "
                + ", ".join(self.criteria)
            )
        return _leaves(
            [
                (leaf, leaf.fallback(positive=positive) if leaving else leaf.assumed)
                for leaf in leaves
            ]
        )


def compile_rule(rule: Rule, fields: Mapping[str, Field]) -> Judge:
    """Make a rule ready to judge facts with these fields.

    Raises:
        RuleError: a criterion is empty or missing, or a condition or an assumption does not fit
            its field (``signals rules check`` finds these on the page).
    """
    return Judge(rule, fields)


def assumed_value(assume: Assume) -> Value:
    """The assumed value as a value with one possibility."""
    if isinstance(assume.value, str):
        return Coded(words=frozenset({assume.value}))
    return Ordered(low=assume.value, high=assume.value)


def _assumed(otherwise: IfUnknown | None, field: Field, test: Test) -> int | None:
    if not isinstance(otherwise, Assume):
        return None
    wanted: type = str if field.type in ("word", "text") else Decimal
    if field.type == "date":
        wanted = date
    if field.type in RUNNING or not isinstance(otherwise.value, wanted):
        raise RuleError(f"'{otherwise.value}' cannot be assumed for '{field.name}' ({field.type})")
    return test(assumed_value(otherwise), datetime.max.replace(tzinfo=UTC))


def _leaves(leaves: Sequence[tuple[Leaf, int | None]]) -> Answering:
    """All of these, each with what an undecided one counts for."""
    tests = tuple((leaf.field.name, leaf.test, fallback) for leaf, fallback in leaves)

    def answer(values: Values, now: datetime) -> int:
        least = YES
        for name, test, fallback in tests:
            found = test(values.get(name), now)
            if found == UNKNOWN and fallback is not None:
                found = fallback
            if found < least:
                if found == NO:
                    return NO
                least = found
        return least

    return answer


def _not(inner: Answering) -> Answering:
    return lambda values, now: YES - inner(values, now)


def _all(parts: Sequence[Answering]) -> Answering:
    if len(parts) == 1:
        return parts[0]

    def answer(values: Values, now: datetime) -> int:
        least = YES
        for part in parts:
            found = part(values, now)
            if found < least:
                if found == NO:
                    return NO
                least = found
        return least

    return answer


def _any(parts: Sequence[Answering]) -> Answering:
    if len(parts) == 1:
        return parts[0]

    def answer(values: Values, now: datetime) -> int:
        most = NO
        for part in parts:
            found = part(values, now)
            if found > most:
                if found == YES:
                    return YES
                most = found
        return most

    return answer
