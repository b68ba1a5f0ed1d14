"""The language of limits: comparisons joined by and, or, not, and one condition by another.

    x > 3*ULN if not base_high else x > 3*BASE

Read by a parser of its own and never by ``eval``; answered yes, no or not known, since a result may
be ``<0.1`` and a limit of normal missing.  An answer may be less certain than it could be (each
comparison is taken by itself), never more.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from signals.study.ctcae.interval import ANY, Interval, Truth, below, exactly

NUMBERS = ("x", "ULN", "LLN", "BASE", "MI_CUTOFF")
"""The result, the laboratory's limits of normal, the baseline, and the assay's own limit."""
WORDS = ("anticoag", "symptomatic", "intervention", "physiologic_consequences", "fasting")
"""What only the clinic knows, or the sample's own record."""
_BASELINES = {"base_high": ">", "base_low": "<"}
NAMES = (*NUMBERS, *_BASELINES, *WORDS)
_OPERATORS = ("<=", ">=", "<", ">")
_TOKEN = re.compile(r"\s*(<=|>=|[<>*+()]|[0-9]+(?:\.[0-9]+)?|[A-Za-z_]+)")


class ExpressionError(ValueError):
    """The text is no limit; ``position`` is where, from 0, and ``word`` what stands there."""

    def __init__(self, message: str, position: int, word: str = "") -> None:
        super().__init__(message)
        self.position = position
        self.word = word


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a sample: intervals and words by name.

    ``without_baseline``: the answer of a comparison with a baseline that there is none of; None
    where there is one.
    """

    numbers: Mapping[str, Interval]
    words: Mapping[str, bool]
    without_baseline: Truth = None


@dataclass(frozen=True, slots=True)
class Sum:
    """A number times a name, or alone, and a number added: ``1.5*ULN``, ``ULN + 20``, ``100``."""

    name: str | None
    times: Fraction
    plus: Fraction

    def of(self, known: Known) -> Interval:
        """What it may be."""
        if self.name is None:
            return exactly(self.plus)
        found = known.numbers.get(self.name, ANY).times(self.times)
        return found.plus(exactly(self.plus)) if self.plus else found


@dataclass(frozen=True, slots=True)
class Comparison:
    """One number against another."""

    left: Sum
    operator: str
    right: Sum

    def of(self, known: Known) -> Truth:
        """Whether it holds."""
        if known.without_baseline is not None and "BASE" in (self.left.name, self.right.name):
            return known.without_baseline
        left, right = self.left.of(known), self.right.of(known)
        if self.operator == "<":
            return below(left, right)
        if self.operator == ">":
            return below(right, left)
        return _not(below(right, left) if self.operator == "<=" else below(left, right))

    def turns(self, known: Known) -> frozenset[Fraction]:
        """The results at which its answer may turn; between two of them it is one and the same."""
        if known.without_baseline is not None and "BASE" in (self.left.name, self.right.name):
            return frozenset()
        own, other = (self.left, self.right) if self.left.name == "x" else (self.right, self.left)
        if own.name != "x" or not own.times:
            return frozenset()
        ends = other.of(known)
        found = (end for end in (ends.low, ends.high) if end is not None)
        return frozenset((end - own.plus) / own.times for end in found)

    def names(self) -> frozenset[str]:
        """The names in it."""
        return frozenset(name for name in (self.left.name, self.right.name) if name is not None)


@dataclass(frozen=True, slots=True)
class Baseline:
    """Whether the baseline is abnormal; without a baseline it counts as normal (DOMAIN 7.4)."""

    comparison: Comparison

    def of(self, known: Known) -> Truth:
        """Whether it is."""
        return False if known.without_baseline is not None else self.comparison.of(known)

    def turns(self, _known: Known) -> frozenset[Fraction]:
        """Nowhere: it does not ask for the result."""
        return frozenset()

    def names(self) -> frozenset[str]:
        """The names in it."""
        return self.comparison.names()


@dataclass(frozen=True, slots=True)
class Word:
    """A word that is yes, no, or not known."""

    name: str

    def of(self, known: Known) -> Truth:
        """Its answer."""
        return known.words.get(self.name)

    def turns(self, _known: Known) -> frozenset[Fraction]:
        """Nowhere: it does not ask for the result."""
        return frozenset()

    def names(self) -> frozenset[str]:
        """The word."""
        return frozenset({self.name})


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    inner: Condition

    def of(self, known: Known) -> Truth:
        """Whether the inner does not hold."""
        return _not(self.inner.of(known))

    def turns(self, known: Known) -> frozenset[Fraction]:
        """Where the inner turns."""
        return self.inner.turns(known)

    def names(self) -> frozenset[str]:
        """The names in it."""
        return self.inner.names()


@dataclass(frozen=True, slots=True)
class Joined:
    """All of several conditions, or any (Kleene)."""

    any_of: bool
    parts: tuple[Condition, ...]

    def of(self, known: Known) -> Truth:
        """Whether all, or any, hold."""
        answers = {part.of(known) for part in self.parts}
        if self.any_of in answers:
            return self.any_of
        return None if None in answers else not self.any_of

    def turns(self, known: Known) -> frozenset[Fraction]:
        """Where some part turns."""
        return frozenset().union(*(part.turns(known) for part in self.parts))

    def names(self) -> frozenset[str]:
        """The names in it."""
        return frozenset().union(*(part.names() for part in self.parts))


@dataclass(frozen=True, slots=True)
class Choice:
    """One condition if another holds, else a third."""

    then: Condition
    when: Condition
    other: Condition

    def of(self, known: Known) -> Truth:
        """The condition chosen; where the choice is not known, what both agree on."""
        when = self.when.of(known)
        if when is not None:
            return (self.then if when else self.other).of(known)
        then, other = self.then.of(known), self.other.of(known)
        return then if then == other else None

    def turns(self, known: Known) -> frozenset[Fraction]:
        """Where one of the three turns."""
        return self.then.turns(known) | self.when.turns(known) | self.other.turns(known)

    def names(self) -> frozenset[str]:
        """The names in it."""
        return self.then.names() | self.when.names() | self.other.names()


Condition: TypeAlias = Comparison | Baseline | Word | Not | Joined | Choice


def read_expression(text: str) -> Condition:
    """The condition that a text means.

    Raises:
        ExpressionError: it means none.
    """
    return _Reader(text).whole()


class _Reader:
    """Reads by descent: choice, or, and, not, comparison, sum, product."""

    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, int]] = []
        place = 0
        while place < len(text.rstrip()):
            found = _TOKEN.match(text, place)
            if found is None:
                sign = text[place:].lstrip()[0]
                raise ExpressionError(f"'{sign}' means nothing in a limit", text.index(sign, place))
            self._tokens.append((found[1], found.start(1)))
            place = found.end()
        self._tokens.append(("", len(text)))
        self._next = 0

    def whole(self) -> Condition:
        found = self._choice()
        word, place = self._tokens[self._next]
        if word:
            raise ExpressionError(f"'{word}' is not expected here", place)
        return found

    def _is(self, word: str) -> bool:
        if self._tokens[self._next][0] == word:
            self._next += 1
            return True
        return False

    def _must(self, word: str) -> None:
        here, place = self._tokens[self._next]
        if not self._is(word):
            shown = f"not '{here}'" if here else "and the limit ends"
            raise ExpressionError(f"'{word}' is expected here, {shown}", place)

    def _choice(self) -> Condition:
        then = self._any()
        if not self._is("if"):
            return then
        when = self._any()
        self._must("else")
        return Choice(then, when, self._choice())

    def _any(self) -> Condition:
        parts = [self._all()]
        while self._is("or"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else Joined(any_of=True, parts=tuple(parts))

    def _all(self) -> Condition:
        parts = [self._not()]
        while self._is("and"):
            parts.append(self._not())
        return parts[0] if len(parts) == 1 else Joined(any_of=False, parts=tuple(parts))

    def _not(self) -> Condition:
        if self._is("not"):
            return Not(self._not())
        if self._is("("):
            inside = self._choice()
            self._must(")")
            return inside
        word = self._tokens[self._next][0]
        if word in WORDS:
            self._next += 1
            return Word(word)
        if word in _BASELINES:
            self._next += 1
            limit = Sum("ULN" if word == "base_high" else "LLN", Fraction(1), Fraction(0))
            base = Sum("BASE", Fraction(1), Fraction(0))
            return Baseline(Comparison(base, _BASELINES[word], limit))
        return self._comparison()

    def _comparison(self) -> Comparison:
        left = self._sum()
        word, place = self._tokens[self._next]
        if word not in _OPERATORS:
            raise ExpressionError("a comparison (<, <=, >, >=) is expected here", place)
        self._next += 1
        right = self._sum()
        if left.name == right.name == "x":
            raise ExpressionError("a limit compares the result with something else", place)
        return Comparison(left, word, right)

    def _sum(self) -> Sum:
        first = self._product()
        while self._is("+"):
            place = self._tokens[self._next][1]
            more = self._product()
            if first.name is not None and more.name is not None:
                raise ExpressionError("a sum holds one name at most", place)
            with_name = first if first.name is not None else more
            first = Sum(with_name.name, with_name.times, first.plus + more.plus)
        return first

    def _product(self) -> Sum:
        word, place = self._tokens[self._next]
        self._next += 1
        if word in NUMBERS:
            return Sum(word, Fraction(1), Fraction(0))
        if not word[:1].isdigit():
            shown = f"'{word}' is no name of a limit" if word else "a name is missing at the end"
            raise ExpressionError(shown, place, word)
        number = Fraction(word)
        if not self._is("*"):
            return Sum(None, Fraction(1), number)
        name, there = self._tokens[self._next]
        if name not in NUMBERS:
            raise ExpressionError("a number is multiplied by a name, as in 3*ULN", there)
        self._next += 1
        return Sum(name, number, Fraction(0))


def _not(answer: Truth) -> Truth:
    return None if answer is None else not answer
