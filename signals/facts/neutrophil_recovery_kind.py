"""The fact ``neutrophil recovery``: whether the neutrophils of a person came back (LAB-04)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from signals.events import Record
from signals.facts.anchor import INFERRED, Anchor
from signals.facts.deaths import implies_death, telling
from signals.facts.fields import day, integer, number, since, words, yes_no
from signals.facts.kind import Change, Context, Fact, Field, Key, RecordChange, results_of_tests
from signals.facts.lab_values import KEPT, LAB, Looked, may_lie_within, results_of
from signals.facts.neutrophil_recovery import (
    NeutrophilRecovery,
    Outcome,
    Settled,
    neutrophil_recovery,
    settled,
)
from signals.facts.neutrophils import TESTS
from signals.facts.refs import refs
from signals.facts.value import ANY_ORDERED, YES_OR_NO, Ordered, Value, exactly, flag, word
from signals.facts.watch import (
    OF_THE_PERSON,
    Watch,
    midnight,
    numbers,
    watch_of,
    watched,
)
from signals.immutable import immutable

_DAYS = (28, 30, 42)
_OUTCOMES = (Outcome.RECOVERED, Outcome.NOT_RECOVERED, Outcome.NEVER_BELOW)


@immutable(frozen=True, slots=True)
class Bearing:
    """Which results can change the fact: those in the time looked at, as far as it is not settled."""

    looked: Looked
    settled: Settled | None

    def bears(self, counts: list[Record], change: RecordChange, key: Key, ctx: Context) -> bool:
        """Whether a result may change the fact, by any of its versions on which a count may rest."""
        if not may_lie_within(counts, self.looked.first, self.looked.last):
            return False
        if self.settled is None or len(change.versions) > 1:
            return True
        return self.settled.unsettled_by(ctx.view, key[0], counts[0])


class NeutrophilRecoveryKind:
    """One fact per person with an anchor, under the number that is watched."""

    name = "neutrophil recovery"
    about = ("subject",)
    reads: tuple[str, ...] = ()
    hears: frozenset[str] = (
        OF_THE_PERSON | {"adverse-event", "subject-status"} | results_of_tests(TESTS)
    )
    fields: Mapping[str, Field] = {
        field.name: field
        for field in (
            words("neutrophils_recovered", _OUTCOMES, "Whether they came back", "DOMAIN 2.2"),
            day("recovered_on", "The first of the three results that show it", "DOMAIN 2.2"),
            yes_no("sparse", "They are not of three days in a row", "DOMAIN 2.2"),
            yes_no("provisional", "Later counts may still unsettle it", "DOMAIN 2.2"),
            integer("confirming", "Results in a row that speak for it, of 3", "DOMAIN 2.2"),
            number("nadir", "10*9/L", "The lowest count of the 42 days", "DOMAIN 2.2"),
            day("anchor", "Day of the index therapy or transplantation", "DOMAIN 1.6"),
            words(
                "anchor_kind",
                ("course", "transplantation"),
                "What the days are counted from",
                "DOMAIN 1.6",
            ),
            yes_no("died", "The person died: nobody waits any more", "DOMAIN O4"),
            *(
                since(f"since_anchor_day_{each}", f"Since 24:00 of day {each}", "DOMAIN 2.2, D10")
                for each in _DAYS
            ),
        )
    }

    def keys(self, ctx: Context) -> Iterator[Key]:
        """Every subject with a therapy or an infusion."""
        yield from watched(ctx)

    def touched_by(self, change: Change, ctx: Context) -> Iterable[Key]:
        """The person, by therapy and infusion, by a death, and by counts that matter."""
        if not isinstance(change, RecordChange):
            return ()
        if change.kind != LAB:
            bears = change.kind in OF_THE_PERSON or _tells_death(change)
            return numbers(change, ctx) if bears else ()
        counts = results_of(change, TESTS)
        if not counts:
            return ()
        return [
            key
            for key in numbers(change, ctx)
            if (fact := ctx.facts.get(self.name, key)) is not None
            and isinstance(fact.detail, Bearing)
            and fact.detail.bears(counts, change, key, ctx)
        ]

    def derive(self, key: Key, ctx: Context) -> Fact | None:
        """The fact, or None without an anchor."""
        seen = watch_of(ctx.view, key[0], ctx.study)
        if seen is None or seen.anchor is None or seen.number != key[0]:
            return None
        anchored = seen.anchor
        ends = [each for each in (anchored.day.low, anchored.day.high) if each is not None]
        found = [
            neutrophil_recovery(ctx.view, key[0], anchored, each, ctx.study)
            for each in dict.fromkeys(ends)
            if len(ends) == len(("low", "high"))
        ]
        last = [each.looked_until for each in found]
        first = midnight(ends[0] if ends else date(1900, 1, 2), ctx.study.zone)
        looked = Looked(first, max(known) if (known := _all(last)) else None)
        return Fact(
            kind=self.name,
            key=key,
            values=_of_recovery(found) | _of_anchor(anchored, ctx.study.zone) | _of_death(key, ctx),
            subject_id=key[0],
            site_id=seen.site_id,
            detail=Bearing(looked, settled(found[0], ctx.study.zone) if len(found) == 1 else None),
        )

    def moved_to(self, key: Key, ctx: Context) -> Key | None:
        """Under the number that is watched, where the person has several."""
        return _number(key, watch_of(ctx.view, key[0], ctx.study))


def _number(key: Key, seen: Watch | None) -> Key | None:
    return None if seen is None or seen.number == key[0] else (seen.number,)


def _all(instants: list[datetime | None]) -> list[datetime]:
    """All of them, or none if one is missing."""
    known = [each for each in instants if each is not None]
    return known if len(known) == len(instants) else []


def _tells_death(change: RecordChange) -> bool:
    told = change.ever if change.kind in ("adverse-event", "subject-status") else ()
    return any(implies_death(each) for each in told)


def _of_recovery(found: list[NeutrophilRecovery]) -> dict[str, Value]:
    """Of the anchor's first and last possible day what both say."""
    if not found:
        return {
            "neutrophils_recovered": word(*_OUTCOMES),
            "recovered_on": ANY_ORDERED,
            "sparse": YES_OR_NO,
            "provisional": YES_OR_NO,
            "confirming": ANY_ORDERED,
            "nadir": ANY_ORDERED,
        }
    records = {ref for each in found for ref in each.records}
    outcomes = {each.outcome for each in found}
    if Outcome.NOT_COUNTED in outcomes:
        outcomes = set(_OUTCOMES)
    run, nadir = found[-1].run, found[-1].nadir
    values: dict[str, Value] = {
        "neutrophils_recovered": word(*outcomes),
        "recovered_on": exactly(run.first) if run else ANY_ORDERED,
        "sparse": flag(run.sparse if run else None),
        "provisional": flag(found[-1].provisional),
        "confirming": exactly(found[-1].count),
        "nadir": nadir.value if nadir else ANY_ORDERED,
    }
    return {name: value.resting_on(*records) for name, value in values.items()}


@lru_cache(maxsize=KEPT)
def _of_anchor(anchored: Anchor, zone: ZoneInfo) -> dict[str, Value]:
    records = refs([anchored.course])
    notes = (INFERRED,) if anchored.inferred else ()
    low, high = anchored.day.low, anchored.day.high
    values: dict[str, Value] = {
        "anchor": anchored.day.value(),
        "anchor_kind": word("transplantation" if anchored.transplantation else "course"),
    }
    for days in _DAYS:
        values[f"since_anchor_day_{days}"] = Ordered(
            low=_over(low, days, zone), high=_over(high, days, zone)
        )
    return {name: value.resting_on(*records).assuming(*notes) for name, value in values.items()}


def _over(anchor: date | None, days: int, zone: ZoneInfo) -> datetime | None:
    """24:00 of the day so many days after the anchor."""
    return None if anchor is None else midnight(anchor + timedelta(days=days + 1), zone)


def _of_death(key: Key, ctx: Context) -> dict[str, Value]:
    told = telling(ctx.view, key[0])
    return {"died": flag(bool(told)).resting_on(*refs(told))}
