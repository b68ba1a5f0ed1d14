"""The fact ``dose level``: its subjects, n and x, the cohort, and what the tables advise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from signals.facts.dlt_events import PROFILES
from signals.facts.dlt_status import Course, DltStatusKind
from signals.facts.dose_finding import DoseFindingKind, Finding, counting, finding_of
from signals.facts.dose_level_fields import FIELDS, NO_ACTION
from signals.facts.dose_table import Count
from signals.facts.evaluability import DLT, NO_DLT, NOT_EVALUABLE, PENDING, UNDETERMINED
from signals.facts.kind import Change, Context, Fact, FactChange, Field, Key
from signals.facts.refs import ref
from signals.facts.value import ANY_ORDERED, Ref, Value, exactly, flag, word
from signals.statistics.boundaries import probability_above
from signals.statistics.dose_finding import Action, Boin, boin, three_plus_three
from signals.study.model import Profile

SHOWN = Decimal("0.000001")
"""Probabilities are kept to so many places: more say nothing, and are long to read."""


class DoseLevelKind:
    """One fact per dose level of the study, and per level that a subject names beside."""

    name = "dose level"
    about = ("dose level",)
    reads: tuple[str, ...] = (DltStatusKind.name, DoseFindingKind.name)
    hears: frozenset[str] = frozenset()
    fields: Mapping[str, Field] = FIELDS

    def keys(self, ctx: Context) -> Iterator[Key]:
        """The levels of ``study.yaml``, and those at which a subject is, or was to be, treated."""
        yield from ((level,) for level in levels(ctx))

    def touched_by(self, change: Change, ctx: Context) -> Iterable[Key]:
        """All levels, by any change of a subject that counts: what follows from one is few."""
        if not isinstance(change, FactChange):
            return
        courses = [each.detail for each in (change.old, change.new) if each is not None]
        counting_ = [each for each in courses if isinstance(each, Course) and each.counts]
        if counting_ or change.kind == DoseFindingKind.name:
            yield from self.keys(ctx)
        for each in counting_:
            yield from ((level,) for level in (each.now.level, each.now.assigned) if level)

    def derive(self, key: Key, ctx: Context) -> Fact | None:
        """The fact; None for a level that neither the study nor a subject has."""
        level = str(key[0])
        finding = finding_of(ctx)
        courses = counting(ctx)
        if finding is None or level not in _levels(courses, ctx):
            return None
        look = _Level(level, courses, finding, ctx)
        return Fact(
            kind=self.name,
            key=key,
            values=look.values(),
            decided=frozenset({"COHORT"}) if finding.stop_decided(level) else frozenset(),
        )

    def moved_to(self, key: Key, ctx: Context) -> Key | None:
        """A level stays what it is."""
        del key, ctx
        return None


def levels(ctx: Context) -> dict[str, None]:
    """The levels of the study, lowest first, and those that only a subject's record names."""
    return _levels(counting(ctx), ctx)


def _levels(courses: list[tuple[str, Course]], ctx: Context) -> dict[str, None]:
    found = {each.level: None for each in ctx.study.dose_levels}
    named = {
        level
        for _, course in courses
        for level in (course.now.level, course.now.assigned)
        if level is not None
    }
    return found | dict.fromkeys(sorted(named))


@lru_cache(maxsize=8)
def _design(target: Decimal) -> Boin:
    return boin(target)


@dataclass(frozen=True, slots=True)
class _Level:
    level: str
    courses: list[tuple[str, Course]]
    finding: Finding
    ctx: Context

    def values(self) -> dict[str, Value]:
        toxic, evaluable = self._evidence()
        figures = {
            name: value.resting_on(*evaluable)
            for name, value in (self._of_subjects() | self._advice()).items()
        }
        stop = {name: value.resting_on(*toxic) for name, value in self._of_stop().items()}
        return {**figures, **self._of_cohort(), **stop}

    @property
    def treated(self) -> list[Course]:
        return [course for _, course in self.courses if course.now.level == self.level]

    def _evidence(self) -> tuple[tuple[Ref, ...], tuple[Ref, ...]]:
        """The records behind x, and behind n."""
        profile = self.finding.profile
        toxic: list[Ref] = []
        evaluable: list[Ref] = []
        for course in self.treated:
            records = course.now.is_(profile).records
            toxic += records if course.status(profile) == DLT else ()
            evaluable += records if course.status(profile) in (DLT, NO_DLT) else ()
        return tuple(toxic), tuple(evaluable)

    def _of_subjects(self) -> dict[str, Value]:
        profile = self.finding.profile
        n, x = self._count(profile)
        unsigned = [each for each in self.treated if each.unsigned(profile)]
        left = [each for each in unsigned if each.status(profile) != NO_DLT]
        values: dict[str, Value] = {
            "n": exactly(n),
            "x": exactly(x),
            "n_unsigned": exactly(n + len(left)),
            "x_unsigned": exactly(x + len(unsigned)),
        }
        for each in PROFILES:
            count = self._count(each)
            values |= {f"n_{each.lower()}": exactly(count.n), f"x_{each.lower()}": exactly(count.x)}
        for name in (PENDING, UNDETERMINED, NOT_EVALUABLE):
            found = sum(course.status(profile) == name for course in self.treated)
            values[name.replace(" ", "_")] = exactly(found)
        return values

    def _count(self, profile: Profile) -> Count:
        statuses = [course.status(profile) for course in self.treated]
        return Count(sum(each in (DLT, NO_DLT) for each in statuses), statuses.count(DLT))

    def _advice(self) -> dict[str, Value]:
        n, x = self.finding.count(self.level)
        table, target = self.finding.table, self.ctx.study.dlt.target_rate
        classical = three_plus_three(n, x, next_too_toxic=table.next_fails(table.now, self.level))
        probability = probability_above(target, x, Decimal(n)).quantize(SHOWN)
        return {
            "advice_3_3": _action(classical),
            "advice_boin": _action(_design(target).action(n, x)),
            "boin_probability": exactly(probability),
            "passes_alone": flag(Count(n, x).passes),
            "lower_level_fails": flag(table.lower_fails(table.now, self.level)),
        }

    def _of_stop(self) -> dict[str, Value]:
        n, x = self.finding.count(self.level)
        taken = self.finding.took_effect(self.level)
        decided = taken.named.x if taken is not None and taken.named is not None else 0
        return {
            "two_within_six": flag(self.level in self.finding.latched),
            "x_times_3_over_n": exactly(3 * x - n),
            "x_over_decided": exactly(x - decided),
        }

    def _of_cohort(self) -> dict[str, Value]:
        own = [
            (subject, course)
            for subject, course in self.courses
            if course.now.assigned == self.level and _cohort_no(course) is not None
        ]
        number = max((_cohort_no(course) or 0 for _, course in own), default=None)
        replaced = {
            course.now.enrolment.data.replaces_subject
            for _, course in self.courses
            if course.now.enrolment is not None
        }
        members = [
            course
            for subject, course in own
            if _cohort_no(course) == number and subject not in replaced
        ]
        statuses = [course.status(self.finding.profile) for course in members]
        size = self.ctx.study.dlt.cohort_size
        values: dict[str, Value] = {
            "cohort_no": ANY_ORDERED if number is None else exactly(number),
            "cohort_complete": flag(len(members) >= size),
            "cohort_pending": exactly(statuses.count(PENDING)),
            "cohort_undetermined": exactly(statuses.count(UNDETERMINED)),
            "cohort_unreplaced": exactly(statuses.count(NOT_EVALUABLE)),
            "cohort_decided": flag(self._is_decided(number, members)),
        }
        records = [
            each for course in members for each in course.now.is_(self.finding.profile).records
        ]
        records += [ref(c.now.enrolment) for c in members if c.now.enrolment is not None]
        return {name: value.resting_on(*records) for name, value in values.items()}

    def _is_decided(self, number: int | None, members: list[Course]) -> bool:
        """By a decision that names the cohort; one that names none decides who was enrolled then."""
        last = max(
            (c.now.enrolment.arrival for c in members if c.now.enrolment is not None), default=None
        )
        return any(
            each.cohort_no == number if each.cohort_no is not None else last and each.at >= last
            for each in self.finding.of_level(self.level)
        )


def _cohort_no(course: Course) -> int | None:
    enrolment = course.now.enrolment
    number: int | None = enrolment.data.cohort_no if enrolment is not None else None
    return number


def _action(action: Action | None) -> Value:
    return word(action.value if action is not None else NO_ACTION)
