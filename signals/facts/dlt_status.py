"""The fact ``dlt status``: what a subject counts for in dose finding, under both profiles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from signals.chart.chart import Chart
from signals.chart.view import View
from signals.events import Record
from signals.facts.decisions import is_on_cohort, settles
from signals.facts.dlt_events import PROFILES, may_count
from signals.facts.dlt_history import (
    Span,
    Step,
    dlt_spans,
    evaluable_since,
    known_steps,
)
from signals.facts.evaluability import DLT, STATUSES, Assessment, assess
from signals.facts.exposure import is_given
from signals.facts.fields import integer, text, words, yes_no
from signals.facts.kind import Change, Context, Fact, Field, Key, RecordChange
from signals.facts.observation import DATED, Observed, observes
from signals.facts.refs import ref
from signals.facts.value import ANY_ORDERED, ANY_WORD, Ref, Value, exactly, flag, word
from signals.study.model import Profile

_OF_THE_PERSON = {"infusion", "enrolment", "subject-status"}
_OBSERVING = {*DATED, "disease-status"}
_SIGNS = "SIGN_WITHDRAWAL"
_RULES = {"REGISTERED": "DLT-01", "G3": "DLT-02"}


@dataclass(frozen=True, slots=True)
class Course:
    """What the kinds above read of a subject.

    ``counts``: the phase is one whose subjects count for n and x.  ``steps``, ``spans`` and
    ``since`` (the last two by profile) are empty for a subject who does not count.  ``settled``: the
    observation that counts now answers every day that was ever asked for; ``asked_from``: the
    earliest of those days.
    """

    now: Assessment
    counts: bool
    steps: tuple[Step, ...]
    spans: tuple[tuple[Span, ...], ...]
    since: tuple[datetime | None, ...]
    signed: tuple[bool, ...]
    settled: bool = False
    asked_from: date | None = None

    def status(self, profile: Profile) -> str:
        """The status under one profile."""
        return self.now.is_(profile).status

    def waits_for(self, record: Record, at: datetime) -> bool:
        """Whether an observation of which there was nothing before may matter."""
        if self.asked_from is None or at.date() < self.asked_from:
            return False
        arrival, seen = record.arrival, self.now.observed
        if seen is not None and self.settled and at > seen.at:
            return arrival < seen.record.arrival
        # What was asked for until it arrived, it does not answer.
        then = [step for step, after in pairwise(self.steps) if after.at > arrival]
        needed = [*(each.needed for each in (*then, *self.steps[-1:])), self.now.needed]
        asked = [each for each in needed if each is not None]
        if not asked or at.date() < min(asked):
            return False
        if seen is None or Observed(record, at).order < seen.order or arrival < seen.record.arrival:
            return True
        return max(asked) > seen.at.date()

    def was_dlt(self, profile: Profile) -> bool:
        """Whether it was ever known as evaluable with a dose-limiting toxicity."""
        return any(each.status(profile) == DLT for each in self.steps)

    def unsigned(self, profile: Profile) -> bool:
        """Counted once, no longer, and nobody has signed that (EC-031)."""
        lost = self.was_dlt(profile) and self.status(profile) != DLT
        return lost and not self.signed[PROFILES.index(profile)]


class DltStatusKind:
    """One fact per person, under the number of the first infusion, else of the last enrolment."""

    name = "dlt status"
    about = ("subject",)
    reads: tuple[str, ...] = ()
    hears: frozenset[str] = frozenset({"adverse-event", "decision", *_OF_THE_PERSON, *_OBSERVING})
    fields: Mapping[str, Field] = {
        field.name: field
        for field in (
            words("status_registered", STATUSES, "Under the registered profile", "DOMAIN 3.3"),
            words("status_g3", STATUSES, "Under the grade 3 profile", "DOMAIN 3.3"),
            text("reason_registered", "Why, in words", "DOMAIN 3.3"),
            text("reason_g3", "Why, in words", "DOMAIN 3.3"),
            text("dose_level", "Dose level as treated", "DOMAIN 1.6; EC-025"),
            text("dose_level_assigned", "Dose level by enrolment", "SDTM ARMCD"),
            integer("cohort_no", "Cohort at the dose level", "protocol"),
            yes_no(
                "counts", "Of a phase whose subjects count for n and x", "study.yaml dlt.phases"
            ),
            yes_no("treated", "Given any infusion", "DOMAIN 1.6"),
        )
    }

    def keys(self, ctx: Context) -> Iterator[Key]:
        """Every subject enrolled or with an infusion on file."""
        for kind in ("enrolment", "infusion"):
            for subject in ctx.chart.subjects(kind):
                if subject is not None:
                    yield (subject,)

    def touched_by(self, change: Change, ctx: Context) -> Iterable[Key]:
        """All numbers of the person; everybody who counts, by a decision on a dose level."""
        if not isinstance(change, RecordChange):
            return ()
        if change.kind == "decision" and change.subject_id is None:
            return self.keys(ctx) if any(is_on_cohort(each) for each in change.versions) else ()
        bears = _may_be_first if change.kind in _OBSERVING else _bears
        if not bears(change, ctx):
            return ()
        return [(each,) for each in change.numbers(ctx.chart) if each is not None]

    def derive(self, key: Key, ctx: Context) -> Fact | None:
        """The fact, or None for a number that is not the person's main one."""
        subject = str(key[0])
        if main_number(ctx.chart, ctx.view, subject) != subject:
            return None
        now = assess(ctx.chart, ctx.view, subject, ctx.study)
        if now.enrolment is None and not now.treated:
            return None
        course = _course(ctx, subject, now)
        return Fact(
            kind=self.name,
            key=key,
            values=_values(now, course),
            subject_id=subject,
            site_id=now.enrolment.site_id if now.enrolment is not None else None,
            detail=course,
        )

    def moved_to(self, key: Key, ctx: Context) -> Key | None:
        """To the main number of the person."""
        main = main_number(ctx.chart, ctx.view, str(key[0]))
        return None if main == key[0] else (main,)


def main_number(chart: Chart, view: View, subject: str) -> str:
    """The number under which a person counts once: of the first infusion, else the last enrolment."""
    numbers = [each for each in chart.person(subject) if each is not None]
    if len(numbers) == 1:
        return numbers[0]
    given = [each for each in view.of_person("infusion", subject) if is_given(each)]
    if given:
        return str(min(given, key=_started).subject_id)
    enrolments = view.of_person("enrolment", subject)
    last = max(enrolments, key=_enrolled, default=None)
    return str(last.subject_id) if last is not None else numbers[0]


def _started(record: Record) -> tuple[datetime, str, str]:
    start = record.data.start
    when = start.earliest if start is not None else record.recorded_at or record.arrival
    return when, record.subject_id or "", record.record_id


def _enrolled(record: Record) -> tuple[datetime, str]:
    when = record.data.enrolled_at
    return (
        when.earliest if when is not None else record.recorded_at or record.arrival,
        record.subject_id or "",
    )


def _bears(change: RecordChange, ctx: Context) -> bool:
    if change.kind == "adverse-event":
        return may_count(ctx.chart, change.subject_id, change.record_id, ctx.study)
    if change.kind in _OF_THE_PERSON:
        return True
    return any(settles(each) or _signs(each) is not None for each in change.versions)


def _may_be_first(change: RecordChange, ctx: Context) -> bool:
    """Whether a record may be, or may have been, the first observation that was waited for.

    Once there is one, dated late enough for all that was ever asked, a new record that is dated
    and arrives after it changes nothing, now or as known at any time.
    """
    versions = change.versions
    if len(versions) != 1:
        return True
    when = observes(versions[0])
    if when is None:
        return False
    facts = ctx.facts.of_kind(DltStatusKind.name)
    for number in change.person:
        fact = facts.get((number,))
        if fact is not None and isinstance(fact.detail, Course):
            return fact.detail.waits_for(versions[0], when.earliest)
    return True


def _course(ctx: Context, subject: str, now: Assessment) -> Course:
    study = ctx.study
    phase = now.enrolment.data.phase if now.enrolment is not None else None
    counts = phase is None or phase in study.dlt.phases
    if not counts:
        nothing = ((),) * len(PROFILES)
        no_time, signed = (None,) * len(PROFILES), (True,) * len(PROFILES)
        return Course(now, counts, (), nothing, no_time, signed, asked_from=now.needed)
    steps = known_steps(ctx.chart, subject, study, now)
    asked = [each.needed for each in steps if each.needed is not None]
    ever_asked = asked if now.needed is None else [*asked, now.needed]
    seen = now.observed
    return Course(
        now,
        counts,
        steps,
        tuple(dlt_spans(ctx.chart, subject, study, each) for each in PROFILES),
        tuple(evaluable_since(now, each) for each in PROFILES),
        tuple(_is_signed(ctx, subject, each) for each in PROFILES),
        settled=seen is not None and all(each <= seen.at.date() for each in asked),
        asked_from=min(ever_asked, default=None),
    )


def _is_signed(ctx: Context, subject: str, profile: Profile) -> bool:
    return any(_signs(each) == _RULES[profile] for each in ctx.view.of_person("decision", subject))


def _signs(decision: Record) -> str | None:
    """The rule of the alert whose withdrawal a decision signs."""
    alert = decision.data.alert
    if alert is None or alert.action != _SIGNS or alert.alert_id is None:
        return None
    parts = alert.alert_id.split("|")
    return parts[1] if len(parts) > 1 and parts[1] in _RULES.values() else None


def _values(now: Assessment, course: Course) -> dict[str, Value]:
    enrolment = now.enrolment
    own: tuple[Ref, ...] = () if enrolment is None else (ref(enrolment),)
    number = None if enrolment is None else enrolment.data.cohort_no
    values: dict[str, Value] = {}
    for profile, standing in zip(PROFILES, now.under, strict=True):
        name = profile.lower()
        values[f"status_{name}"] = word(standing.status).resting_on(*standing.records)
        values[f"reason_{name}"] = word(standing.reason).resting_on(*standing.records)
    return {
        **values,
        "dose_level": (word(now.level) if now.level else ANY_WORD).resting_on(*own),
        "dose_level_assigned": (word(now.assigned) if now.assigned else ANY_WORD).resting_on(*own),
        "cohort_no": (ANY_ORDERED if number is None else exactly(number)).resting_on(*own),
        "counts": flag(course.counts).resting_on(*own),
        "treated": flag(now.treated),
    }
