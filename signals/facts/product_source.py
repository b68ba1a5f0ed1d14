"""The fact ``product source``: reactions and infections after one lot, or one donor (IRR-09).

A donor gives many lots, so what followed a donor is compared with what followed all others
(Fisher's exact test, one-sided; DOMAIN 8).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from signals.facts.bloodstream_infection import BloodstreamInfectionKind
from signals.facts.decisions import is_on_lot, lot_decisions
from signals.facts.fields import integer, ratio, text, words
from signals.facts.infusion import InfusionKind
from signals.facts.kind import Change, Context, Fact, FactChange, Field, Key, RecordChange
from signals.facts.person_events import reacted
from signals.facts.value import ANY_ORDERED, Coded, Ordered, Ref, Value, exactly, word
from signals.statistics.comparisons import fisher_greater

LOT, DONOR = "lot", "donor"
_GRADE = 2
_DAYS = timedelta(days=7)
_CULTURE = "microbiology/"
_SHOWN = Decimal("0.000001")


@dataclass(slots=True)
class _Given:
    """Who was given it, who reacted, who was infected, and the records that say so."""

    exposed: set[str] = field(default_factory=set)
    reacting: set[str] = field(default_factory=set)
    infected: set[str] = field(default_factory=set)
    records: list[Ref] = field(default_factory=list)

    @property
    def affected(self) -> set[str]:
        """Who reacted or was infected."""
        return self.reacting | self.infected


class ProductSourceKind:
    """One fact per lot and per donor that an infusion names."""

    name = "product source"
    about = ("source", "id")
    reads: tuple[str, ...] = (InfusionKind.name, BloodstreamInfectionKind.name)
    hears: frozenset[str] = frozenset({"enrolment", "decision"})
    fields: Mapping[str, Field] = {
        each.name: each
        for each in (
            words("source", (LOT, DONOR), "What it is", "SDTM EXLOT"),
            text("id", "Its id", "SDTM EXLOT"),
            integer("exposed", "Subjects given it", "DOMAIN 8"),
            integer(
                "subjects_reacting_24h",
                "Subjects with a reaction of grade 2 or more within 24 hours",
                "RULES.csv IRR-09; CTCAE v5.0",
            ),
            integer(
                "bloodstream_infections_7d",
                "Subjects with a positive blood culture, no contaminant, within 7 days",
                "RULES.csv IRR-09",
            ),
            ratio("fisher_p", "Of a donor: one-sided p against all other donors", "DOMAIN 8"),
        )
    }

    def keys(self, ctx: Context) -> Iterator[Key]:
        """Every lot and donor of an infusion that was given."""
        for fact in ctx.facts.of_kind(InfusionKind.name).values():
            yield from _sources(fact)

    def touched_by(self, change: Change, ctx: Context) -> Iterable[Key]:
        """The sources of an infusion; a person's, by infection or number; one, by its decision."""
        if isinstance(change, FactChange) and change.kind == InfusionKind.name:
            old, new = _part(change.old), _part(change.new)
            touched = set() if old == new else old[0] | new[0]
        elif isinstance(change, FactChange):
            touched = set(_of_person(change.key[0], ctx))
        elif change.kind == "enrolment":
            touched = set(_of_person(change.subject_id, ctx))
        else:
            yield from _decided_on(change)
            return
        yield from touched
        if touched:
            # A donor is compared with all others.
            yield from (key for key in self.keys(ctx) if key[0] == DONOR)

    def derive(self, key: Key, ctx: Context) -> Fact | None:
        """The fact, or None when no infusion given names it (any more)."""
        source, name = str(key[0]), str(key[1])
        infections = _infections(ctx)
        given: dict[str, _Given] = {}
        for fact in _in_order(ctx):
            for sort, named in _sources(fact):
                if sort == source and (source == DONOR or named == name):
                    _count(given.setdefault(str(named), _Given()), fact, infections, ctx)
        own = given.get(name)
        if own is None:
            return None
        values: dict[str, Value] = {
            "source": word(source),
            "id": word(name),
            "exposed": exactly(len(own.exposed)),
            "subjects_reacting_24h": exactly(len(own.reacting)),
            "bloodstream_infections_7d": exactly(len(own.infected)),
            "fisher_p": _excess(own, [e for n, e in given.items() if n != name], source),
        }
        return Fact(
            kind=self.name,
            key=key,
            values={each: value.resting_on(*own.records) for each, value in values.items()},
            decided=frozenset({"LOT"}) if _is_decided(ctx, source, name) else frozenset(),
        )

    def moved_to(self, key: Key, ctx: Context) -> Key | None:
        """A lot stays what it is."""
        del key, ctx
        return None


def _of_person(subject: str | None, ctx: Context) -> Iterator[Key]:
    """The sources of all infusions of a person."""
    for number in ctx.chart.person(subject):
        for record_id in ctx.chart.record_ids("infusion", number):
            fact = ctx.facts.get(InfusionKind.name, (number, record_id))
            yield from () if fact is None else _sources(fact)


def _decided_on(change: RecordChange) -> Iterator[Key]:
    """The lot and the donor that a decision names, by any version."""
    if change.kind == "decision" and change.subject_id is None:
        versions = change.versions
        for lot in (each.data.lot for each in versions if is_on_lot(each)):
            yield from ((s, n) for s, n in ((LOT, lot.lot), (DONOR, lot.donor)) if n)


def _in_order(ctx: Context) -> list[Fact]:
    facts = ctx.facts.of_kind(InfusionKind.name)
    return [facts[key] for key in sorted(facts, key=str)]


def _excess(own: _Given, others: list[_Given], source: str) -> Value:
    if source != DONOR:
        return ANY_ORDERED
    exposed = set().union(*(each.exposed for each in others)) - own.exposed
    ill = set().union(*(each.affected for each in others)) & exposed
    p = fisher_greater(len(own.affected), len(own.exposed), len(ill), len(exposed))
    return exactly(p.quantize(_SHOWN))


def _sources(fact: Fact) -> Iterator[Key]:
    """The lot and the donor of an infusion, if it was given."""
    if not _is(fact, "given"):
        return
    for source in (LOT, DONOR):
        value = fact.values[source]
        if isinstance(value, Coded) and value.words and value.known:
            yield (source, next(iter(value.words)))


def _part(fact: Fact | None) -> tuple[set[Key], bool, tuple[Ref, ...], Value | None]:
    """What of an infusion matters here: its sources, its reaction, its start."""
    if fact is None:
        return set(), False, (), None
    reaction = fact.values["reaction_grade"].records
    return set(_sources(fact)), reacted(fact, _GRADE), reaction, fact.values["started"]


def _is(fact: Fact, name: str) -> bool:
    value = fact.values[name]
    words_ = value.words if isinstance(value, Coded) else None
    return words_ == frozenset({"yes"})


def _infections(ctx: Context) -> dict[str | None, list[Fact]]:
    """The positive blood cultures that are no contaminants, by subject number."""
    found: dict[str | None, list[Fact]] = {}
    facts = ctx.facts.of_kind(BloodstreamInfectionKind.name)
    for key in sorted(facts, key=str):
        fact = facts[key]
        if str(key[1]).startswith(_CULTURE) and not fact.decided and _is(fact, "culture_positive"):
            found.setdefault(key[0], []).append(fact)
    return found


def _count(
    given: _Given, infusion: Fact, infections: Mapping[str | None, list[Fact]], ctx: Context
) -> None:
    numbers = ctx.chart.person(infusion.key[0])
    person = str(numbers[0])
    given.exposed.add(person)
    if reacted(infusion, _GRADE):
        given.reacting.add(person)
        given.records += infusion.values["reaction_grade"].records
    begun = infusion.values["started"]
    latest = begun.high if isinstance(begun, Ordered) else None
    if not isinstance(latest, datetime):
        return
    day = latest.astimezone(ctx.study.zone).date()
    for number in numbers:
        for fact in infections.get(number, ()):
            culture = ctx.view.current("microbiology", number, str(fact.key[1])[len(_CULTURE) :])
            when = culture.data.collected_at if culture is not None else None
            if when is not None and day <= when.first_day and when.last_day <= day + _DAYS:
                given.infected.add(person)
                given.records += fact.values["culture_positive"].records


def _is_decided(ctx: Context, source: str, name: str) -> bool:
    """Whether quality has decided on it."""
    decisions = (each.data.lot for each in lot_decisions(ctx.view))
    named = (each.lot if source == LOT else each.donor for each in decisions if each.outcome)
    return name in named
