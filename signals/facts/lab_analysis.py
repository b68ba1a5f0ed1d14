"""The latest readings of an analyte beside its baseline: grades, ratios, windows.

The grade is a set: what the record does not say widens it (DOMAIN 7.1, 7.4).  Grade and baseline
are judged by the same table and against the same baseline.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from signals.events.units import NotConverted, factor
from signals.facts.anchor import Anchor, anchor
from signals.facts.exposure import Exposure
from signals.facts.kind import Context
from signals.facts.lab_grading import graded
from signals.facts.lab_reading import Reading
from signals.facts.lab_readings import Laboratory
from signals.facts.periods import in_safety_period
from signals.facts.spans import Days, certainly_outside, certainly_within
from signals.facts.value import (
    ANY_ORDERED,
    ANY_WORD,
    Coded,
    Ordered,
    Ref,
    Scalar,
    Value,
    between,
    exactly,
    flag,
    word,
)
from signals.study.ctcae import Graded, Interval, Quantity, Term

NO_BASELINE = "no result before the first infusion: the baseline is taken as normal, grade 0"
_MMOL = "mmol/L"


class Analysis:
    """The latest readings of an analyte beside its baseline."""

    def __init__(
        self,
        term: Term,
        laboratory: Laboratory,
        latest: list[Reading],
        exposed: Exposure,
        ctx: Context,
    ) -> None:
        self._term = term
        self._latest = latest
        self._exposed = exposed
        self._ctx = ctx
        self._baseline = (
            laboratory.before(term, exposed.first) if exposed.first is not None else None
        )
        earliest = min(each.earliest or each.latest for each in latest)
        self._previous = laboratory.previous(term, earliest)
        self._records = tuple(one for each in latest for one in each.records)
        self._assumed = tuple(dict.fromkeys(one for each in latest for one in each.assumed))

    def values(self) -> dict[str, Value]:
        """Every field of the fact."""
        first = self._latest[0].record
        now = [self._graded(each) for each in self._latest]
        grade_now, needs, assumed = _grades(now)
        own: dict[str, Value] = {
            "analyte": word(self._term.test),
            "direction": word(self._term.direction),
            "term": word(self._term.term),
            "ctcae_version": word(self._ctx.study.grading.version),
            "gradable": flag(_is_gradable(self._term)),
            "result": word(*(_reported(each) for each in self._latest)),
            "taken": _hull(Ordered(low=each.earliest, high=each.latest) for each in self._latest),
            "grade": grade_now.assuming(*assumed),
            "grade_needs": word(*needs) if needs else ANY_WORD,
            "concentration": _hull(map(self._concentration, self._latest)).assuming(*self._assumed),
            "within_reference_range": _agreed(
                [None if each is None else each.within_range for each in now]
            ),
            "haemolysed": _agreed([each.record.data.haemolysed for each in self._latest]),
            "blood_count": flag(first.data.test in self._ctx.study.laboratory.blood_counts),
        }
        own = {name: value.resting_on(*self._records) for name, value in own.items()}
        return {**own, **self._before(grade_now), **self._windows()}

    def _before(self, now: Ordered) -> dict[str, Value]:
        previous = [self._previous] if self._previous is not None else []
        before, _, _ = _grades([self._graded(each) for each in previous])
        base, why = self._baseline_grade()
        records = (*self._records, *self._baseline_records())
        return {
            "previous_grade": before.resting_on(
                *(one for each in previous for one in each.records)
            ),
            "baseline_grade": base.assuming(*why).resting_on(*self._baseline_records()),
            "grades_over_baseline": _difference(now, base).assuming(*why).resting_on(*records),
            "over_baseline": self._over_baseline().assuming(*why).resting_on(*records),
        }

    def _baseline_records(self) -> tuple[Ref, ...]:
        given = self._exposed.records
        return given if self._baseline is None else (*given, *self._baseline.records)

    def _baseline_grade(self) -> tuple[Ordered, tuple[str, ...]]:
        """Its grade against itself; none counts as 0, and that is said (DOMAIN 7.4)."""
        if self._baseline is None:
            return exactly(0), (NO_BASELINE,)
        return _grades([self._graded(self._baseline)])[0], self._baseline.assumed

    def _over_baseline(self) -> Ordered:
        """The value over the baseline's; without a baseline it is not above one."""
        base = self._baseline.quantity if self._baseline is not None else None
        if base is None:
            return exactly(1)
        unit = self._unit()
        ratios = (
            _ratio(_in(self._term, each.quantity, unit), _in(self._term, base, unit))
            for each in self._latest
        )
        return _hull(ratios)

    def _graded(self, reading: Reading) -> Graded | None:
        baseline = self._baseline.quantity if self._baseline is not None else None
        return graded(self._ctx.study.grading.version, self._term, reading, baseline)

    def _unit(self) -> str:
        return self._term.units[0]

    def _concentration(self, reading: Reading) -> Ordered:
        if self._unit() != _MMOL:
            return ANY_ORDERED
        return _ordered(_in(self._term, reading.quantity, _MMOL))

    def _windows(self) -> dict[str, Value]:
        periods, haematology = self._ctx.study.periods, self._ctx.study.haematology
        begun = [each.earliest for each in self._latest]
        days = Days(
            None if None in begun else min(each for each in begun if each).date(),
            max(each.latest for each in self._latest).date(),
        )
        safety = in_safety_period(days, self._exposed, periods.safety_days)
        anchored = anchor(self._ctx.view, self._latest[0].record.subject_id, haematology.new_course)
        window = _anchor_window(days, anchored, haematology.recovery_days)
        return {
            "in_safety_period": safety.resting_on(*self._records, *self._exposed.records),
            "anchor_window": window.resting_on(
                *self._records, *(anchored.records if anchored is not None else ())
            ),
        }


def _grades(found: list[Graded | None]) -> tuple[Ordered, tuple[str, ...], tuple[str, ...]]:
    """The grades that some readings may have, what would settle them, and what was assumed."""
    known = [each for each in found if each is not None]
    if not known or len(known) < len(found):
        return ANY_ORDERED, ("result",) if found else (), ()
    grades = [one for each in known for one in each.grades]
    needs = dict.fromkeys(one for each in known for one in each.missing)
    assumed = dict.fromkeys(f"taken as {one}" for each in known for one in each.assumed)
    told = [*assumed, *(f"{name} is not known" for name in needs)]
    return between(min(grades), max(grades)), tuple(needs), tuple(told)


def _anchor_window(days: Days, anchored: Anchor | None, recovery_days: int) -> Coded:
    """Without any therapy there is no window, and nothing is held back."""
    if anchored is None:
        return word("closed")
    end = anchored.day.later(recovery_days)
    if certainly_outside(days, anchored.day, end):
        return word("closed")
    return word("open") if certainly_within(days, anchored.day, end) else word("open", "closed")


def _is_gradable(term: Term) -> bool:
    return term.not_graded is None and any(limit.conditions for limit in term.limits)


def _reported(reading: Reading) -> str:
    data = reading.record.data
    return " ".join(str(part) for part in (data.result_raw, data.unit_raw) if part is not None)


def _agreed(answers: list[bool | None]) -> Coded:
    """The answer that all give."""
    return flag(answers[0] if len(set(answers)) == 1 else None)


def _in(term: Term, quantity: Quantity, unit: str) -> Interval:
    by = factor(term.test, quantity.unit, unit)
    return Interval() if isinstance(by, NotConverted) else quantity.value.times(by)


def _ordered(interval: Interval) -> Ordered:
    return Ordered(
        low=_decimal(interval.low),
        high=_decimal(interval.high),
        low_open=interval.low_open,
        high_open=interval.high_open,
    )


def _decimal(number: Fraction | None) -> Decimal | None:
    return None if number is None else Decimal(number.numerator) / Decimal(number.denominator)


def _ratio(value: Interval, base: Interval) -> Ordered:
    """The value over the baseline's; a baseline that may be nothing gives no ratio."""
    if base.low is None or base.high is None or base.low <= 0:
        return ANY_ORDERED
    return Ordered(
        low=None if value.low is None else _decimal(value.low / base.high),
        high=None if value.high is None else _decimal(value.high / base.low),
        low_open=value.low_open or base.high_open,
        high_open=value.high_open or base.low_open,
    )


def _difference(now: Ordered, base: Ordered) -> Ordered:
    return Ordered(low=_minus(now.low, base.high), high=_minus(now.high, base.low))


def _minus(one: Scalar | None, other: Scalar | None) -> Decimal | None:
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        return one - other
    return None


def _hull(values: Iterable[Ordered]) -> Ordered:
    """From the lowest to the highest that any may be."""
    found = list(values)
    lows = [(each.low, each.low_open) for each in found if each.low is not None]
    highs = [(each.high, not each.high_open) for each in found if each.high is not None]
    low, low_open = min(lows) if len(lows) == len(found) else (None, False)
    high, closed = max(highs) if len(highs) == len(found) else (None, True)
    return Ordered(low=low, high=high, low_open=low_open, high_open=not closed)
