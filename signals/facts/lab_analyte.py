"""The fact ``lab analyte``: the latest result of one analyte in one direction, and its grade.

There is one under the subject's number that the latest result bears.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TypeAlias, cast

from signals.facts import neutrophils
from signals.facts.kind import Change, Context, Fact, Field, Key, RecordChange
from signals.facts.lab_analysis import graded_values, values_of_course
from signals.facts.lab_analyte_fields import FIELDS
from signals.facts.lab_course import Course, course
from signals.facts.lab_readings import ALBUMIN, CALCIUM
from signals.facts.value import Value
from signals.study.ctcae import Term

_LAB = "lab-result"
_READ = (_LAB, "infusion", "therapy")
_OF_THE_PERSON = {"infusion", "therapy", "enrolment"}


class LabAnalyteKind:
    """One fact per subject, analyte (LBTESTCD) and direction that CTCAE has a term for."""

    name = "lab analyte"
    about = ("subject", "analyte", "direction")
    reads: tuple[str, ...] = ()
    hears: frozenset[str] = frozenset({_LAB, *_OF_THE_PERSON})
    fields: Mapping[str, Field] = FIELDS

    def keys(self, ctx: Context) -> Iterator[Key]:
        """Every term of every test with results, under every number of the person."""
        for subject in ctx.chart.subjects(_LAB):
            for analyte in _analytes(ctx, subject):
                yield from _keys(ctx, ctx.chart.person(subject), analyte)

    def touched_by(self, change: Change, ctx: Context) -> Iterable[Key]:
        """A result: what rests on its test; infusion, therapy, enrolment: all of the person."""
        if not isinstance(change, RecordChange):
            return ()
        if change.kind == _LAB:
            tests = {each.data.test for each in change.versions}
            return [
                key
                for test in tests
                for analyte in _resting_on(test)
                for key in _keys(ctx, change.person, analyte)
            ]
        if change.kind not in _OF_THE_PERSON:
            return ()
        return [
            key
            for number in change.numbers(ctx.chart)
            for analyte in _analytes(ctx, number)
            for key in _keys(ctx, ctx.chart.person(number), analyte)
        ]

    def derive(self, key: Key, ctx: Context) -> Fact | None:
        """The fact under the number of the latest result."""
        subject, analyte, direction = key
        term = _term(ctx, analyte, direction)
        if term is None:
            return None
        told = _course(term, subject, ctx)
        if told is None:
            return None
        found, values = told
        record = found.latest[0].record
        if record.subject_id != subject:
            return None
        return Fact(
            kind=self.name,
            key=key,
            values=values | graded_values(term, found, ctx.study.grading.version),
            subject_id=subject,
            site_id=record.site_id,
            clinical_at=found.taken.high,
        )

    def moved_to(self, key: Key, ctx: Context) -> Key | None:
        """Nowhere: a result moved to another subject is void here."""


def _term(ctx: Context, analyte: str | None, direction: str | None) -> Term | None:
    for term in ctx.study.grading.by_test.get(str(analyte), ()):
        if term.direction == direction:
            return term
    return None


_Told: TypeAlias = tuple[Course, dict[str, Value]]


def _course(term: Term, subject: str | None, ctx: Context) -> _Told | None:
    """The course of a term's test and what a fact says of it, kept for the other direction.

    A bound of neutrophils counts only where it gives a grade.
    """

    def found() -> _Told | None:
        former = cast("_Told | None", ctx.view.last(question))
        own = course(term, subject, ctx, former[0] if former else None)
        return None if own is None else (own, values_of_course(term, own, ctx.study))

    by_term = term if term.test == neutrophils.COUNT else (term.test, term.specimen, term.units[0])
    question = ("course", by_term, subject, ctx.study.grading.version)
    return ctx.view.kept(question, subject, _READ, found)


def _analytes(ctx: Context, subject: str | None) -> list[str]:
    found = dict.fromkeys(one for test in ctx.chart.tests(subject) for one in _resting_on(test))
    return list(found)


@lru_cache(maxsize=1024)
def _resting_on(test: str | None) -> tuple[str, ...]:
    """The analytes whose reading a test can change."""
    if test is None:
        return ()
    derived = (neutrophils.COUNT,) if test in neutrophils.TESTS else ()
    return (test, *derived, *((CALCIUM,) if test == ALBUMIN else ()))


def _keys(ctx: Context, person: tuple[str | None, ...], analyte: str) -> list[Key]:
    terms = ctx.study.grading.by_test.get(analyte, ())
    return [(number, analyte, term.direction) for term in terms for number in person]
