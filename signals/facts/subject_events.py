"""The fact ``subject events``: what of one person enters the comparisons of the whole study.

Serious events with their receipts (AGG-01, AGG-02), and the events that the toxicity monitors and
the dose-level comparison count (DLT-08, AGG-03, AGG-04; DOMAIN 3.7, 8).  What only may be so enters
no numerator.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from signals.facts.adverse_event import AdverseEventKind
from signals.facts.death import DeathKind
from signals.facts.dlt_status import DltStatusKind, main_number
from signals.facts.expectedness import KIND as RSI
from signals.facts.fields import integer, text, yes_no
from signals.facts.infusion import InfusionKind
from signals.facts.kind import Change, Context, Fact, FactChange, Field, Key, RecordChange
from signals.facts.neoplasm import NeoplasmKind
from signals.facts.person_events import Events, entering, events_of, has_only
from signals.facts.value import ANY_WORD, Value, exactly, flag, word

_OF_THE_PERSON = ("enrolment", "infusion", "subject-status")
_EVENT = "adverse-event"
_KINDS = (_EVENT, *_OF_THE_PERSON, "disease-status")


class SubjectEventsKind:
    """One fact per person, under the main number (as ``dlt status``)."""

    name = "subject events"
    about = ("subject",)
    reads: tuple[str, ...] = (
        AdverseEventKind.name,
        InfusionKind.name,
        DeathKind.name,
        NeoplasmKind.name,
        DltStatusKind.name,
    )
    hears: frozenset[str] = frozenset({RSI, *_KINDS})
    fields: Mapping[str, Field] = {
        field.name: field
        for field in (
            yes_no("treated", "Given any infusion", "DOMAIN 1.6"),
            text("dose_level", "Dose level as treated", "DOMAIN 1.6"),
            integer("serious_events", "Serious events in the period for them", "DOMAIN 8"),
            text("endpoints", "The counted endpoints with an event", "DOMAIN 3.7"),
        )
    }

    def keys(self, ctx: Context) -> Iterator[Key]:
        """Every number of a person of whom there is a record that may matter."""
        for kind in _KINDS:
            for subject in ctx.chart.subjects(kind):
                yield from ((number,) for number in ctx.chart.person(subject) if number)

    def touched_by(self, change: Change, ctx: Context) -> Iterable[Key]:
        """The person of what enters; everybody, by new reference safety information.

        Any record makes a person known; but for that an adverse event that is not serious enters by
        its fact, and an assessment of the disease by its own.
        """
        if isinstance(change, FactChange):
            touched = entering(change.old) != entering(change.new)
            subject = change.key[0]
        elif change.kind == RSI:
            yield from self.keys(ctx)
            return
        else:
            touched = change.kind in _OF_THE_PERSON or not change.versions
            touched = touched or _is_serious(change, ctx)
            subject = change.subject_id
        for number in ctx.chart.person(subject):
            if number is not None and (touched or ctx.facts.get(self.name, (number,)) is None):
                yield (number,)

    def derive(self, key: Key, ctx: Context) -> Fact | None:
        """The fact, or None for a number that is not the person's main one."""
        subject = str(key[0])
        if main_number(ctx.chart, ctx.view, subject) != subject or not _is_on_file(ctx, subject):
            return None
        events = events_of(ctx, subject)
        happened = sorted(name for name, records in events.happened.items() if records)
        records = [each.record for each in events.serious]
        values: dict[str, Value] = {
            "treated": flag(events.treated),
            "dose_level": word(events.level) if events.level else ANY_WORD,
            "serious_events": exactly(len(events.serious)).resting_on(*records),
            "endpoints": word(", ".join(happened) or "none"),
        }
        return Fact(
            kind=self.name,
            key=key,
            values=values,
            subject_id=subject,
            site_id=events.site_id,
            detail=events,
        )

    def moved_to(self, key: Key, ctx: Context) -> Key | None:
        """To the main number of the person."""
        main = main_number(ctx.chart, ctx.view, str(key[0]))
        return None if main == key[0] else (main,)


def _is_serious(change: RecordChange, ctx: Context) -> bool:
    """Whether it is an adverse event of which more is read than its fact tells."""
    if change.kind != _EVENT:
        return False
    fact = ctx.facts.get(AdverseEventKind.name, (change.subject_id, change.record_id))
    return fact is not None and not has_only(fact, "serious", "no")


def _is_on_file(ctx: Context, subject: str) -> bool:
    """Whether any record is kept under a number of the person, be it void."""
    return any(
        ctx.chart.record_ids(kind, number)
        for kind in _KINDS
        for number in ctx.chart.person(subject)
    )


def everybody(ctx: Context) -> list[Events]:
    """What is known of every person, in the order of their numbers."""
    facts = ctx.facts.of_kind(SubjectEventsKind.name)
    found = sorted(facts.items(), key=lambda each: str(each[0][0]))
    return [fact.detail for _, fact in found if isinstance(fact.detail, Events)]


def changed(change: FactChange) -> list[Events]:
    """What a change of such a fact was and is."""
    facts = (each for each in (change.old, change.new) if each is not None)
    return [each.detail for each in facts if isinstance(each.detail, Events)]
