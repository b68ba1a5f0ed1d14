"""What a fact says of the latest readings of an analyte beside its baseline: grades, ratios, windows.

The grade is a set: what the record does not say widens it (DOMAIN 7.1, 7.4).  Grade and baseline
are judged by the same table and against the same baseline.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

from signals.facts.lab_course import Baseline, Course, in_unit
from signals.facts.lab_grading import graded
from signals.facts.lab_reading import Reading
from signals.facts.lab_values import KEPT
from signals.facts.periods import lies_within
from signals.facts.spans import Days
from signals.facts.value import (
    ANY_ORDERED,
    NO,
    YES,
    Coded,
    Ordered,
    Ref,
    Scalar,
    Value,
    between,
    exactly,
    flag,
    in_order,
    word,
)
from signals.study.ctcae import Graded, Interval, Term
from signals.study.ctcae.table import Version
from signals.study.model import Study

_MMOL = "mmol/L"
_OPEN, _CLOSED, _OPEN_OR_CLOSED = word("open"), word("closed"), word("open", "closed")

_Told: TypeAlias = tuple[Ordered, tuple[str, ...], tuple[str, ...]]
"""The grades that some readings may have, what would settle them, and what was assumed."""


def values_of_course(term: Term, found: Course, study: Study) -> dict[str, Value]:
    """The fields that both directions of a test share, ``term`` being of either."""
    own, latest, treated = found.records, found.latest, found.treated
    days = _days(latest)
    exposed, anchored = treated.exposed.records, treated.anchored
    blood_count = latest[0].record.data.test in study.laboratory.blood_counts
    assumed = tuple(dict.fromkeys([one for each in latest for one in each.assumed]))
    safe = NO if treated.safety is None else lies_within(days, treated.safety)
    window = _anchor_window(days, treated.recovery)
    return _resting_on(own, _of_test(term.test, study.grading.version, blood_count)) | {
        "result": Coded(own, (), frozenset([_reported(each) for each in latest])),
        "taken": _hull([Ordered((), (), each.earliest, each.latest) for each in latest]).told(own),
        "concentration": _concentration(term, latest).told(own, assumed),
        "haemolysed": _agreed([each.record.data.haemolysed for each in latest]).told(own),
        "over_baseline": _over_baseline(term, found).told(found.beside, found.baseline.assumed),
        "in_safety_period": safe.told(in_order(own + exposed)),
        "anchor_window": window.told(own if anchored is None else in_order(own + anchored.records)),
    }


def graded_values(term: Term, found: Course, version: Version) -> dict[str, Value]:
    """The fields that depend on the direction."""
    baseline, previous, own = found.baseline, found.previous, found.records
    now = [graded(version, term, each, baseline.reading) for each in found.latest]
    grade_now, needs, assumed = _grades(now)
    before = ANY_ORDERED  # of none before it nothing is known
    if previous is not None:
        before = _grades([graded(version, term, previous, baseline.reading)])[0]
        before = before.told(in_order(previous.records))
    base = _of_baseline(version, term, baseline)
    return _resting_on(own, _of_term(term)) | {
        "grade": grade_now.told(own, assumed),
        "grade_needs": Coded(own, (), frozenset(needs) if needs else None),
        "within_reference_range": _agreed(
            [None if each is None else each.within_range for each in now]
        ).told(own),
        "previous_grade": before,
        "baseline_grade": base,
        "grades_over_baseline": _difference(grade_now, base).told(found.beside, baseline.assumed),
    }


@lru_cache(maxsize=KEPT)
def _of_test(test: str, version: Version, blood_count: bool) -> Mapping[str, Coded]:
    """What a fact says of its test alone."""
    counted = flag(blood_count)
    return {"analyte": word(test), "ctcae_version": word(version), "blood_count": counted}


@lru_cache(maxsize=KEPT)
def _of_term(term: Term) -> Mapping[str, Coded]:
    """What a fact says of its term alone."""
    gradable = term.not_graded is None and any(limit.conditions for limit in term.limits)
    return {
        "direction": word(term.direction),
        "term": word(term.term),
        "gradable": flag(gradable),
    }


def _resting_on(records: tuple[Ref, ...], values: Mapping[str, Coded]) -> dict[str, Value]:
    return {name: Coded(records, (), value.words) for name, value in values.items()}


@lru_cache(maxsize=KEPT)
def _of_baseline(version: Version, term: Term, baseline: Baseline) -> Ordered:
    """The grade of the baseline; of no baseline it is 0, and that is said (DOMAIN 7.4)."""
    base = exactly(0)
    if baseline.reading is not None:
        base = _grades([graded(version, term, baseline.reading, baseline.reading)])[0]
    return base.told(baseline.records, baseline.assumed)


def _grades(found: Sequence[Graded | None]) -> _Told:
    known = [each for each in found if each is not None]
    if not known or len(known) < len(found):
        return ANY_ORDERED, ("result",) if found else (), ()
    if len(known) == 1:
        return _told(known[0].grades, known[0].missing, known[0].assumed)
    return _told(
        tuple([one for each in known for one in each.grades]),
        tuple(dict.fromkeys(one for each in known for one in each.missing)),
        tuple(dict.fromkeys(one for each in known for one in each.assumed)),
    )


@lru_cache(maxsize=4096)
def _told(grades: tuple[int, ...], needs: tuple[str, ...], assumed: tuple[str, ...]) -> _Told:
    told = [*(f"taken as {one}" for one in assumed), *(f"{name} is not known" for name in needs)]
    return between(min(grades), max(grades)), needs, tuple(told)


def _days(latest: list[Reading]) -> Days:
    """The local days on which the latest readings may have been taken."""
    begun = [each.earliest for each in latest]
    first: list[datetime] = [each for each in begun if each is not None]
    low = min(first).date() if len(first) == len(begun) else None
    return Days(low, max([each.latest for each in latest]).date())


def _anchor_window(days: Days, recovery: tuple[Days, Days] | None) -> Coded:
    """Without any therapy there is no window, and nothing is held back."""
    inside = NO if recovery is None else lies_within(days, recovery)
    return _OPEN if inside is YES else _CLOSED if inside is NO else _OPEN_OR_CLOSED


def _reported(reading: Reading) -> str:
    data = reading.record.data
    return " ".join([str(part) for part in (data.result_raw, data.unit_raw) if part is not None])


def _agreed(answers: list[bool | None]) -> Coded:
    """The answer that all give."""
    one = len(answers) == 1 or len(set(answers)) == 1
    return flag(answers[0] if one else None)


def _concentration(term: Term, readings: list[Reading]) -> Ordered:
    if term.units[0] != _MMOL:
        return ANY_ORDERED
    return _hull([_ordered(in_unit(term.test, each.quantity, _MMOL)) for each in readings])


def _over_baseline(term: Term, found: Course) -> Ordered:
    """The value over the baseline's; without a baseline it is not above one."""
    normal, unit = found.baseline.value, term.units[0]
    if normal is None:
        return exactly(1)
    return _hull([_ratio(in_unit(term.test, each.quantity, unit), normal) for each in found.latest])


def _ordered(interval: Interval) -> Ordered:
    if interval.exact is not None:
        return exactly(_as_decimal(interval.exact))
    return Ordered(
        low=_decimal(interval.low),
        high=_decimal(interval.high),
        low_open=interval.low_open,
        high_open=interval.high_open,
    )


def _decimal(number: Fraction | None) -> Decimal | None:
    return None if number is None else _as_decimal(number)


def _as_decimal(number: Fraction) -> Decimal:
    return Decimal(number.numerator) / Decimal(number.denominator)


def _ratio(value: Interval, base: Interval) -> Ordered:
    """The value over the baseline's; a baseline that may be nothing gives no ratio."""
    if base.low is None or base.high is None or base.low.numerator <= 0:
        return ANY_ORDERED
    if value.exact is not None and base.exact is not None:
        return exactly(_quotient(value.exact, base.exact))
    return Ordered(
        low=None if value.low is None else _quotient(value.low, base.high),
        high=None if value.high is None else _quotient(value.high, base.low),
        low_open=value.low_open or base.high_open,
        high_open=value.high_open or base.low_open,
    )


def _quotient(over: Fraction, under: Fraction) -> Decimal:
    """One over the other, rounded once."""
    return Decimal(over.numerator * under.denominator) / Decimal(over.denominator * under.numerator)


def _difference(now: Ordered, base: Ordered) -> Ordered:
    return Ordered(low=_minus(now.low, base.high), high=_minus(now.high, base.low))


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
