"""The fact ``infusion``: one dose of the trial product, planned or given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache

from signals.chart.timeline import happened
from signals.chart.view import View
from signals.events import Measured, PartialDate, Record
from signals.facts.bearing import bears
from signals.facts.decisions import ruling
from signals.facts.exposure import PROVISIONAL, ended, exposure, is_given, started
from signals.facts.fields import instant, integer, number, text, words, yes_no
from signals.facts.infusion_after import After, unknown_values
from signals.facts.infusion_after_fields import FIELDS as AFTER_FIELDS
from signals.facts.infusion_reactions import ACUTE
from signals.facts.kind import Change, Context, Fact, Field, Key, RecordChange
from signals.facts.lab_values import KEPT
from signals.facts.refs import ref
from signals.facts.value import ANY_ORDERED, ANY_WORD, Ordered, Value, exactly, flag, word
from signals.facts.vital_signs import BEFORE_AT_MOST

_OF_THE_PERSON = {"infusion", "enrolment"}
_NEARBY = {"adverse-event", "vital-signs", "medication"}
_STATUSES = ("planned", "in progress", "completed", "stopped early", "not done", "cancelled")


class InfusionKind:
    """One fact per infusion record (DOMAIN 1.5; SDTM EX, EC)."""

    name = "infusion"
    about = ("subject", "infusion")
    reads: tuple[str, ...] = ()
    hears: frozenset[str] = frozenset({"decision", *_OF_THE_PERSON, *_NEARBY})
    fields: Mapping[str, Field] = {
        field.name: field
        for field in (
            integer("number", "Number of the infusion, from 1", "protocol"),
            words("status", _STATUSES, "What became of it", "SDTM ECOCCUR"),
            yes_no("given", "Any volume went in", "DOMAIN 1.6"),
            instant("started", "When it began", "SDTM EXSTDTC"),
            instant("ended", "When it ended, recorded or provisional", "SDTM EXENDTC; DOMAIN 5"),
            yes_no("end_recorded", "Whether its end is recorded", "SDTM EXENDTC"),
            text("lot", "Lot of the product", "SDTM EXLOT"),
            text("donor", "Donor of the cells", "protocol"),
            text("dose_level_assigned", "Dose level by assignment", "protocol"),
            text("dose_level_given", "Dose level as given", "protocol"),
            number("dose_planned", "/kg", "Planned dose, cells per kg", "SDTM ECDOSE"),
            number("dose_given", "/kg", "Dose given, cells per kg", "SDTM EXDOSE"),
            yes_no("first", "The first infusion given", "DOMAIN 1.6"),
            yes_no("last", "The last infusion given so far", "DOMAIN 1.6"),
            *AFTER_FIELDS,
        )
    }

    def keys(self, ctx: Context) -> Iterator[Key]:
        """Every infusion on file."""
        for subject in ctx.chart.subjects("infusion"):
            for record_id in ctx.chart.record_ids("infusion", subject):
                yield (subject, record_id)

    def touched_by(self, change: Change, ctx: Context) -> Iterable[Key]:
        """What the person was given, what happened near it, and what was ruled on it."""
        if not isinstance(change, RecordChange):
            return ()
        moved = change.moved
        if moved is None and change.kind in _NEARBY:
            return _near(change, ctx)
        if moved is not None or change.kind in _OF_THE_PERSON or _settles(change):
            return [
                (number_, record_id)
                for number_ in change.numbers(ctx.chart)
                for record_id in ctx.chart.record_ids("infusion", number_)
            ]
        return ()

    def derive(self, key: Key, ctx: Context) -> Fact | None:
        """The fact, or None for a void infusion."""
        record = ctx.view.current("infusion", key[0], str(key[1]))
        if record is None:
            return None
        end = ended(record)[0].high
        return Fact(
            kind=self.name,
            key=key,
            values=_own(record) | _place_in_order(record, ctx) | _after(record, ctx),
            subject_id=key[0],
            site_id=record.site_id,
            clinical_at=end,
            decided=_decided(record, ctx),
        )

    def moved_to(self, key: Key, ctx: Context) -> Key | None:
        """Under the right subject, if it was entered under a wrong one."""
        moved = ctx.chart.moved_to("infusion", key[0], str(key[1]))
        return moved[1:] if moved is not None else None


@lru_cache(maxsize=KEPT)
def _own(record: Record) -> dict[str, Value]:
    """What the record itself says."""
    data = record.data
    end, recorded = ended(record)
    ended_at = end.value() if is_given(record) else ANY_ORDERED
    if is_given(record) and not recorded:
        ended_at = ended_at.assuming(PROVISIONAL)
    values = {
        "number": ANY_ORDERED if data.infusion_no is None else exactly(data.infusion_no),
        "status": word(data.status.replace("_", " ").lower()) if data.status else ANY_WORD,
        "given": flag(is_given(record)),
        "started": started(record).value() if is_given(record) else ANY_ORDERED,
        "ended": ended_at,
        "end_recorded": flag(recorded),
        "lot": word(data.lot) if data.lot else ANY_WORD,
        "donor": word(data.donor_id) if data.donor_id else ANY_WORD,
        "dose_level_assigned": word(data.dose_level_assigned)
        if data.dose_level_assigned
        else ANY_WORD,
        "dose_level_given": word(data.dose_level_actual) if data.dose_level_actual else ANY_WORD,
        "dose_planned": measured(data.dose_cells_per_kg_planned),
        "dose_given": measured(data.dose_cells_per_kg_actual),
    }
    return {name: value.resting_on(ref(record)) for name, value in values.items()}


def _settles(change: RecordChange) -> bool:
    return change.kind == "decision" and bears(change.versions)


def _near(change: RecordChange, ctx: Context) -> Sequence[Key]:
    """The infusions that a record names, or after which it may have happened, by any version.

    Until a day after the end; vital signs also as a baseline before the start.
    """
    view, subject = ctx.view, change.subject_id
    windows = view.kept(
        ("near infusions", subject), subject, ("infusion",), lambda: _windows(view, subject)
    )
    if not windows:
        return ()
    named = [getattr(each.data, "infusion_ref", None) for each in change.ever]
    times = [happened(each) for each in change.ever]
    found: list[Key] = []
    for key, first, last in windows:
        if key[1] in named:
            found.append(key)
            continue
        for when in times:
            if _is_within(when, first, last):
                found.append(key)
                break
    return found


def _windows(view: View, subject: str | None) -> list[tuple[Key, datetime | None, datetime | None]]:
    """The infusions given, and between which instants something is near each; None is without end."""
    found: list[tuple[Key, datetime | None, datetime | None]] = []
    for each in exposure(view, subject).given:
        start, end = started(each).low, ended(each)[0].high
        key = (each.subject_id, each.record_id)
        found.append((key, start and start - BEFORE_AT_MOST, end and end + ACUTE))
    return found


def _is_within(when: PartialDate | None, first: datetime | None, last: datetime | None) -> bool:
    """Whether something may have happened then."""
    if when is None:
        return True
    return (first is None or when.latest >= first) and (last is None or when.earliest <= last)


def _after(record: Record, ctx: Context) -> dict[str, Value]:
    if not is_given(record):
        return unknown_values()
    return After(record, exposure(ctx.view, record.subject_id), ctx.view, ctx.study).values()


def _decided(record: Record, ctx: Context) -> frozenset[str]:
    answer = ruling(ctx.view, "infusion", record.subject_id, record.record_id, "anaphylaxis")
    return frozenset({"ADJUDICATION anaphylaxis"}) if answer == "NO" else frozenset()


def measured(quantity: Measured | None) -> Ordered:
    """A measurement with its comparator as the set of what it may be."""
    if quantity is None:
        return ANY_ORDERED
    low, low_open, high, high_open = quantity.bounds()
    return Ordered(low=low, high=high, low_open=low_open, high_open=high_open)


def _place_in_order(record: Record, ctx: Context) -> dict[str, Value]:
    return ctx.view.kept(
        ("place in order", record.subject_id, record.record_id),
        record.subject_id,
        ("infusion",),
        lambda: _placed(record, ctx),
    )


def _placed(record: Record, ctx: Context) -> dict[str, Value]:
    exposed = exposure(ctx.view, record.subject_id)
    starts = [(started(each), each) for each in exposed.given]
    own = started(record)
    earlier = [
        other
        for other, each in starts
        if each is not record and _surely_before(other.high, own.low)
    ]
    later = [
        other
        for other, each in starts
        if each is not record and _surely_before(own.high, other.low)
    ]
    given = is_given(record)
    records = exposed.records
    return {
        "first": flag(given and not earlier).resting_on(*records),
        "last": flag(given and not later).resting_on(*records),
    }


def _surely_before(first: object, second: object) -> bool:
    return first is not None and second is not None and first < second  # type: ignore[operator]
