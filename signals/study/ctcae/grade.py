"""The grade of a laboratory result, as the set of grades that it may be (DOMAIN 7.1, 7.4).

What is not known widens the set and is named; it never makes a 0.  Only a missing baseline is read
as a normal one, and that is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from signals.events.unit_text import read_unit
from signals.events.units import SI_UNITS, NotConverted, factor
from signals.immutable import immutable
from signals.study.ctcae.expression import WORDS, Condition, Known
from signals.study.ctcae.interval import ANY, Interval, Truth, below
from signals.study.ctcae.specimen import why_not_of
from signals.study.ctcae.table import Direction, GradingTable, Term, Version

_ADULT_YEARS = 18
UNIT, SPECIMEN = "unit", "specimen"


@immutable(frozen=True, slots=True)
class Quantity:
    """A number, or what is known of it, in a unit as a laboratory writes it."""

    value: Interval
    unit: str | None


@immutable(frozen=True, slots=True)
class Sample:
    """A result with what its grade may need; None is not known.

    ``low`` and ``high`` are the laboratory's limits of normal, ``baseline`` the last result before
    the first infusion, ``words`` the answers known (symptomatic, anticoag ...), ``age`` in years.
    """

    test: str
    result: Quantity
    low: Quantity | None = None
    high: Quantity | None = None
    baseline: Quantity | None = None
    specimen: str | None = None
    words: Mapping[str, bool] = field(default_factory=dict)
    age: Decimal | None = None


@immutable(frozen=True, slots=True)
class Graded:
    """The grades that a result may have under one term, from the lowest.

    ``missing`` names what would narrow them: ULN, LLN, a word of the limits.  ``within_range``:
    whether the result lies inside the laboratory's limits of normal, whatever its grade.
    """

    term: str
    direction: Direction
    version: Version
    grades: tuple[int, ...]
    missing: tuple[str, ...] = ()
    baseline_missing: bool = False
    within_range: Truth = None
    assumed: tuple[str, ...] = ()


@immutable(frozen=True, slots=True)
class Refused:
    """Why a term gives no grade; ``missing`` names what would be needed, if that is the reason."""

    term: str
    direction: Direction
    version: Version
    why: str
    missing: tuple[str, ...] = ()


Grading: TypeAlias = Graded | Refused


def grade(table: GradingTable, sample: Sample) -> tuple[Grading, ...]:
    """The grade under every term of the sample's test; none for a test without a term."""
    terms = table.by_test.get(sample.test, ())
    scales = [scale_of(term, table.version, sample) for term in terms]
    return tuple(
        each if isinstance(each, Refused) else each.grade(sample.result.value) for each in scales
    )


def scale_of(term: Term, version: Version, sample: Sample) -> Scale | Refused:
    """What grades a result that comes with all that the sample holds; its number is not looked at."""

    def refused(why: str, *missing: str) -> Refused:
        return Refused(term.term, term.direction, version, why, missing)

    if term.not_graded is not None:
        return refused(term.not_graded)
    if not any(limit.conditions for limit in term.limits):
        return refused("every grade is a clinical judgement: no value gives one")
    why = why_not_of(term.specimen, sample.specimen)
    if why is not None:
        return refused(why, *((SPECIMEN,) if sample.specimen is None else ()))
    if term.adults_only and sample.age is not None and sample.age < _ADULT_YEARS:
        return refused("the limits are those of adults")
    unit = unit_for(term, sample.result.unit)
    if isinstance(unit, NotConverted):
        return refused(unit.reason, UNIT)
    return Scale(term, version, sample, unit)


def unit_for(term: Term, reported: str | None) -> str | NotConverted:
    """The unit in which a result is graded: the laboratory's own where CTCAE has it (D19)."""
    found = factor(term.test, reported, term.units[0])
    if isinstance(found, NotConverted):
        return found
    have = read_unit(reported or SI_UNITS[term.test])
    same = (unit for unit in term.units if (read := read_unit(unit)) and have and read == have)
    alike = (
        unit
        for unit in term.units
        if (read := read_unit(unit)) and have and read.dimension == have.dimension
    )
    return next(same, None) or next(alike, None) or term.units[0]


_Places: TypeAlias = tuple[int | None, int | None, bool, bool]
"""Where the ends of an interval lie, and whether each is open."""


class Scale:
    """The limits of a term beside one pair of limits of normal and one baseline.

    All results between two of the numbers with which they are compared have the same grades, which
    are worked out once; so have all intervals whose ends lie between the same.
    """

    __slots__ = (
        "_assumed", "_by", "_found", "_known", "_rest", "_term", "_turns", "_unit", "_version",
    )  # fmt: skip

    def __init__(self, term: Term, version: Version, sample: Sample, unit: str) -> None:
        """``unit``: that of grading (``unit_for``)."""
        self._term, self._version, self._unit = term, version, unit
        self._by = factor(term.test, sample.result.unit, unit)
        self._rest = {
            "LLN": _in(term, sample.low, unit),
            "ULN": _in(term, sample.high, unit),
            "BASE": _in(term, sample.baseline, unit),
        }
        self._assumed = tuple(word for word in term.assumed if word not in sample.words)
        self._known = Known(
            self._rest,
            {**dict.fromkeys(self._assumed, True), **sample.words},
            term.if_no_baseline if self._rest["BASE"].unknown else None,
        )
        self._turns = [(each.numerator, each.denominator) for each in self._all_turns()]
        self._found: dict[_Places, Graded] = {}

    def grade(self, result: Interval) -> Graded:
        """The grade of a result in the sample's unit."""
        by = self._by
        value = ANY if isinstance(by, NotConverted) else result.times(by)
        low, high = value.low, value.high
        first = None if low is None else self._place(low)
        last = first if high is low else None if high is None else self._place(high)
        places = (first, last, value.low_open, value.high_open)
        found = self._found.get(places)
        if found is None:
            found = self._found[places] = self._graded(value)
        return found

    def _all_turns(self) -> list[Fraction]:
        """In order, every number at which a limit or the normal range may be crossed."""
        conditions = [limit.conditions.get(self._unit) for limit in self._term.limits]
        found = {turn for each in conditions if each for turn in each.turns(self._known)}
        normal = (self._rest["LLN"], self._rest["ULN"])
        found |= {end for each in normal for end in (each.low, each.high) if end is not None}
        return sorted(found)

    def _place(self, exact: Fraction) -> int:
        """Which of the turns the number is, or between which two it lies."""
        over, under = exact.as_integer_ratio()
        place = 0
        for turn_over, turn_under in self._turns:  # whole numbers: fractions compare slowly
            here, there = over * turn_under, turn_over * under
            if here <= there:
                return place if here < there else place + 1
            place += 2
        return place

    def _graded(self, value: Interval) -> Graded:
        term = self._term
        numbers = {"x": value, **self._rest}
        absent = {name for name, number in numbers.items() if number.unknown} | {"MI_CUTOFF"}
        known = replace(self._known, numbers=numbers)
        grades, missing = _possible(term, self._unit, known, absent)
        return Graded(
            term=term.term,
            direction=term.direction,
            version=self._version,
            grades=grades,
            missing=missing,
            baseline_missing=self._rest["BASE"].unknown and "BASE" in term.names,
            within_range=_within(numbers, absent),
            assumed=self._assumed,
        )


def _in(term: Term, quantity: Quantity | None, unit: str) -> Interval:
    """A quantity in the unit of grading; of one in a unit that does not fit nothing is known."""
    if quantity is None:
        return ANY
    by = factor(term.test, quantity.unit, unit)
    return ANY if isinstance(by, NotConverted) else quantity.value.times(by)


def _possible(
    term: Term, unit: str, known: Known, absent: set[str]
) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """From the highest grade down: the first that holds, and on the way all that may."""
    grades: list[int] = []
    open_: list[Condition] = []
    for limit in term.limits:
        condition = limit.conditions.get(unit)
        answer = condition.of(known) if condition is not None else False
        if answer is None and condition is not None:
            open_.append(condition)
        if answer is not False:
            grades.append(limit.grade)
        if answer:
            break
    else:
        grades.append(0)
    return tuple(sorted(grades)), _missing(open_, known, absent)


def _missing(undecided: list[Condition], known: Known, absent: set[str]) -> tuple[str, ...]:
    """What of the undecided limits is not known; a missing baseline is told by itself."""
    names = frozenset().union(*(condition.names() for condition in undecided))
    unknown = {name for name in names if name in absent or name in WORDS} - set(known.words)
    return tuple(sorted(unknown - {"x", "BASE"}))


def _within(numbers: Mapping[str, Interval], absent: set[str]) -> Truth:
    """Whether the result lies within the limits of normal that are given."""
    sides = {
        "LLN": below(numbers["x"], numbers["LLN"]),
        "ULN": below(numbers["ULN"], numbers["x"]),
    }
    given = [side for name, side in sides.items() if name not in absent]
    if True in given:
        return False
    return None if None in given or not given else True
