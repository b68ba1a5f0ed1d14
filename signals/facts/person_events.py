"""What of one person enters the comparisons of the whole study (DOMAIN 3.7, 8).

Serious events with their receipts, and the events that the toxicity monitors and the dose-level
comparison count.  What only may be so enters no numerator.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from signals.facts.adverse_event import AdverseEventKind
from signals.facts.deaths import DEATH_NOS, statuses, telling
from signals.facts.dlt_status import Course, DltStatusKind
from signals.facts.evaluability import DLT as EVALUABLE_DLT
from signals.facts.expectedness import expectedness
from signals.facts.exposure import Exposure, exposure
from signals.facts.infusion import InfusionKind
from signals.facts.kind import Context, Fact
from signals.facts.neoplasm import NeoplasmKind
from signals.facts.onset import onset
from signals.facts.seriousness import gravity
from signals.facts.told import versions_of
from signals.facts.value import Coded, Ordered, Ref

DLT, SAE, RELATED_GRADE_3 = "DLT", "SAE", "related_grade_3"
INFUSION_REACTION, SECONDARY_MALIGNANCY, TRM = "infusion_reaction", "secondary_malignancy", "TRM"
ENDPOINTS = (DLT, SAE, RELATED_GRADE_3, INFUSION_REACTION, SECONDARY_MALIGNANCY, TRM)
_SEVERE = 3
_READ = (
    "serious",
    "fatal",
    "treatment_emergent",
    "causality",
    "onset_effective",
    "worst_grade",
    "in_sae_period",
    "since_serious_receipt",
    "term",
)
"""The fields of an adverse event that are read here."""

_OUT = {"DEAD", "WITHDRAWN", "LOST", "COMPLETED"}


@dataclass(frozen=True, slots=True)
class SeriousEvent:
    """One serious event: the local day of the receipt that made it serious, where, and what."""

    received: date
    site_id: str | None
    term: str | None
    listed: bool
    record: Ref


@dataclass(frozen=True, slots=True)
class Events:
    """What the kinds above read of a person.

    ``since`` and ``until`` bound the days under treatment and follow-up: from the first infusion to
    death or the end of participation (None: not treated; still followed).  ``happened`` holds the
    records behind each endpoint's event; ``open_deaths`` those of deaths whose causality is open.
    """

    site_id: str | None
    level: str | None
    since: date | None
    until: date | None
    serious: tuple[SeriousEvent, ...]
    happened: Mapping[str, tuple[Ref, ...]]
    open_deaths: tuple[Ref, ...]

    @property
    def treated(self) -> bool:
        """Whether any infusion was given."""
        return self.since is not None


def events_of(ctx: Context, subject: str) -> Events:
    """Read what the facts say of a person."""
    reader = _Reader(ctx, subject, *_first_and_last(exposure(ctx.view, subject)))
    status = ctx.facts.get(DltStatusKind.name, (subject,))
    course = status.detail if status is not None else None
    adverse = list(reader.adverse_events())
    deaths = [each for each in adverse if reader.died_in_time(each)]
    happened = {
        DLT: reader.dlt(course),
        SAE: _refs(e for e in adverse if _is(e, "serious") and _is(e, "treatment_emergent")),
        RELATED_GRADE_3: _refs(each for each in adverse if reader.severe_in_time(each)),
        INFUSION_REACTION: reader.reactions(),
        SECONDARY_MALIGNANCY: reader.tumours(),
        TRM: _refs(each for each in deaths if _is(each, "causality", "related")),
    }
    return Events(
        site_id=status.site_id if status is not None else None,
        level=course.now.level if isinstance(course, Course) else None,
        since=reader.first_day,
        until=reader.left(),
        serious=tuple(reader.serious(adverse)),
        happened=happened,
        open_deaths=_refs(e for e in deaths if len(_words(e, "causality")) > 1),
    )


def _first_and_last(exposed: Exposure) -> tuple[date | None, date | None]:
    last = exposed.last.days.high if exposed.last else None
    planned = exposed.planned if exposed.still_planned else None
    first = exposed.first.days.high if exposed.first else None
    return first, max(filter(None, (last, planned)), default=None)


def entering(fact: Fact | None) -> object:
    """What of a fact is read here; of two versions that agree in it, it makes no difference which."""
    if fact is None:
        return None
    if fact.kind == AdverseEventKind.name:
        counts = _is(fact, "serious") or _is(fact, "fatal") or _is_severe(fact)
        return (fact.site_id, *(fact.values[name] for name in _READ)) if counts else None
    if fact.kind == InfusionKind.name:
        return fact.values["reaction_grade"].records if reacted(fact, _SEVERE) else None
    if fact.kind == NeoplasmKind.name:
        return _refs([fact]) if _is(fact, "counted") else None
    if isinstance(fact.detail, Course):
        return fact.site_id, fact.detail.now.level, fact.detail.now.under
    return fact


@dataclass(frozen=True, slots=True)
class _Reader:
    ctx: Context
    subject: str
    first_day: date | None
    """The day of the first infusion."""
    last_day: date | None
    """The day of the last infusion, of the last planned one while some remain."""

    def adverse_events(self) -> Iterator[Fact]:
        """The facts of the person's adverse events."""
        chart, facts = self.ctx.chart, self.ctx.facts
        for number in chart.person(self.subject):
            for record_id in (*chart.record_ids("adverse-event", number), DEATH_NOS):
                fact = facts.get(AdverseEventKind.name, (number, record_id))
                if fact is not None:
                    yield fact

    def dlt(self, course: object) -> tuple[Ref, ...]:
        """The records of a subject that is evaluable with a dose-limiting toxicity."""
        profile = self.ctx.study.dlt.decision_profile
        if not isinstance(course, Course) or course.status(profile) != EVALUABLE_DLT:
            return ()
        return course.now.is_(profile).records

    def severe_in_time(self, event: Fact) -> bool:
        """Related, grade 3 or more, begun from the first infusion to the end of the period."""
        began = event.values["onset_effective"]
        last = self.last_day
        return (
            last is not None
            and _is(event, "causality", "related")
            and _is(event, "treatment_emergent")
            and _is_severe(event)
            and isinstance(began, Ordered)
            and _on_or_before(began.high, last + timedelta(self.ctx.study.periods.safety_days))
        )

    def reactions(self) -> tuple[Ref, ...]:
        """The infusions with a reaction of grade 3 or more within 24 hours."""
        return tuple(
            ref
            for number in self.ctx.chart.person(self.subject)
            for record_id in self.ctx.chart.record_ids("infusion", number)
            if (fact := self.ctx.facts.get(InfusionKind.name, (number, record_id))) is not None
            and reacted(fact, _SEVERE)
            for ref in fact.values["reaction_grade"].records
        )

    def tumours(self) -> tuple[Ref, ...]:
        """The confirmed new primaries that count in the two-year outcome."""
        found = []
        for number in self.ctx.chart.person(self.subject):
            for kind in ("adverse-event", "disease-status"):
                for record_id in self.ctx.chart.record_ids(kind, number):
                    fact = self.ctx.facts.get(NeoplasmKind.name, (number, f"{kind}/{record_id}"))
                    if fact is not None and _is(fact, "counted"):
                        found.append(fact)
        return _refs(found)

    def died_in_time(self, event: Fact) -> bool:
        """Fatal, from the first infusion to ``mortality_days`` after the last."""
        first, last = self.first_day, self.last_day
        if first is None or last is None or not _is(event, "fatal"):
            return False
        earliest, latest = self._death(event)
        end = last + timedelta(self.ctx.study.aggregate.mortality_days)
        return latest <= end and (earliest is None or earliest >= first)

    def _death(self, event: Fact) -> tuple[date | None, date]:
        """From when to when the person died: as recorded, else not after it was entered."""
        dated = [
            each.data.death_date
            for each in statuses(self.ctx.view, self.subject)
            if each.data.death_date is not None
        ]
        if dated:
            return min(each.first_day for each in dated), max(each.last_day for each in dated)
        record = self.ctx.view.current("adverse-event", event.key[0], str(event.key[1]))
        if record is not None and record.data.end is not None:
            return record.data.end.first_day, record.data.end.last_day
        told = telling(self.ctx.view, self.subject)
        heard = [(each.recorded_at or each.arrival).date() for each in told]
        return None, max(heard, default=date.max)

    def left(self) -> date | None:
        """The day of death, or since when the person is out of the trial; None: still in it."""
        days = [
            (when.first_day if when is not None else (each.recorded_at or each.arrival).date())
            for each in self.ctx.view.of_person("subject-status", self.subject)
            if each.data.status in _OUT
            for when in [each.data.death_date or each.data.at]
        ]
        return min(days, default=None)

    def serious(self, adverse: list[Fact]) -> Iterator[SeriousEvent]:
        """The serious events of the period for them, each at the receipt that made it serious."""
        for fact in adverse:
            received = fact.values["since_serious_receipt"]
            if (
                _is(fact, "serious")
                and _is(fact, "in_sae_period")
                and isinstance(received, Ordered)
                and isinstance(received.low, datetime)
            ):
                yield SeriousEvent(
                    received=received.low.astimezone(self.ctx.study.zone).date(),
                    site_id=fact.site_id,
                    term=self._term(fact),
                    listed=self._is_listed(fact),
                    record=fact.values["serious"].records[0],
                )

    def _term(self, fact: Fact) -> str | None:
        """The preferred term, else the term as recorded."""
        record = self.ctx.view.current("adverse-event", fact.key[0], str(fact.key[1]))
        if record is not None and record.data.meddra and record.data.meddra.pt_name:
            return str(record.data.meddra.pt_name)
        return next(iter(_words(fact, "term")), None)

    def _is_listed(self, fact: Fact) -> bool:
        """Expected by the reference safety information in force at the latest possible onset."""
        record = self.ctx.view.current("adverse-event", fact.key[0], str(fact.key[1]))
        if record is None:
            return False
        versions = versions_of(self.ctx.view, record.subject_id, record.record_id)
        latest = onset(record, versions).days.high
        if latest is None:
            return False
        grave = gravity(record.data, self.ctx.study)
        return expectedness(record.data, latest, grave, self.ctx.view).word == "expected"


def _is_severe(event: Fact) -> bool:
    grade = event.values["worst_grade"]
    return isinstance(grade, Ordered) and isinstance(grade.low, Decimal) and grade.low >= _SEVERE


def reacted(infusion: Fact, grade: int) -> bool:
    """Whether a reaction of that grade or more surely began within 24 hours of an infusion."""
    found = infusion.values["reaction_grade"]
    surely = isinstance(found, Ordered) and isinstance(found.low, Decimal) and found.low >= grade
    return surely and _is(infusion, "acute_reaction")


def _is(fact: Fact, name: str, wanted: str = "yes") -> bool:
    return has_only(fact, name, wanted)


def _words(fact: Fact, name: str) -> frozenset[str]:
    value = fact.values[name]
    return (value.words if isinstance(value, Coded) else None) or frozenset()


def has_only(fact: Fact, name: str, wanted: str) -> bool:
    """Whether a field surely holds a word."""
    return _words(fact, name) == {wanted}


def _on_or_before(day: object, limit: date) -> bool:
    return isinstance(day, date) and day <= limit


def _refs(facts: Iterable[Fact]) -> tuple[Ref, ...]:
    """The record each fact is about: the first of those its term rests on."""
    return tuple(dict.fromkeys(ref for each in facts for ref in each.values["term"].records))
