"""The obligations of a case: what is due, to whom, when, and what became of it (DOMAIN 4.3, 4.4).

Initial reports come from the ledger; the completion of a 7-day report and the follow-up reports
come from the reports submitted.  A report counts when it is acknowledged, and is in time by its
``submitted_at``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from signals.events import Record
from signals.facts.cases import case_records
from signals.facts.deaths import with_death
from signals.facts.decisions import sign_offs
from signals.facts.ledger import CaseHistory, Owed, Status, initial_7, initial_15
from signals.facts.receipts import receipt
from signals.facts.refs import ref
from signals.facts.seriousness import gravity, is_fatal
from signals.facts.significance import is_significant
from signals.facts.susar import Assessment
from signals.facts.told import versions_of
from signals.facts.value import Ref
from signals.study.model import Jurisdiction

_LAST_SECOND = time(23, 59, 59)
_DETERMINATION_AT_MOST = timedelta(days=15)


@dataclass(frozen=True, slots=True)
class Obligation:
    """One report that is due.

    ``since``: the receipt that started it.
    ``end_proposed``: what made it due is no longer so, and nobody has signed for that yet; a
    report that was submitted all the same stays met.
    """

    obligation_id: str
    jurisdiction: str
    duty: str
    duty_text: str
    day0: date
    due: datetime
    status: Status
    basis: str
    since: datetime
    known_since: datetime
    settled_at: datetime | None
    rests_on: Assessment
    records: tuple[Ref, ...]
    assumed: tuple[str, ...] = ()
    reports_fatal: bool = False
    end_proposed: bool = False

    @property
    def is_open(self) -> bool:
        """Still due, also while its end waits for a signature."""
        return self.status in (Status.OPEN, Status.END_PROPOSED)

    @property
    def settled_in_time(self) -> bool:
        """Ended by something submitted, decided or received by the due date."""
        ended = self.status in (Status.MET, Status.SIGNED_OFF, Status.ANSWERED)
        return ended and self.settled_at is not None and self.settled_at <= self.due


def obligations_of(history: CaseHistory) -> tuple[Obligation, ...]:
    """Every obligation of the case in every active jurisdiction, in order of their ids."""
    found = [
        obligation
        for jurisdiction in history.study.jurisdictions
        for obligation in _Reporting(history, jurisdiction).obligations()
    ]
    return tuple(sorted(found, key=lambda each: each.obligation_id))


@dataclass(frozen=True, slots=True)
class _Reporting:
    """A case before one authority."""

    history: CaseHistory
    jurisdiction: Jurisdiction

    def obligations(self) -> list[Obligation]:
        made = [self._initial(7, initial_7), self._initial(15, initial_15)]
        found = {each.duty: each for each in made if each is not None}
        for report in self._submitted(found):
            self._count(report, found)
        return [self._signed(each) for each in found.values()]

    # ------------------------------------------------------------------ initial reports

    def _initial(
        self, days: int, owed_by: Callable[[CaseHistory, Jurisdiction], Owed | None]
    ) -> Obligation | None:
        law = self.jurisdiction
        owed = owed_by(self.history, law)
        if owed is None:
            return None
        limit = law.initial_7 if days == 7 else law.initial_15  # noqa: PLR2004 - the duty's name
        since, assumed = self._day0(owed, days)
        day0 = since.astimezone(law.zone).date()
        return Obligation(
            obligation_id=self._id(f"initial-{days}"),
            jurisdiction=law.code,
            duty=f"initial-{days}",
            duty_text=f"initial, {limit.days} days",
            day0=day0,
            due=self._end_of(day0 + timedelta(days=limit.days)),
            status=owed.status,
            basis=limit.basis.text,
            since=owed.since,
            known_since=owed.known_since,
            settled_at=owed.settled_at,
            rests_on=owed.rests_on,
            records=owed.records,
            assumed=assumed + assumptions(owed.rests_on),
            end_proposed=owed.status is Status.END_PROPOSED,
        )

    def _day0(self, owed: Owed, days: int) -> tuple[datetime, tuple[str, ...]]:
        determines = self.jurisdiction.clock == "determination"
        if days == 7 or not determines or owed.rests_on.grave:  # noqa: PLR2004 - the duty's name
            return owed.since, ()
        stated = owed.rests_on.told.data.sponsor_determined_at
        if stated is None:
            return owed.since, ("no determination recorded: the clock runs from receipt",)
        return min(max(stated.earliest, owed.since), owed.since + _DETERMINATION_AT_MOST), ()

    def _id(self, duty: str) -> str:
        subject = self.history.subject or "-"
        return f"{subject}/{self.history.case}/{self.jurisdiction.code}/{duty}"

    def _end_of(self, day: date) -> datetime:
        return datetime.combine(day, _LAST_SECOND, self.jurisdiction.zone)

    # ------------------------------------------------------------------ reports submitted

    def _submitted(self, found: dict[str, Obligation]) -> list[Record]:
        """The acknowledged reports of the case to this authority, in order of submission."""
        view, subject, case = self.history.chart.view, self.history.subject, self.history.case
        records = case_records(view, subject, case)
        names = {case, *(each.record_id for each in records)}
        names |= {each.data.case_id for each in records if each.data.case_id is not None}
        ids = {each.obligation_id for each in found.values()}
        reports = [
            each
            for each in view.of_person("report-submission", subject)
            if each.data.authority_ack is not None
            and each.data.submitted_at is not None
            and (ids & set(each.data.covers or ()) or self._is_about(each, names))
        ]
        return sorted(reports, key=lambda each: (each.data.submitted_at.earliest, each.record_id))

    def _is_about(self, report: Record, names: set[str]) -> bool:
        """Whether it names the case and the authority, so that what it leaves open is asked here."""
        return (
            report.subject_id == self.history.subject
            and report.data.case_id in names
            and report.data.jurisdiction == self.jurisdiction.code
        )

    def _count(self, report: Record, found: dict[str, Obligation]) -> None:
        covers = set(report.data.covers or ()) or self._due_first(report, found)
        for duty in [*found, "completion"]:
            obligation = found.get(duty)
            if obligation is None or obligation.obligation_id not in covers:
                continue
            if report.data.submitted_at.last_day >= obligation.day0:
                found[duty] = _met(obligation, report)
                self._what_follows(found[duty], report, found)

    def _due_first(self, report: Record, found: dict[str, Obligation]) -> set[str]:
        """What a report without ``covers`` meets: of what was known and begun, the first due."""
        waiting = [
            each
            for each in found.values()
            if each.status is not Status.MET
            and each.known_since <= report.arrival
            and each.day0 <= report.data.submitted_at.last_day
        ]
        return {each.obligation_id for each in sorted(waiting, key=lambda each: each.due)[:1]}

    def _what_follows(self, met: Obligation, report: Record, found: dict[str, Obligation]) -> None:
        if not met.duty.startswith("initial"):
            return
        if met.duty == "initial-7" and self.jurisdiction.completion is not None:
            found.setdefault("completion", self._completion(met, report))
        started = {each.since for each in found.values() if each.duty.startswith("initial")}
        for follow_up in self._follow_ups(met, report, started):
            found.setdefault(follow_up.duty, follow_up)

    def _completion(self, met: Obligation, report: Record) -> Obligation:
        """Due 8 days after the 7-day report, at most 15 days after its day 0 (DOMAIN 4.3)."""
        limit = self.jurisdiction.completion or self.jurisdiction.initial_15
        sent: date = report.data.submitted_at.first_day
        latest = met.day0 + timedelta(days=self.jurisdiction.initial_15.days)
        return replace(
            met,
            obligation_id=self._id("completion"),
            duty="completion",
            duty_text=f"completion, {limit.days} days",
            due=self._end_of(min(sent + timedelta(days=limit.days), latest)),
            status=Status.OPEN,
            basis=limit.basis.text,
            known_since=report.arrival,
            settled_at=None,
            records=(*met.records, ref(report)),
        )

    def _follow_ups(
        self, met: Obligation, report: Record, started: set[datetime]
    ) -> list[Obligation]:
        """One for every day on which significant new information was received after the report.

        What ``started`` a clock of its own is reported by that clock.
        """
        sent = report.data.submitted_at.earliest
        found: dict[str, Obligation] = {}
        for member in self.history.members:
            view, subject = self.history.chart.view, self.history.subject
            versions = with_death(view, subject, member, versions_of(view, subject, member))
            standing = [each for each in versions if each.op != "VOID"]
            for before, after in pairwise(standing):
                at = receipt(after).at
                if at > sent and at not in started and is_significant(before, after):
                    each = self._follow_up(met, before, after)
                    found[each.duty] = min(found.get(each.duty, each), each, key=_due)
        return list(found.values())

    def _follow_up(self, met: Obligation, before: Record, after: Record) -> Obligation:
        study = self.history.study
        became_fatal = is_fatal(after.data) and gravity(before.data, study) in (
            "life-threatening",
            "assumed life-threatening",
        )
        law = self.jurisdiction
        limit = law.follow_up_fatal if became_fatal else law.follow_up
        day0 = receipt(after).at.astimezone(law.zone).date()
        duty = f"follow-up-{day0.isoformat()}"
        return replace(
            met,
            obligation_id=self._id(duty),
            duty=duty,
            duty_text=f"follow-up, {limit.days} days",
            day0=day0,
            due=self._end_of(day0 + timedelta(days=limit.days)),
            status=Status.OPEN,
            basis=limit.basis.text,
            since=receipt(after).at,
            known_since=after.arrival,
            settled_at=None,
            records=(*met.records, ref(after)),
            reports_fatal=became_fatal,
        )

    def _signed(self, obligation: Obligation) -> Obligation:
        """A completion or follow-up that a person signed as not reportable."""
        if obligation.status is not Status.OPEN or obligation.duty.startswith("initial"):
            return obligation
        view, subject = self.history.chart.view, self.history.subject
        decision = sign_offs(view, subject, "NOT_REPORTABLE", of=obligation.obligation_id)
        if decision is None or decision.data.sign_off.answer != "Y":
            return obligation
        return replace(
            obligation,
            status=Status.SIGNED_OFF,
            settled_at=decision.data.decided_at or decision.arrival,
            records=(*obligation.records, ref(decision)),
        )


def _due(obligation: Obligation) -> datetime:
    return obligation.due


def _met(obligation: Obligation, report: Record) -> Obligation:
    return replace(
        obligation,
        status=Status.MET,
        settled_at=report.data.submitted_at.latest,
        records=(*obligation.records, ref(report)),
    )


def assumptions(rests_on: Assessment) -> tuple[str, ...]:
    """What was taken for true without a record that says so."""
    gravity_assumed = (
        "no criterion of seriousness recorded: taken as life-threatening"
        if rests_on.gravity == "assumed life-threatening"
        else ""
    )
    receipt_assumed = "" if rests_on.told.stated else "receipt by the sponsor not recorded"
    notes = (
        rests_on.serious.assumed,
        gravity_assumed,
        rests_on.causality_assumed,
        rests_on.expected.assumed,
        receipt_assumed,
    )
    return tuple(note for note in notes if note)
