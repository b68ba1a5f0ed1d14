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
    those of the latest readings, ``beside``: and of the baseline, both in order.  ``changes``: of
    the results until then (``Laboratory.changes``).
    """

    latest: list[Reading]
    taken: Instants
    previous: Reading | None
    baseline: Baseline
    treated: Treated
    records: tuple[Ref, ...]
    beside: tuple[Ref, ...]
    changes: int


def course(term: Term, subject: str | None, ctx: Context, former: Course | None) -> Course | None:
    """The course of a test under a term of either direction; None without any reading.

    ``former``: what it was at some time before, if known.  Where all that came since was taken
    later, as nearly always, it goes on from there.
    """
    laboratory = Laboratory(ctx.view, ctx.chart.person(subject), ctx.study)
    treated = _treated(ctx.view, subject, ctx.study)
    longer = None if former is None else _longer(former, laboratory, term)
    latest, previous = longer or laboratory.recent(term)
    if not latest:
        return None
    if former is not None and longer and _keeps_baseline(former, treated, latest):
        baseline = former.baseline
    else:
        baseline = _baseline_of(term, laboratory, treated.exposed)
    taken, records = _together(latest)
    beside = both(records, baseline.records)
    changes = laboratory.changes(term)
    return Course(latest, taken, previous, baseline, treated, records, beside, changes)


def _longer(
    former: Course, laboratory: Laboratory, term: Term
) -> tuple[list[Reading], Reading | None] | None:
    """The latest readings and the one before them, if all since were surely taken later."""
    added = laboratory.added(term, former.changes)
    if added is None:
        return None
    latest, previous, taken = former.latest, former.previous, former.taken.high
    for each in added:
        if taken is None or each.earliest is None or each.earliest <= taken:
            return None
        latest, previous, taken = [each], latest[0], each.latest
    return latest, previous


def _keeps_baseline(former: Course, treated: Treated, latest: list[Reading]) -> bool:
    """Whether the same was given, and before what came since."""
    if former.treated is not treated:
        return False
    first = treated.exposed.first
    if first is None or first.high is None or latest is former.latest:
        return True
    begun = former.taken.high
    return begun is not None and begun >= first.high


def _baseline_of(term: Term, laboratory: Laboratory, exposed: Exposure) -> Baseline:
    before = laboratory.before(term, exposed.first) if exposed.first else None
    return _baseline(term.test, term.units[0], before, exposed.records)


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
