"""The fact ``missing reference``: what a derived value needs and the records lack (DQ-05).

Of a subject: the anchor, the index course or transplantation from which outcomes are counted
(DOMAIN 1.6).  Of a laboratory result of a known test: a unit that fits it, the limits of normal,
or, of a neutrophil percentage, the white cell count of the same sample (DOMAIN 1.7).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

from signals.events import Measured, Record
from signals.events.units import SI_UNITS, NotConverted, to_si
from signals.facts.exposure import exposure
from signals.facts.fields import text, words, yes_no
from signals.facts.kind import Change, Context, Fact, Field, Key, RecordChange
from signals.facts.lab_values import may_lie_within, taken, value_of
from signals.facts.refs import ref, refs
from signals.facts.value import flag, word

ANCHOR = "anchor"
_LAB = "lab-result"
_NEAR = timedelta(days=1)
_EVER = (datetime(1900, 1, 3, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC))
_PERCENT, _WHITE_CELLS = "NEUTLE", "WBC"
_PARTNER = "partner value"
_TRANSPLANTS = {"HSCT_AUTO", "HSCT_ALLO"}
_OF_THE_PERSON = {"infusion", "therapy", "enrolment"}


class MissingReferenceKind:
    """One fact per treated subject without an anchor, and per result that lacks something."""

    name = "missing reference"
    about = ("subject", "record")
    reads: tuple[str, ...] = ()
    hears: frozenset[str] = frozenset({_LAB, *_OF_THE_PERSON})
    fields: Mapping[str, Field] = {
        field.name: field
        for field in (
            words(
                "lacks",
                (ANCHOR, "unit", "range", _PARTNER),
                "What is missing",
                "DOMAIN 1.6, 1.7",
            ),
            text("detail", "The same in plain words", "RULES.csv DQ-05"),
            yes_no("infused", "The subject was given an infusion", "RULES.csv DQ-05"),
        )
    }

    def keys(self, ctx: Context) -> Iterator[Key]:
        """Every treated subject and every laboratory result."""
        for subject in ctx.chart.subjects("infusion"):
            yield (subject, ANCHOR)
        for subject in ctx.chart.subjects(_LAB):
            for record_id in ctx.chart.record_ids(_LAB, subject):
                yield (subject, f"{_LAB}/{record_id}")

    def touched_by(self, change: Change, ctx: Context) -> Iterable[Key]:
        """The result itself and its sample; the person, by infusion, therapy or enrolment."""
        if not isinstance(change, RecordChange):
            return ()
        if change.kind == _LAB:
            return _of_result(change, ctx)
        return _of_the_person(change, ctx) if change.kind in _OF_THE_PERSON else ()

    def derive(self, key: Key, ctx: Context) -> Fact | None:
        """The fact while something is missing."""
        if key[1] == ANCHOR:
            return _of_subject(key, ctx)
        record = ctx.view.current(_LAB, key[0], str(key[1]).split("/", 1)[1])
        found = _lacks(record, ctx) if record is not None else None
        if record is None or found is None:
            return None
        lacks, detail = found
        return Fact(
            kind=self.name,
            key=key,
            values={
                "lacks": word(lacks).resting_on(ref(record)),
                "detail": word(detail).resting_on(ref(record)),
                # Of a result it makes no difference, and infusions do not touch results.
                "infused": flag(None),
            },
            subject_id=key[0],
            site_id=record.site_id,
        )

    def moved_to(self, key: Key, ctx: Context) -> Key | None:
        """Under the right subject, if it was entered under a wrong one."""
        if key[1] == ANCHOR:
            return None
        moved = ctx.chart.moved_to(_LAB, key[0], str(key[1]).split("/", 1)[1])
        return (moved[1], f"{_LAB}/{moved[2]}") if moved is not None else None


def _of_subject(key: Key, ctx: Context) -> Fact | None:
    exposed = exposure(ctx.view, key[0])
    given = [each for each in exposed.given if each.subject_id == key[0]]
    therapies = ctx.view.of_person("therapy", key[0])
    detail = _anchor_missing([each for each in therapies if each.data.is_index])
    if not given or detail is None:
        return None
    records = (*refs(therapies), *exposed.records)
    return Fact(
        kind=MissingReferenceKind.name,
        key=key,
        values={
            "lacks": word(ANCHOR).resting_on(*records),
            "detail": word(detail).resting_on(*records),
            "infused": flag(answer=True).resting_on(*records),
        },
        subject_id=key[0],
        site_id=given[0].site_id,
    )


def _anchor_missing(index: list[Record]) -> str | None:
    if not index:
        return "no course of therapy is marked as the index course"
    dated = [
        each.data.completed_at if each.data.kind in _TRANSPLANTS else each.data.start
        for each in index
    ]
    if any(each is not None for each in dated):
        return None
    return "the index course has no start, or the index transplantation no completion"


def _lacks(record: Record, ctx: Context) -> tuple[str, str] | None:
    found = _may_lack(record)
    if found is None or found[0] != _PARTNER:
        return found
    partners = [each for each in _sample(record, ctx, _WHITE_CELLS) if _is_usable(each)]
    return None if partners else found


def _may_lack(record: Record) -> tuple[str, str] | None:
    """What a result lacks, as far as it tells itself: a percentage may have its partner."""
    data = record.data
    value: object = data.result_raw
    if data.status == "NOT DONE" or not isinstance(value, Measured) or data.test not in SI_UNITS:
        return None
    if value_of(record) is None:
        converted = to_si(data.test, value.value, data.unit_raw)
        why = converted.reason if isinstance(converted, NotConverted) else "has no value"
        return "unit", f"{data.test}: {why}"
    if data.test == _PERCENT:
        return _PARTNER, "no white cell count of the same sample"
    if data.range_low is None and data.range_high is None:
        return "range", f"{data.test}: no limits of normal"
    return None


def _is_usable(record: Record) -> bool:
    """Whether it holds a measurement in a unit that can be converted."""
    return value_of(record) is not None


def _sample(record: Record, ctx: Context, test: str) -> list[Record]:
    """The results of a test in the sample of a record, taken at most a day apart as far as known."""
    first, last = _around(record)
    near = ctx.view.of_person_within(_LAB, record.subject_id, first, last, test)
    return [
        each
        for each in near
        if each.data.sample_id == record.data.sample_id is not None
        and each.data.test == test
        and may_lie_within([each], first, last)
    ]


def _around(record: Record) -> tuple[datetime, datetime]:
    (earliest, latest) = taken(record)
    if earliest is None:
        return _EVER[0] - _NEAR, _EVER[1]
    return earliest - _NEAR, latest + _NEAR


def _of_result(change: RecordChange, ctx: Context) -> list[Key]:
    found: list[Key] = []
    # Almost all lack nothing, and none is asked twice, so what they lack is not kept.
    for version in change.versions:
        if _may_lack(version) is not None:
            found.append((change.subject_id, f"{_LAB}/{change.record_id}"))
        if version.data.test == _WHITE_CELLS:
            found += _of_the_sample(version, ctx)
    return found


def _of_the_person(change: RecordChange, ctx: Context) -> Iterator[Key]:
    for number in change.person:
        yield (number, ANCHOR)
        if change.kind == "enrolment":
            yield from _percentages(number, ctx)


def _of_the_sample(white_cells: Record, ctx: Context) -> Iterator[Key]:
    """The percentages that a white cell count may complete; of those without a date any may be."""
    first, last = _around(white_cells)
    for each in ctx.view.of_person_within(_LAB, white_cells.subject_id, first, last, _PERCENT):
        if each.data.sample_id == white_cells.data.sample_id is not None:
            yield (each.subject_id, f"{_LAB}/{each.record_id}")


def _percentages(subject: str | None, ctx: Context) -> Iterator[Key]:
    """All of one number: those of a person who has another now may find their white cells there."""
    for record_id in ctx.chart.within(_LAB, subject, *_EVER, _PERCENT):
        yield (subject, f"{_LAB}/{record_id}")
