"""The facts ``toxicity monitor`` and ``mortality monitor`` (DOMAIN 3.7; DLT-08, AGG-04).

With a Beta(1, 1) prior: how likely it is that the true rate of an endpoint exceeds the tolerated
one.  n counts 1 for a subject with an event and the observed share of the window for one without.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from signals.facts.fields import integer, ratio, text, yes_no
from signals.facts.follow_up import FollowUpKind, Observation
from signals.facts.kind import Change, Context, Fact, FactChange, Field, Key
from signals.facts.person_events import (
    INFUSION_REACTION,
    RELATED_GRADE_3,
    SECONDARY_MALIGNANCY,
    TRM,
    Events,
)
from signals.facts.subject_events import SubjectEventsKind
from signals.facts.value import Ref, Value, exactly, flag, resting, word
from signals.statistics.arithmetic import ZERO
from signals.statistics.boundaries import effective_n, probability_above

SHOWN = Decimal("0.000001")
"""Probabilities are kept to so many places: more say nothing, and are long to read."""
_TENTHS = Decimal("0.1")

_FIELDS = {
    field.name: field
    for field in (
        integer("treated", "Treated subjects", "DOMAIN 3.7"),
        integer("events", "Subjects with an event", "DOMAIN 3.7"),
        ratio("effective_n", "Subjects, each by the observed share of the window", "DOMAIN 3.7"),
        ratio("tolerated", "The tolerated rate", "DOMAIN 3.7; study.yaml"),
        ratio("probability", "The chance that the true rate exceeds it", "DOMAIN 3.7"),
        yes_no("over_threshold", "The chance exceeds the monitor's threshold", "DOMAIN 3.7"),
        text("open_cases", "Deaths whose causality is open: listed, not counted", "DOMAIN 3.7"),
    )
}


@dataclass(frozen=True, slots=True)
class MonitorKind:
    """One fact per endpoint."""

    name: str
    about: tuple[str, ...]
    endpoints: tuple[str, ...]

    @property
    def reads(self) -> tuple[str, ...]:
        """What happened to each subject, and how long it was observed."""
        return (SubjectEventsKind.name, FollowUpKind.name)

    @property
    def hears(self) -> frozenset[str]:
        """No record but by the facts below."""
        return frozenset()

    @property
    def fields(self) -> Mapping[str, Field]:
        """Every field by its name."""
        return _FIELDS

    def keys(self, ctx: Context) -> list[tuple[str]]:
        """The endpoints that the study monitors."""
        return [(each,) for each in self.endpoints if each in ctx.study.aggregate.monitors]

    def touched_by(self, change: Change, ctx: Context) -> Iterable[Key]:
        """The endpoints of which a subject's event or weight is another."""
        if not isinstance(change, FactChange):
            return ()
        old, new = change.old and change.old.detail, change.new and change.new.detail
        keys = self.keys(ctx)
        if isinstance(old, Observation) and isinstance(new, Observation):
            was, now = old.weights, new.weights
            return [key for key in keys if was.get(key[0]) != now.get(key[0])]
        if isinstance(old, Events) and isinstance(new, Events):
            return [key for key in keys if _part(old, key) != _part(new, key)]
        return keys

    def derive(self, key: Key, ctx: Context) -> Fact | None:
        """The fact."""
        endpoint = str(key[0])
        monitor = ctx.study.aggregate.monitors.get(endpoint)
        if monitor is None:
            return None
        events, without, records, unclear = _count(ctx, endpoint)
        n = effective_n(events, without)
        probability = probability_above(monitor.tolerated, events, n)
        values: dict[str, Value] = {
            "treated": exactly(events + len(without)),
            "events": exactly(events),
            "effective_n": exactly(n.quantize(_TENTHS)),
            "tolerated": exactly(monitor.tolerated),
            "probability": exactly(probability.quantize(SHOWN)),
            "over_threshold": flag(probability > monitor.certainty),
            "open_cases": word(", ".join(unclear) or "none"),
        }
        return Fact(kind=self.name, key=key, values=resting(values, *records))

    def moved_to(self, key: Key, ctx: Context) -> Key | None:
        """An endpoint stays what it is."""
        del key, ctx
        return None


TOXICITY_MONITOR = MonitorKind(
    "toxicity monitor", ("endpoint",), (RELATED_GRADE_3, INFUSION_REACTION, SECONDARY_MALIGNANCY)
)
MORTALITY_MONITOR = MonitorKind("mortality monitor", ("monitor",), (TRM,))


def _part(events: Events, key: Key) -> object:
    return events.treated, events.happened[str(key[0])], events.open_deaths


def _count(ctx: Context, endpoint: str) -> tuple[int, list[Decimal], list[Ref], list[str]]:
    """Subjects with an event, the weights of the others, the records, and the open deaths."""
    events, without = 0, []
    records: list[Ref] = []
    unclear: list[str] = []
    facts, observed = (
        ctx.facts.of_kind(SubjectEventsKind.name),
        ctx.facts.of_kind(FollowUpKind.name),
    )
    for key in sorted(facts):
        person = facts[key].detail
        if not isinstance(person, Events) or person.since is None:
            continue
        happened = person.happened[endpoint]
        if happened:
            events += 1
            records += happened
        else:
            seen = observed.get(key)
            found = seen.detail if seen is not None else None
            without.append(
                found.weights.get(endpoint, ZERO) if isinstance(found, Observation) else ZERO
            )
        if person.open_deaths and endpoint == TRM:
            unclear += [f"{key[0]} {each.record_id}" for each in person.open_deaths]
    return events, without, records, unclear
