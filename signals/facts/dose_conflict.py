"""The fact ``dose conflict``: a level that meets the registered criterion, and what speaks against.

Apart from the dose level, for the committee may have decided on its toxicities and not on this.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from signals.facts.dose_finding import DoseFindingKind, finding_of
from signals.facts.dose_level import DoseLevelKind
from signals.facts.fields import integer, yes_no
from signals.facts.kind import Change, Context, Fact, FactChange, Field, Key
from signals.facts.value import Ref, Value, flag


class DoseConflictKind:
    """One fact per dose level (MTD-02)."""

    name = "dose conflict"
    about = ("dose level",)
    reads: tuple[str, ...] = (DoseFindingKind.name, DoseLevelKind.name)
    hears: frozenset[str] = frozenset()
    fields: Mapping[str, Field] = {
        field.name: field
        for field in (
            integer("n", "Evaluable subjects, decision profile", "DOMAIN 3.3, D4"),
            integer("x", "Those of them with a dose-limiting toxicity", "DOMAIN 3.3, D4"),
            yes_no("passes_alone", "n >= 6 and 3 x <= n at this level", "RULES.csv MTD-02"),
            yes_no("exceeded_by_3_3", "The 3+3 table calls it too toxic", "DOMAIN 3.5; EC-044"),
            yes_no("lower_level_fails", "A lower level has n >= 3 and 3 x > n", "DOMAIN 3.4"),
        )
    }

    def keys(self, ctx: Context) -> Iterator[Key]:
        """The dose levels."""
        yield from ctx.facts.of_kind(DoseLevelKind.name)

    def touched_by(self, change: Change, ctx: Context) -> Iterable[Key]:
        """All levels, for those below bear on those above; and one that is no longer there."""
        if isinstance(change, FactChange):
            yield from self.keys(ctx)
            if change.kind == DoseLevelKind.name:
                yield change.key

    def derive(self, key: Key, ctx: Context) -> Fact | None:
        """The fact, as long as the level is there."""
        level = ctx.facts.get(DoseLevelKind.name, key)
        finding = finding_of(ctx)
        if level is None or finding is None:
            return None
        table, name = finding.table, str(key[0])
        exceeded, _ = table.conflict(table.now, name)
        evidence = level.values["n"].records
        below = table.order[: table.order.index(name)] if name in table.order else ()
        lower = [each for other in below for each in _evidence(ctx, other)]
        values: dict[str, Value] = {
            "n": level.values["n"],
            "x": level.values["x"],
            "passes_alone": level.values["passes_alone"],
            "exceeded_by_3_3": flag(exceeded).resting_on(*evidence),
            "lower_level_fails": flag(table.lower_fails(table.now, name)).resting_on(*lower),
        }
        decided = finding.conflict_decided(name)
        return Fact(
            kind=self.name,
            key=key,
            values=values,
            decided=frozenset({"COHORT"}) if decided else frozenset(),
        )

    def moved_to(self, key: Key, ctx: Context) -> Key | None:
        """A level stays what it is."""
        del key, ctx
        return None


def _evidence(ctx: Context, level: str) -> tuple[Ref, ...]:
    fact = ctx.facts.get(DoseLevelKind.name, (level,))
    return fact.values["n"].records if fact is not None else ()
