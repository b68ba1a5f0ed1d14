"""The fact ``serious term``: one unlisted serious term over all subjects (DOMAIN 8; AGG-02).

21 CFR 312.32(c)(1)(i): the same uncommon event in several subjects is looked at together; of terms
typical of drug causation one case is enough (the word list ``designated_events``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from signals.facts.fields import integer, text
from signals.facts.kind import Change, Context, Fact, FactChange, Field, Key
from signals.facts.person_events import Events
from signals.facts.subject_events import SubjectEventsKind, changed
from signals.facts.value import Ref, exactly, word


class SeriousTermKind:
    """One fact per preferred term that some subject had as a serious, unlisted event."""

    name = "serious term"
    about = ("preferred term",)
    reads: tuple[str, ...] = (SubjectEventsKind.name,)
    hears: frozenset[str] = frozenset()
    fields: Mapping[str, Field] = {
        field.name: field
        for field in (
            text("term", "The preferred term, else the term as recorded", "DOMAIN 8"),
            integer(
                "subjects_60d",
                "The most subjects with receipts within so many days (parameter, 60)",
                "DOMAIN 8",
            ),
        )
    }

    def keys(self, ctx: Context) -> Iterator[Key]:
        """Every term of a serious, unlisted event."""
        for fact in ctx.facts.of_kind(SubjectEventsKind.name).values():
            if isinstance(fact.detail, Events):
                yield from _terms(fact.detail)

    def touched_by(self, change: Change, ctx: Context) -> Iterable[Key]:
        """The terms of a subject, before and after."""
        del ctx
        if isinstance(change, FactChange):
            for events in changed(change):
                yield from _terms(events)

    def derive(self, key: Key, ctx: Context) -> Fact | None:
        """The fact, or None when no subject has such an event (any more)."""
        told = [
            (each.received, str(subject), each.record)
            for (subject, *_), fact in ctx.facts.of_kind(SubjectEventsKind.name).items()
            if isinstance(fact.detail, Events)
            for each in fact.detail.serious
            if each.term == key[0] and not each.listed
        ]
        if not told:
            return None
        records = [record for _, _, record in sorted(told)]
        most = _most(sorted(told), timedelta(ctx.study.aggregate.term_days))
        return Fact(
            kind=self.name,
            key=key,
            values={
                "term": word(str(key[0])).resting_on(*records),
                "subjects_60d": exactly(most).resting_on(*records),
            },
        )

    def moved_to(self, key: Key, ctx: Context) -> Key | None:
        """A term stays what it is."""
        del key, ctx
        return None


def _terms(events: Events) -> Iterator[Key]:
    yield from ((each.term,) for each in events.serious if each.term and not each.listed)


def _most(told: list[tuple[date, str, Ref]], span: timedelta) -> int:
    """The most subjects with receipts at most ``span`` apart, both days included."""
    return max(
        len({subject for day, subject, _ in told if first <= day <= first + span})
        for first, _, _ in told
    )
