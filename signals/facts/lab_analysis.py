"""The latest readings of an analyte beside its baseline: grades, ratios, windows.

The grade is a set: what the record does not say widens it (DOMAIN 7.1, 7.4).  Grade and baseline
are judged by the same table and against the same baseline.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

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

    def grade_of(readings: list[Reading]) -> tuple[Graded | None, ...]:
        version = ctx.study.grading.version
        return tuple([graded(version, term, each, found.baseline) for each in readings])

    now = grade_of(found.latest)
    grade_now, needs, assumed = _grades(now)
    before, _, _ = _grades(grade_of([found.previous] if found.previous is not None else []))
    base = exactly(0)  # of no baseline, and that is said (DOMAIN 7.4)
    if found.baseline is not None:
        base, _, _ = _grades(grade_of([found.baseline]))
    why, of_baseline = found.baseline_assumed, found.baseline_records
    within = _agreed([None if each is None else each.within_range for each in now])
    own = {
        "direction": word(term.direction),
        "term": word(term.term),
        "gradable": flag(_is_gradable(term)),
        "grade": grade_now.assuming(*assumed),
        "grade_needs": word(*needs) if needs else ANY_WORD,
        "within_reference_range": within,
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


@lru_cache(maxsize=4096)
def _grades(found: tuple[Graded | None, ...]) -> tuple[Ordered, tuple[str, ...], tuple[str, ...]]:
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


def _hull(found: Sequence[Ordered]) -> Ordered:
    """From the lowest to the highest that any may be."""
    if len(found) == 1:
        return found[0]
    lows = [(each.low, each.low_open) for each in found if each.low is not None]
    highs = [(each.high, not each.high_open) for each in found if each.high is not None]
    low, low_open = min(lows) if len(lows) == len(found) else (None, False)
    high, closed = max(highs) if len(highs) == len(found) else (None, True)
    return Ordered(low=low, high=high, low_open=low_open, high_open=not closed)
