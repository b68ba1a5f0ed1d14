"""The fact ``dose finding``: the state of the search for the maximum tolerated dose (DOMAIN 3.4).

One for the study.  What was known when the safety review committee decided is kept and compared
with what is known now (DOMAIN 3.8); a decision is never reversed, the committee is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from signals.facts.decisions import cohort_decisions, decided_at, is_on_cohort
from signals.facts.dlt_events import PROFILES
from signals.facts.dlt_status import Course, DltStatusKind
from signals.facts.dose_stop import two_within_six
from signals.facts.dose_table import NOBODY, Count, DoseTable, dose_table
from signals.facts.evaluability import DLT, NO_DLT
from signals.facts.fields import text, words, yes_no
from signals.facts.kind import Change, Context, Fact, FactChange, Field, Key
from signals.facts.refs import ref
from signals.facts.value import Ref, Value, flag, word
from signals.study.model import Profile

NONE = "none"
_SIX = 6
_STANDINGS = (
    "no level meets the criterion",
    "candidate, in conflict",
    "highest dose tested tolerated: MTD not reached",
    "by the registered criterion",
)


@dataclass(frozen=True, slots=True)
class Taken:
    """A decision on a dose level, and the figures it names (None: it does not)."""

    source: Ref
    record_id: str
    level: str
    cohort_no: int | None
    at: datetime
    named: Count | None


@dataclass(frozen=True, slots=True)
class Finding:
    """What the kinds above read: the table of each profile, and the decisions in order.

    ``latched``: the levels at which two of the first six had a toxicity at some time.
    """

    profile: Profile
    tables: tuple[DoseTable, ...]
    decisions: tuple[Taken, ...]
    latched: frozenset[str]

    @property
    def table(self) -> DoseTable:
        """The table of the profile whose n and x decide."""
        return self.tables[PROFILES.index(self.profile)]

    def of_level(self, level: str) -> list[Taken]:
        """The decisions on one level, in the order they were taken."""
        return [each for each in self.decisions if each.level == level]

    def count(self, level: str) -> Count:
        """N and x now."""
        return self.table.now.get(level, NOBODY)

    def took_effect(self, level: str) -> Taken | None:
        """The last decision on a level that named n and x as they were known when it was taken."""
        found = [
            each
            for each in self.of_level(level)
            if each.named is not None and self.table.at(each.at).get(level, NOBODY) == each.named
        ]
        return found[-1] if found else None

    def must_stop(self, level: str) -> bool:
        """Two of the first six, or beyond six more than a third."""
        n, x = self.count(level)
        return level in self.latched or (n > _SIX and 3 * x > n)

    def stop_decided(self, level: str) -> bool:
        """Whether the last decision that took effect still covers x, and always did since."""
        taken = self.took_effect(level)
        if taken is None or taken.named is None:
            return False
        since = [each.get(level, NOBODY).x for each in self.table.since(taken.at)]
        return max(since) <= taken.named.x

    def differs(self) -> bool:
        """Whether the committee has not seen every maximum tolerated dose there was.

        Since it last decided on any level (or ever), another level or none met the criterion.
        """
        last = self.decisions[-1].at if self.decisions else None
        return len({self.table.tolerated(each) for each in self.table.since(last)}) > 1

    def conflict_decided(self, level: str) -> bool:
        """Whether the last decision on a level was taken on the conflict as it stands."""
        taken = self.of_level(level)
        return bool(taken) and self.table.unchanged(
            taken[-1].at, lambda counts: self.table.conflict(counts, level)
        )


class DoseFindingKind:
    """One fact a study."""

    name = "dose finding"
    about: tuple[str, ...] = ()
    reads: tuple[str, ...] = (DltStatusKind.name,)
    hears: frozenset[str] = frozenset({"decision"})
    fields: Mapping[str, Field] = {
        field.name: field
        for field in (
            text(
                "mtd",
                "The maximum tolerated dose: the highest level with at least 6 evaluable, at most a "
                "third with a toxicity and no lower level failing; or none",
                "registered outcome 3; DOMAIN 3.4",
            ),
            yes_no("mtd_ever", "A level met the criterion at some time, as then known", "MTD-01"),
            yes_no(
                "differs_from_decided",
                "Since the committee last decided on any level, another level, or none, met it",
                "RULES.csv MTD-01",
            ),
            words("standing", _STANDINGS, "How firm that is", "DOMAIN 3.4"),
            text("highest_tested", "The highest level with an evaluable subject", "DOMAIN 3.4"),
        )
    }

    def keys(self, ctx: Context) -> Iterator[Key]:
        """The study."""
        del ctx
        yield ()

    def touched_by(self, change: Change, ctx: Context) -> Iterable[Key]:
        """A subject that counts, or a decision on a level."""
        del ctx
        if isinstance(change, FactChange):
            if any(course.counts for course in _of(change.old, change.new)):
                yield ()
        elif change.kind == "decision" and change.subject_id is None:
            versions = change.versions
            if any(is_on_cohort(each) for each in versions):
                yield ()

    def derive(self, key: Key, ctx: Context) -> Fact | None:
        """The fact; before any subject counts it says that no level meets the criterion."""
        finding = _finding(ctx)
        differs = finding.differs()
        values = _values(finding, counting(ctx), differs=differs)
        decided = bool(finding.decisions) and not differs
        return Fact(
            kind=self.name,
            key=key,
            values=values,
            decided=frozenset({"COHORT"}) if decided else frozenset(),
            detail=finding,
        )

    def moved_to(self, key: Key, ctx: Context) -> Key | None:
        """There is one study."""
        del key, ctx
        return None


def _of(*facts: Fact | None) -> Iterator[Course]:
    for fact in facts:
        if fact is not None and isinstance(fact.detail, Course):
            yield fact.detail


def counting(ctx: Context) -> list[tuple[str, Course]]:
    """The subjects whose phase counts, by number."""
    facts = ctx.facts.of_kind(DltStatusKind.name)
    found = [(str(key[0]), course) for key in facts for course in _of(facts[key]) if course.counts]
    return sorted(found, key=lambda each: each[0])


def finding_of(ctx: Context) -> Finding | None:
    """The state of dose finding, as last derived."""
    fact = ctx.facts.get(DoseFindingKind.name, ())
    return fact.detail if fact is not None and isinstance(fact.detail, Finding) else None


def _finding(ctx: Context) -> Finding:
    profile = ctx.study.dlt.decision_profile
    order = tuple(each.level for each in ctx.study.dose_levels)
    courses = counting(ctx)
    steps = [course.steps for _, course in courses]
    tables = tuple(dose_table(order, steps, each) for each in PROFILES)
    levels = {course.now.level for _, course in courses if course.now.level is not None}
    latched = {
        level
        for level in levels
        if two_within_six([c for _, c in courses if c.now.level == level], profile)
    }
    return Finding(profile, tables, _taken(ctx), frozenset(latched))


def _taken(ctx: Context) -> tuple[Taken, ...]:
    return tuple(
        Taken(
            source=ref(each),
            record_id=each.record_id,
            level=each.data.cohort.dose_level,
            cohort_no=each.data.cohort.cohort_no,
            at=decided_at(each),
            named=None
            if each.data.cohort.n is None or each.data.cohort.x is None
            else Count(each.data.cohort.n, each.data.cohort.x),
        )
        for each in cohort_decisions(ctx.view)
    )


def _values(
    finding: Finding, courses: list[tuple[str, Course]], *, differs: bool
) -> dict[str, Value]:
    table = finding.table
    mtd = table.tolerated(table.now)
    ever = any(table.tolerated(each.counts) is not None for each in table.known)
    evidence = tuple(
        dict.fromkeys(
            each
            for _, course in courses
            if course.status(finding.profile) in (DLT, NO_DLT)
            for each in course.now.is_(finding.profile).records
        )
    )
    values: dict[str, Value] = {
        "mtd": word(mtd or NONE),
        "mtd_ever": flag(ever),
        "differs_from_decided": flag(differs),
        "standing": word(_standing(finding, mtd)),
        "highest_tested": word(table.highest_tested(table.now) or NONE),
    }
    return {name: value.resting_on(*evidence) for name, value in values.items()}


def _standing(finding: Finding, mtd: str | None) -> str:
    none, conflict, not_reached, firm = _STANDINGS
    if mtd is None:
        return none
    table = finding.table
    stops = finding.must_stop(mtd) and not finding.stop_decided(mtd)
    conflicts = any(table.conflict(table.now, mtd)) and not finding.conflict_decided(mtd)
    if stops or conflicts:
        return conflict
    above = table.order[table.order.index(mtd) + 1 :]
    tested = any(table.now.get(each, NOBODY).n for each in above)
    return firm if tested else not_reached
