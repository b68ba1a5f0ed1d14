"""The fact ``dlt status change``: a subject's status at a cohort decision, and now (DOMAIN 3.8).

The service never reopens a decision: it shows the committee what it decided on and what is known
now, and asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from signals.facts.dlt_events import PROFILES
from signals.facts.dlt_history import Step, known_at
from signals.facts.dlt_status import Course, DltStatusKind, main_number
from signals.facts.dose_finding import DoseFindingKind, Finding, Taken, finding_of
from signals.facts.dose_table import NOBODY, Count
from signals.facts.evaluability import PENDING, STATUSES
from signals.facts.fields import instant, text, words, yes_no
from signals.facts.kind import Change, Context, Fact, FactChange, Field, Key
from signals.facts.value import Value, exactly, flag, word
from signals.study.model import Profile


class DltStatusChangeKind:
    """One fact per subject, decision on its level after its enrolment, and profile (DLT-04)."""

    name = "dlt status change"
    about = ("subject", "decision", "profile")
    reads: tuple[str, ...] = (DltStatusKind.name, DoseFindingKind.name)
    hears: frozenset[str] = frozenset({"decision"})
    fields: Mapping[str, Field] = {
        field.name: field
        for field in (
            words("status_then", STATUSES, "As known when it was decided", "DOMAIN 3.8"),
            words("status_now", STATUSES, "As known now", "DOMAIN 3.3"),
            yes_no("status_differs", "They are not the same", "RULES.csv DLT-04"),
            text("count_then", "x of n at the level when it was decided", "DOMAIN 3.8"),
            text("count_now", "x of n at the level now", "DOMAIN 3.8"),
            text("reason_now", "Why the status is what it is now", "DOMAIN 3.3"),
            instant("decided", "When it was decided", "EVENTS, a decision"),
        )
    }

    def keys(self, ctx: Context) -> Iterator[Key]:
        """Every subject with every decision, under both profiles."""
        for key in ctx.facts.of_kind(DltStatusKind.name):
            yield from _of_subject(key, ctx)

    def touched_by(self, change: Change, ctx: Context) -> Iterable[Key]:
        """The subject with every decision, the decision with every subject; all, by the counts."""
        if isinstance(change, FactChange):
            if change.kind == DltStatusKind.name:
                yield from _of_subject(change.key, ctx)
            else:
                yield from self.keys(ctx)
        elif change.kind == "decision" and change.subject_id is None:
            for key in ctx.facts.of_kind(DltStatusKind.name):
                for profile in PROFILES:
                    yield (key[0], change.record_id, profile)

    def derive(self, key: Key, ctx: Context) -> Fact | None:
        """The fact; None for a decision on another level, or before the subject was enrolled."""
        finding = finding_of(ctx)
        status = ctx.facts.get(DltStatusKind.name, key[:1])
        if finding is None or status is None or not isinstance(status.detail, Course):
            return None
        profile = PROFILES[0] if key[2] == PROFILES[0] else PROFILES[1]
        taken = next((each for each in finding.decisions if each.record_id == key[1]), None)
        look = None if taken is None else _Look(status.detail, taken, profile, finding)
        if look is None or not look.concerns():
            return None
        return Fact(
            kind=self.name,
            key=key,
            values=look.values(),
            subject_id=key[0],
            site_id=status.site_id,
            decided=frozenset({"COHORT"}) if look.seen_since() else frozenset(),
        )

    def moved_to(self, key: Key, ctx: Context) -> Key | None:
        """With the subject, to the main number of the person."""
        main = main_number(ctx.chart, ctx.view, str(key[0]))
        return None if main == key[0] else (main, *key[1:])


def _of_subject(key: Key, ctx: Context) -> Iterator[Key]:
    finding = finding_of(ctx)
    for taken in finding.decisions if finding is not None else ():
        for profile in PROFILES:
            yield (key[0], taken.record_id, profile)


@dataclass(frozen=True, slots=True)
class _Look:
    course: Course
    taken: Taken
    profile: Profile
    finding: Finding

    @property
    def then(self) -> Step | None:
        """What was known of the subject when it was decided."""
        return known_at(self.course.steps, self.taken.at)

    def concerns(self) -> bool:
        """Whether the decision was on the subject's level, and the subject enrolled by then."""
        then, level = self.then, self.taken.level
        if then is None or level not in (then.level, self.course.now.level):
            return False
        enrolment = self.course.now.enrolment
        when = enrolment.data.enrolled_at if enrolment is not None else None
        return when is None or when.earliest <= self.taken.at

    def seen_since(self) -> bool:
        """Whether the committee decided on this level again, when the status was another."""
        return any(
            then.status(self.profile) != self._status_then()
            for each in self.finding.of_level(self.taken.level)
            if each.at > self.taken.at
            and (then := known_at(self.course.steps, each.at)) is not None
        )

    def _status_then(self) -> str:
        then = self.then
        return PENDING if then is None else then.status(self.profile)

    def values(self) -> dict[str, Value]:
        """All fields."""
        standing = self.course.now.is_(self.profile)
        then = self._status_then()
        table = self.finding.tables[PROFILES.index(self.profile)]
        level = self.taken.level
        own = (*standing.records, self.taken.source)
        now: dict[str, Value] = {
            "status_now": word(standing.status),
            "status_differs": flag(then != standing.status),
            "count_now": _count(table.now.get(level, NOBODY)),
            "reason_now": word(standing.reason),
        }
        known: dict[str, Value] = {
            "status_then": word(then),
            "count_then": _count(table.at(self.taken.at).get(level, NOBODY)),
            "decided": exactly(self.taken.at),
        }
        return {name: value.resting_on(*own) for name, value in now.items()} | {
            name: value.resting_on(self.taken.source) for name, value in known.items()
        }


def _count(count: Count) -> Value:
    return word(f"{count.x} of {count.n}")
