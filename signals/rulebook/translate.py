"""A rule as a pair of formulas: its own ``and``, ``or`` and ``not`` over certain and possible."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from signals.facts.kind import Field
from signals.rulebook.conditions import test_of
from signals.rulebook.encoding import Encoding
from signals.rulebook.expression import criteria_of
from signals.rulebook.judge import assumed_value
from signals.rulebook.literals import Formula, Pair, all_of, any_of, negated
from signals.rulebook.ranges import YES
from signals.rulebook.spec import (
    AllOf,
    AnyOf,
    Assume,
    Condition,
    Expression,
    Is,
    LeaveTo,
    Not,
    Rule,
)


def formulas_of(rule: Rule, fields: Mapping[str, Field], encoding: Encoding) -> Pair:
    """When the rule is certainly and when it is possibly true.

    An exception holds off only where it is certain.
    """
    translator = _Translator(rule, fields, encoding)
    fires = translator.expression(rule.fires_when, positive=True)
    held_off = any_of(translator.exception(exception.conditions) for exception in rule.unless)
    free = negated(held_off)
    return Pair(all_of([fires.certain, free]), all_of([fires.possible, free]))


def conditions_of(rule: Rule) -> Iterator[Condition]:
    """The conditions that decide whether the rule fires."""
    criteria, names = dict(rule.criteria), set(criteria_of(rule.fires_when))
    for name in sorted(names):
        yield from criteria[name]
    for exception in rule.unless:
        yield from exception.conditions


class _Translator:
    """Says the expressions of one rule as pairs of formulas."""

    def __init__(self, rule: Rule, fields: Mapping[str, Field], encoding: Encoding) -> None:
        self._criteria = dict(rule.criteria)
        self._if_unknown = dict(rule.if_unknown)
        self._fields = fields
        self._encoding = encoding

    def expression(self, expression: Expression, *, positive: bool) -> Pair:
        match expression:
            case Is(name):
                return _all([self._leaf(each, positive) for each in self._criteria[name]])
            case Not(inner):
                return self.expression(inner, positive=not positive).opposite()
            case AllOf(parts):
                return _all([self.expression(part, positive=positive) for part in parts])
            case AnyOf(parts):
                return _any([self.expression(part, positive=positive) for part in parts])

    def exception(self, conditions: Iterable[Condition]) -> Formula:
        """When all the conditions are certainly true, by assumption or by themselves."""
        return all_of(self._assuming(condition).certain for condition in conditions)

    def _leaf(self, condition: Condition, positive: bool) -> Pair:
        """What is left to a rule counts as no, under a ``not`` as yes."""
        pair = self._assuming(condition)
        if not isinstance(self._if_unknown.get(condition.field), LeaveTo):
            return pair
        counts = pair.certain if positive else pair.possible
        return Pair(counts, counts)

    def _assuming(self, condition: Condition) -> Pair:
        pair = self._encoding.pair(condition)
        otherwise = self._if_unknown.get(condition.field)
        if not isinstance(otherwise, Assume):
            return pair
        test = test_of(condition, self._fields[condition.field])
        fits = test(assumed_value(otherwise), datetime.max.replace(tzinfo=UTC)) == YES
        decided = pair.possible if fits else pair.certain
        return Pair(decided, decided)


def _all(pairs: Sequence[Pair]) -> Pair:
    return Pair(all_of(each.certain for each in pairs), all_of(each.possible for each in pairs))


def _any(pairs: Sequence[Pair]) -> Pair:
    return Pair(any_of(each.certain for each in pairs), any_of(each.possible for each in pairs))
