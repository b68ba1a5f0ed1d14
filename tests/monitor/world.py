"""A little world to fold: three kinds of fact over real records, rules on them, and a desk.

The kinds are a second client of the contract of ``signals.facts.kind``, far simpler than the real
ones: a serious adverse event owes a report within seven days, and nothing is clinical about it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from signals.book.alert import Alert
from signals.book.fold import Fold
from signals.events import Record, read_event
from signals.facts.kind import Change, Context, Fact, Field, FieldType, Key, RecordChange
from signals.facts.refs import ref
from signals.facts.value import Value, exactly, word
from signals.facts.value import between as span
from signals.rulebook.pack import Pack
from signals.rulebook.panel import Panel
from signals.rulebook.spec import (
    AlertSpec,
    Condition,
    Ends,
    Expression,
    Is,
    Priority,
    PriorityWhen,
    Rule,
    Status,
)
from signals.study.ctcae import shipped_table
from signals.study.model import (
    Aggregate,
    DataQuality,
    DltSettings,
    Fever,
    Haematology,
    Laboratory,
    Periods,
    Study,
)
from tests.rulebook.build import compare, hours, one_of

ZONE = ZoneInfo("Asia/Shanghai")
STUDY = Study(
    study_id="T-1",
    title="A study of the tests",
    zone=ZONE,
    grading=shipped_table("5.0"),
    suspect_product="UC-MSC",
    sites={},
    dose_levels=(),
    dlt=DltSettings(4, 12, 1, 3, "REGISTERED", None, 3, Decimal("0.30"), ("IB",)),
    periods=Periods(28, 2, 28, 28, 24),
    haematology=Haematology(Decimal("0.5"), Decimal(50), Decimal(80), 42, 7, 7, 7, ()),
    fever=Fever(Decimal("38.3"), Decimal("38.0"), Decimal("1.0"), {}),
    laboratory=Laboratory(("HGB", "WBC", "NEUT", "LYM", "PLAT"), (Decimal(10), Decimal(60))),
    aggregate=Aggregate({}, 100, 14, 3, Decimal("0.99"), 5, 60),
    data_quality=DataQuality(Decimal(5), ()),
    jurisdictions=(),
    terms={},
    parameters={},
)


def _field(name: str, type_: FieldType, *words: str) -> Field:
    return Field(name, type_, f"the {name}", "made up for a test", words=words)


def _fields(*fields: Field) -> dict[str, Field]:
    return {field.name: field for field in fields}


class AdverseEventKind:
    """Term, grade, causality and age of an adverse event, as its current version says."""

    name = "adverse event"
    about = ("subject", "adverse event")
    fields: Mapping[str, Field] = _fields(
        _field("term", FieldType.TEXT),
        _field("grade", FieldType.INTEGER),
        _field("causality", FieldType.WORD, "related", "not related"),
        _field("since_receipt", FieldType.SINCE),
    )
    reads: tuple[str, ...] = ()
    hears: frozenset[str] = frozenset({"adverse-event", "decision"})

    def keys(self, ctx: Context) -> Iterable[Key]:
        for subject in ctx.chart.subjects("adverse-event"):
            for record_id in ctx.chart.record_ids("adverse-event", subject):
                yield (subject, record_id)

    def touched_by(self, change: Change, ctx: Context) -> Iterable[Key]:
        if isinstance(change, RecordChange) and change.kind == "adverse-event":
            yield (change.subject_id, change.record_id)
        if isinstance(change, RecordChange) and change.kind == "decision":
            yield from ((change.subject_id, rid) for rid in _ruled_on(change, ctx))

    def derive(self, key: Key, ctx: Context) -> Fact | None:
        record = ctx.view.current("adverse-event", key[0], str(key[1]))
        if record is None:
            return None
        data, own = record.data, ref(record)
        grade = span(1, 5) if data.grade is None else exactly(data.grade)
        values: dict[str, Value] = {
            "term": word(data.term or "?").resting_on(own),
            "grade": grade.resting_on(own),
            "causality": _causality(record).resting_on(own),
            "since_receipt": exactly(_first_arrival(key, ctx)).resting_on(own),
        }
        return Fact(
            kind=self.name,
            key=key,
            values=values,
            subject_id=key[0],
            site_id=record.site_id,
            case=key,
            clinical_at=data.onset.latest if data.onset else None,
            decided=frozenset({"ADJUDICATION"}) if _ruled_not_dlt(key, ctx) else frozenset(),
        )

    def moved_to(self, key: Key, ctx: Context) -> Key | None:
        moved = ctx.chart.moved_to("adverse-event", key[0], str(key[1]))
        return None if moved is None else moved[1:]


class ObligationKind:
    """A report within seven days of the first serious version, until submitted or signed off."""

    name = "obligation"
    about = ("obligation",)
    fields: Mapping[str, Field] = _fields(
        _field("jurisdiction", FieldType.TEXT),
        _field("duty", FieldType.WORD, "initial-7"),
        _field("duty_text", FieldType.TEXT),
        _field("day0", FieldType.DATE),
        _field("time_to_due", FieldType.UNTIL),
        _field("basis", FieldType.TEXT),
        _field("status", FieldType.WORD, "open", "end proposed", "met", "signed off"),
    )
    reads: tuple[str, ...] = ()
    hears: frozenset[str] = frozenset({"adverse-event", "report-submission", "decision"})

    def keys(self, ctx: Context) -> Iterable[Key]:
        for subject, record_id in AdverseEventKind().keys(ctx):
            yield (obligation_id(subject, record_id),)

    def touched_by(self, change: Change, ctx: Context) -> Iterable[Key]:
        if not isinstance(change, RecordChange):
            return
        if change.kind == "adverse-event":
            yield (obligation_id(change.subject_id, change.record_id),)
        elif change.kind in {"report-submission", "decision"}:
            for record_id in ctx.chart.record_ids("adverse-event", change.subject_id):
                yield (obligation_id(change.subject_id, record_id),)

    def derive(self, key: Key, ctx: Context) -> Fact | None:
        subject, record_id, *_ = str(key[0]).split("/")
        versions = ctx.view.versions("adverse-event", subject, record_id)
        serious = [each for each in versions if each.data.serious == "Y"]
        if not serious:
            return None
        day0 = min(each.arrival for each in serious).astimezone(ZONE).date()
        due = datetime.combine(day0 + timedelta(days=7), time(23, 59, 59), ZONE)
        status = _status(str(key[0]), subject, record_id, ctx)
        values: dict[str, Value] = {
            "jurisdiction": word("XX"),
            "duty": word("initial-7"),
            "duty_text": word("initial, 7 days"),
            "day0": exactly(day0),
            "time_to_due": exactly(due),
            "basis": word("made up"),
            "status": word(status).resting_on(ref(versions[-1])),
        }
        met = frozenset({"REPORT"}) if status == "met" else frozenset()
        return Fact(self.name, key, values, subject, None, (subject, record_id), decided=met)

    def moved_to(self, *_: object) -> Key | None:
        return None


class CaseKind:
    """The one duty of a case, as the rule pages of expedited reporting see it."""

    name = "case"
    about = ("subject", "case")
    fields: Mapping[str, Field] = _fields(
        _field("initial_7", FieldType.WORD, "open", "end proposed", "met", "signed off")
    )
    reads: tuple[str, ...] = ("obligation",)
    hears: frozenset[str] = frozenset()

    def keys(self, ctx: Context) -> Iterable[Key]:
        return AdverseEventKind().keys(ctx)

    def touched_by(self, change: Change, ctx: Context) -> Iterable[Key]:
        del ctx
        if not isinstance(change, RecordChange):
            yield tuple(str(change.key[0]).split("/")[:2])

    def derive(self, key: Key, ctx: Context) -> Fact | None:
        obligation = ctx.facts.get("obligation", (obligation_id(*key),))
        if obligation is None:
            return None
        values = {"initial_7": obligation.values["status"]}
        return Fact(self.name, key, values, key[0], None, key, decided=obligation.decided)

    def moved_to(self, *_: object) -> Key | None:
        return None


KINDS = (AdverseEventKind(), ObligationKind(), CaseKind())


def obligation_id(subject: str | None, record_id: str | None) -> str:
    return f"{subject}/{record_id}/XX/initial-7"


def _causality(record: Record) -> Value:
    parties = record.data.causality.investigator if record.data.causality else None
    if not parties or parties[0].assessment is None:
        return word("related", "not related")
    doubted = parties[0].assessment in {"POSSIBLE", "LIKELY", "DEFINITE"}
    return word("related" if doubted else "not related")


def _first_arrival(key: Key, ctx: Context) -> datetime:
    versions = ctx.view.versions("adverse-event", key[0], str(key[1]))
    return min(each.arrival for each in versions).astimezone(ZONE)


def _ruled_on(change: RecordChange, ctx: Context) -> set[str]:
    versions = ctx.view.versions("decision", change.subject_id, change.record_id)
    return {each.data.adjudication.record_id for each in versions if each.data.adjudication}


def _ruled_not_dlt(key: Key, ctx: Context) -> bool:
    rulings = [each.data.adjudication for each in ctx.view.of_subject("decision", key[0])]
    return any(r is not None and r.record_id == key[1] and r.answer == "NOT_DLT" for r in rulings)


def _status(name: str, subject: str, record_id: str, ctx: Context) -> str:
    reports = ctx.view.of_subject("report-submission", subject)
    if any(name in (each.data.covers or ()) for each in reports):
        return "met"
    signed = [each.data.sign_off for each in ctx.view.of_subject("decision", subject)]
    if any(s is not None and s.obligation_id == name and s.answer == "Y" for s in signed):
        return "signed off"
    current = ctx.view.current("adverse-event", subject, record_id)
    return "open" if current is not None and current.data.serious == "Y" else "end proposed"


# ---------------------------------------------------------------------- rules

RELATED = one_of("causality", "related")


def page(
    code: str,
    *conditions: Condition,
    judges: str = "adverse event",
    ends: Ends = Ends.WHEN_NO_LONGER_TRUE,
    decision: str | None = None,
    criteria: Mapping[str, tuple[Condition, ...]] | None = None,
    priority: tuple[tuple[Priority, str | None], ...] = ((Priority.HIGH, None),),
    sign_off_when: str | None = None,
    due: bool = False,
    duties: tuple[str, ...] = (),
    replaces: tuple[str, ...] = (),
    status: Status = Status.ACTIVE,
) -> Rule:
    """A rule that fires when criterion ``c`` holds."""
    about = next(kind.about for kind in KINDS if kind.name == judges)
    fires: Expression = Is("c")
    return Rule(
        code=code,
        title=f"The rule {code}",
        status=status,
        judges=judges,
        source="made up for a test",
        meaning="Nothing.",
        criteria=(("c", conditions), *(criteria or {}).items()),
        fires_when=fires,
        unless=(),
        if_unknown=(),
        priority=tuple(PriorityWhen(p, Is(name) if name else None) for p, name in priority),
        alert=AlertSpec(
            topic="alerts.test",
            about=about,
            headline=f"{code} {{{about[-1]}}}",
            ends=ends,
            decision=decision,
            group=about[0],
            send_to=("medical monitor",),
            due="obligation" if due else "none",
            duties=duties,
            sign_off_when=Is(sign_off_when) if sign_off_when else None,
            replaces=replaces,
            next_steps=("Look.",),
        ),
        known_false_alarms=(),
        owner="tests",
        version=1,
        hash=f"sha256:{code}",
    )


def pack_of(*rules: Rule, name: str = "one") -> Pack:
    judged = [rule for rule in rules if rule.status in {Status.ACTIVE, Status.SHADOW}]
    by_kind = {
        kind.name: tuple(rule for rule in judged if rule.judges == kind.name) for kind in KINDS
    }
    return Pack(STUDY, tuple(judged), (), (), {"name": name}, f"sha256:{name}", by_kind)


OPEN = one_of("initial_7", "open")
PROPOSED = one_of("initial_7", "end proposed")
ALL_RULES = (
    page("TST-01", RELATED, compare("grade", ">=", 1), ends=Ends.NEEDS_SIGN_OFF),
    page("TST-02", compare("grade", ">=", 3), ends=Ends.WHEN_NO_LONGER_TRUE, due=True),
    page("TST-03", compare("grade", ">=", 4), ends=Ends.NEVER),
    page("TST-04", RELATED, ends=Ends.BY_DECISION, decision="ADJUDICATION"),
    page(
        "TST-05",
        compare("since_receipt", ">=", hours(48)),
        one_of("causality", "not related", negated=True),
        criteria={"old": (compare("since_receipt", ">=", hours(96)),)},
        priority=((Priority.HIGH, "old"), (Priority.MEDIUM, None)),
    ),
    page("SAE-03", OPEN, judges="case", criteria={"p": (PROPOSED,)}, sign_off_when="p", due=True),
    page(
        "SAE-05",
        compare("time_to_due", "<=", hours(72)),
        one_of("status", "open", "end proposed"),
        judges="obligation",
    ),
)
"""One rule of every ending, one that time turns, and one that a stronger one could hide."""


def make_panel(pack: Pack) -> Panel:
    return Panel(pack.by_kind, {kind.name: kind for kind in KINDS}, use_matcher=False)


# ---------------------------------------------------------------------- records


def at(text: str) -> datetime:
    """``03-04 10:00`` in the study's zone, 2026."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=ZONE)


def record(
    kind: str,
    record_id: str,
    when: str,
    data: dict[str, Any] | None = None,
    *,
    subject: str | None = "001",
    version: int = 1,
    op: str = "UPSERT",
    why: str = "NEW",
    backfill: str | None = None,
) -> Record:
    """An accepted record that was entered and arrived at ``when``."""
    name = f"{kind}/{subject}/{record_id}/{version}/{data}/{op}"
    sent = {
        "event_id": str(uuid5(NAMESPACE_URL, name)),
        "schema": f"{kind}/1",
        "study_id": "T-1",
        "site_id": "WHC",
        "subject_id": subject,
        "record_id": record_id,
        "version": version,
        "op": op,
        "change_reason": why,
        "recorded_at": at(when).isoformat(),
        "source": "edc",
        "actor": "nurse",
        "data": data or {},
    }
    read = read_event(sent, zone=ZONE, trusted=True)
    assert isinstance(read, Record), read
    return replace(read.arrived(at(when)), backfill=backfill)


def adverse_event(
    when: str,
    *,
    record_id: str = "AE-1",
    grade: int | None = 2,
    related: str | None = "POSSIBLE",
    serious: str = "N",
    onset: str | None = None,
    **envelope: Any,
) -> Record:
    parties = [{"product": "UC-MSC", "assessment": related}] if related else []
    data = {
        "term": "Rash",
        "grade": grade,
        "serious": serious,
        "causality": {"investigator": parties},
        "onset": onset or f"2026-{when[:5]}",
    }
    return record("adverse-event", record_id, when, data, **envelope)


def void(when: str, version: int, record_id: str = "AE-1", **envelope: Any) -> Record:
    return record(
        "adverse-event",
        record_id,
        when,
        {},
        version=version,
        op="VOID",
        why="ENTERED_IN_ERROR",
        **envelope,
    )


def decision(
    when: str,
    action: str,
    alert: Alert | str,
    *,
    record_id: str = "DEC-1",
    revision: int | None = None,
    evidence: str | None = None,
    by: str = "dr-li",
    **envelope: Any,
) -> Record:
    """A decision on an alert as it stands, or on this revision or evidence of it."""
    if isinstance(alert, Alert):
        evidence = alert.evidence_hash if revision is None and evidence is None else evidence
        alert = alert.alert_id
    taken_on = {
        "alert_id": alert,
        "revision": revision,
        "evidence_hash": evidence,
        "action": action,
    }
    data = {
        "kind": "ALERT",
        "decided_at": at(when).isoformat(),
        "by": by,
        "role": "MEDICAL_MONITOR",
        "alert": taken_on,
    }
    return record("decision", record_id, when, data, **envelope)


def adjudication(when: str, answer: str, record_id: str = "DEC-9", **envelope: Any) -> Record:
    ruling = {"record_id": "AE-1", "question": "dlt", "answer": answer}
    data = {"kind": "ADJUDICATION", "decided_at": at(when).isoformat(), "by": "src"}
    return record("decision", record_id, when, {**data, "adjudication": ruling}, **envelope)


def sign_off(when: str, record_id: str = "DEC-8", ae: str = "AE-1", **envelope: Any) -> Record:
    signed = {"obligation_id": obligation_id("001", ae), "what": "NOT_REPORTABLE", "answer": "Y"}
    data = {"kind": "SIGN_OFF", "decided_at": at(when).isoformat(), "by": "pv"}
    return record("decision", record_id, when, {**data, "sign_off": signed}, **envelope)


def submission(when: str, ae: str = "AE-1", **envelope: Any) -> Record:
    return record(
        "report-submission", "SUB-1", when, {"covers": [obligation_id("001", ae)]}, **envelope
    )


def clock(when: str) -> Record:
    return record("clock", f"CLK-{when}", when, {"now": at(when).isoformat()}, subject=None)


def activation(when: str, pack: Pack) -> Record:
    data = {"pack_hash": pack.hash, "files": dict(pack.files)}
    return record("pack-activation", f"ACT-{when}", when, data, subject=None)


class Desk:
    """A fold, fed record by record, with everything it published."""

    def __init__(self, *rules: Rule, packs: Iterable[Pack] = ()) -> None:
        known = {pack.files["name"]: pack for pack in packs}
        self.load_pack = lambda files: known[files["name"]]
        self.pack = pack_of(*rules)
        self.fold = Fold(self.pack, kinds=KINDS, make_panel=make_panel, load_pack=self.load_pack)
        self.journal: list[tuple[Record, int]] = []
        self.published: list[Alert] = []

    def take(self, *records: Record) -> list[Alert]:
        """Fold records; what the last of them published."""
        new: list[Alert] = []
        for each in records:
            position = len(self.journal) + 1
            self.journal.append((each, position))
            new = self.fold.step(each, position)
            self.published += new
        return new

    def alert(self, rule: str, about: str = "001|AE-1") -> Alert:
        found = self.fold.book.alert(f"T-1|{rule}|{about}")
        assert found is not None
        return found

    def story(self, rule: str) -> list[str]:
        """The states published of a rule, with the day and hour of each."""
        return [
            f"{alert.changed_at:%m-%d %H:%M} {alert.state}" + (" closed" if alert.closed else "")
            for alert in self.published
            if alert.rule == rule
        ]
