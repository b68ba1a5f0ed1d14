"""The fact ``follow-up``: how long a treated subject was observed, endpoint by endpoint.

A subject without an event counts for a monitor by the share of the window that was observed; the
window begins with the first infusion and ends after the last, the last planned one while some
remain (DOMAIN 3.7).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from signals.chart.view import View
from signals.facts.dlt_status import main_number
from signals.facts.exposure import Exposure, ended, exposure
from signals.facts.fields import day, yes_no
from signals.facts.infusion_reactions import ACUTE
from signals.facts.kind import Change, Context, Fact, Field, Key, RecordChange
from signals.facts.observation import DATED, OTHERS, last_dated, last_other, observes
from signals.facts.periods import years_later
from signals.facts.person_events import (
    INFUSION_REACTION,
    RELATED_GRADE_3,
    SECONDARY_MALIGNANCY,
    TRM,
)
from signals.facts.value import ANY_ORDERED, Ref, Value, exactly, flag, resting
from signals.statistics.boundaries import follow_up_weight
from signals.study.model import Study

_OBSERVING = {*DATED, "disease-status"}
_OF_THE_PERSON = {"infusion", "enrolment", "subject-status"}
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Observation:
    """The last contact, and by endpoint the share of the window that was observed."""

    contact: datetime | None
    weights: Mapping[str, Decimal]


class FollowUpKind:
    """One fact per treated person, under the main number."""

    name = "follow-up"
    about = ("subject",)
    reads: tuple[str, ...] = ()
    hears: frozenset[str] = frozenset({*_OF_THE_PERSON, *_OBSERVING})
    fields: Mapping[str, Field] = {
        field.name: field
        for field in (
            day("last_contact", "When the subject was last observed", "DOMAIN 3.3, 3.7"),
            yes_no("complete", "Every monitored window was observed to its end", "DOMAIN 3.7"),
        )
    }

    def keys(self, ctx: Context) -> Iterator[Key]:
        """Every number of a person with an infusion on file."""
        for subject in ctx.chart.subjects("infusion"):
            yield from ((number,) for number in ctx.chart.person(subject) if number)

    def touched_by(self, change: Change, ctx: Context) -> Iterable[Key]:
        """The person; an observation only if it may be, or may have been, the last."""
        if not isinstance(change, RecordChange):
            return ()
        if change.kind in _OF_THE_PERSON or _may_be_last(change, ctx):
            return [(number,) for number in change.person if number is not None]
        return ()

    def derive(self, key: Key, ctx: Context) -> Fact | None:
        """The fact, or None before any infusion."""
        subject = str(key[0])
        if main_number(ctx.chart, ctx.view, subject) != subject:
            return None
        view, study = ctx.view, ctx.study
        treated = view.kept(
            ("follow-up", subject, study), subject, OTHERS, lambda: _treated(view, subject, study)
        )
        if treated is None:
            return None
        contact = last_dated(ctx.chart, view, subject, treated.contact)
        weights = _weights(treated.windows, contact, study)
        values: dict[str, Value] = {
            "last_contact": ANY_ORDERED if contact is None else exactly(contact.date()),
            "complete": flag(all(each == 1 for each in weights.values())),
        }
        return Fact(
            kind=self.name,
            key=key,
            values=resting(values, *treated.records),
            subject_id=subject,
            detail=Observation(contact, weights),
        )

    def moved_to(self, key: Key, ctx: Context) -> Key | None:
        """To the main number of the person."""
        main = main_number(ctx.chart, ctx.view, str(key[0]))
        return None if main == key[0] else (main,)


def _may_be_last(change: RecordChange, ctx: Context) -> bool:
    versions = change.versions
    dates = [when.earliest for each in versions if (when := observes(each)) is not None]
    if not dates:
        return False
    latest, facts = max(dates), ctx.facts.of_kind(FollowUpKind.name)
    for number in change.person:
        fact = facts.get((number,))
        if fact is not None and isinstance(fact.detail, Observation):
            last = fact.detail.contact
            # What has one version took nothing away: it must be later than what there was.
            return last is None or latest > last or (latest == last and len(versions) > 1)
    return False


@dataclass(frozen=True, slots=True)
class _Windows:
    """The first infusion; how many days or, of reactions, minutes each window has from then on."""

    first: datetime
    days: Mapping[str, int]
    minutes: int


@dataclass(frozen=True, slots=True)
class _Treated:
    """What the few records of a treated person say; results and vital signs are many."""

    records: tuple[Ref, ...]
    windows: _Windows | None
    contact: datetime | None


def _treated(view: View, subject: str, study: Study) -> _Treated | None:
    exposed = exposure(view, subject)
    if not exposed.given:
        return None
    return _Treated(exposed.records, _windows(exposed, study), last_other(view, subject))


def _windows(exposed: Exposure, study: Study) -> _Windows | None:
    """None where the days of the infusions are not known."""
    first = exposed.first.low or exposed.first.high if exposed.first else None
    last = exposed.last.days.high if exposed.last else None
    if first is None or last is None:
        return None
    if exposed.still_planned and exposed.planned is not None:
        last = max(last, exposed.planned)
    ends = {
        RELATED_GRADE_3: last + timedelta(study.periods.safety_days),
        SECONDARY_MALIGNANCY: years_later(last, study.periods.sae_years),
        TRM: last + timedelta(study.aggregate.mortality_days),
    }
    begun = first.date()
    days = {name: (end - begun).days for name, end in ends.items()}
    return _Windows(first, days, (_end_of_reactions(exposed, first) - first) // _MINUTE)


def _end_of_reactions(exposed: Exposure, first: datetime) -> datetime:
    """24 hours after the end of the latest infusion, or of the last planned."""
    over = [at.high for each in exposed.given if (at := ended(each)[0]).high is not None]
    end = max(over, default=first) + ACUTE
    if exposed.still_planned and exposed.planned is not None:
        end = max(end, datetime.combine(exposed.planned, end.timetz()) + ACUTE)
    return end


def _weights(
    windows: _Windows | None, contact: datetime | None, study: Study
) -> dict[str, Decimal]:
    if windows is None:
        return dict.fromkeys(study.aggregate.monitors, Decimal(0))
    first = windows.first
    days = (contact.date() - first.date()).days if contact is not None else 0
    minutes = (contact - first) // _MINUTE if contact is not None else 0
    weights = {name: follow_up_weight(days, length) for name, length in windows.days.items()}
    weights[INFUSION_REACTION] = follow_up_weight(minutes, windows.minutes)
    return weights
