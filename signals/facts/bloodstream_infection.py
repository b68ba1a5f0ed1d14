"""The fact ``bloodstream infection``: a blood culture that grew, or sepsis as an adverse event.

Told by either; each record is a fact of its own (DOMAIN 5.1; INF-01).  Cultures of the product are
none of a subject's blood.  What the laboratory holds to be a contaminant stays until a person rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from signals.events import Record
from signals.facts.adverse_event import AdverseEventKind, term_of
from signals.facts.decisions import ruling
from signals.facts.event_after_infusion import (
    PLACE_FIELDS,
    in_list,
    onset_of,
    placed_after_infusions,
    when_of,
)
from signals.facts.exposure import exposure
from signals.facts.fields import text, words, yes_no
from signals.facts.infusion_reactions import names_of
from signals.facts.kind import Change, Context, Fact, FactChange, Field, Key
from signals.facts.refs import ref
from signals.facts.value import ANY_WORD, NO, YES, YES_OR_NO, Coded, Value, word

_EVENT, _CULTURE = "adverse-event", "microbiology"
_BLOOD = "BLOOD"


class BloodstreamInfectionKind:
    """One fact per blood culture that grew or may have, and per adverse event of the sepsis set."""

    name = "bloodstream infection"
    about = ("subject", "record")
    reads: tuple[str, ...] = (AdverseEventKind.name,)
    hears: frozenset[str] = frozenset({_EVENT, _CULTURE, "infusion", "enrolment", "decision"})
    fields: Mapping[str, Field] = {
        field.name: field
        for field in (
            words("told_by", ("culture", "adverse event"), "Which record tells it", "EVENTS"),
            yes_no("culture_positive", "A culture of the blood grew something", "SDTM MB"),
            text("organism", "What grew", "SDTM MBORRES"),
            yes_no("sepsis_term", "The term is in the list sepsis", "DOMAIN 5.1"),
            text("term", "Term of the adverse event", "CTCAE v5.0"),
            *PLACE_FIELDS,
        )
    }

    def keys(self, ctx: Context) -> Iterator[Key]:
        """Every culture and adverse event on file."""
        for kind in (_EVENT, _CULTURE):
            for subject in ctx.chart.subjects(kind):
                yield from _of(ctx, kind, subject)

    def touched_by(self, change: Change, ctx: Context) -> Iterable[Key]:
        """The record itself; what was ruled on it; all of a person, by infusion or enrolment."""
        if isinstance(change, FactChange):
            yield (change.key[0], f"{_EVENT}/{change.key[1]}")
        elif change.kind in (_EVENT, _CULTURE):
            yield (change.subject_id, f"{change.kind}/{change.record_id}")
        elif change.kind in ("infusion", "enrolment"):
            for number in change.numbers(ctx.chart):
                for kind in (_EVENT, _CULTURE):
                    yield from _of(ctx, kind, number)
        elif change.kind == "decision":
            for version in change.versions:
                ruled = version.data.adjudication
                if ruled is not None and ruled.record_id is not None:
                    record_id = ruled.record_id.rpartition("/")[2]
                    yield (change.subject_id, f"{_EVENT}/{record_id}")
                    yield (change.subject_id, f"{_CULTURE}/{record_id}")

    def derive(self, key: Key, ctx: Context) -> Fact | None:
        """The fact, or None when the record tells of no infection of the blood."""
        kind, record_id = str(key[1]).split("/", 1)
        record = ctx.view.current(kind, key[0], record_id)
        if record is None:
            return None
        if kind == _EVENT:
            began = onset_of(record, ctx.view)
            values, told = _of_event(record, ctx), "sepsis_term"
        else:
            began = when_of(record)
            values, told = _of_culture(record), "culture_positive"
        if values[told] == NO:
            return None
        own = ref(record)
        event = ctx.facts.get(AdverseEventKind.name, (key[0], record_id))
        return Fact(
            kind=self.name,
            key=key,
            values={name: value.resting_on(own) for name, value in values.items()}
            | placed_after_infusions(record, began, exposure(ctx.view, key[0])),
            subject_id=key[0],
            site_id=record.site_id,
            case=event.case if event is not None and kind == _EVENT else None,
            clinical_at=began.high,
            decided=_decided(ruling(ctx.view, kind, key[0], record_id, "contaminant")),
        )

    def moved_to(self, key: Key, ctx: Context) -> Key | None:
        """Under the right subject, if it was entered under a wrong one."""
        kind, record_id = str(key[1]).split("/", 1)
        moved = ctx.chart.moved_to(kind, key[0], record_id)
        return (moved[1], f"{moved[0]}/{moved[2]}") if moved is not None else None


def _of(ctx: Context, kind: str, subject: str | None) -> Iterator[Key]:
    for record_id in ctx.chart.record_ids(kind, subject):
        yield (subject, f"{kind}/{record_id}")


def _of_event(record: Record, ctx: Context) -> dict[str, Value]:
    return {
        "told_by": word("adverse event"),
        "culture_positive": NO,
        "organism": ANY_WORD,
        "sepsis_term": in_list(names_of(record.data), ctx.study.terms.get("sepsis", frozenset())),
        "term": term_of(record),
    }


def _of_culture(record: Record) -> dict[str, Value]:
    return {
        "told_by": word("culture"),
        "culture_positive": blood_culture_positive(record),
        "organism": word(record.data.organism) if record.data.organism else ANY_WORD,
        "sepsis_term": NO,
        "term": ANY_WORD,
    }


def blood_culture_positive(record: Record) -> Coded:
    """Whether a culture of the subject's blood grew; what it does not say is not known."""
    data = record.data
    if data.product_sample or data.result == "NEGATIVE":
        return NO
    if data.specimen is not None and _BLOOD not in data.specimen.upper():
        return NO
    return YES if data.specimen is not None and data.result is not None else YES_OR_NO


def _decided(answer: str | None) -> frozenset[str]:
    return frozenset({"ADJUDICATION contaminant"}) if answer == "YES" else frozenset()
