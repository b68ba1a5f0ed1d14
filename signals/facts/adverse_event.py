"""The fact ``adverse event``: one adverse event with all that is derived from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from signals.chart.view import View
from signals.events import PartialDate, Record
from signals.facts.adverse_event_fields import FIELDS
from signals.facts.bearing import bears
from signals.facts.cases import case_of
from signals.facts.causality import investigators, sponsors
from signals.facts.deaths import (
    DEATH_NOS,
    ever_dead_by_status,
    ever_linked,
    linked_events,
    synthetic_event,
    untold_death,
    with_death,
)
from signals.facts.decisions import reopened_by, ruling, sign_offs, versions_taken_on
from signals.facts.duplicates import kin
from signals.facts.event_after_infusion import concerned_dyspnea, values_after_infusion
from signals.facts.exposure import Exposure, exposure
from signals.facts.kind import Change, Context, Fact, Field, Key, RecordChange, refused
from signals.facts.neoplasms import is_neoplasm
from signals.facts.periods import in_sae_period, in_safety_period
from signals.facts.refs import refs
from signals.facts.seriousness import Seriousness, gravity, seriousness
from signals.facts.told import Told, chain, versions_of
from signals.facts.toxicity import Toxicity, came_about, toxicity, worst_grade
from signals.facts.value import (
    ANY_ORDERED,
    ANY_WORD,
    NO,
    YES,
    YES_OR_NO,
    Coded,
    Ordered,
    Ref,
    Value,
    between,
    exactly,
    flag,
    resting,
    word,
)
from signals.study.model import Study

_OF_THE_PERSON = {"infusion", "enrolment", "case"}
_GRADES = (1, 5)


class AdverseEventKind:
    """One fact per adverse event of a subject, and one for an untold death (``DEATH-NOS``)."""

    name = "adverse event"
    about = ("subject", "adverse event")
    fields: Mapping[str, Field] = FIELDS
    reads: tuple[str, ...] = ()
    hears: frozenset[str] = frozenset(
        {"adverse-event", "vital-signs", "decision", "subject-status", *_OF_THE_PERSON}
    )

    def keys(self, ctx: Context) -> Iterator[Key]:
        """Every adverse event on file."""
        for subject in ctx.chart.subjects("adverse-event"):
            yield from self._of_subject(ctx, subject)
        for subject in ctx.chart.subjects("subject-status"):
            yield (subject, DEATH_NOS)

    def _of_subject(self, ctx: Context, subject: str | None) -> Iterator[Key]:
        for record_id in ctx.chart.record_ids("adverse-event", subject):
            yield (subject, record_id)

    def touched_by(self, change: Change, ctx: Context) -> Iterable[Key]:
        """Its own record and what may tell the same; what the person was given, is, or had decided."""
        if not isinstance(change, RecordChange):
            return ()
        # Of these there are very many, and they concern next to no event.
        if change.kind == "vital-signs":
            return concerned_dyspnea(change, ctx)
        return self._by(change, ctx)

    def _by(self, change: RecordChange, ctx: Context) -> Iterator[Key]:
        if change.kind == "adverse-event":
            for name in kin(ctx.chart, change.subject_id, [change.record_id]):
                yield (change.subject_id, name)
            if change.moved is not None:
                yield change.moved[1:]
            yield from self._of_death(ctx, change.subject_id)
            yield from concerned_dyspnea(change, ctx)
        elif change.kind == "subject-status":
            if bears(change.versions):
                yield from _of_told_death(change, ctx)
        elif change.kind in _OF_THE_PERSON:
            for number in change.person:
                yield from self._of_subject(ctx, number)
                yield (number, DEATH_NOS)
        elif change.kind == "decision":
            yield from _ruled_on(change, ctx)

    def _of_death(self, ctx: Context, subject: str | None) -> Iterator[Key]:
        """What an adverse event changes by telling a death, or telling it no more."""
        for number in ctx.chart.person(subject):
            if ever_dead_by_status(ctx.chart, number):
                yield (number, DEATH_NOS)
                yield from self._of_subject(ctx, number)

    def derive(self, key: Key, ctx: Context) -> Fact | None:
        """The fact, or None for an adverse event that is void or went elsewhere."""
        subject, record_id = key
        if record_id == DEATH_NOS:
            death = untold_death(ctx.chart, subject)
            made = synthetic_event(ctx.view, death) if death is not None else None
            return _fact(key, [made.record], [made], (made.source,), ctx) if made else None
        current = ctx.view.current("adverse-event", subject, str(record_id))
        if current is None:
            return None
        versions = versions_of(ctx.view, subject, str(record_id))
        told = chain(with_death(ctx.view, subject, str(record_id), versions))
        return _fact(key, versions, told, refs([current]), ctx)

    def moved_to(self, key: Key, ctx: Context) -> Key | None:
        """Under its own subject, or, of an untold death, the event that tells it now."""
        subject, record_id = key
        if record_id == DEATH_NOS:
            events = linked_events(ctx.view, subject)
            return (events[0].subject_id, events[0].record_id) if events else None
        moved = ctx.chart.moved_to("adverse-event", subject, str(record_id))
        return moved[1:] if moved is not None else None


def _of_told_death(change: RecordChange, ctx: Context) -> Iterator[Key]:
    """The events that a death may make fatal, or that tell it, and all whose case hangs on them."""
    for number in change.person:
        yield (number, DEATH_NOS)
        for each in kin(ctx.chart, number, ever_linked(ctx.chart, number)):
            yield (number, each)


def _ruled_on(change: RecordChange, ctx: Context) -> Iterator[Key]:
    """What a decision names; of two events ruled one, or apart, all that told the same."""
    for version in change.versions:
        for ruled in (version.data.adjudication, version.data.sign_off):
            named = [getattr(ruled, name, None) for name in ("record_id", "other_record_id")]
            plain = [each.rpartition("/")[2] for each in named if each is not None]
            for each in (
                plain if len(plain) < len(named) else kin(ctx.chart, change.subject_id, plain)
            ):
                yield (change.subject_id, each)


def _fact(
    key: Key, versions: list[Record], told: list[Told], own: tuple[Ref, ...], ctx: Context
) -> Fact:
    current = versions[-1]
    exposed = exposure(ctx.view, key[0])
    toxic = toxicity(current, versions, exposed, ctx.study)
    case = case_of(ctx.chart, key[0], str(key[1]))
    adjudicated = ruling(ctx.view, "adverse-event", key[0], str(key[1]), "neoplasm")
    heard = [(each, seriousness(each.data, ctx.study, adjudicated)) for each in told]
    values: dict[str, Value] = {
        **_of_toxicity(toxic, exposed, own),
        **resting(
            {
                **_of_opinions(key, current, ctx),
                **_of_seriousness(heard, ctx.study),
                **_of_reporting(current, heard),
                "case": word(case),
            },
            *own,
        ),
        "in_sae_period": in_sae_period(
            toxic.onset.days, ctx.view, key[0], exposed, ctx.study.periods.sae_years
        ).resting_on(*own),
        "in_safety_period": _in_safety_period(key, toxic, exposed, ctx).resting_on(
            *own, *exposed.records
        ),
        **values_after_infusion(current, toxic.onset, exposed, ctx.view, ctx.study),
    }
    return Fact(
        kind=AdverseEventKind.name,
        key=key,
        values=values,
        subject_id=key[0],
        site_id=current.site_id,
        case=(key[0], case),
        clinical_at=came_about(toxic),
        decided=_decided(key, values["serious"], versions, ctx),
    )


def _in_safety_period(key: Key, toxic: Toxicity, exposed: Exposure, ctx: Context) -> Coded:
    """By effective onset: what was there before and never became worse is outside."""
    if key[0] is None:
        return YES_OR_NO
    place = in_safety_period(toxic.onset_effective, exposed, ctx.study.periods.safety_days)
    if place.words == YES.words and toxic.treatment_emergent.words != YES.words:
        return YES_OR_NO
    return place


def _of_toxicity(toxic: Toxicity, exposed: Exposure, own: tuple[Ref, ...]) -> dict[str, Value]:
    effective = toxic.onset_effective
    on_own: dict[str, Value] = {
        "onset": toxic.onset.days.value(),
        "worst_grade": worst_grade(toxic),
        "causality": toxic.causality,
    }
    on_infusions: dict[str, Value] = {
        "onset_effective": effective.value() if effective else ANY_ORDERED,
        "temporality": toxic.temporality,
        "preexisting": toxic.preexisting,
        "treatment_emergent": toxic.treatment_emergent,
        "grade_in_dlt_window": toxic.grade_in_window,
        "dlt_window": toxic.dlt_window,
        "dlt_planned_window": toxic.dlt_planned_window,
        "dlt_after_cap": toxic.dlt_after_cap,
    }
    return resting(on_own, *own) | resting(on_infusions, *own, *exposed.records)


def _of_opinions(key: Key, current: Record, ctx: Context) -> dict[str, Value]:
    data, product = current.data, ctx.study.suspect_product
    return {
        "term": term_of(current),
        "grade": between(*_GRADES) if data.grade is None else exactly(data.grade),
        "causality_investigator": word(investigators(data, product)),
        "causality_sponsor": word(sponsors(data, product)),
        "dlt_ruling": word(_dlt_ruling(ctx.view, key)),
        "neoplasm_term": flag(is_neoplasm(data, ctx.study)),
    }


def _of_seriousness(heard: list[tuple[Told, Seriousness]], study: Study) -> dict[str, Value]:
    last, found = heard[-1]
    data = last.data
    grave = gravity(data, study)
    serious = flag(found.serious).assuming(*filter(None, (found.assumed,)))
    life_threatening = flag(found.serious and grave not in ("fatal", "neither"))
    if grave == "assumed life-threatening" and found.serious:
        life_threatening = life_threatening.assuming("life-threatening is assumed until stated")
    serious_at = [each.at for each, how in heard if how.serious]
    return {
        "serious": serious,
        "serious_recorded": word(_RECORDED[data.serious]),
        "fatal": flag(grave == "fatal"),
        "life_threatening": life_threatening,
        "since_first_receipt": exactly(min([each.at for each, _ in heard])),
        "since_serious_receipt": exactly(min(serious_at)) if serious_at else ANY_ORDERED,
    }


def _of_reporting(current: Record, heard: list[tuple[Told, Seriousness]]) -> dict[str, Value]:
    """The site's report to the sponsor: of the first serious version, awareness as now stated.

    A serious version that came without a receipt was on its way until one states it.
    """
    data = current.data
    aware = data.investigator_aware_serious_at or data.investigator_aware_at
    stated = (
        each.data.received_by_sponsor_at for each, how in heard if each.stated and how.serious
    )
    received = next(stated, None)
    return {
        "received": flag(received is not None),
        "site_report_hours": _hours(aware, received),
        "since_aware_serious": ANY_ORDERED
        if aware is None
        else Ordered(low=aware.earliest, high=aware.latest),
        "narrative": flag(bool((data.narrative or "").strip())),
    }


def _hours(aware: PartialDate | None, received: PartialDate | None) -> Ordered:
    if aware is None or received is None:
        return ANY_ORDERED
    shortest, longest = received.earliest - aware.latest, received.latest - aware.earliest
    return Ordered(
        low=Decimal(int(shortest.total_seconds())) / _SECONDS,
        high=Decimal(int(longest.total_seconds())) / _SECONDS,
    )


def _decided(key: Key, serious: Value, versions: list[Record], ctx: Context) -> frozenset[str]:
    """A downgrade, signed or refused, in force, of an event that is no longer serious (SAE-01)."""
    what = "SERIOUSNESS_DOWNGRADE"
    decision = sign_offs(ctx.view, key[0], what, of=str(key[1]))
    if decision is None:
        return frozenset()
    taken_on = versions_taken_on(decision, str(key[1]), versions)
    downgraded = isinstance(serious, Coded) and serious.words == NO.words
    in_force = reopened_by(versions, taken_on) is None
    if not (downgraded and in_force):
        return frozenset()
    return frozenset({what if decision.data.sign_off.answer == "Y" else refused(what)})


_SECONDS = Decimal(3600)
_RECORDED = {"Y": "yes", "N": "no", None: "missing"}
_RULINGS = {"DLT": "dlt", "NOT_DLT": "not dlt"}


def _dlt_ruling(view: View, key: Key) -> str:
    answer = ruling(view, "adverse-event", key[0], str(key[1]), "dlt")
    return _RULINGS.get(answer or "", "none")


def term_of(current: Record) -> Coded:
    """The term as recorded: English term, CTCAE term, or preferred term; never the verbatim."""
    data = current.data
    named = (
        data.term,
        data.ctcae.term if data.ctcae else None,
        data.meddra.pt_name if data.meddra else None,
    )
    return next((word(each) for each in named if each), ANY_WORD)
