"""The fact ``dose-level comparison``: whether an endpoint gathers at the top (DOMAIN 8; AGG-03).

Exploratory: no allowance is made for looking often, or at several endpoints.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from signals.facts.fields import integer, ratio, text
from signals.facts.kind import Change, Context, Fact, FactChange, Field, Key
from signals.facts.person_events import DLT, RELATED_GRADE_3, SAE, Events
from signals.facts.subject_events import SubjectEventsKind, changed, everybody
from signals.facts.value import Ref, Value, exactly, word
from signals.statistics.comparisons import cochran_armitage, fisher_greater

_SHOWN = Decimal("0.000001")
_ENDPOINTS = (DLT, SAE, RELATED_GRADE_3)
_BOTH = 2
_HALF, _ONE = Decimal("0.5"), Decimal(1)


class DoseComparisonKind:
    """One fact per endpoint; the denominator is the treated subjects of each level."""

    name = "dose-level comparison"
    about = ("endpoint",)
    reads: tuple[str, ...] = (SubjectEventsKind.name,)
    hears: frozenset[str] = frozenset()
    fields: Mapping[str, Field] = {
        field.name: field
        for field in (
            integer("events", "Subjects with an event, all levels", "DOMAIN 8"),
            ratio("fisher_p", "One-sided p, the top level against all lower", "DOMAIN 8"),
            ratio("trend_p", "One-sided p of a share that rises with the dose", "Armitage 1955"),
            ratio("odds_ratio", "Top against lower, Haldane's correction", "DOMAIN 8"),
            text("table", "Events of treated subjects, by level", "DOMAIN 8"),
        )
    }

    def keys(self, ctx: Context) -> Iterator[Key]:
        """The endpoints."""
        del ctx
        yield from ((each,) for each in _ENDPOINTS)

    def touched_by(self, change: Change, ctx: Context) -> Iterable[Key]:
        """The endpoints that differ for a subject; all, if its level does."""
        if not isinstance(change, FactChange):
            return
        parts = [{key: _part(each, key) for key in self.keys(ctx)} for each in changed(change)]
        for key in self.keys(ctx):
            if len(parts) != _BOTH or parts[0][key] != parts[1][key]:
                yield key

    def derive(self, key: Key, ctx: Context) -> Fact | None:
        """The fact; with nobody at one of the sides both p are 1."""
        endpoint = str(key[0])
        order = [each.level for each in ctx.study.dose_levels]
        people = [each for each in everybody(ctx) if each.treated and each.level in order]
        groups = [_group(people, level, endpoint) for level in order]
        while groups and groups[-1][1] == 0:
            groups.pop()
        top = groups[-1] if groups else (0, 0)
        lower = (sum(x for x, _ in groups[:-1]), sum(n for _, n in groups[:-1]))
        records = [ref for each in people for ref in each.happened[endpoint]]
        shown = zip(order, groups, strict=False)
        values: dict[str, Value] = {
            "events": exactly(top[0] + lower[0]),
            "fisher_p": exactly(fisher_greater(*top, *lower).quantize(_SHOWN)),
            "trend_p": exactly((cochran_armitage(groups) or _ONE).quantize(_SHOWN)),
            "odds_ratio": exactly(_odds_ratio(top, lower)),
            "table": word(", ".join(f"{level} {x} of {n}" for level, (x, n) in shown) or "none"),
        }
        return Fact(
            kind=self.name,
            key=key,
            values={name: value.resting_on(*records) for name, value in values.items()},
        )

    def moved_to(self, key: Key, ctx: Context) -> Key | None:
        """An endpoint stays what it is."""
        del key, ctx
        return None


def _part(events: Events, key: Key) -> tuple[str | None, bool, tuple[Ref, ...]]:
    return events.level, events.treated, events.happened[str(key[0])]


def _group(people: list[Events], level: str, endpoint: str) -> tuple[int, int]:
    own = [each for each in people if each.level == level]
    return sum(bool(each.happened[endpoint]) for each in own), len(own)


def _odds_ratio(top: tuple[int, int], lower: tuple[int, int]) -> Decimal:
    (a, n), (c, m) = top, lower
    ratio_ = (a + _HALF) * (m - c + _HALF) / ((n - a + _HALF) * (c + _HALF))
    return ratio_.quantize(Decimal("0.01"))
