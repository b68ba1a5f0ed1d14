"""The fact ``site``: whether serious events cluster at a site (DOMAIN 8; AGG-01).

Distinct subjects with a serious event received on one of the last ``site_days`` local days, today
included, against the Poisson percentile of what the exposure at the site explains by the rate at
all other sites, and a least number.  Time alone ends a cluster: the fact holds from when to when.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from signals.facts.fields import integer, since, until, yes_no
from signals.facts.kind import Change, Context, Fact, FactChange, Field, Key
from signals.facts.person_events import Events
from signals.facts.subject_events import SubjectEventsKind, changed, everybody
from signals.facts.value import ANY_ORDERED, Value, exactly, flag
from signals.statistics.counts import poisson_percentile

_DAY = timedelta(days=1)


class SiteKind:
    """One fact per site of the study, and per site that a serious event names beside."""

    name = "site"
    about = ("site",)
    reads: tuple[str, ...] = (SubjectEventsKind.name,)
    hears: frozenset[str] = frozenset()
    fields: Mapping[str, Field] = {
        field.name: field
        for field in (
            yes_no("cluster", "More subjects than the exposure explains", "RULES.csv AGG-01"),
            since("since_cluster", "Time since the cluster began", "RULES.csv AGG-01"),
            until("cluster_left", "Time until it is over if nothing more comes", "AGG-01"),
            integer("subjects_14d", "Subjects with a new serious event, at its most", "DOMAIN 8"),
            integer("threshold", "As many make a cluster", "DOMAIN 8"),
            integer("treated", "Treated subjects of the site", "DOMAIN 8"),
        )
    }

    def keys(self, ctx: Context) -> Iterator[Key]:
        """The sites of ``study.yaml``, and those of serious events."""
        found = dict.fromkeys(ctx.study.sites)
        for events in everybody(ctx):
            found |= dict.fromkeys(_sites(events))
        yield from ((each,) for each in found)

    def touched_by(self, change: Change, ctx: Context) -> Iterable[Key]:
        """All sites, by what changes of a subject's serious events or treatment."""
        if not isinstance(change, FactChange):
            return
        events = changed(change)
        parts = {(e.site_id, e.since, e.until, e.serious) for e in events}
        if len(parts) > 1 or len(events) == 1:
            yield from self.keys(ctx)
            yield from ((site,) for each in events for site in _sites(each))

    def derive(self, key: Key, ctx: Context) -> Fact | None:
        """The fact; None for a site that neither the study nor a serious event names."""
        if key not in set(self.keys(ctx)):
            return None
        look = _Site(str(key[0]), everybody(ctx), ctx)
        return Fact(kind=self.name, key=key, values=look.values(), site_id=key[0])

    def moved_to(self, key: Key, ctx: Context) -> Key | None:
        """A site stays what it is."""
        del key, ctx
        return None


def _sites(events: Events) -> set[str]:
    return {each.site_id for each in events.serious if each.site_id is not None}


@dataclass(frozen=True, slots=True)
class _Site:
    site: str
    people: list[Events]
    ctx: Context

    def values(self) -> dict[str, Value]:
        """All fields: of the first day of the cluster, else of the last receipt."""
        own = [
            (each.received, number, each.record)
            for number, person in enumerate(self.people)
            for each in person.serious
            if each.site_id == self.site
        ]
        last = max((day for day, _, _ in own), default=None)
        told = {(day, number) for day, number, _ in own}
        span = self.ctx.study.aggregate.site_days
        days = [last + _DAY * ahead for ahead in range(span)] if last is not None else []
        held = [day for day in days if self._is_cluster(self._count(told, day), day)]
        first = held[0] if held else last
        values: dict[str, Value] = {
            "cluster": flag(bool(held)),
            "since_cluster": self._midnight(held[0]) if held else ANY_ORDERED,
            "cluster_left": self._midnight(held[-1] + _DAY) if held else ANY_ORDERED,
            "subjects_14d": exactly(self._count(told, first) if first is not None else 0),
            "threshold": exactly(
                self._threshold(first)
                if first is not None
                else self.ctx.study.aggregate.site_subjects
            ),
            "treated": exactly(len(self._treated())),
        }
        recent = [ref for day, _, ref in sorted(own) if first and first - day < _DAY * span]
        return {name: value.resting_on(*recent) for name, value in values.items()}

    def _midnight(self, day: date) -> Value:
        return exactly(datetime.combine(day, time.min, self.ctx.study.zone))

    def _count(self, told: set[tuple[date, int]], day: date) -> int:
        first = day - _DAY * (self.ctx.study.aggregate.site_days - 1)
        return len({number for received, number in told if first <= received <= day})

    def _is_cluster(self, subjects: int, day: date) -> bool:
        """The least number first: what the exposure explains takes longer to find out."""
        least = self.ctx.study.aggregate.site_subjects
        return subjects >= least and subjects >= self._threshold(day)

    def _treated(self) -> list[Events]:
        return [each for each in self.people if each.treated and each.site_id == self.site]

    def _threshold(self, day: date) -> int:
        settings = self.ctx.study.aggregate
        own = self._treated()
        others = [e for e in self.people if e.treated and e.site_id not in (self.site, None)]
        exposure = sum(_days(each, None, day) for each in others)
        if len(own) < settings.site_treated or not exposure:
            return settings.site_subjects
        ill = sum(any(e.received <= day for e in each.serious) for each in others)
        first = day - _DAY * (settings.site_days - 1)
        here = sum(_days(each, first, day) for each in own)
        mean = Decimal(ill) * here / exposure
        return max(settings.site_subjects, poisson_percentile(mean, settings.site_percentile))


def _days(events: Events, first: date | None, last: date) -> int:
    """The days from the first infusion, and from ``first``, to ``last`` or the end of follow-up."""
    begin = max(filter(None, (events.since, first)), default=None)
    end = min(filter(None, (events.until, last)), default=last)
    return max((end - begin).days + 1, 0) if begin is not None else 0
