"""The facts ``thrombocytopenia`` and ``anaemia``: the last severe episode of a person (LAB-05, 06)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from signals.chart.view import View
from signals.events import Record
from signals.facts.anchor import INFERRED
from signals.facts.cytopenia import Bearing, Course, Lineage, course, largest_fall, may_bear
from signals.facts.fields import day, number, words, yes_no
from signals.facts.infusion_reactions import is_listed
from signals.facts.kind import Change, Context, Fact, Field, Key, RecordChange, results_of_tests
from signals.facts.lab_values import LAB, NO_DAY, Looked, may_lie_within, results_of
from signals.facts.ongoing import goes_on
from signals.facts.recovery import ONE_DAY, Day, Level, lowest
from signals.facts.refs import refs
from signals.facts.value import Ordered, Value, between, exactly, flag, word
from signals.facts.watch import OF_THE_PERSON, Watch, numbers, watch_of, watched
from signals.study.model import Study

_A_DAY = timedelta(hours=24)
_HEARD_BESIDE = OF_THE_PERSON | {"transfusion", "adverse-event"}


@dataclass(frozen=True, slots=True)
class CytopeniaKind:
    """One fact per person who had an episode, under the number that is watched.

    ``lineage``: what is severe and what recovery asks; ``more``: the values of this kind only;
    ``bears``: whether a record that is no result bears on a fact that is there.
    """

    name: str
    test: str
    fields: Mapping[str, Field]
    lineage: Callable[[Study], Lineage]
    more: Callable[[Course, Key, Context], dict[str, Value]]
    bears: Callable[[RecordChange, Context], bool]
    about: tuple[str, ...] = ("subject",)
    reads: tuple[str, ...] = ()

    @property
    def hears(self) -> frozenset[str]:
        """What tells the watch; results of the test, transfusions, and what may be a bleeding."""
        return _HEARD_BESIDE | results_of_tests((self.test,))

    def keys(self, ctx: Context) -> Iterator[Key]:
        """Every subject with a therapy or an infusion."""
        yield from watched(ctx)

    def touched_by(self, change: Change, ctx: Context) -> Iterable[Key]:
        """The person, by therapy and infusion; by results of the test that matter; by the rest."""
        if not isinstance(change, RecordChange):
            return ()
        if change.kind == LAB:
            own = results_of(change, (self.test,))
            return self._by_result(own, change, ctx) if own else ()
        if change.kind in OF_THE_PERSON:
            return numbers(change, ctx)
        if not self.bears(change, ctx):
            return ()
        return [key for key in numbers(change, ctx) if ctx.facts.get(self.name, key) is not None]

    def _by_result(self, own: list[Record], change: RecordChange, ctx: Context) -> Iterator[Key]:
        level = self.lineage(ctx.study).wanted.level
        for key in numbers(change, ctx):
            fact = ctx.facts.get(self.name, key)
            found = fact.detail if fact is not None else None
            if not isinstance(found, Bearing):
                found = None
            bearing = [each for each in own if may_bear(each, found, level)]
            looked = found.looked if found is not None else _watched(key, ctx) if bearing else None
            if looked is not None and may_lie_within(bearing, looked.first, looked.last):
                yield key

    def derive(self, key: Key, ctx: Context) -> Fact | None:
        """The fact, or None for whom no value was low in the time of observation."""
        seen = watch_of(ctx.view, key[0], ctx.study)
        if seen is None or seen.number != key[0]:
            return None
        found = course(ctx.view, self.lineage(ctx.study), seen)
        if found is None:
            return None
        last = _latest(found).date
        return Fact(
            kind=self.name,
            key=key,
            values=_values(found, seen) | self.more(found, key, ctx),
            subject_id=key[0],
            site_id=seen.site_id,
            clinical_at=max([each.latest for each in found.results if each.day == last]),
            detail=Bearing(Looked(seen.first - ONE_DAY, found.looked_until), found.closed_on),
        )

    def moved_to(self, key: Key, ctx: Context) -> Key | None:
        """Under the number that is watched, where the person has several."""
        seen = watch_of(ctx.view, key[0], ctx.study)
        return None if seen is None or seen.number == key[0] else (seen.number,)


def _watched(key: Key, ctx: Context) -> Looked | None:
    """Where a low value would open an episode."""
    seen = watch_of(ctx.view, key[0], ctx.study)
    return None if seen is None else Looked(seen.first - ONE_DAY, seen.last)


def _common(unit: str, level: str) -> tuple[Field, ...]:
    return (
        words(
            "episode", ("open", "recovered", "outside"), "The last episode", "DOMAIN 2 (O8, O10)"
        ),
        day("began", f"First day below {level}", "DOMAIN D11"),
        day("recovered_on", "First of the results that show recovery", "DOMAIN 2.2"),
        number("latest", unit, "Lowest value of the last day of the episode", "DOMAIN 2.2"),
        number("lowest", unit, "Lowest value of the episode", "DOMAIN D11"),
    )


def _latest(found: Course) -> Day:
    return found.episode.days[-1]


def _values(found: Course, seen: Watch) -> dict[str, Value]:
    episode = found.episode
    latest = _latest(found)
    told = {ref for each in episode.days if each.known for ref in each.records}
    shown = (*latest.records, *episode.days[0].records)
    run = episode.run
    closing = (*run.records, *found.transfusions.records) if run else found.transfusions.records
    exact = False not in {each.exact_day for each in found.results}
    inferred = seen.anchor is not None and seen.anchor.inferred
    notes = [note for note, holds in ((NO_DAY, not exact), (INFERRED, inferred)) if holds]
    state = word("open") if found.surely_open else word("recovered")
    if found.surely_open is None:
        state = word("open", "recovered" if run or episode.surely else "outside")
    return {
        "episode": state.resting_on(*shown, *closing, *seen.records).assuming(*notes),
        "began": exactly(episode.days[0].date).resting_on(*episode.days[0].records),
        "recovered_on": (exactly(run.first) if run else Ordered()).resting_on(*closing),
        "latest": latest.value.resting_on(*latest.records),
        "lowest": lowest([each.value for each in episode.days if each.known]).resting_on(*told),
    }


@lru_cache(maxsize=8)
def _of_platelets(study: Study) -> Lineage:
    """Three results, free of platelets and whole blood."""
    settings = study.haematology
    return Lineage(
        "PLAT",
        Level(settings.severe_platelets, 3, timedelta(days=settings.recovery_span_days)),
        frozenset({"PLATELET", "WHOLE_BLOOD"}),
        timedelta(days=settings.platelet_transfusion_days),
    )


@lru_cache(maxsize=8)
def _of_haemoglobin(study: Study) -> Lineage:
    """Two results, free of red cells and whole blood."""
    settings = study.haematology
    return Lineage(
        "HGB",
        Level(settings.severe_haemoglobin, 2, timedelta(days=settings.recovery_span_days)),
        frozenset({"RBC", "WHOLE_BLOOD"}),
        timedelta(days=settings.red_cell_transfusion_days),
    )


def _is_transfusion(change: RecordChange, _ctx: Context) -> bool:
    return change.kind == "transfusion"


def _is_transfusion_or_bleeding(change: RecordChange, ctx: Context) -> bool:
    """A transfusion, or an adverse event that was a bleeding by some version."""
    if change.kind != "adverse-event":
        return change.kind == "transfusion"
    terms = ctx.study.terms.get("bleeding", frozenset())
    return any(is_listed(each.data, terms) for each in change.ever)


def _bleeding(found: Course, key: Key, ctx: Context) -> dict[str, Value]:
    """Whether the person bleeds; asked only while the episode may be open."""
    if found.surely_open is False:
        return {"active_bleeding": flag(answer=False)}
    view, terms = ctx.view, ctx.study.terms.get("bleeding", frozenset())
    question = ("bleeding", key[0], terms)
    events = view.kept(question, key[0], ("adverse-event",), lambda: _going_on(view, key[0], terms))
    return {"active_bleeding": flag(bool(events)).resting_on(*refs(events))}


def _going_on(view: View, subject: str | None, terms: frozenset[str]) -> list[Record]:
    """The bleedings of a person that go on."""
    events = view.of_person("adverse-event", subject)
    return [each for each in events if is_listed(each.data, terms) and goes_on(each)]


def _fall(found: Course, _key: Key, _ctx: Context) -> dict[str, Value]:
    """How fast it fell."""
    latest = _latest(found)
    surely, at_most = largest_fall(found.results, _A_DAY, latest.date)
    return {"fall_24h": between(surely, at_most).resting_on(*latest.records)}


def _by_name(*fields: Field) -> dict[str, Field]:
    return {field.name: field for field in fields}


THROMBOCYTOPENIA = CytopeniaKind(
    name="thrombocytopenia",
    test="PLAT",
    fields=_by_name(
        *_common("10*9/L", "50"),
        yes_no("active_bleeding", "An adverse event of the bleeding set goes on", "DOMAIN 5.1"),
    ),
    lineage=_of_platelets,
    more=_bleeding,
    bears=_is_transfusion_or_bleeding,
)
"""Platelets below 50 x 10*9/L (registered outcomes 7 and 8)."""

ANAEMIA = CytopeniaKind(
    name="anaemia",
    test="HGB",
    fields=_by_name(
        *_common("g/L", "80"),
        number("fall_24h", "g/L", "Largest fall within 24 h to a value of its last day", "D2"),
    ),
    lineage=_of_haemoglobin,
    more=_fall,
    bears=_is_transfusion,
)
"""Haemoglobin below 80 g/L (registered outcomes 9 and 10)."""
