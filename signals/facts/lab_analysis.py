"""The latest readings of an analyte beside its baseline: grades, ratios, windows.

The grade is a set: what the record does not say widens it (DOMAIN 7.1, 7.4).  Grade and baseline
are judged by the same table and against the same baseline.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

from signals.events.units import NotConverted, factor
from signals.facts.anchor import Anchor, anchor
from signals.facts.exposure import Exposure, exposure
from signals.facts.kind import Context
from signals.facts.lab_grading import graded
from signals.facts.lab_reading import Reading
from signals.facts.lab_readings import Laboratory
from signals.facts.neutrophils import COUNT
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
_READ = ("lab-result", "infusion", "therapy")


_Told: TypeAlias = tuple[Ordered, tuple[str, ...], tuple[str, ...]]
"""The grades that some readings may have, what would settle them, and what was assumed."""


class Course:
    """The latest readings of a test beside its baseline: what both directions share."""

    def __init__(self, term: Term, laboratory: Laboratory, exposed: Exposure, ctx: Context) -> None:
        """``term``: of either direction."""
        self.latest = laboratory.latest(term)
        self.exposed = exposed
        self.baseline: Reading | None = None
        self.previous: Reading | None = None
        self.values: dict[str, Value] = {}
        if not self.latest:
            return
        if exposed.first is not None:
            self.baseline = laboratory.before(term, exposed.first)
        earliest = min([each.earliest or each.latest for each in self.latest])
        self.previous = laboratory.previous(term, earliest)
        self.records = tuple([one for each in self.latest for one in each.records])
        self.values = self._of_results(term, ctx) | self._windows(ctx)

    @property
    def baseline_records(self) -> tuple[Ref, ...]:
        """What the baseline rests on: that there is none rests on the infusions."""
        given = self.exposed.records
        return given if self.baseline is None else (*given, *self.baseline.records)

    @property
    def baseline_assumed(self) -> tuple[str, ...]:
        """What is assumed of the baseline."""
        return (NO_BASELINE,) if self.baseline is None else self.baseline.assumed

    def _of_results(self, term: Term, ctx: Context) -> dict[str, Value]:
        assumed = dict.fromkeys(one for each in self.latest for one in each.assumed)
        own: dict[str, Value] = {
            "analyte": word(term.test),
            "ctcae_version": word(ctx.study.grading.version),
            "result": word(*(_reported(each) for each in self.latest)),
            "taken": _hull([Ordered(low=each.earliest, high=each.latest) for each in self.latest]),
            "concentration": _hull([_concentration(term, each) for each in self.latest]).assuming(
                *assumed
            ),
            "haemolysed": _agreed([each.record.data.haemolysed for each in self.latest]),
            "blood_count": flag(
                self.latest[0].record.data.test in ctx.study.laboratory.blood_counts
            ),
        }
        values = {name: value.resting_on(*self.records) for name, value in own.items()}
        over = self._over_baseline(term).assuming(*self.baseline_assumed)
        values["over_baseline"] = over.resting_on(*self.records, *self.baseline_records)
        return values

    def _over_baseline(self, term: Term) -> Ordered:
        """The value over the baseline's; without a baseline it is not above one."""
        base = self.baseline.quantity if self.baseline is not None else None
        if base is None:
            return exactly(1)
        normal = _in(term, base, term.units[0])
        return _hull(
            [_ratio(_in(term, each.quantity, term.units[0]), normal) for each in self.latest]
        )

    def _windows(self, ctx: Context) -> dict[str, Value]:
        periods, haematology = ctx.study.periods, ctx.study.haematology
        begun = [each.earliest for each in self.latest]
        days = Days(
            None if None in begun else min([each for each in begun if each]).date(),
            max([each.latest for each in self.latest]).date(),
        )
        safety = in_safety_period(days, self.exposed, periods.safety_days)
        anchored = anchor(ctx.view, self.latest[0].record.subject_id, haematology.new_course)
        window = _anchor_window(days, anchored, haematology.recovery_days)
        return {
            "in_safety_period": safety.resting_on(*self.records, *self.exposed.records),
            "anchor_window": window.resting_on(
                *self.records, *(anchored.records if anchored is not None else ())
            ),
        }


def course(term: Term, subject: str | None, ctx: Context) -> Course:
    """The course of a term's test; a bound of neutrophils counts only where it gives a grade."""

    def found() -> Course:
        laboratory = Laboratory(ctx.view, ctx.chart.person(subject), ctx.study)
        return Course(term, laboratory, exposure(ctx.view, subject), ctx)

    by_term = term if term.test == COUNT else (term.test, term.specimen, term.units[0])
    question = ("course", by_term, subject, ctx.study.grading.version)
    return ctx.view.kept(question, subject, _READ, found)


def graded_values(term: Term, found: Course, ctx: Context) -> dict[str, Value]:
    """The fields that depend on the direction."""
    version, baseline = ctx.study.grading.version, found.baseline
    now = [graded(version, term, each, baseline) for each in found.latest]
    grade_now, needs, assumed = _grades(now)
    before, base = ANY_ORDERED, exactly(0)  # of no baseline, and that is said (DOMAIN 7.4)
    if found.previous is not None:
        before = _grades([graded(version, term, found.previous, baseline)])[0]
    if baseline is not None:
        base = _grades([graded(version, term, baseline, baseline)])[0]
    why, of_baseline = found.baseline_assumed, found.baseline_records
    own = {
        **_of_term(term),
        "grade": grade_now.assuming(*assumed),
        "grade_needs": word(*needs) if needs else ANY_WORD,
        "within_reference_range": _agreed([None if g is None else g.within_range for g in now]),
    }
    told = found.previous.records if found.previous is not None else ()
    return {name: value.resting_on(*found.records) for name, value in own.items()} | {
        "previous_grade": before.resting_on(*told),
        "baseline_grade": base.assuming(*why).resting_on(*of_baseline),
        "grades_over_baseline": _difference(grade_now, base)
        .assuming(*why)
        .resting_on(*found.records, *of_baseline),
    }


def _concentration(term: Term, reading: Reading) -> Ordered:
    return _ordered(_in(term, reading.quantity, _MMOL)) if term.units[0] == _MMOL else ANY_ORDERED


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


def _anchor_window(days: Days, anchored: Anchor | None, recovery_days: int) -> Coded:
    """Without any therapy there is no window, and nothing is held back."""
    if anchored is None:
        return word("closed")
    end = anchored.day.later(recovery_days)
    if certainly_outside(days, anchored.day, end):
        return word("closed")
    return word("open") if certainly_within(days, anchored.day, end) else word("open", "closed")


@lru_cache(maxsize=4096)
def _of_term(term: Term) -> dict[str, Value]:
    """What a fact says of its term alone."""
    gradable = term.not_graded is None and any(limit.conditions for limit in term.limits)
    return {
        "direction": word(term.direction),
        "term": word(term.term),
        "gradable": flag(gradable),
    }


def _reported(reading: Reading) -> str:
    data = reading.record.data
    return " ".join(str(part) for part in (data.result_raw, data.unit_raw) if part is not None)


def _agreed(answers: list[bool | None]) -> Coded:
    """The answer that all give."""
    one = len(answers) == 1 or len(set(answers)) == 1
    return flag(answers[0] if one else None)


def _in(term: Term, quantity: Quantity, unit: str) -> Interval:
    by = factor(term.test, quantity.unit, unit)
    return Interval() if isinstance(by, NotConverted) else quantity.value.times(by)


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
