"""The fact ``death``: that a subject died, by whichever record says so (DOMAIN 4.1, SAE-12)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from signals.chart.view import View
from signals.events import Record
from signals.facts.cases import case_of
from signals.facts.deaths import DEATH_NOS, implies_death, linked_events, telling
from signals.facts.fields import day, since, text, yes_no
from signals.facts.kind import Change, Context, Fact, Field, Key, RecordChange
from signals.facts.receipts import receipt
from signals.facts.refs import refs
from signals.facts.value import ANY_ORDERED, YES, Ordered, exactly, flag, word

_SAYS = {"adverse-event": "adverse event", "subject-status": "subject status"}


class DeathKind:
    """One fact per subject of whom any record implies death."""

    name = "death"
    about = ("subject",)
    reads: tuple[str, ...] = ()
    hears: frozenset[str] = frozenset({*_SAYS, "case", "enrolment", "decision"})
    fields: Mapping[str, Field] = {
        field.name: field
        for field in (
            yes_no("dead", "Some record implies death", "DOMAIN 4.1"),
            day("death_date", "Date of death, as far as known", "SDTM DTHDTC"),
            text("implied_by", "The kinds of records that imply it", "DOMAIN 4.1"),
            yes_no("linked", "An adverse event tells it", "DOMAIN 4.1"),
            since("since_receipt", "Time since the sponsor first heard of it", "DOMAIN 1.2"),
        )
    }

    def keys(self, ctx: Context) -> Iterator[Key]:
        """Every subject with a status or an adverse event."""
        for kind in ("subject-status", "adverse-event"):
            for subject in ctx.chart.subjects(kind):
                yield (subject,)

    def touched_by(self, change: Change, ctx: Context) -> Iterable[Key]:
        """The person of a status or an adverse event, or of what joins them or rules them one."""
        del ctx
        kinds = {*_SAYS, "case", "enrolment", "decision"}
        if isinstance(change, RecordChange) and change.kind in kinds:
            for number in change.person:
                yield (number,)
            if change.moved is not None:
                yield (change.moved[1],)

    def derive(self, key: Key, ctx: Context) -> Fact | None:
        """The fact, or None while nothing implies death."""
        records = [each for each in telling(ctx.view, key[0]) if each.subject_id == key[0]]
        if not records:
            return None
        own = refs(records)
        said_by = " and ".join(sorted({_SAYS[each.kind] for each in records}))
        events = linked_events(ctx.view, key[0])
        case = case_of(ctx.chart, key[0], events[0].record_id) if events else DEATH_NOS
        values = {
            "dead": YES,
            "death_date": _death_date(records),
            "implied_by": word(said_by),
            "linked": flag(bool(events)),
            "since_receipt": exactly(_first_heard(records, ctx.view)),
        }
        return Fact(
            kind=self.name,
            key=key,
            values={name: value.resting_on(*own) for name, value in values.items()},
            subject_id=key[0],
            site_id=records[0].site_id,
            case=(key[0], case),
            clinical_at=_latest_instant(records),
        )

    def moved_to(self, key: Key, ctx: Context) -> Key | None:
        """A death does not move by itself; its records do."""
        del key, ctx
        return None


def _first_heard(records: list[Record], view: View) -> datetime:
    versions = [
        each
        for record in records
        for each in view.versions(record.kind, record.subject_id, record.record_id)
        if implies_death(each)
    ]
    return min(receipt(each).at for each in versions)


def _death_date(records: list[Record]) -> Ordered:
    """The days it may have been; of a partial date none after the record was made (DOMAIN 1.3)."""
    dated = [
        (each.data.death_date, (each.recorded_at or each.arrival).date())
        for each in records
        if each.kind == "subject-status" and each.data.death_date is not None
    ]
    if not dated:
        return ANY_ORDERED
    return Ordered(
        low=min(died.first_day for died, _ in dated),
        high=max(min(died.last_day, max(told, died.first_day)) for died, told in dated),
    )


def _latest_instant(records: list[Record]) -> datetime | None:
    dated = [
        each.data.death_date.latest
        for each in records
        if each.kind == "subject-status" and each.data.death_date is not None
    ]
    return max(dated, default=None)
