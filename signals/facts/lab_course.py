"""The course of an analyte: its latest readings, the one before them, and the baseline.

Both directions of a test share it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from signals.chart.view import View
from signals.events.units import ONE, NotConverted, factor
from signals.facts.anchor import Anchor, anchor
from signals.facts.exposure import Exposure, exposure
from signals.facts.kind import Context
from signals.facts.lab_reading import Reading
from signals.facts.lab_readings import Laboratory
from signals.facts.lab_values import KEPT
from signals.facts.periods import safety_period
from signals.facts.spans import Days, Instants
from signals.facts.value import Ref, in_order
from signals.immutable import immutable
from signals.study.ctcae import Interval, Quantity, Term
from signals.study.model import Study

NO_BASELINE = "no result before the first infusion: the baseline is taken as normal, grade 0"


@immutable(frozen=True, slots=True, eq=False)
class Baseline:
    """The last reading before the first infusion, or that there is none, which is assumed normal.

    ``value``: its number in the first unit of the term, None without a baseline that has one.
    ``records``: what it rests on, in order; that there is none rests on the infusions.
    """

    reading: Reading | None
    value: Interval | None
    records: tuple[Ref, ...]
    assumed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Treated:
    """What a person was given, and the periods within which that makes results count."""

    exposed: Exposure
    safety: tuple[Days, Days] | None
    anchored: Anchor | None
    recovery: tuple[Days, Days] | None


@immutable(frozen=True, slots=True, eq=False)
class Course:
    """The readings of a test that tell of the present.

    ``taken``: from the first to the last instant at which the latest may have been.  ``records``:
    those of the latest readings, ``beside``: and of the baseline, both in order.
    """

    latest: list[Reading]
    taken: Instants
    previous: Reading | None
    baseline: Baseline
    treated: Treated
    records: tuple[Ref, ...]
    beside: tuple[Ref, ...]


def course(term: Term, subject: str | None, ctx: Context) -> Course | None:
    """The course of a test under a term of either direction; None without any reading."""
    laboratory = Laboratory(ctx.view, ctx.chart.person(subject), ctx.study)
    latest, previous = laboratory.recent(term)
    if not latest:
        return None
    treated = _treated(ctx.view, subject, ctx.study)
    exposed = treated.exposed
    before = laboratory.before(term, exposed.first) if exposed.first else None
    baseline = _baseline(term.test, term.units[0], before, exposed.records)
    taken, records = _together(latest)
    beside = both(records, baseline.records)
    return Course(latest, taken, previous, baseline, treated, records, beside)


def both(some: tuple[Ref, ...], others: tuple[Ref, ...]) -> tuple[Ref, ...]:
    """All in order, each once; those of results, infusions and therapies bear a subject each."""
    return tuple(sorted({*some, *others})) if others else some


def _together(readings: list[Reading]) -> tuple[Instants, tuple[Ref, ...]]:
    """When some readings may have been taken, and their records in order."""
    if len(readings) == 1:
        only = readings[0]
        return Instants(only.earliest, only.latest), in_order(only.records)
    begun = [each.earliest for each in readings]
    known = [each for each in begun if each is not None]
    first = min(known) if len(known) == len(begun) else None
    taken = Instants(first, max([each.latest for each in readings]))
    return taken, in_order(tuple([one for each in readings for one in each.records]))


def in_unit(test: str, quantity: Quantity, unit: str) -> Interval:
    """The number of a quantity in another unit; of one in a unit that does not fit any number."""
    by = factor(test, quantity.unit, unit)
    if by is ONE:
        return quantity.value
    return Interval() if isinstance(by, NotConverted) else quantity.value.times(by)


@lru_cache(maxsize=KEPT)
def _baseline(
    test: str, unit: str, reading: Reading | None, infusions: tuple[Ref, ...]
) -> Baseline:
    if reading is None:
        return Baseline(None, None, in_order(infusions), (NO_BASELINE,))
    value = in_unit(test, reading.quantity, unit)
    return Baseline(reading, value, in_order((*infusions, *reading.records)), reading.assumed)


def _treated(view: View, subject: str | None, study: Study) -> Treated:
    """Kept, for it is the same for every result until another infusion or therapy."""
    safety_days, haematology = study.periods.safety_days, study.haematology
    days, courses = haematology.recovery_days, haematology.new_course

    def found() -> Treated:
        exposed, anchored = exposure(view, subject), anchor(view, subject, courses)
        recovery = None if anchored is None else (anchored.day, anchored.day.later(days))
        return Treated(exposed, safety_period(exposed, safety_days), anchored, recovery)

    question = ("treated", subject, safety_days, days, courses)
    return view.kept(question, subject, ("infusion", "therapy"), found)
