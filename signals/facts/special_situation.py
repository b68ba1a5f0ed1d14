"""The fact ``special situation``: overdose, medication error or pregnancy (SAE-13).

EU CTR Annex III par. 2 treats them like adverse reactions.  Dose given: viable cells / weight where
both are known, else as recorded (DOMAIN, RULES.csv SAE-13).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from signals.events import Measured, Record
from signals.facts.exposure import is_given
from signals.facts.fields import number, text, words, yes_no
from signals.facts.kind import Change, Context, Fact, Field, Key, RecordChange
from signals.facts.refs import ref
from signals.facts.value import ANY_ORDERED, NO, YES, Coded, Ordered, Value, flag, word

_KINDS = ("infusion", "pregnancy")
_HUNDRED, _TENTH = Decimal(100), Decimal("0.1")
_ROUTE = "INTRAVENOUS"


class SpecialSituationKind:
    """One fact per infusion given and per pregnancy."""

    name = "special situation"
    about = ("subject", "record")
    reads: tuple[str, ...] = ()
    hears: frozenset[str] = frozenset({*_KINDS, "enrolment"})
    fields: Mapping[str, Field] = {
        field.name: field
        for field in (
            words("dose_known", ("yes", "no"), "Dose planned and dose given are known", "EVENTS"),
            number("dose_percent_of_planned", "%", "Dose given / dose planned", "DOMAIN 1.5"),
            yes_no("product_as_planned", "The product given is the trial product", "EX"),
            yes_no("level_as_assigned", "The dose level given is the one assigned", "EX"),
            yes_no("route_as_planned", "Given intravenously", "SDTM EXROUTE"),
            yes_no("pregnancy", "A pregnancy of the subject or the partner", "EU CTR Annex III"),
            text("situation", "What it is, in plain words", "EU CTR Annex III par. 2"),
        )
    }

    def keys(self, ctx: Context) -> Iterator[Key]:
        """Every infusion and every pregnancy."""
        for kind in _KINDS:
            for subject in ctx.chart.subjects(kind):
                for record_id in ctx.chart.record_ids(kind, subject):
                    yield (subject, f"{kind}/{record_id}")

    def touched_by(self, change: Change, ctx: Context) -> Iterable[Key]:
        """The record itself, and what was given under an assignment."""
        if not isinstance(change, RecordChange):
            return
        if change.kind in _KINDS:
            yield (change.subject_id, f"{change.kind}/{change.record_id}")
        elif change.kind == "enrolment":
            for record_id in ctx.chart.record_ids("infusion", change.subject_id):
                yield (change.subject_id, f"infusion/{record_id}")

    def derive(self, key: Key, ctx: Context) -> Fact | None:
        """The fact, or None for an infusion that was not given, or a void record."""
        kind, record_id = str(key[1]).split("/", 1)
        record = ctx.view.current(kind, key[0], record_id)
        if record is None or (kind == "infusion" and not is_given(record)):
            return None
        values = _of_infusion(record, ctx) if kind == "infusion" else _of_pregnancy(record)
        own = ref(record)
        return Fact(
            kind=self.name,
            key=key,
            values={name: value.resting_on(own) for name, value in values.items()},
            subject_id=key[0],
            site_id=record.site_id,
        )

    def moved_to(self, key: Key, ctx: Context) -> Key | None:
        """Under the right subject, if it was entered under a wrong one."""
        kind, record_id = str(key[1]).split("/", 1)
        moved = ctx.chart.moved_to(kind, key[0], record_id)
        return (moved[1], f"{moved[0]}/{moved[2]}") if moved is not None else None


def _of_pregnancy(record: Record) -> dict[str, Value]:
    who = "partner pregnant" if record.data.who == "PARTNER" else "pregnancy"
    return {
        "dose_known": NO,
        "dose_percent_of_planned": ANY_ORDERED,
        "product_as_planned": YES,
        "level_as_assigned": YES,
        "route_as_planned": YES,
        "pregnancy": YES,
        "situation": word(who),
    }


def _of_infusion(record: Record, ctx: Context) -> dict[str, Value]:
    data = record.data
    assigned = data.dose_level_assigned or _assigned(record, ctx)
    percent = _percent(record)
    product = _same(data.product_id, ctx.study.suspect_product)
    level = _same(data.dose_level_actual, assigned)
    route = _same(data.route, _ROUTE)
    return {
        "dose_known": flag(not percent.unknown),
        "dose_percent_of_planned": percent,
        "product_as_planned": product,
        "level_as_assigned": level,
        "route_as_planned": route,
        "pregnancy": NO,
        "situation": word(_situation(percent, product, level, route)),
    }


def _assigned(record: Record, ctx: Context) -> str | None:
    levels = [each.data.dose_level for each in ctx.view.of_subject("enrolment", record.subject_id)]
    return next((level for level in levels if level), None)


def _situation(percent: Ordered, product: Coded, level: Coded, route: Coded) -> str:
    parts = [
        name
        for name, wrong in (
            ("another product", product == NO),
            ("another dose level", level == NO),
            ("another route", route == NO),
        )
        if wrong
    ]
    if isinstance(percent.low, Decimal) and percent.low > _HUNDRED:
        parts.append(f"{percent.low.quantize(_TENTH).normalize():f} % of the planned dose")
    return ", ".join(parts) or "infusion as planned"


def _same(stated: str | None, right: str | None) -> Coded:
    """What is not stated is taken as planned: only what is stated can be an error."""
    if stated is None or right is None:
        return YES
    return flag(stated.casefold() == right.casefold())


def _percent(record: Record) -> Ordered:
    data = record.data
    planned = _exact(data.dose_cells_per_kg_planned)
    cells, weight = _exact(data.total_viable_cells), _exact(data.weight_kg)
    given = _exact(data.dose_cells_per_kg_actual)
    if cells is not None and weight:
        given = cells / weight
    if given is None or not planned:
        return ANY_ORDERED
    share = given / planned * _HUNDRED
    return Ordered(low=share, high=share)


def _exact(quantity: Measured | None) -> Decimal | None:
    return quantity.value if quantity is not None and quantity.comparator == "" else None
