"""The fact ``neoplasm``: a possible secondary tumour, by an adverse event or a pathology report.

What is the primary disease itself is none; whether a tumour of the same site is a relapse or a new
primary is for people to decide (DOMAIN 6; NEO-01, NEO-02).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta

from signals.events import Record
from signals.facts.adverse_event import AdverseEventKind, term_of
from signals.facts.decisions import ruling
from signals.facts.exposure import exposure
from signals.facts.fields import since, text, words, yes_no
from signals.facts.kind import Change, Context, Fact, FactChange, Field, Key
from signals.facts.neoplasm_codes import is_benign, is_metastasis, lineage, same_disease
from signals.facts.neoplasms import is_neoplasm
from signals.facts.onset import onset
from signals.facts.periods import years_later
from signals.facts.receipts import receipt
from signals.facts.refs import ref
from signals.facts.spans import Days, certainly_outside, certainly_within
from signals.facts.told import versions_of
from signals.facts.value import ANY_WORD, NO, YES, YES_OR_NO, Coded, Value, exactly, flag, word
from signals.study.model import Study

_KINDS = ("adverse-event", "disease-status")
_BEFORE = timedelta(days=30)
_NO_NEW_PRIMARY = {"RELAPSE", "PRE_EXISTING", "BENIGN"}


class NeoplasmKind:
    """One fact per adverse event or disease status that speaks of a neoplasm."""

    name = "neoplasm"
    about = ("subject", "record")
    reads: tuple[str, ...] = (AdverseEventKind.name,)
    hears: frozenset[str] = frozenset({*_KINDS, "infusion", "enrolment", "decision"})
    fields: Mapping[str, Field] = {
        field.name: field
        for field in (
            words(
                "told_by", ("adverse event", "pathology report"), "Which record tells it", "EVENTS"
            ),
            text("term", "Its term", "CTCAE, MedDRA"),
            yes_no("same_as_primary", "ICD-10 equal in three characters", "DOMAIN 6"),
            yes_no("metastasis_code_only", "ICD-10 C77 to C79", "DOMAIN 6"),
            yes_no(
                "benign_code",
                "ICD-10 D10 to D36, and no ICD-O morphology that says otherwise",
                "DOMAIN 6",
            ),
            yes_no(
                "counted",
                "A new primary diagnosed from the first infusion to two years after the last, both "
                "days included; not known until adjudicated",
                "Registered outcome 22; DOMAIN 6",
            ),
            yes_no("in_window", "From 30 days before the first infusion on", "NEO-01"),
            words(
                "lineage",
                ("missing", "conflicting", "agrees"),
                "Site and histology (first three digits of the ICD-O morphology) against the "
                "primary: missing; the same in one and another in the other; or alike in both",
                "DOMAIN 6; NEO-02",
            ),
            words(
                "adjudicated",
                ("none", "confirmed_new_primary", "relapse", "pre_existing", "benign",
                 "undetermined"),
                "The adjudication in force",
                "EVENTS, adjudication",
            ),
            since(
                "since_day_of_receipt",
                "Time since the end of the local day on which the sponsor first heard of it",
                "DOMAIN 6; D2",
            ),
        )
    }  # fmt: skip

    def keys(self, ctx: Context) -> Iterator[Key]:
        """Every adverse event and disease status on file."""
        for kind in _KINDS:
            for subject in ctx.chart.subjects(kind):
                yield from self._of(ctx, kind, subject)

    def _of(self, ctx: Context, kind: str, subject: str | None) -> Iterator[Key]:
        for record_id in ctx.chart.record_ids(kind, subject):
            yield (subject, f"{kind}/{record_id}")

    def touched_by(self, change: Change, ctx: Context) -> Iterable[Key]:
        """The record itself; what was ruled on it; all of a person, by infusion or enrolment."""
        if isinstance(change, FactChange):
            yield (change.key[0], f"adverse-event/{change.key[1]}")
            return
        if change.kind in _KINDS:
            yield (change.subject_id, f"{change.kind}/{change.record_id}")
        elif change.kind in ("infusion", "enrolment"):
            for number in change.person:
                for kind in _KINDS:
                    yield from self._of(ctx, kind, number)
        elif change.kind == "decision":
            for version in change.versions:
                ruled = version.data.adjudication
                if ruled is not None and ruled.record_id is not None:
                    record_id = ruled.record_id.rpartition("/")[2]
                    for kind in _KINDS:
                        yield (change.subject_id, f"{kind}/{record_id}")

    def derive(self, key: Key, ctx: Context) -> Fact | None:
        """The fact, or None when the record speaks of no neoplasm."""
        kind, record_id = str(key[1]).split("/", 1)
        record = ctx.view.current(kind, key[0], record_id)
        if record is None:
            return None
        if kind == "adverse-event":
            if not is_neoplasm(record.data, ctx.study):
                return None
            values = _of_event(record, ctx)
        elif record.data.new_primary is None:
            return None
        else:
            values = _of_report(record, ctx)
        answer = ruling(ctx.view, kind, key[0], record_id, "neoplasm") or _stated(record)
        values["adjudicated"] = word((answer or "none").lower())
        if answer == "CONFIRMED_NEW_PRIMARY":
            # The codes of donor-cell leukaemia may be those of the leukaemia treated.
            values["same_as_primary"] = NO
        values["counted"] = _counted(record, answer, values["benign_code"], ctx)
        values["since_day_of_receipt"] = exactly(_end_of_day(_first_heard(record, ctx), ctx.study))
        own = ref(record)
        return Fact(
            kind=self.name,
            key=key,
            values={name: value.resting_on(own) for name, value in values.items()},
            subject_id=key[0],
            site_id=record.site_id,
            case=_case(record, ctx),
            decided=_decided(answer),
        )

    def moved_to(self, key: Key, ctx: Context) -> Key | None:
        """Under the right subject, if it was entered under a wrong one."""
        kind, record_id = str(key[1]).split("/", 1)
        moved = ctx.chart.moved_to(kind, key[0], record_id)
        return (moved[1], f"{moved[0]}/{moved[2]}") if moved is not None else None


def _case(record: Record, ctx: Context) -> Key | None:
    """The case in which an adverse event is reported; a pathology report alone has none."""
    event = ctx.facts.get(AdverseEventKind.name, (record.subject_id, record.record_id))
    return event.case if event is not None and record.kind == "adverse-event" else None


def _stated(record: Record) -> str | None:
    answer: str | None = getattr(record.data, "adjudication", None)
    return answer


def _decided(answer: str | None) -> frozenset[str]:
    """Any answer but UNDETERMINED decides NEO-02; NEO-01 ends only when it is no new primary."""
    if answer in _NO_NEW_PRIMARY:
        return frozenset({"ADJUDICATION", "ADJUDICATION neoplasm"})
    return frozenset({"ADJUDICATION"}) if answer == "CONFIRMED_NEW_PRIMARY" else frozenset()


def _first_heard(record: Record, ctx: Context) -> datetime:
    versions = ctx.view.versions(record.kind, record.subject_id, record.record_id)
    return min(receipt(each).at for each in versions if each.op != "VOID")


def _end_of_day(instant: datetime, study: Study) -> datetime:
    """24:00 of its local day: time limits in days are calendar days."""
    local = instant.astimezone(study.zone)
    return datetime.combine(local.date() + timedelta(days=1), time.min, study.zone)


def _of_event(record: Record, ctx: Context) -> dict[str, Value]:
    versions = versions_of(ctx.view, record.subject_id, record.record_id)
    return {
        "told_by": word("adverse event"),
        "term": term_of(record),
        "same_as_primary": NO,
        "metastasis_code_only": NO,
        "benign_code": NO,
        "in_window": _in_window(onset(record, versions).days, record, ctx),
        "lineage": word("missing"),
    }


def _of_report(record: Record, ctx: Context) -> dict[str, Value]:
    tumour = record.data.new_primary
    icd10, morphology = _primary(record, ctx)
    return {
        "told_by": word("pathology report"),
        "term": word(f"new primary {tumour.icd10}") if tumour.icd10 else ANY_WORD,
        "same_as_primary": same_disease(tumour.icd10, icd10),
        "metastasis_code_only": flag(is_metastasis(tumour.icd10)),
        "benign_code": flag(is_benign(tumour.icd10, tumour.icdo_morphology)),
        "in_window": _in_window(_diagnosed(record), record, ctx),
        "lineage": word(lineage(tumour.icdo_topography, tumour.icdo_morphology, icd10, morphology)),
    }


def _diagnosed(record: Record) -> Days:
    """The days on which a pathology report may have made the diagnosis."""
    stated = record.data.new_primary.diagnosed_at or record.data.assessed_at
    if stated is None:
        return Days(None, (record.recorded_at or record.arrival).date())
    return Days(stated.first_day, stated.last_day)


def _counted(record: Record, answer: str | None, benign: Value, ctx: Context) -> Coded:
    """In the two-year outcome: by date of diagnosis; an event without a report, by its onset."""
    exposed = exposure(ctx.view, record.subject_id)
    if answer in _NO_NEW_PRIMARY or benign == YES or not (exposed.first and exposed.last):
        return NO
    if record.kind == "adverse-event":
        days = onset(record, versions_of(ctx.view, record.subject_id, record.record_id)).days
    else:
        days = _diagnosed(record)
    years = ctx.study.periods.sae_years
    last = exposed.last.days
    end = Days(*(day and years_later(day, years) for day in (last.low, last.high)))
    if certainly_outside(days, exposed.first.days, end):
        return NO
    inside = certainly_within(days, exposed.first.days, end)
    return YES if inside and answer == "CONFIRMED_NEW_PRIMARY" else YES_OR_NO


def _primary(record: Record, ctx: Context) -> tuple[str | None, str | None]:
    """ICD-10 and ICD-O morphology of the disease under treatment."""
    for each in ctx.view.of_person("enrolment", record.subject_id):
        disease = each.data.primary_diagnosis
        if disease is not None:
            return disease.icd10, disease.icdo_morphology
    return None, None


def _in_window(days: Days, record: Record, ctx: Context) -> Coded:
    exposed = exposure(ctx.view, record.subject_id)
    if exposed.first is None:
        return NO
    first: date | None = exposed.first.days.low
    too_early = first is not None and days.high is not None and days.high < first - _BEFORE
    return NO if too_early else YES
