"""The fact ``febrile episode``: the last fever of a person, and its neutrophils (LAB-02, LAB-03)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from signals.events import Record
from signals.facts.anchor import INFERRED
from signals.facts.coded_neutropenia import (
    EVER,
    coded_events,
    coded_runs,
    is_coded,
    running_since,
)
from signals.facts.fever import AFEBRILE, OLD, Matched, episodes, match
from signals.facts.fields import number, since, yes_no
from signals.facts.kind import Change, Context, Fact, Field, Key, RecordChange, results_of_tests
from signals.facts.lab_values import LAB, Looked, may_lie_within, results_of, taken
from signals.facts.neutrophils import TESTS, neutrophils
from signals.facts.spans import earliest, latest
from signals.facts.temperatures import GAP, WARM, Reading, fevers, is_warm, qualifying
from signals.facts.value import (
    ANY_ORDERED,
    NO,
    YES,
    YES_OR_NO,
    Coded,
    Ordered,
    Ref,
    Value,
    exactly,
)
from signals.facts.watch import (
    OF_THE_PERSON,
    Watch,
    end_of_day,
    numbers,
    watch_of,
    watched,
)

_AS_READ = "the route of a temperature is not recorded: it is taken as read"


@dataclass(frozen=True, slots=True)
class _Episode:
    """The readings of the episode, and those in time that meet the criterion, with neutrophils.

    ``inside``: for each whether it surely lies in the time of observation.
    """

    readings: list[Reading]
    matched: list[Matched]
    inside: list[bool]

    @property
    def records(self) -> tuple[Ref, ...]:
        """What the episode rests on."""
        counts = [ref for each in self.matched if each.count for ref in each.count.records]
        return tuple(sorted({*counts, *(each.reading.ref for each in self.matched)}))

    def any(self, answers: Iterable[bool | None]) -> Coded:
        """Whether it holds of any reading; of one that may lie outside it only may."""
        found = NO
        for answer, surely in zip(answers, self.inside, strict=True):
            if answer and surely:
                return YES
            found = found if answer is False else YES_OR_NO
        return found


class FebrileEpisodeKind:
    """One fact per person who had a fever in the time of observation, or was coded to have."""

    name = "febrile episode"
    about = ("subject",)
    reads: tuple[str, ...] = ()
    hears: frozenset[str] = (
        OF_THE_PERSON | {"vital-signs", "adverse-event"} | results_of_tests(TESTS)
    )
    fields: Mapping[str, Field] = {
        field.name: field
        for field in (
            yes_no(
                "febrile_neutropenia",
                "Fever with neutrophils below 1.0, and no count since of 1.0 or more",
                "CTCAE v5.0; DOMAIN O5, O6",
            ),
            yes_no(
                "neutrophils_unknown",
                "Fever with no count near, the last one low, over 7 d old, or absent",
                "RULES.csv LAB-03",
            ),
            yes_no(
                "coded_febrile_neutropenia",
                "An adverse event of that name goes on, and no count since of 1.0 or more",
                "DOMAIN O5",
            ),
            since("since_last_fever", "Since the last reading of 38.0 and more", "DOMAIN O6"),
            number("temperature", "Cel", "Highest of the episode, adjusted by route", "DOMAIN 2.1"),
            number("temperature_read", "Cel", "The same as it was read", "DOMAIN 2.1"),
            number("neutrophils", "10*9/L", "The count that belongs to the fever", "DOMAIN O5"),
        )
    }

    def keys(self, ctx: Context) -> Iterator[Key]:
        """Every subject with a therapy or an infusion."""
        yield from watched(ctx)

    def touched_by(self, change: Change, ctx: Context) -> Iterable[Key]:
        """The person, by therapy and infusion, by warm readings and those between, by counts."""
        if not isinstance(change, RecordChange):
            return ()
        if change.kind != LAB:
            bears = change.kind in OF_THE_PERSON or _bears(change, ctx)
            return numbers(change, ctx) if bears else ()
        counts = results_of(change, TESTS)
        if not counts:
            return ()
        return [
            key
            for key in numbers(change, ctx)
            if (fact := ctx.facts.get(self.name, key)) is not None
            and isinstance(fact.detail, Looked)
            and may_lie_within(counts, fact.detail.first, fact.detail.last)
        ]

    def derive(self, key: Key, ctx: Context) -> Fact | None:
        """The fact, or None without a fever and without such an adverse event."""
        seen = watch_of(ctx.view, key[0], ctx.study)
        if seen is None or seen.number != key[0]:
            return None
        episode = _last(seen, ctx)
        events = coded_events(seen, ctx)
        if episode is None and not events:
            return None
        return Fact(
            kind=self.name,
            key=key,
            values={
                **_of_fever(episode, seen),
                "coded_febrile_neutropenia": coded_runs(events, seen, ctx),
            },
            subject_id=key[0],
            site_id=seen.site_id,
            clinical_at=episode.matched[-1].reading.latest if episode else None,
            detail=Looked(*_looked(episode, events, ctx)),
        )

    def moved_to(self, key: Key, ctx: Context) -> Key | None:
        """Under the number that is watched, where the person has several."""
        seen = watch_of(ctx.view, key[0], ctx.study)
        return None if seen is None or seen.number == key[0] else (seen.number,)


def _bears(change: RecordChange, ctx: Context) -> bool:
    """A warm reading, one that may lie between two of them, or an event coded as such."""
    if change.kind not in ("vital-signs", "adverse-event"):
        return False
    if change.kind == "adverse-event":
        return any(is_coded(each) for each in change.ever)
    return any(is_warm(each) or _is_near(each, ctx) for each in change.ever)


def _is_near(record: Record, ctx: Context) -> bool:
    (first, last), chart = taken(record), ctx.chart
    if record.data.temperature is None or first is None:
        return False
    # Most people never had a fever.
    numbers_ = [each for each in chart.person(record.subject_id) if chart.marked(WARM, each)]
    return any(chart.within(record.kind, each, first - GAP, last + GAP, WARM) for each in numbers_)


def _last(seen: Watch, ctx: Context) -> _Episode | None:
    """The last episode with a reading in time by which the criterion is met."""
    fever, number_ = ctx.study.fever, seen.number
    ever = end_of_day(EVER, seen.zone)
    warm = fevers(ctx.view, number_, fever, seen.first, ever)
    for readings in reversed(episodes(warm)):
        placed = [
            (each, seen.holds(each.earliest.date(), each.latest.date()))
            for each in qualifying(ctx.view, number_, fever, readings)
        ]
        placed = [(each, inside) for each, inside in placed if inside != NO]
        if placed:
            first, last = placed[0][0].earliest - OLD, readings[-1].latest + AFEBRILE
            counts = neutrophils(ctx.view, number_, first, last)
            return _Episode(
                readings,
                [match(each, counts, fever.neutrophils) for each, _ in placed],
                [inside == YES for _, inside in placed],
            )
    return None


def _of_fever(episode: _Episode | None, seen: Watch) -> dict[str, Value]:
    if episode is None:
        return {
            "febrile_neutropenia": NO,
            "neutrophils_unknown": NO,
            "since_last_fever": ANY_ORDERED,
            "temperature": ANY_ORDERED,
            "temperature_read": ANY_ORDERED,
            "neutrophils": ANY_ORDERED,
        }
    readings, matched = episode.readings, episode.matched
    last, highest = readings[-1], max(readings, key=lambda each: each.adjusted)
    counts = [each.count for each in matched if each.count is not None and each.neutropenic]
    inferred = seen.anchor is not None and seen.anchor.inferred
    routes_known = all(each.route_known for each in readings)
    notes = [note for note, holds in ((_AS_READ, not routes_known), (INFERRED, inferred)) if holds]
    neutropenic = episode.any(each.neutropenic for each in matched)
    unknown = episode.any(each.unknown for each in matched)
    return {
        "febrile_neutropenia": neutropenic.resting_on(*episode.records).assuming(*notes),
        "neutrophils_unknown": unknown.resting_on(*episode.records).assuming(*notes),
        "since_last_fever": Ordered(low=last.earliest, high=last.latest).resting_on(last.ref),
        "temperature": exactly(highest.adjusted).resting_on(highest.ref),
        "temperature_read": exactly(highest.read).resting_on(highest.ref),
        "neutrophils": counts[-1].value.resting_on(*counts[-1].records) if counts else ANY_ORDERED,
    }


def _looked(
    episode: _Episode | None, events: list[Record], ctx: Context
) -> tuple[datetime | None, datetime | None]:
    """Between which instants a neutrophil count makes a difference; None without end."""
    firsts = running_since(events, ctx)
    lasts: list[datetime | None] = [None] * len(firsts)
    if episode is not None:
        firsts.append(episode.matched[0].reading.earliest - OLD)
        lasts.append(episode.readings[-1].latest + AFEBRILE)
    return earliest(firsts), latest(lasts)
