"""Facts as flat whole numbers, and conditions as formulas over them, for the matcher.

Plain low and high go wrong at open bounds and print exponents (DESIGN 5).  So an ordered field
becomes two *places* among all limits that the rules of its kind set for it: limit number k has the
place 2k, what lies between two limits an odd place; a bound that is open at a limit has the odd
place beside it.  A coded field becomes one "can be" per word that the rules name, and one for all
other words.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import TypeAlias

from signals.facts.kind import Field
from signals.facts.value import Value
from signals.rulebook.conditions import folded, possible_words, test_of
from signals.rulebook.literals import Comparison, Formula, Pair, Relation, all_of, any_of, negated
from signals.rulebook.ranges import KEPT, YES, Point, Region, reader, region_of
from signals.rulebook.spec import Between, Compare, Condition, Known, MayBe, OneOf

Flat: TypeAlias = dict[str, int]
Encoder: TypeAlias = Callable[[Value | None, datetime], Flat]

LONG_LIST = 8
"""A longer list of words is decided beforehand and passed as two booleans."""


class Encoding:
    """How the fields of one kind are passed to the matcher, for the conditions of its rules."""

    def __init__(self, fields: Mapping[str, Field], conditions: Iterable[Condition]) -> None:
        """Lay out the places and words that these conditions need."""
        self._fields = fields
        used: dict[str, list[Condition]] = {}
        for condition in conditions:
            inner = condition.inner if isinstance(condition, MayBe) else condition
            used.setdefault(condition.field, []).append(inner)
        self._prefix = {name: f"f{number}" for number, name in enumerate(sorted(used))}
        self._places = {name: _limits(fields[name], used[name]) for name in used}
        self._words = {name: _words(used[name]) for name in used}
        self._lists = {name: _long_lists(used[name]) for name in used}
        self._encoders = {name: self._encoder(name, used[name]) for name in used}

    def encode(self, values: Mapping[str, Value], now: datetime) -> Flat:
        """The flat fact: every property that any formula of this encoding compares."""
        flat: Flat = {}
        for name, encoders in self._encoders.items():
            value = values.get(name)
            for encoder in encoders:
                flat.update(encoder(value, now))
        return flat

    def pair(self, condition: Condition) -> Pair:
        """When the condition is certainly and when it is possibly true."""
        match condition:
            case Known(name, yes):
                known = _is(self._known(name), yes)
                return Pair(known, known)
            case MayBe(inner):
                possible = self.pair(inner).possible
                return Pair(possible, possible)
            case OneOf():
                among = self._among(condition)
                return among.opposite() if condition.negated else among
            case Compare() | Between():
                region = region_of(condition, self._fields[condition.field])
                inside = self._inside(condition.field, region)
                return inside.opposite() if region.negated else inside

    def _inside(self, name: str, region: Region) -> Pair:
        wanted = region.range
        if wanted is None:
            return Pair(certain=False, possible=False)
        low, high = f"{self._prefix[name]}_low", f"{self._prefix[name]}_high"
        certain: list[Formula] = []
        possible: list[Formula] = []
        if wanted.low is not None:
            least = self._place(name, wanted.low) + wanted.low_open
            certain.append(Comparison(low, "$gte", least))
            possible.append(Comparison(high, "$gte", least))
        if wanted.high is not None:
            most = self._place(name, wanted.high) - wanted.high_open
            certain.append(Comparison(high, "$lte", most))
            possible.append(Comparison(low, "$lte", most))
        return Pair(all_of(certain), all_of(possible))

    def _place(self, name: str, limit: Point) -> int:
        return 2 * self._places[name].index(limit)

    def _among(self, condition: OneOf) -> Pair:
        wanted = folded(condition.words)
        name = condition.field
        if wanted in self._lists[name]:
            prefix = self._long(name, wanted)
            return Pair(_is(f"{prefix}_certain"), _is(f"{prefix}_possible"))
        can = [_is(self._word(name, word)) for word in sorted(wanted)]
        cannot = [self._word(name, word) for word in self._words[name] if word not in wanted]
        others = [_is(each) for each in (*cannot, f"{self._prefix[name]}_other")]
        return Pair(negated(any_of(others)) if wanted else False, any_of(can))

    def _encoder(self, name: str, conditions: Sequence[Condition]) -> list[Encoder]:
        field, encoders = self._fields[name], []
        if self._places[name]:
            encoders.append(self._bounds(name))
        if any(isinstance(each, OneOf) for each in conditions):
            encoders.append(self._possible_words(name))
        if any(isinstance(each, Known) for each in conditions):
            test, known = test_of(Known(name, yes=True, text=""), field), self._known(name)
            encoders.append(lambda value, now: {known: int(test(value, now) == YES)})
        return encoders

    def _bounds(self, name: str) -> Encoder:
        read, limits = reader(self._fields[name]), self._places[name]
        low, high = f"{self._prefix[name]}_low", f"{self._prefix[name]}_high"
        last = 2 * len(limits) - 1

        def encode(value: Value | None, now: datetime) -> Flat:
            range_ = read(value, now)
            lowest = -1 if range_.low is None else _at(limits, range_.low, range_.low_open)
            highest = last if range_.high is None else _at(limits, range_.high, -range_.high_open)
            return {low: lowest, high: highest}

        return encode

    def _possible_words(self, name: str) -> Encoder:
        field, words, other = self._fields[name], self._words[name], f"{self._prefix[name]}_other"
        can = {self._word(name, word): word for word in words}
        lists = {self._long(name, wanted): wanted for wanted in self._lists[name]}

        @lru_cache(maxsize=KEPT)
        def flat_of(possible: frozenset[str] | None) -> Flat:
            anything = possible is None
            among = possible or frozenset()
            flat = {each: int(anything or word in among) for each, word in can.items()}
            flat[other] = int(anything or not among <= frozenset(words))
            for prefix, wanted in lists.items():
                flat[f"{prefix}_certain"] = int(not anything and among <= wanted)
                flat[f"{prefix}_possible"] = int(anything or not among.isdisjoint(wanted))
            return flat

        return lambda value, _now: flat_of(possible_words(value, field))

    def _known(self, name: str) -> str:
        return f"{self._prefix[name]}_known"

    def _word(self, name: str, word: str) -> str:
        return f"{self._prefix[name]}_word{self._words[name].index(word)}"

    def _long(self, name: str, wanted: frozenset[str]) -> str:
        return f"{self._prefix[name]}_list{self._lists[name].index(wanted)}"


def _is(name: str, yes: bool = True) -> Comparison:
    relation: Relation = "$eq" if yes else "$neq"
    return Comparison(name, relation, 1)


def _at(limits: Sequence[Point], point: Point, aside: int) -> int:
    after = bisect_left(limits, point)
    if after < len(limits) and limits[after] == point:
        return 2 * after + aside
    return 2 * after - 1


def _limits(field: Field, conditions: Iterable[Condition]) -> list[Point]:
    points = set()
    for condition in conditions:
        if isinstance(condition, (Compare, Between)):
            range_ = region_of(condition, field).range
            points |= {range_.low, range_.high} if range_ is not None else set()
    return sorted(points - {None})


def _words(conditions: Iterable[Condition]) -> list[str]:
    lists = [each.words for each in conditions if isinstance(each, OneOf)]
    short = [folded(words) for words in lists if len(folded(words)) <= LONG_LIST]
    return sorted(frozenset[str]().union(*short))


def _long_lists(conditions: Iterable[Condition]) -> list[frozenset[str]]:
    lists = {folded(each.words) for each in conditions if isinstance(each, OneOf)}
    return sorted((each for each in lists if len(each) > LONG_LIST), key=sorted)
