"""What the laboratory read of one analyte: its results in order, and the baseline among them.

Neutrophils may follow from other results of the sample, calcium is corrected for its albumin
(DOMAIN 1.7).  What was not done, and what is of another specimen, is no reading; a result without a
number or a unit that fits is one of which nothing is known.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from signals.chart.timeline import happened
from signals.events import PartialDate, Record
from signals.facts import neutrophils
from signals.facts.lab_grading import graded
from signals.facts.lab_reading import Reading
from signals.facts.lab_values import KEPT, Result, taken, value_of
from signals.facts.refs import ref
from signals.facts.value import Ref
from signals.study.ctcae import Interval, Quantity, corrected_calcium
from signals.study.ctcae.specimen import why_not_of

if TYPE_CHECKING:
    from signals.chart.view import View
    from signals.facts.spans import Instants
    from signals.study.ctcae import Term
    from signals.study.model import Study

_LAB, CALCIUM, ALBUMIN = "lab-result", "CA", "ALB"
_OF_SEVERAL_TESTS = {CALCIUM, neutrophils.COUNT}
_UNKNOWN = Quantity(Interval(), None)
_A_DAY = timedelta(days=1)
_NEAR = 2 * _A_DAY
"""A day for what is dated to one, and another for the parts of a sample, which may differ."""
_DATED = {"day", "minute", "second"}
BASELINE_THAT_DAY = (
    "a result of the day of the first infusion, its order not known, is taken as before"
)
ONE_TIME = "results of one time without a sample's id are taken as one sample"


class Laboratory:
    """The laboratory results of one person in a view."""

    def __init__(self, view: View, numbers: tuple[str | None, ...], study: Study) -> None:
        """``numbers``: the person's."""
        self._view = view
        self._numbers = numbers
        self._albumin = study.laboratory.albumin_range
        self._version = study.grading.version

    def changes(self, term: Term) -> int:
        """How often the results of a test changed; -1 where that does not tell of its readings."""
        if len(self._numbers) > 1 or term.test in _OF_SEVERAL_TESTS:
            return -1
        return self._view.changes(_LAB, self._numbers[0], term.test)

    def added(self, term: Term, changes: int) -> list[Reading] | None:
        """The readings since, in order, of later dates than all before; None if more changed."""
        if changes < 0:
            return None
        records = self._view.appended(_LAB, self._numbers[0], term.test, changes)
        if records is None:
            return None
        return [found for each in records if (found := _reading(each, term)) is not None]

    def recent(self, term: Term) -> tuple[list[Reading], Reading | None]:
        """The readings that may be the latest, and the last one surely taken before them.

        Of the latest there is one, or those whose order is not known.
        """
        readings = self._backward(term)
        looked, dated = self._latest_dated(term, readings)
        since = dated[0].earliest if dated else None
        undated = [each for each in self._undated(term) if since is None or each.latest >= since]
        found = undated if since is None else [*dated, *undated]
        if not found:
            return found, None
        newest = min([each.earliest or each.latest for each in found])
        for each in chain(looked, readings):
            if each.latest < newest and self._tells(each, term):
                return found, each
        return found, None

    def _latest_dated(
        self, term: Term, readings: Iterator[Reading]
    ) -> tuple[list[Reading], list[Reading]]:
        """All readings that were looked at; the latest of a known day, and those maybe later.

        What is dated to a day only may be later than what has a time of that day.
        """
        looked: list[Reading] = []
        found: list[Reading] = []
        since = oldest = None
        for each in readings:
            looked.append(each)
            begun = each.earliest or each.latest
            if oldest is not None and begun < oldest:
                break
            if not self._tells(each, term):
                continue
            if since is None:
                since, oldest = begun, begun - _NEAR
            if each.latest >= since:
                found.append(each)
        return looked, found

    def before(self, term: Term, start: Instants) -> Reading | None:
        """The last valid reading before the first infusion (DOMAIN 1.6; EC-103)."""
        if start.high is None:
            return None
        for reading in self._backward(term, start.high):
            begun = reading.earliest
            if reading.bound or reading.quantity.value.unknown or begun is None:
                continue
            if start.low is not None and reading.latest < start.low:
                return reading
            if begun < start.high:
                return _taken_as_before(reading)
        return None

    def _tells(self, reading: Reading, term: Term) -> bool:
        """Whether it says something: that there is at most so much, only below every normal value."""
        if not reading.bound:
            return True
        found = graded(self._version, term, reading, None)
        return found is not None and 0 not in found.grades

    def _backward(self, term: Term, until: datetime | None = None) -> Iterator[Reading]:
        """The readings of a known day, the latest first."""
        records = self._records(term.test, until)
        if term.test == neutrophils.COUNT:
            return self._counts(term, records)
        own = self._reading if term.test == CALCIUM else _reading
        return filter(None, (own(record, term) for record in records))

    def _undated(self, term: Term) -> list[Reading]:
        return [
            reading
            for number in self._numbers
            for record in self._view.undated(_LAB, number, term.test)
            if record.data.test == term.test and not _is_dated(record.data.collected_at)
            if (reading := self._reading(record, term)) is not None
        ]

    def _records(self, test: str, until: datetime | None) -> Iterator[Record]:
        """The current records on which it rests, each at its own date, the latest first."""
        counts = test == neutrophils.COUNT
        tests, sort = (neutrophils.TESTS, neutrophils.BEARS) if counts else ({test}, test)
        places = [self._view.backward(_LAB, number, sort, until) for number in self._numbers]
        seen: set[tuple[object, str]] = set()
        for dated, record in places[0] if len(places) == 1 else _merged(places):
            data = record.data
            when = data.collected_at
            if when is None or when.earliest != dated or when.precision not in _DATED:
                continue
            key = (record.subject_id, record.record_id)
            if data.test in tests and key not in seen:
                seen.add(key)
                yield record

    def _reading(self, record: Record, term: Term) -> Reading | None:
        own = _reading(record, term)
        if own is not None and term.test == CALCIUM and not own.quantity.value.unknown:
            return _corrected(own, self._albumin_of(record), self._albumin)
        return own

    def _counts(self, term: Term, records: Iterator[Record]) -> Iterator[Reading]:
        """Of each sample one count of neutrophils, measured or worked out."""
        told: set[Ref] = set()
        looked = None
        for record in records:
            first, last = taken(record)
            # The parts of a sample may differ by some hours.
            span = ((first or last) - _A_DAY, last + _A_DAY)
            results: list[Result] = []
            if span != looked:
                looked, window = span, neutrophils.neutrophils(self._view, record.subject_id, *span)
                results = [each for each in window if each.records[0] not in told]
            if record.data.test == neutrophils.COUNT and value_of(record) is None:
                reading = self._reading(record, term)
                if reading is not None:
                    yield reading
            for result in reversed(results):
                told.add(result.records[0])
                if reading := self._count(result, term):
                    yield reading

    def _count(self, result: Result, term: Term) -> Reading | None:
        main = result.records[0]
        record = self._view.current(_LAB, main.subject_id, main.record_id)
        if record is None or record.data.test == neutrophils.COUNT:
            return None if record is None else _reading(record, term)
        return _worked_out(record, result, term)

    def _albumin_of(self, record: Record) -> Record | None:
        first, last = taken(record)
        others = self._view.of_person_within(_LAB, record.subject_id, first or last, last, ALBUMIN)
        own = [
            each
            for each in others
            if each.data.test == ALBUMIN
            and _is_one_sample(each, record)
            and value_of(each) is not None
        ]
        return min(own, key=lambda each: each.record_id, default=None)


def _merged(
    places: Iterable[Iterator[tuple[datetime, Record]]],
) -> Iterator[tuple[datetime, Record]]:
    return heapq.merge(*places, key=lambda place: (place[0], place[1].record_id), reverse=True)


def _is_one_sample(one: Record, other: Record) -> bool:
    """Whether two results are of one sample: by its id, or without any by their very time."""
    if one.data.sample_id is not None or other.data.sample_id is not None:
        return bool(one.data.sample_id == other.data.sample_id)
    first, second = happened(one), happened(other)
    if first is None or second is None or not first.is_instant:
        return False
    return second.is_instant and first.earliest == second.earliest


def quantity_of(record: Record) -> Quantity:
    """The number of a result in its unit; unknown without a number or without a unit that fits."""
    if value_of(record) is None:
        return _UNKNOWN
    return Quantity(Interval.of(record.data.result_raw), record.data.unit_raw)


@lru_cache(maxsize=KEPT)
def _reading(record: Record, term: Term) -> Reading | None:
    """What the result says by itself."""
    if not _is_reading(record, term):
        return None
    return Reading(record, quantity_of(record), (ref(record),), *taken(record))


@lru_cache(maxsize=KEPT)
def _corrected(own: Reading, albumin: Record | None, any_from: tuple[Decimal, Decimal]) -> Reading:
    """Calcium corrected for the albumin of its sample; without it, for any albumin."""
    if albumin is not None:
        corrected = corrected_calcium(own.quantity, quantity_of(albumin))
        if corrected is not None:
            assumed = () if own.record.data.sample_id is not None else (ONE_TIME,)
            return replace(
                own, quantity=corrected, records=(*own.records, ref(albumin)), assumed=assumed
            )
    low, high = any_from
    widest = Quantity(Interval(Fraction(low), Fraction(high)), "g/L")
    corrected = corrected_calcium(own.quantity, widest)
    why = f"no albumin of the sample: calcium is corrected for any from {low} to {high} g/L"
    return replace(own, quantity=corrected or _UNKNOWN, assumed=(why,))


@lru_cache(maxsize=KEPT)
def _taken_as_before(reading: Reading) -> Reading:
    return replace(reading, assumed=(*reading.assumed, BASELINE_THAT_DAY))


@lru_cache(maxsize=KEPT)
def _worked_out(record: Record, result: Result, term: Term) -> Reading | None:
    """A count that follows from other results of the sample, of which this record is the first."""
    if not _is_reading(record, term):
        return None
    value = result.value
    interval = Interval(
        _fraction(value.low), _fraction(value.high), value.low_open, value.high_open
    )
    return Reading(
        record,
        Quantity(interval, "10*9/L"),
        result.records,
        *taken(record),
        limits=False,
        bound=neutrophils.is_bound_only(result),
    )


def _is_reading(record: Record, term: Term) -> bool:
    """Whether it was done, is no word, and is of the term's specimen."""
    data = record.data
    if data.status == "NOT DONE" or isinstance(data.result_raw, str):
        return False
    return why_not_of(term.specimen, data.specimen) is None


def _is_dated(when: PartialDate | None) -> bool:
    return when is not None and when.precision in _DATED


def _fraction(value: object) -> Fraction | None:
    return Fraction(value) if isinstance(value, Decimal) else None
