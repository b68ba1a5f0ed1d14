"""Which leaves of an expression carry its answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from signals.immutable import immutable
from signals.rulebook.judge import Judge, Leaf
from signals.rulebook.ranges import NO, UNKNOWN, YES
from signals.rulebook.spec import AllOf, AnyOf, Expression, Is, Not

Place: TypeAlias = tuple[int, int]
"""A criterion by its number on the page, and a leaf by its number in it."""


@immutable(frozen=True, slots=True)
class Found:
    """A leaf of a criterion of the page, with its answer before and after ``if_unknown``."""

    place: Place
    criterion: str
    leaf: Leaf
    raw: int
    counts: int


@immutable(frozen=True, slots=True)
class Carried:
    """An answer, and the leaves that carry it."""

    answer: int
    leaves: tuple[Found, ...]


@immutable(frozen=True, slots=True)
class Carrier:
    """Finds the leaves that carry an answer, by De Morgan: a ``not`` turns what is looked for.

    An ``and`` that is yes rests on all its parts, one that is no on those that are no, an undecided
    one on all; an ``or`` the other way round, where the parts that are no have no say.

    ``order``: the number of a criterion by its name; ``answers``: what the leaves answer.
    """

    judge: Judge
    order: Mapping[str, int]
    answers: Mapping[Place, int]

    def of(self, expression: Expression, *, positive: bool = True) -> Carried:
        """The answer of an expression; ``positive``: under an even number of ``not``."""
        match expression:
            case Is(name):
                return self._criterion(name, positive=positive)
            case Not(inner):
                return self.of(inner, positive=not positive)
            case AllOf(parts):
                carried = [self.of(part, positive=positive) for part in parts]
                return _all(carried) if positive else _any(carried)
            case AnyOf(parts):
                carried = [self.of(part, positive=positive) for part in parts]
                return _any(carried) if positive else _all(carried)

    def _criterion(self, name: str, *, positive: bool) -> Carried:
        at, carried = self.order[name], []
        for nth, leaf in enumerate(self.judge.criteria[name]):
            fallback = leaf.fallback(positive=positive)
            found = found_of((at, nth), name, leaf, fallback, self.answers[at, nth])
            answer = found.counts if positive else YES - found.counts
            carried.append(Carried(answer, (found,)))
        return _all(carried) if positive else _any(carried)


def found_of(place: Place, criterion: str, leaf: Leaf, fallback: int | None, raw: int) -> Found:
    """The leaf at this place, which answers ``raw``; ``fallback`` decides it where it is undecided."""
    counts = fallback if raw == UNKNOWN and fallback is not None else raw
    return Found(place, criterion, leaf, raw, counts)


def _all(parts: Sequence[Carried]) -> Carried:
    answer = min((part.answer for part in parts), default=YES)
    return Carried(answer, _leaves(parts, {NO} if answer == NO else {UNKNOWN, YES}))


def _any(parts: Sequence[Carried]) -> Carried:
    answer = max((part.answer for part in parts), default=NO)
    return Carried(answer, _leaves(parts, {answer}))


def _leaves(parts: Sequence[Carried], answers: set[int]) -> tuple[Found, ...]:
    return tuple(leaf for part in parts if part.answer in answers for leaf in part.leaves)
