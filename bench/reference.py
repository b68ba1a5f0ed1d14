"""The reference loop: what decoding and matching cost by themselves, without an engine around them.

For each event: its bytes are decoded by pydantic (``model_validate_json`` of a plain envelope with
the data in the kind's own model), and one flat fact is asserted and retracted in durable-rules,
under all rules of the pack on adverse events, by raw calls.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from itertools import count, cycle
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field, ValidationError, create_model

from bench.subject import Event
from signals.events.kinds import KINDS
from signals.events.values import Place
from signals.facts.kind import Fact
from signals.rulebook import matcher as durable
from signals.rulebook.matcher import Matcher
from signals.rulebook.pack import Pack
from signals.rulebook.panel import KindDoc

OF_KIND = "adverse event"


class Envelope(BaseModel):
    """The keys around the data, read by pydantic alone."""

    event_id: UUID
    schema_: Annotated[str, Field(alias="schema")]
    study_id: str
    site_id: str | None
    subject_id: str | None
    record_id: str
    version: int
    op: str
    change_reason: str
    effective_from: str | None = None
    recorded_at: datetime
    ingested_at: datetime
    source: str
    actor: str


class Reference:
    """Decodes and matches; made once for a pack, then asked event by event."""

    def __init__(
        self, pack: Pack, dictionary: Mapping[str, KindDoc], facts: Iterable[Fact]
    ) -> None:
        """``facts``: adverse events of the mix, passed to the matcher one after the other."""
        self._models = {kind: _model(kind, data) for kind, data in KINDS.items()}
        self._place = Place(pack.study.zone, None)
        matcher = Matcher(OF_KIND, pack.by_kind[OF_KIND], dictionary[OF_KIND].fields)
        self.rulesets = list(matcher._rulesets)  # noqa: SLF001 - the raw calls under it are measured
        self._facts = cycle(list(_flat(matcher, facts)))
        self._host = durable._the_host()  # noqa: SLF001 - the same
        self._numbers = count(1)

    def __call__(self, event: Event) -> None:
        """One turn of the loop."""
        with suppress(ValidationError):  # the simulated trial holds values that cannot be read
            self._models[event.kind].model_validate_json(event.raw, context=self._place)
        for ruleset, flat in next(self._facts):
            fact = {**flat, "id": next(self._numbers), "sid": 0}
            self._host.assert_fact(ruleset, fact, _ignore)
            self._host.retract_fact(ruleset, fact, _ignore)


def _model(kind: str, data: type[BaseModel]) -> type[BaseModel]:
    return create_model(f"Event of {kind}", __base__=Envelope, data=(data, ...))


def _flat(matcher: Matcher, facts: Iterable[Fact]) -> Iterator[list[tuple[str, dict[str, Any]]]]:
    """Each fact as the matcher passes it, by ruleset."""
    for fact in facts:
        whole = matcher._encoding.encode(fact.values, datetime.now().astimezone())  # noqa: SLF001
        yield [
            (ruleset, {name: whole[name] for name in properties})
            for ruleset, properties in matcher._rulesets.items()  # noqa: SLF001
        ]


def _ignore(_error: object, _state: object) -> None:
    """Without a callback a fact that matches nothing raises."""
