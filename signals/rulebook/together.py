"""All rules on one kind of fact, judged together: each field is looked at once at most.

A judge knows a fact only by what its conditions answer, and asks for no more than decides it.  So the
questions of all judges form a tree: at each fork a field, for all that the conditions on this field
may answer a branch, and at the end the verdicts.  The tree grows by the judges themselves: on the
answers so far each gives its verdict, or asks for another field, which is the next fork.  Facts of
a kind go few ways through it, and most are decided after two or three fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import TypeAlias

from signals.facts.kind import Field
from signals.facts.value import Value
from signals.rulebook.conditions import test_of
from signals.rulebook.judge import Judge, Values
from signals.rulebook.kept import Reading, kept
from signals.rulebook.spec import Condition, Verdict
from signals.rulebook.translate import conditions_of

Answers: TypeAlias = tuple[int, ...]
"""What all conditions on one field answer, in their order."""

Verdicts: TypeAlias = Mapping[str, Verdict]

_MOST_FORKS = 16_384
"""A tree of more forks is left, and grown anew: rules on many fields have many ways."""


@dataclass(slots=True)
class _Fork:
    """Here this field is asked for, the last of those ``asked`` on the way."""

    asked: tuple[str, ...]
    asking: Reading[Answers]
    branches: dict[Answers, _Fork | Verdicts] = field(default_factory=dict)


class _AsksFor(Exception):  # noqa: N818 - a question, not an error
    """A judge cannot go on without this field."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class _Asked(Mapping[str, Value]):
    """The fields of a fact that were asked for, and no others."""

    def __init__(self, values: Values, names: Sequence[str]) -> None:
        self._values = values
        self._names = names

    def __getitem__(self, name: str) -> Value:
        if name not in self._names:
            raise _AsksFor(name)
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class Together:
    """Gives the verdicts of these judges of one kind of fact, as each would give it alone."""

    def __init__(self, judges: Mapping[str, Judge], fields: Mapping[str, Field]) -> None:
        """``judges`` by the code of their rule; ``fields``: those of the kind."""
        self._judges = judges
        conditions: dict[str, dict[Condition, None]] = {}
        for judge in judges.values():
            for condition in conditions_of(judge.rule):
                conditions.setdefault(condition.field, {})[condition] = None
        self._asking = {name: _asking(fields[name], own) for name, own in conditions.items()}
        self._root: _Fork | Verdicts | None = None
        self._forks = 0

    def verdicts(self, values: Values, now: datetime) -> Verdicts:
        """The verdict of every judge by code; ``now`` in UTC.  Raises what a condition raises."""
        at = self._root or self._begun(values, now)
        while isinstance(at, _Fork):
            answers = at.asking(values.get(at.asked[-1]), now)
            following = at.branches.get(answers)
            if following is None:
                following = at.branches[answers] = self._after(at.asked, values, now)
            at = following
        return at

    def _begun(self, values: Values, now: datetime) -> _Fork | Verdicts:
        self._forks = 0
        self._root = self._after((), values, now)
        return self._root

    def _after(self, asked: tuple[str, ...], values: Values, now: datetime) -> _Fork | Verdicts:
        """The verdicts as far as these fields were asked for, or the first that is still needed."""
        known = _Asked(values, asked)
        try:
            return MappingProxyType(
                {code: judge.verdict(known, now) for code, judge in self._judges.items()}
            )
        except _AsksFor as question:
            self._forks += 1
            if self._forks > _MOST_FORKS:
                self._root = None
            return _Fork((*asked, question.name), self._asking[question.name])


def _asking(field: Field, conditions: Mapping[Condition, None]) -> Reading[Answers]:
    tests = tuple(test_of(condition, field) for condition in conditions)

    def answers(value: Value | None, now: datetime) -> Answers:
        return tuple([test(value, now) for test in tests])

    return kept(field, answers)
