"""Whether a subject can be evaluated for dose-limiting toxicity (DOMAIN 3.3).

Had a dose-limiting toxicity (always), or received all planned infusions and was observed to the
last day of the window or four days after the last infusion, whichever is later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from signals.chart.chart import Chart
from signals.chart.view import View
from signals.events import Record
from signals.facts.deaths import implies_death, telling, untold_death
from signals.facts.decisions import sign_offs
from signals.facts.dlt_events import (
    PROFILES,
    STOPPED,
    UNSAID,
    Classified,
    classified,
    may_be_suspected,
)
from signals.facts.exposure import Exposure, exposure
from signals.facts.observation import DATED, Observed, first_observation
from signals.facts.refs import ref
from signals.facts.value import Ref
from signals.study.model import Profile, Study

PENDING, NO_DLT, DLT = "pending", "evaluable no dlt", "evaluable dlt"
UNDETERMINED, NOT_EVALUABLE = "undetermined", "not evaluable"
STATUSES = (PENDING, NO_DLT, DLT, UNDETERMINED, NOT_EVALUABLE)

BEARING = ("adverse-event", "infusion", "enrolment", "subject-status", "decision")
"""The kinds of record that bear on it, beside those that show an observation."""
_GONE = {"WITHDRAWN", "LOST", "COMPLETED"}
_NOT_GIVEN = {"NOT_DONE", "CANCELLED"}


@dataclass(frozen=True, slots=True)
class Standing:
    """A status under one profile, why, and the records it rests on."""

    status: str
    reason: str
    records: tuple[Ref, ...] = ()


@dataclass(frozen=True, slots=True)
class Assessment:
    """A subject in one view: the enrolment, the dose level, and the status under each profile.

    ``level`` is the one as treated, ``assigned`` that of the enrolment.  ``needed`` is the day to
    which the subject must be observed (None: not treated), ``observed`` the first observation on
    that day or later.
    """

    enrolment: Record | None
    level: str | None
    assigned: str | None
    treated: bool
    under: tuple[Standing, ...]
    events: tuple[Classified, ...]
    needed: date | None
    observed: Observed | None

    def is_(self, profile: Profile) -> Standing:
        """The standing under one profile."""
        return self.under[PROFILES.index(profile)]


def assess(chart: Chart, view: View, subject: str, study: Study) -> Assessment:
    """Look at a subject as known in a view."""
    untold = tuple(untold_death(chart, each) for each in chart.person(subject))
    return view.kept(
        ("assessment", study, subject, untold),
        subject,
        (*BEARING, *DATED, "disease-status"),
        lambda: _assess(chart, view, subject, study),
    )


def _assess(chart: Chart, view: View, subject: str, study: Study) -> Assessment:
    exposed = exposure(view, subject)
    enrolment = enrolment_of(view, subject)
    assigned = enrolment.data.dose_level if enrolment is not None else None
    events = tuple(classified(chart, view, subject, exposed, study))
    person = _Person(chart, view, subject, exposed, assigned, study)
    observed = person.observed()
    without = person.without_dlt(observed)
    under = tuple(_with(profile, events, without, person.own) for profile in PROFILES)
    level = person.level_given() or assigned
    return Assessment(
        enrolment=enrolment,
        level=level,
        assigned=assigned,
        treated=bool(exposed.given),
        under=under,
        events=events,
        needed=person.needed(),
        observed=observed,
    )


def enrolment_of(view: View, subject: str) -> Record | None:
    """The person's latest enrolment."""
    found = view.of_person("enrolment", subject)
    return max(found, key=_enrolled, default=None)


def _enrolled(record: Record) -> tuple[date, str, str]:
    when = record.data.enrolled_at
    return (when.first_day if when else date.min), record.subject_id or "", record.record_id


def _with(
    profile: Profile, events: tuple[Classified, ...], without: Standing, own: tuple[Ref, ...]
) -> Standing:
    toxic = [each for each in events if each.is_(profile) == "dlt"]
    if toxic:
        names = ", ".join(each.name for each in toxic)
        return Standing(DLT, f"dose-limiting: {names}", (*own, *(e.source for e in toxic)))
    still_open = [each for each in events if each.is_(profile) == "undetermined"]
    if still_open:
        names = ", ".join(each.name for each in still_open)
        why = "behind the cap" if all(each.behind_cap for each in still_open) else "not decided"
        return Standing(
            UNDETERMINED, f"{why}: {names}", (*own, *(each.source for each in still_open))
        )
    return without


@dataclass(frozen=True, slots=True)
class _Person:
    chart: Chart
    view: View
    subject: str
    exposed: Exposure
    assigned: str | None
    study: Study

    @property
    def own(self) -> tuple[Ref, ...]:
        return self.exposed.records

    def without_dlt(self, observed: Observed | None) -> Standing:
        """What the subject is, no event being or perhaps being dose-limiting."""
        if not self.exposed.given:
            return self._untreated()
        signed = self._signed()
        if signed is not None:
            decision, answer = signed
            status = NO_DLT if answer == "Y" else NOT_EVALUABLE
            return Standing(status, "ruled by the committee", (*self.own, ref(decision)))
        wrong = self._wrong_level()
        if wrong is not None:
            return Standing(UNDETERMINED, "given another dose level than assigned", self.own)
        return self._by_doses(observed)

    def _untreated(self) -> Standing:
        plans = self.exposed.still_planned
        gone = self._gone()
        refused = [
            each
            for each in self.view.of_person("infusion", self.subject)
            if each.data.status in _NOT_GIVEN
        ]
        if gone is None and (plans or not refused):
            return Standing(PENDING, "not yet treated", self.own)
        behind = [ref(each) for each in (*refused, *filter(None, (gone,)))]
        return Standing(NOT_EVALUABLE, "no infusion", (*self.own, *behind))

    def _by_doses(self, observed: Observed | None) -> Standing:
        missed = self._missed()
        stopped = self._stopped_for_toxicity() if missed else False
        if stopped:
            return Standing(UNDETERMINED, "infusions stopped for toxicity", self._with(missed))
        gone = self._gone()
        if gone is not None and observed is None and self._left_early(gone):
            word = "died" if implies_death(gone) else str(gone.data.status).lower()
            why = f"{word} before the end of observation"
            return Standing(NOT_EVALUABLE, why, self._with([gone]))
        if missed and stopped is None:
            why = "why infusions stopped is not recorded"
            return Standing(UNDETERMINED, why, self._with(missed))
        if missed:
            why = "infusions stopped for a reason other than toxicity"
            return Standing(NOT_EVALUABLE, why, self._with(missed))
        if self.exposed.still_planned and not self._enough():
            return Standing(PENDING, "infusions still planned", self.own)
        if observed is None:
            return Standing(PENDING, f"observation needed on {self.needed()} or later", self.own)
        return Standing(NO_DLT, "observed without a dose-limiting toxicity", self.own)

    def _with(self, records: list[Record]) -> tuple[Ref, ...]:
        return (*self.own, *(ref(each) for each in records))

    def needed(self) -> date | None:
        """The day to which the subject must be observed; None before any infusion."""
        last = self.exposed.last
        if last is None:
            return None
        return last.days.later(self.study.dlt.days_after_last).high

    def observed(self) -> Observed | None:
        needed = self.needed()
        if needed is None:
            return None
        return first_observation(self.chart, self.view, self.subject, needed)

    def level_given(self) -> str | None:
        """The highest level given; an infusion that does not say is taken as assigned."""
        levels = [each.data.dose_level_actual for each in self.exposed.given]
        known = {each for each in levels if each is not None}
        order = [each.level for each in self.study.dose_levels]
        if known and None in levels and self.assigned is not None:
            known.add(self.assigned)
        return max(
            known, key=lambda name: (order.index(name) if name in order else -1, name), default=None
        )

    def _wrong_level(self) -> Record | None:
        for each in self.exposed.given:
            meant = each.data.dose_level_assigned or self.assigned
            actual = each.data.dose_level_actual
            if meant is not None and actual is not None and meant != actual:
                return each
        return None

    def _enough(self) -> bool:
        least = self.study.dlt.min_doses
        return least is not None and len(self._in_full()) >= least

    def _in_full(self) -> list[Record]:
        return [each for each in self.exposed.given if each.data.status != "STOPPED_EARLY"]

    def _missed(self) -> list[Record]:
        """Infusions planned and not given in full, unless enough were given."""
        if self._enough():
            return []
        infusions = self.view.of_person("infusion", self.subject)
        short = [each for each in infusions if each.data.status in _NOT_GIVEN]
        short += [each for each in self.exposed.given if each.data.status == "STOPPED_EARLY"]
        return short + self._discontinued()

    def _discontinued(self) -> list[Record]:
        if not self.exposed.still_planned:
            return []
        statuses = self.view.of_person("subject-status", self.subject)
        return [each for each in statuses if each.data.status == "TREATMENT_DISCONTINUED"]

    def _stopped_for_toxicity(self) -> bool | None:
        """By the reason at the infusion, or by what an adverse event did to the treatment.

        None: an early stop without a reason, or an event after the first infusion whose action on
        the treatment nobody has told.
        """
        reasons = [
            (each.data.status == "STOPPED_EARLY", pause.reason)
            for each in self.exposed.given
            for pause in each.data.interruptions or ()
        ]
        events = [
            each.data.action_taken
            for number in self.chart.person(self.subject)
            for each in self.view.of_subject("adverse-event", number)
            if may_be_suspected(each, self.study) and not _surely_before(each, self.exposed)
        ]
        if any((reason or "").upper() == "ADVERSE EVENT" for _, reason in reasons):
            return True
        if any(action in STOPPED for action in events):
            return True
        early = any(each.data.status == "STOPPED_EARLY" for each in self.exposed.given)
        unsaid = early and not any((reason or "").strip() for _, reason in reasons)
        return None if unsaid or any(action in UNSAID for action in events) else False

    def _gone(self) -> Record | None:
        """What tells a death, or the status by which the person left the trial for good."""
        deaths = telling(self.view, self.subject)
        if deaths:
            return min(deaths, key=_when_gone)
        statuses = self.view.of_person("subject-status", self.subject)
        last = max(statuses, key=_when_gone, default=None)
        return last if last is not None and last.data.status in _GONE else None

    def _left_early(self, gone: Record) -> bool:
        """Before the day of observation, or while infusions were outstanding."""
        needed, left = self.needed(), _day_gone(gone)
        return self.exposed.still_planned or needed is None or left is None or left < needed

    def _signed(self) -> tuple[Record, str] | None:
        """The committee's signature on evaluability, on any record of the subject."""
        found = [
            decision
            for number in self.chart.person(self.subject)
            if (decision := sign_offs(self.view, number, "EVALUABILITY")) is not None
        ]
        if not found:
            return None
        decision = max(found, key=lambda each: (each.arrival, each.record_id))
        return decision, str(decision.data.sign_off.answer)


def _day_gone(record: Record) -> date | None:
    """The day of a death, or since when a status holds."""
    data = record.data
    is_event = record.kind == "adverse-event"
    when = (data.end or data.onset) if is_event else (data.death_date or data.at)
    return None if when is None else when.first_day


def _when_gone(record: Record) -> tuple[date, datetime, str]:
    entered = record.recorded_at or record.arrival
    return _day_gone(record) or entered.date(), entered, record.record_id


def _surely_before(event: Record, exposed: Exposure) -> bool:
    onset = event.data.onset
    first = exposed.first.low if exposed.first else None
    return onset is not None and first is not None and onset.latest < first
