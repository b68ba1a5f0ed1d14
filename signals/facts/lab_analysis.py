"""What a fact says of the latest readings of an analyte beside its baseline: grades, ratios, windows.

The grade is a set: what the record does not say widens it (DOMAIN 7.1, 7.4).  Grade and baseline
are judged by the same table and against the same baseline.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

from signals.facts.lab_course import Baseline, Course, both, in_unit
from signals.facts.lab_grading import graded
from signals.facts.lab_reading import Reading
from signals.facts.lab_values import KEPT
from signals.facts.periods import lies_within
from signals.facts.value import (
    ANY_ORDERED,
    NO,
    YES,
    YES_OR_NO,
    Coded,
    Ordered,
    Scalar,
    Value,
    between,
    exactly,
    flag,
    in_order,
)
from signals.study.ctcae import Graded, Interval, Term
from signals.study.ctcae.table import Version
from signals.study.model import Study

_MMOL = "mmol/L"
_WINDOWS = {
    NO.words: frozenset({"closed"}),
    YES.words: frozenset({"open"}),
    YES_OR_NO.words: frozenset({"open", "closed"}),
}
_ONCE = exactly(1)

_Told: TypeAlias = tuple[Ordered, tuple[str, ...], tuple[str, ...]]
"""The grades that some readings may have, what would settle them, and what was assumed."""
_Words: TypeAlias = tuple[str, frozenset[str] | None]
"""A field and the words that it may be."""
_NOT_GRADED: _Told = ANY_ORDERED, ("result",), ()


def values_of_course(term: Term, found: Course, study: Study) -> dict[str, Value]:
    """The fields that both directions of a test share, ``term`` being of either."""
    own, latest, taken = found.records, found.latest, found.taken
    blood_count = latest[0].record.data.test in study.laboratory.blood_counts
    haemolysed = _agreed([each.record.data.haemolysed for each in latest])
    over = _over_baseline(term, found)
    of_test = _of_test(term.test, study.grading.version, blood_count)
    return {
        **{name: Coded(own, (), words) for name, words in of_test},
        "result": Coded(own, (), frozenset([_reported(each) for each in latest])),
        "taken": Ordered(own, (), taken.low, taken.high),
        "concentration": _concentration(term, found),
        "haemolysed": Coded(own, (), haemolysed.words),
        "over_baseline": over.told(found.beside, found.baseline.assumed),
        **_windows(found),
    }


def _windows(found: Course) -> dict[str, Value]:
    treated, own, days = found.treated, found.records, found.taken.days
    exposed, anchored = treated.exposed.records, treated.anchored
    safe = NO if treated.safety is None else lies_within(days, treated.safety)
    # Without any therapy there is no window, and nothing is held back.
    near = NO if treated.recovery is None else lies_within(days, treated.recovery)
    of_anchor = own if anchored is None else both(own, anchored.records)
    return {
        "in_safety_period": Coded(both(own, exposed), (), safe.words),
        "anchor_window": Coded(of_anchor, (), _WINDOWS[near.words]),
    }


def graded_values(term: Term, found: Course, version: Version) -> dict[str, Value]:
    """The fields that depend on the direction."""
    own, baseline = found.records, found.baseline
    now = [graded(version, term, each, baseline.reading) for each in found.latest]
    grade_now, needs, assumed = _grades(now)
    within = _agreed([None if each is None else each.within_range for each in now])
    base = _of_baseline(version, term, baseline)
    low, high = _difference(grade_now.low, grade_now.high, base.low, base.high)
    return {
        **{name: Coded(own, (), words) for name, words in _of_term(term)},
        "grade": Ordered(own, assumed, grade_now.low, grade_now.high),
        "grade_needs": Coded(own, (), frozenset(needs) if needs else None),
        "within_reference_range": Coded(own, (), within.words),
        "previous_grade": _of_previous(version, term, found),
        "baseline_grade": base,
        "grades_over_baseline": Ordered(found.beside, baseline.assumed, low, high),
    }


def _of_previous(version: Version, term: Term, found: Course) -> Ordered:
    """The grade of the reading before the latest; without one nothing is known of it."""
    previous = found.previous
    if previous is None:
        return ANY_ORDERED
    grade = _grades([graded(version, term, previous, found.baseline.reading)])[0]
    return Ordered(in_order(previous.records), (), grade.low, grade.high)


@lru_cache(maxsize=KEPT)
def _of_test(test: str, version: Version, blood_count: bool) -> tuple[_Words, ...]:
    """What a fact says of its test alone."""
    return (
        ("analyte", frozenset({test})),
        ("ctcae_version", frozenset({version})),
        ("blood_count", flag(blood_count).words),
    )


@lru_cache(maxsize=KEPT)
def _of_term(term: Term) -> tuple[_Words, ...]:
    """What a fact says of its term alone."""
    gradable = term.not_graded is None and any(limit.conditions for limit in term.limits)
    return (
        ("direction", frozenset({term.direction})),
        ("term", frozenset({term.term})),
        ("gradable", flag(gradable).words),
    )


@lru_cache(maxsize=KEPT)
def _of_baseline(version: Version, term: Term, baseline: Baseline) -> Ordered:
    """The grade of the baseline; of no baseline it is 0, and that is said (DOMAIN 7.4)."""
    base = exactly(0)
    if baseline.reading is not None:
        base = _grades([graded(version, term, baseline.reading, baseline.reading)])[0]
    return base.told(baseline.records, baseline.assumed)


def _grades(found: Sequence[Graded | None]) -> _Told:
    if len(found) == 1:
        only = found[0]
        return _NOT_GRADED if only is None else _told(only.grades, only.missing, only.assumed)
    known = [each for each in found if each is not None]
    if len(known) < len(found):
        return _NOT_GRADED
    return _told(
        tuple([one for each in known for one in each.grades]),
        tuple(dict.fromkeys(one for each in known for one in each.missing)),
        tuple(dict.fromkeys(one for each in known for one in each.assumed)),
    )


@lru_cache(maxsize=4096)
def _told(grades: tuple[int, ...], needs: tuple[str, ...], assumed: tuple[str, ...]) -> _Told:
    told = [*(f"taken as {one}" for one in assumed), *(f"{name} is not known" for name in needs)]
    return between(min(grades), max(grades)), needs, tuple(told)


def _reported(reading: Reading) -> str:
    data = reading.record.data
    return " ".join([str(part) for part in (data.result_raw, data.unit_raw) if part is not None])


def _agreed(answers: list[bool | None]) -> Coded:
    """The answer that all give."""
    one = len(answers) == 1 or len(set(answers)) == 1
    return flag(answers[0] if one else None)


def _concentration(term: Term, found: Course) -> Ordered:
    value = ANY_ORDERED
    if term.units[0] == _MMOL:
        value = _hull([_ordered(in_unit(term.test, each.quantity, _MMOL)) for each in found.latest])
    assumed = dict.fromkeys([one for each in found.latest for one in each.assumed])
    return value.told(found.records, tuple(assumed))


def _over_baseline(term: Term, found: Course) -> Ordered:
    """The value over the baseline's; without a baseline it is not above one."""
    normal, unit = found.baseline.value, term.units[0]
    if normal is None:
        return _ONCE
    return _hull([_ratio(in_unit(term.test, each.quantity, unit), normal) for each in found.latest])


def _ordered(interval: Interval) -> Ordered:
    if interval.low is not None and interval.low is interval.high:
        return exactly(_as_decimal(interval.low))
    return Ordered(
        low=_decimal(interval.low),
        high=_decimal(interval.high),
        low_open=interval.low_open,
        high_open=interval.high_open,
    )


def _decimal(number: Fraction | None) -> Decimal | None:
    return None if number is None else _as_decimal(number)


def _as_decimal(number: Fraction) -> Decimal:
    over, under = number.as_integer_ratio()
    return Decimal(over) / Decimal(under)


def _ratio(value: Interval, base: Interval) -> Ordered:
    """The value over the baseline's; a baseline that may be nothing gives no ratio."""
    if base.low is None or base.high is None or base.low.numerator <= 0:
        return ANY_ORDERED
    if value.low is not None and value.low is value.high and base.low is base.high:
        return exactly(_quotient(value.low, base.low))
    return Ordered(
        low=None if value.low is None else _quotient(value.low, base.high),
        high=None if value.high is None else _quotient(value.high, base.low),
        low_open=value.low_open or base.high_open,
        high_open=value.high_open or base.low_open,
    )


def _quotient(over: Fraction, under: Fraction) -> Decimal:
    """One over the other, rounded once."""
    (above, below), (own, of) = over.as_integer_ratio(), under.as_integer_ratio()
    return Decimal(above * of) / Decimal(below * own)


@lru_cache(maxsize=KEPT)
def _difference(
    low: Scalar | None, high: Scalar | None, base_low: Scalar | None, base_high: Scalar | None
) -> tuple[Decimal | None, Decimal | None]:
    """From the least to the most by which one grade may be above another."""
    return _minus(low, base_high), _minus(high, base_low)


def _minus(one: Scalar | None, other: Scalar | None) -> Decimal | None:
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        return one - other
    return None


def _hull(found: Sequence[Ordered]) -> Ordered:
    """From the lowest to the highest that any may be."""
    if len(found) == 1:
        return found[0]
    lows = [(each.low, each.low_open) for each in found if each.low is not None]
    highs = [(each.high, not each.high_open) for each in found if each.high is not None]
    low, low_open = min(lows) if len(lows) == len(found) else (None, False)
    high, closed = max(highs) if len(highs) == len(found) else (None, True)
    return Ordered(low=low, high=high, low_open=low_open, high_open=not closed)
