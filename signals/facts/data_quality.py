"""The fact ``data quality``: one contradiction in one record, while it stands (DQ-04)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

from signals.chart.chart import RecordKey
from signals.events import Record
from signals.events.kinds import KINDS, SERVICE_KINDS
from signals.facts.contacts import CONTACTS
from signals.facts.deaths import ever_dead_by_status
from signals.facts.fields import text, words, yes_no
from signals.facts.kind import Change, Context, Fact, Field, Key, RecordChange
from signals.facts.quality_checks import CHECKS, Check, Look
from signals.facts.refs import ref
from signals.facts.seriousness import is_fatal
from signals.facts.value import flag, word

_PERSONAL = {
    "infusion": ("infusion", "adverse-event"),
    "enrolment": ("infusion", "adverse-event", "subject-status"),
    "subject-status": ("subject-status", "adverse-event"),
}
_RSI = "reference-safety-information"
_UNCHECKED = SERVICE_KINDS | {"feed-heartbeat"}
_OF_PERSON = frozenset(
    {
        "grade-5-without-death-date",
        "death-then-alive",
        "schedule-past-cap",
        "related-before-infusion",
    }
)


class DataQualityKind:
    """One fact per subject, record and check that found something."""

    name = "data quality"
    about = ("subject", "record", "check")
    reads: tuple[str, ...] = ()
    hears: frozenset[str] = frozenset(KINDS) - _UNCHECKED
    fields: Mapping[str, Field] = {
        field.name: field
        for field in (
            words("check", tuple(CHECKS), "Which contradiction", "RULES.csv DQ-04; study.yaml"),
            text("finding", "What is wrong, in plain words", "DQ-04"),
            yes_no("concerns_death", "It is about a death", "DQ-04"),
            text("record_kind", "Kind of the record", "EVENTS"),
        )
    }

    def keys(self, ctx: Context) -> Iterator[Key]:
        """Every record on file under every check that looks at its kind."""
        for kind, subject in ctx.chart.kinds_and_subjects():
            for record_id in ctx.chart.record_ids(kind, subject):
                yield from _keys(ctx, kind, subject, record_id)

    def touched_by(self, change: Change, ctx: Context) -> Iterable[Key]:
        """The record's own checks, and those of others that look at it too."""
        if not isinstance(change, RecordChange):
            return ()
        kind = change.kind
        touched = _that_may_find(ctx, (kind, change.subject_id, change.record_id), change.ever)
        if change.moved is not None:
            touched += _that_may_find(ctx, change.moved, ctx.chart.ever(*change.moved))
        if kind in CONTACTS:
            touched += _of_the_dead(change.person, ctx)
        if kind in _PERSONAL:
            touched += _of_the_person(change, ctx)
        elif kind == _RSI:
            touched += _of_all_events(ctx)
        return touched

    def derive(self, key: Key, ctx: Context) -> Fact | None:
        """The fact, or None when the check finds nothing."""
        subject, name, check_name = key
        kind, record_id = str(name).split("/", 1)
        record = ctx.view.current(kind, subject, record_id) or _only_conflict(key, ctx)
        if record is None:
            return None
        check = CHECKS[str(check_name)]
        finding = check.look(Look(record, ctx))
        if finding is None:
            return None
        own = ref(record)
        return Fact(
            kind=self.name,
            key=key,
            values={
                "check": word(str(check_name)).resting_on(own),
                "finding": word(finding).resting_on(own),
                "concerns_death": flag(_concerns_death(check, kind, record.data)).resting_on(own),
                "record_kind": word(kind).resting_on(own),
            },
            subject_id=subject,
            site_id=record.site_id,
        )

    def moved_to(self, key: Key, ctx: Context) -> Key | None:
        """Under the right subject, if the record was entered under a wrong one."""
        kind, record_id = str(key[1]).split("/", 1)
        moved = ctx.chart.moved_to(kind, key[0], record_id)
        return (moved[1], f"{moved[0]}/{moved[2]}", key[2]) if moved is not None else None


def _of_the_dead(person: tuple[str | None, ...], ctx: Context) -> list[Key]:
    """A contact may be one after the death."""
    return [
        (number, f"subject-status/{record_id}", "death-then-alive")
        for number in person
        for record_id in ever_dead_by_status(ctx.chart, number)
    ]


def _of_the_person(change: RecordChange, ctx: Context) -> Iterator[Key]:
    for kind in _PERSONAL[change.kind]:
        for number in change.person:
            for record_id in ctx.chart.record_ids(kind, number):
                yield from _keys(ctx, kind, number, record_id, only=_OF_PERSON)


def _of_all_events(ctx: Context) -> Iterator[Key]:
    for subject in ctx.chart.subjects("adverse-event"):
        for record_id in ctx.chart.record_ids("adverse-event", subject):
            yield (subject, f"adverse-event/{record_id}", "expectedness-disagrees")


def _only_conflict(key: Key, ctx: Context) -> Record | None:
    """What came under an id already taken by another record, so that it stands nowhere else."""
    kind, record_id = str(key[1]).split("/", 1)
    if key[2] != "conflicting-content" or ctx.view.versions(kind, key[0], record_id):
        return None
    conflicts = ctx.chart.conflicts(kind, key[0], record_id)
    return conflicts[-1].record if conflicts else None


def _concerns_death(check: Check, kind: str, data: object) -> bool:
    if check.concerns_death:
        return True
    if kind == "adverse-event":
        return is_fatal(data)  # type: ignore[arg-type]
    return kind == "subject-status" and getattr(data, "status", None) == "DEAD"


def _keys(
    ctx: Context,
    kind: str,
    subject: str | None,
    record_id: str,
    only: frozenset[str] | None = None,
) -> Iterator[Key]:
    record = f"{kind}/{record_id}"
    for name in _checks(ctx.study.data_quality.checks, kind):
        if only is None or name in only:
            yield (subject, record, name)


def _that_may_find(ctx: Context, key: RecordKey, ever: Sequence[Record]) -> list[Key]:
    """Its own checks, without those that ask for what no version of it ever bore."""
    kind, subject, record_id = key
    problems, conflicts = False, ctx.chart.conflicts(kind, subject, record_id)
    for each in ever:
        problems = problems or bool(each.problems)
    checks = ctx.study.data_quality.checks
    names = _checks_that_find(checks, kind, problems, bool(conflicts))
    return [(subject, f"{kind}/{record_id}", name) for name in names] if names else []


@cache
def _checks_that_find(
    names: tuple[str, ...], kind: str, problems: bool, conflicts: bool
) -> tuple[str, ...]:
    """Those that may find something in a record that bears problems, conflicts, or neither."""
    bears = {None: True, "problems": problems, "conflicts": conflicts}
    return tuple(name for name in _checks(names, kind) if bears[CHECKS[name].asks])


@cache
def _checks(names: tuple[str, ...], kind: str) -> tuple[str, ...]:
    """Those of the named checks that look at records of a kind."""
    if kind in _UNCHECKED:
        return ()
    return tuple(name for name in names if CHECKS[name].applies_to(kind))
