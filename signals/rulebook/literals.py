"""Formulas of comparisons on whole numbers: the part of a rule's language that the matcher speaks.

A condition over a set of possibilities is said twice: by a formula that holds when it is
*certainly* true and by one that holds when it is *possibly* true.  ``not`` swaps and turns them, so
that only comparisons, ``and`` and ``or`` are left.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import prod
from typing import Any, Literal, NamedTuple, TypeAlias

Relation: TypeAlias = Literal["$eq", "$neq", "$lt", "$lte", "$gt", "$gte"]

_OPPOSITE: dict[Relation, Relation] = {
    "$eq": "$neq",
    "$neq": "$eq",
    "$lt": "$gte",
    "$gte": "$lt",
    "$gt": "$lte",
    "$lte": "$gt",
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """A property of the flat fact against a whole number."""

    name: str
    relation: Relation
    number: int


@dataclass(frozen=True, slots=True)
class Junction:
    """All (``$and``) or any (``$or``) of at least two parts, none of them of the same sort."""

    sort: Literal["$and", "$or"]
    parts: tuple[Formula, ...]


Formula: TypeAlias = Comparison | Junction | bool
"""``True`` and ``False`` only stand alone."""


class Pair(NamedTuple):
    """When a statement is certainly and when it is possibly true."""

    certain: Formula
    possible: Formula

    def opposite(self) -> Pair:
        """The pair of the negation."""
        return Pair(negated(self.possible), negated(self.certain))


def all_of(parts: Iterable[Formula]) -> Formula:
    """The conjunction, flat and without constants."""
    return _junction("$and", parts, neutral=True)


def any_of(parts: Iterable[Formula]) -> Formula:
    """The disjunction, flat and without constants."""
    return _junction("$or", parts, neutral=False)


def negated(formula: Formula) -> Formula:
    """The negation, pushed to the comparisons by De Morgan."""
    match formula:
        case bool():
            return not formula
        case Comparison(name, relation, number):
            return Comparison(name, _OPPOSITE[relation], number)
        case Junction("$and", parts):
            return any_of(negated(part) for part in parts)
        case Junction(_, parts):
            return all_of(negated(part) for part in parts)


def _junction(sort: Literal["$and", "$or"], parts: Iterable[Formula], *, neutral: bool) -> Formula:
    flat: dict[Formula, None] = {}
    for part in parts:
        if isinstance(part, bool):
            if part is not neutral:
                return part
        elif isinstance(part, Junction) and part.sort == sort:
            flat.update(dict.fromkeys(part.parts))
        else:
            flat[part] = None
    if len(flat) < 2:  # noqa: PLR2004 - one part needs no junction
        return next(iter(flat), neutral)
    return Junction(sort, tuple(flat))


def comparisons(formula: Formula) -> Iterator[Comparison]:
    """Every comparison in the formula."""
    if isinstance(formula, Comparison):
        yield formula
    elif isinstance(formula, Junction):
        for part in formula.parts:
            yield from comparisons(part)


def junctions(formula: Formula) -> int:
    """How many ``and`` and ``or`` the formula holds."""
    if not isinstance(formula, Junction):
        return 0
    return 1 + sum(junctions(part) for part in formula.parts)


def branches(formula: Formula) -> int:
    """How many branches can be true at once; a rule of durable-rules fires once for each."""
    if not isinstance(formula, Junction):
        return 1
    counts = [branches(part) for part in formula.parts]
    return prod(counts) if formula.sort == "$and" else sum(counts)


def spoken(formula: Formula) -> dict[str, Any]:
    """The formula as durable-rules reads it."""
    match formula:
        case Comparison(name, "$eq", number):
            return {name: number}
        case Comparison(name, relation, number):
            return {relation: {name: number}}
        case Junction(sort, parts):
            return {sort: [spoken(part) for part in parts]}
        case _:
            raise ValueError("a constant cannot be said to durable-rules")
