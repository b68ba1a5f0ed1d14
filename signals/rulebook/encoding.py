"""Facts as flat whole numbers, and conditions as formulas over them, for the matcher.

Plain low and high go wrong at open bounds and print exponents (DESIGN 5).  So an ordered field
becomes two *places* among all limits that the rules of its kind set for it: limit number k has the
place 2k, what lies between two limits an odd place; a bound that is open at a limit has the odd
place beside it.  A coded field becomes one "can be" per word that the rules name, and one for all
other words.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import NamedTuple, TypeAlias

from signals.facts.kind import Field
from signals.facts.value import Value
from signals.rulebook.conditions import folded, possible_words, test_of
from signals.rulebook.kept import Reading, kept
from signals.rulebook.literals import Comparison, Formula, Pair, Relation, all_of, any_of, negated
from signals.rulebook.ranges import YES, Point, Region, reader, region_of
from signals.rulebook.spec import Between, Compare, Condition, Known, MayBe, OneOf

Numbers: TypeAlias = tuple[int, ...]
Flat: TypeAlias = tuple[Numbers, ...]
"""A flat fact: of each field the numbers of its properties; ``Encoding.named`` tells which."""


class _Encoder(NamedTuple):
    """Some properties of a field, and how a value gives them."""

    properties: tuple[str, ...]
    numbers: Reading[Numbers]


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
        encoders = {name: _joined(self._encoders(name, used[name])) for name in used}
        self._properties = [each for own in encoders.values() for each in own.properties]
        self._numbers = {name: kept(fields[name], own.numbers) for name, own in encoders.items()}

    def encode(self, values: Mapping[str, Value], now: datetime) -> Flat:
        """The flat fact: every property that any formula of this encoding compares."""
        return tuple([of(values.get(name), now) for name, of in self._numbers.items()])

    def named(self, flat: Flat) -> dict[str, int]:
        """The numbers of a flat fact by the properties that the formulas name."""
        return dict(zip(self._properties, chain.from_iterable(flat), strict=True))

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

    def _encoders(self, name: str, conditions: Sequence[Condition]) -> Iterator[_Encoder]:
        if self._places[name]:
            yield self._bounds(name)
        if any(isinstance(each, OneOf) for each in conditions):
            yield self._possible_words(name)
        if any(isinstance(each, Known) for each in conditions):
            test = test_of(Known(name, yes=True, text=""), self._fields[name])
            yield _Encoder((self._known(name),), lambda value, now: (int(test(value, now) == YES),))

    def _bounds(self, name: str) -> _Encoder:
        read, limits = reader(self._fields[name]), self._places[name]
        last = 2 * len(limits) - 1

        def numbers(value: Value | None, now: datetime) -> Numbers:
            range_ = read(value, now)
            lowest = -1 if range_.low is None else _at(limits, range_.low, range_.low_open)
            highest = last if range_.high is None else _at(limits, range_.high, -range_.high_open)
            return lowest, highest

        return _Encoder((f"{self._prefix[name]}_low", f"{self._prefix[name]}_high"), numbers)

    def _possible_words(self, name: str) -> _Encoder:
        field, words, lists = self._fields[name], self._words[name], self._lists[name]
        properties = [*(self._word(name, word) for word in words), f"{self._prefix[name]}_other"]
        for wanted in lists:
            prefix = self._long(name, wanted)
            properties += [f"{prefix}_certain", f"{prefix}_possible"]

        def numbers(value: Value | None, _now: datetime) -> Numbers:
            possible = possible_words(value, field)
            anything, among = possible is None, possible or frozenset()
            can = [anything or word in among for word in words]
            can.append(anything or not among <= frozenset(words))
            for wanted in lists:
                can.append(not anything and among <= wanted)
                can.append(anything or not among.isdisjoint(wanted))
            return tuple(map(int, can))

        return _Encoder(tuple(properties), numbers)

    def _known(self, name: str) -> str:
        return f"{self._prefix[name]}_known"

    def _word(self, name: str, word: str) -> str:
        return f"{self._prefix[name]}_word{self._words[name].index(word)}"

    def _long(self, name: str, wanted: frozenset[str]) -> str:
        return f"{self._prefix[name]}_list{self._lists[name].index(wanted)}"


def _joined(encoders: Iterable[_Encoder]) -> _Encoder:
    """All properties of one field."""
    parts = tuple(encoders)
    return _Encoder(
        tuple(each for part in parts for each in part.properties),
        lambda value, now: tuple([each for part in parts for each in part.numbers(value, now)]),
    )


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
