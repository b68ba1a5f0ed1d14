"""The reference loop: what decoding and matching cost by themselves, without an engine around them.

For each event: its bytes are decoded by pydantic (``model_validate_json`` of a plain envelope with
the data in the kind's own model), and one flat fact is asserted and retracted in durable-rules,
under all rules of the pack on adverse events, by raw calls.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import count, cycle
from typing import Any

from bench.decode import Decode
from bench.subject import Event
from signals.facts.kind import Fact
from signals.rulebook import matcher as durable
from signals.rulebook.matcher import Matcher
from signals.rulebook.pack import Pack
from signals.rulebook.panel import KindDoc

OF_KIND = "adverse event"


class Reference:
    """Decodes and matches; made once for a pack, then asked event by event."""

    def __init__(
        self, pack: Pack, dictionary: Mapping[str, KindDoc], facts: Iterable[Fact]
    ) -> None:
        """``facts``: adverse events of the mix, passed to the matcher one after the other."""
        self._decode = Decode(pack.study.zone)
        matcher = Matcher(OF_KIND, pack.by_kind[OF_KIND], dictionary[OF_KIND].fields)
        self.rulesets = list(matcher._rulesets)  # noqa: SLF001 - the raw calls under it are measured
        self._facts = cycle(list(_flat(matcher, facts)))
        self._host = durable._the_host()  # noqa: SLF001 - the same
        self._numbers = count(1)

    def __call__(self, event: Event) -> None:
        """One turn of the loop."""
        self._decode(event.kind, event.raw)
        for ruleset, flat in next(self._facts):
            fact = {**flat, "id": next(self._numbers), "sid": 0}
            self._host.assert_fact(ruleset, fact, _ignore)
            self._host.retract_fact(ruleset, fact, _ignore)


def _flat(matcher: Matcher, facts: Iterable[Fact]) -> Iterator[list[tuple[str, dict[str, Any]]]]:
    """Each fact as the matcher passes it, by ruleset."""
    for fact in facts:
        encoding = matcher._encoding  # noqa: SLF001
        whole = encoding.named(encoding.encode(fact.values, datetime.now().astimezone()))
        yield [
            (ruleset, {name: whole[name] for name in properties})
            for ruleset, properties in matcher._rulesets.items()  # noqa: SLF001
        ]


def _ignore(_error: object, _state: object) -> None:
    """Without a callback a fact that matches nothing raises."""
