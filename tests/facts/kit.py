"""A trial to tell stories of: events in few words, folded by the real engine with the real rules.

A later version keeps what the version before it said, as the desk's form would, and bears its own
receipt.  Times are written ``03-06 20:00`` (of 2026) or in full, in the study's zone.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from signals.book.alert import Alert
from signals.book.fold import Fold
from signals.events import Record, read_event
from signals.facts.kind import Fact, Key
from signals.facts.registry import dictionary
from signals.facts.value import Coded, Ordered, Value
from signals.monitor.monitor import Monitor
from signals.rulebook.pack import Pack, read_pack
from signals.rulebook.panel import Panel
from signals.study.files import read_files
from tests.conftest import ROOT

ZONE = ZoneInfo("Asia/Shanghai")
SUBJECT = "001-004"
_CRITERIA = (
    "death",
    "life_threatening",
    "hospitalization",
    "disability",
    "congenital",
    "other_medically_important",
)
_OF_ONE_VERSION = ("received_by_sponsor_at", "error_origin", "significant", "moved_from")


@cache
def pack(*jurisdictions: str) -> Pack:
    """The study's pack, or the same with other jurisdictions active."""
    files = read_files(ROOT / "rules/uc-msc")
    if jurisdictions:
        listed = "".join(f"\n  - {code}" for code in jurisdictions)
        head, _, _ = files["study.yaml"].partition("\njurisdictions:")
        files["study.yaml"] = f"{head}\njurisdictions:{listed}\n"
    found, problems = read_pack(files)
    assert found is not None, [each for each in problems if each.severity == "error"]
    return found


def at(text: str) -> datetime:
    """``03-06 20:00`` of 2026, or with its year, in the study's zone; a day alone is its noon."""
    full = text if text[:2] == "20" else f"2026-{text}"
    moment = datetime.fromisoformat(full if " " in full or "T" in full else f"{full} 12:00")
    return moment if moment.tzinfo else moment.replace(tzinfo=ZONE)


def criteria(**stated: str | None) -> dict[str, str | None]:
    """All six criteria of seriousness denied, but for those stated; None leaves one blank."""
    return dict.fromkeys(_CRITERIA, "N") | stated


BLANK: dict[str, str | None] = dict.fromkeys(_CRITERIA)
"""No criterion of seriousness answered."""


_PANELS: dict[str, Panel] = {}


def without_matcher(of: Pack) -> Panel:
    """The judge alone, compiled once a pack: the matcher has proofs of its own."""
    if of.hash not in _PANELS:
        _PANELS[of.hash] = Panel(of.by_kind, dictionary(), use_matcher=False)
    return _PANELS[of.hash]


class Trial:
    """A study, fed event by event; after each the incremental answer is that of a fresh monitor."""

    def __init__(self, *jurisdictions: str, subject: str = SUBJECT, stepwise: bool = True) -> None:
        """Start with nothing on file; ``subject`` is whom the helpers speak of.

        ``stepwise``: compared with a fresh monitor after each event, not only at the end; a story
        of many subjects takes too long for that.
        """
        self.stepwise = stepwise
        self.pack = pack(*jurisdictions)
        self.subject: str | None = subject
        self.site: str | None = "WHC"
        self.source = "edc"
        self.fold = Fold(self.pack, make_panel=without_matcher)
        self.journal: list[tuple[Record, int]] = []
        self.published: list[Alert] = []
        self._last: dict[tuple[str, str | None, str], tuple[int, dict[str, Any]]] = {}
        ALL_TRIALS.append(self)

    # ------------------------------------------------------------------ events

    def add(
        self,
        when: str,
        kind: str,
        record_id: str,
        data: Mapping[str, Any] | None = None,
        *,
        why: str = "NEW",
        op: str = "UPSERT",
        version: int | None = None,
        recorded: str | None = None,
        **envelope: Any,
    ) -> Record:
        """Send one event that arrives at ``when``, and fold it."""
        subject = envelope.pop("subject_id", self.subject)
        last = self._last.get((kind, subject, record_id), (0, {}))[0]
        number = last + 1 if version is None else version
        sent = {
            "schema": f"{kind}/1",
            "study_id": self.pack.study.study_id,
            "site_id": self.site,
            "subject_id": subject,
            "record_id": record_id,
            "version": number,
            "op": op,
            "change_reason": why,
            "recorded_at": at(recorded or when).isoformat(),
            "ingested_at": at(when).isoformat(),
            "source": self.source,
            "actor": "site-001",
            "data": dict(data or {}),
            **envelope,
        }
        sent.setdefault("event_id", str(uuid5(NAMESPACE_URL, repr(sorted(sent.items())))))
        record = read_event(sent, zone=ZONE, trusted=True)
        assert isinstance(record, Record), record
        self._last[kind, subject, record_id] = (max(number, last), dict(data or {}))
        self.take(record)
        return record

    def take(self, record: Record) -> None:
        """Fold a record as it is."""
        position = len(self.journal) + 1
        self.journal.append((record, position))
        self.published += self.fold.step(record, position)
        if self.stepwise:
            check_from_scratch(self)

    def enrolment(self, when: str = "02-20 15:00", **data: Any) -> None:
        """Consent on 18 February, enrolment on the 20th, at DL1."""
        given = {"consented_at": "2026-02-18", "enrolled_at": "2026-02-20", "dose_level": "DL1"}
        self.add(when, "enrolment", f"DM-{self.subject}", given | data)

    def infusion(
        self, began: str, record_id: str, *, arrives: str | None = None, **data: Any
    ) -> None:
        """A dose begun at ``began``, over and on file 40 minutes later."""
        begun = at(began)
        over = begun + timedelta(minutes=40)
        given = {
            "planned_minutes": 40,
            "status": "COMPLETED",
            "start": begun.isoformat(),
            "end": over.isoformat(),
            "product_id": "UC-MSC",
        }
        self.add(arrives or over.isoformat(), "infusion", record_id, given | data)

    def plan(self, when: str, record_id: str, day: str, **data: Any) -> None:
        """A dose planned for 10:00 of a day."""
        planned = {"planned_at": at(f"{day} 10:00").isoformat(), "planned_minutes": 40}
        self.add(when, "infusion", record_id, {**planned, "status": "PLANNED", **data})

    def adverse_event(self, when: str, record_id: str = "AE-1", **said: Any) -> None:
        """A new, non-serious adverse event of the day, heard of at once, with no opinion yet."""
        base = {
            "term": "Rash maculo-papular",
            "onset": at(when).date().isoformat(),
            "grade": 2,
            "serious": "N",
            "criteria": criteria(),
            "outcome": "NOT RECOVERED/NOT RESOLVED",
        }
        self._version(when, record_id, "NEW", base, said)

    def correct(self, when: str, record_id: str = "AE-1", **said: Any) -> None:
        """It was always so; the site's error unless ``error_origin`` says otherwise."""
        self._version(when, record_id, "CORRECTION", self._said(record_id), _origin(said))

    def progress(self, when: str, since: str | None, record_id: str = "AE-1", **said: Any) -> None:
        """It became so on ``since`` (a partial date; None: not said)."""
        dated = {} if since is None else {"effective_from": since}
        self._version(when, record_id, "PROGRESSION", self._said(record_id), said, **dated)

    def follow_up(self, when: str, record_id: str = "AE-1", **said: Any) -> None:
        """More is known."""
        self._version(when, record_id, "FOLLOW_UP", self._said(record_id), said)

    def void(self, when: str, record_id: str = "AE-1", kind: str = "adverse-event") -> None:
        """Entered in error."""
        self.add(when, kind, record_id, {}, op="VOID", why="ENTERED_IN_ERROR")

    def _said(self, record_id: str) -> dict[str, Any]:
        return deepcopy(self._last["adverse-event", self.subject, record_id][1])

    def _version(
        self,
        when: str,
        record_id: str,
        why: str,
        base: dict[str, Any],
        said: dict[str, Any],
        **envelope: Any,
    ) -> None:
        for name in ("version", "recorded", "event_id"):
            if name in said:
                envelope[name] = said.pop(name)
        data = {name: value for name, value in base.items() if name not in _OF_ONE_VERSION}
        data["received_by_sponsor_at"] = at(said.pop("received", when)).isoformat()
        opinions = {p: said.pop(p) for p in ("investigator", "sponsor") if p in said}
        if opinions:
            parties = {party: _opinion(word) for party, word in opinions.items()}
            data["causality"] = (data.get("causality") or {}) | parties
        if "aware" in said:
            data["investigator_aware_at"] = at(said.pop("aware")).isoformat()
        self.add(when, "adverse-event", record_id, data | said, why=why, **envelope)

    def status(self, when: str, record_id: str = "DS-1", **said: Any) -> None:
        """Where the subject stands; a death is heard of at once."""
        data = {"status": "ACTIVE", "at": at(when).date().isoformat(), **said}
        if "received" in data:
            data["received_by_sponsor_at"] = at(data.pop("received")).isoformat()
        elif data["status"] == "DEAD":
            data.setdefault("received_by_sponsor_at", at(when).isoformat())
        self.add(when, "subject-status", record_id, data)

    def case(self, when: str, record_id: str, *events: str, **said: Any) -> None:
        """Adverse events reported together; the first names the case."""
        self.add(when, "case", record_id, {"adverse_events": list(events), **said})

    def rsi(self, when: str, record_id: str, valid_from: str, *entries: Any, **said: Any) -> None:
        """Reference safety information: terms, or entries with their limits."""
        listed = [{"term": entry} if isinstance(entry, str) else entry for entry in entries]
        data = {"valid_from": valid_from, "expected": listed, **said}
        self.add(when, "reference-safety-information", record_id, data, subject_id=None)

    def submission(self, when: str, record_id: str = "SUB-1", *covers: str, **said: Any) -> None:
        """A report sent and acknowledged at once; ``covers`` without the subject."""
        data = {
            "case_id": "AE-1",
            "jurisdiction": "CN-CDE",
            "report": "INITIAL",
            "covers": [f"{self.subject}/{each}" for each in covers],
            "submitted_at": at(when).isoformat(),
            "authority_ack": at(when).isoformat(),
            **said,
        }
        self.add(when, "report-submission", record_id, data)

    def sign_off(
        self,
        when: str,
        what: str,
        name: str,
        answer: str = "Y",
        record_id: str | None = None,
        **said: Any,
    ) -> None:
        """A signature on an obligation (without the subject) or an adverse event."""
        key = "obligation_id" if "/" in name else "record_id"
        named = f"{self.subject}/{name}" if "/" in name else name
        data = {
            "kind": "SIGN_OFF",
            "decided_at": at(when).isoformat(),
            "by": "pv-1",
            "role": "PV_PHYSICIAN",
            "reason": "reviewed",
            "sign_off": {key: named, "what": what, "answer": answer},
            **said,
        }
        self.add(when, "decision", record_id or f"DEC-{len(self.journal)}", data)

    def adjudicate(
        self, when: str, question: str, answer: str, about: str = "AE-1", **said: Any
    ) -> None:
        """A ruling on an adverse event."""
        data = {
            "kind": "ADJUDICATION",
            "decided_at": at(when).isoformat(),
            "by": "src",
            "role": "SAFETY_REVIEW_COMMITTEE",
            "adjudication": {"record_id": about, "question": question, "answer": answer},
            **said,
        }
        self.add(when, "decision", f"DEC-{len(self.journal)}", data)

    def rule_on_two(self, when: str, answer: str, record_id: str, other: str) -> None:
        """A ruling on whether two records tell one thing."""
        asked = {"question": "duplicate", "answer": answer, "other_record_id": other}
        data = {
            "kind": "ADJUDICATION",
            "decided_at": at(when).isoformat(),
            "by": "pv-1",
            "role": "PV_PHYSICIAN",
            "adjudication": {"record_id": record_id, **asked},
        }
        self.add(when, "decision", f"DEC-{len(self.journal)}", data)

    def sign_withdrawal(
        self, when: str, rule: str, *about: str, action: str = "SIGN_WITHDRAWAL"
    ) -> None:
        """A named person signs what an alert waits for."""
        alert = self.alert(rule, *about)
        taken = {
            "alert_id": alert.alert_id,
            "evidence_hash": alert.evidence_hash,
            "action": action,
        }
        data = {
            "kind": "ALERT",
            "decided_at": at(when).isoformat(),
            "by": "mm-1",
            "role": "MEDICAL_MONITOR",
            "alert": taken,
        }
        self.add(when, "decision", f"DEC-{len(self.journal)}", data)

    def wait(self, until: str) -> None:
        """Let time pass."""
        data = {"now": at(until).isoformat()}
        self.add(until, "clock", f"CLK-{until}", data, subject_id=None)

    def activate(self, when: str, pack: Pack) -> None:
        """Put another pack in force."""
        self.pack = pack
        data = {"pack_hash": pack.hash, "files": dict(pack.files)}
        self.add(when, "pack-activation", f"PACK-{when}", data, subject_id=None)

    @contextmanager
    def of(self, subject: str | None, site: str | None = "WHC") -> Iterator[Trial]:
        """The same trial, speaking of another subject."""
        before = self.subject, self.site
        self.subject, self.site = subject, site
        yield self
        self.subject, self.site = before

    @contextmanager
    def entering(self, source: str) -> Iterator[Trial]:
        """The same trial, its events entered by another system."""
        before, self.source = self.source, source
        yield self
        self.source = before

    # ------------------------------------------------------------------ facts

    @property
    def monitor(self) -> Monitor:
        """What derives and judges."""
        return self.fold.monitor

    def fact(self, kind: str, *key: str | None) -> Fact | None:
        """A fact by its key; the subject may be left out."""
        self.monitor.settle()
        for full in (key, (self.subject, *key)):
            found = self.monitor._derivation.facts.get(kind, full)
            if found is not None:
                return found
        return None

    def field(self, kind: str, name: str, *key: str | None) -> Any:
        """A field in plain Python: a word, a set of words, a number, a date, or a pair of bounds."""
        found = self.fact(kind, *key)
        assert found is not None, f"there is no {kind} {key}"
        return plain(found.values[name])

    def ae(self, name: str, record_id: str = "AE-1") -> Any:
        """A field of an adverse event."""
        return self.field("adverse event", name, record_id)

    def assumed(self, kind: str, name: str, *key: str) -> str:
        """What was assumed for a field, in one text."""
        found = self.fact(kind, *key)
        assert found is not None
        return "; ".join(found.values[name].assumed)

    def duties(self, case: str = "AE-1") -> dict[str, tuple[str, str]]:
        """Of a case, per jurisdiction and duty: the status and the due date (``03-16``)."""
        prefix = f"{self.subject or '-'}/{case}/"
        found = {}
        for fact in self.facts_of("obligation"):
            name = str(fact.key[0])
            if name.startswith(prefix):
                due = plain(fact.values["time_to_due"])
                assert (due.hour, due.minute, due.second) == (23, 59, 59)
                status = plain(fact.values["status"])
                found[name.removeprefix(prefix)] = (status, due.date().isoformat()[2:])
        return found

    def day0(self, obligation: str) -> str:
        """Day 0 of an obligation, as ``26-03-01``."""
        day: date = self.field("obligation", "day0", f"{self.subject or '-'}/{obligation}")
        return day.isoformat()[2:]

    def checks(self, record: str | None = None) -> Any:
        """The contradictions found: (record, check), or the checks of one record."""
        found = {(str(f.key[1]), str(f.key[2])) for f in self.facts_of("data quality")}
        return found if record is None else {check for name, check in found if name == record}

    def facts_of(self, kind: str) -> list[Fact]:
        """All facts of a kind."""
        return [fact for fact in self.monitor.facts() if fact.kind == kind]

    # ------------------------------------------------------------------ alerts

    def name(self, rule: str, *about: str | None) -> str:
        """The id of an alert; the subject may be left out."""
        kind = next(each.judges for each in self.pack.rules if each.code == rule)
        about = about or (("AE-1",) if kind != "death" else ())
        if len(about) < len(dictionary()[kind].about):
            about = (self.subject, *about)
        if kind == "obligation" and not str(about[0]).startswith(str(self.subject)):
            about = (f"{self.subject}/{about[0]}",)
        return "|".join([self.pack.study.study_id, rule, *(each or "-" for each in about)])

    def alert(self, rule: str, *about: str | None) -> Alert:
        """The alert as last published."""
        found = self.fold.book.alert(self.name(rule, *about))
        assert found is not None, f"no alert {self.name(rule, *about)}"
        return found

    def state(self, rule: str, *about: str | None) -> str | None:
        """The state last published, or None: never an alert."""
        found = self.fold.book.alert(self.name(rule, *about))
        return None if found is None else str(found.state)

    def story(self, rule: str, *about: str | None) -> list[str]:
        """The states of an alert in order, each with day and time."""
        name = self.name(rule, *about)
        told: list[str] = []
        for alert in self.published:
            if alert.alert_id == name and (not told or not told[-1].endswith(f" {alert.state}")):
                told.append(f"{alert.changed_at:%m-%d %H:%M} {alert.state}")
        return told

    def standing(self, *rules: str) -> set[str]:
        """Rules with an alert that is possible, firing or waits for a signature."""
        open_ = {"possible", "firing", "withdrawal_pending"}
        found = {a.rule for a in self.fold.book.alerts().values() if str(a.state) in open_}
        return found & set(rules) if rules else found

    def due(self, rule: str, *about: str | None) -> dict[str, str]:
        """The due dates an alert shows."""
        shown = self.alert(rule, *about).due
        return {f"{e.jurisdiction} {e.duty}": e.due.date().isoformat()[2:] for e in shown}


ALL_TRIALS: list[Trial] = []
"""The trials of the test that runs: its fixture checks the laws on them."""


def f1(*jurisdictions: str, infusions: int = 3) -> Trial:
    """The reference subject: infusions on 2, 5 and 9 March, DLT window 2 to 13 March."""
    trial = Trial(*jurisdictions)
    trial.enrolment()
    for number, start in list(enumerate(("03-02 10:00", "03-05 10:00", "03-09 10:00"), 1))[
        :infusions
    ]:
        trial.infusion(start, f"I{number}", infusion_no=number)
    return trial


def plain(value: Value) -> Any:
    """A value as tests write it."""
    if isinstance(value, Coded):
        if value.words is None:
            return None
        return next(iter(value.words)) if value.known else set(value.words)
    assert isinstance(value, Ordered)
    low, high = (
        int(e) if isinstance(e, Decimal) and e == int(e) else e for e in (value.low, value.high)
    )
    return low if value.known else (low, high)


def _opinion(word: str | None) -> list[dict[str, str]]:
    return [] if word is None else [{"product": "UC-MSC", "assessment": word}]


def _origin(said: dict[str, Any]) -> dict[str, Any]:
    return {"error_origin": "SITE"} | said


# ---------------------------------------------------------------------- laws


def check_from_scratch(trial: Trial) -> None:
    """Law 2: what was derived step by step is what a fresh monitor derives from the journal."""
    _same(fresh(trial, trial.journal), trial.monitor)


def check_any_order(trial: Trial, tries: int = 3) -> None:
    """Law 1: the records in any order, some twice, give the same facts and answers."""
    rng = random.Random(len(trial.journal))  # noqa: S311 - a test's order, no secret
    for _ in range(tries):
        records = [record for record, _ in trial.journal]
        records += rng.sample(records, len(records) // 3)
        rng.shuffle(records)
        monitor = Monitor(trial.pack, make_panel=without_matcher)
        for position, record in enumerate(records, 1):
            monitor.observe(record, position)
        _same(monitor, trial.monitor)


def fresh(trial: Trial, journal: Iterable[tuple[Record, int]]) -> Monitor:
    """A monitor that saw the journal at once."""
    monitor = Monitor(trial.pack, make_panel=without_matcher)
    monitor.absorb(journal)
    return monitor


def _same(one: Monitor, other: Monitor) -> None:
    facts, others = _by_key(one), _by_key(other)
    assert [k for k in facts | others if facts.get(k) != others.get(k)] == []
    answers, others_ = one.standing(), other.standing()
    assert [k for k in answers | others_ if answers.get(k) != others_.get(k)] == []


def _by_key(monitor: Monitor) -> dict[tuple[str, Key], Fact]:
    return {(fact.kind, fact.key): fact for fact in monitor.facts()}
