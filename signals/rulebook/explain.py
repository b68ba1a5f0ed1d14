"""Why a rule said yes, no or not yet known about a fact: because, missing, assumed, headline."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache

from signals.facts.kind import Fact, Field
from signals.facts.value import Value
from signals.rulebook import answer as says
from signals.rulebook.carried import Carrier, Found, found_of
from signals.rulebook.expression import criteria_of
from signals.rulebook.judge import VERDICTS, Judge, compile_rule
from signals.rulebook.ranges import KEPT, NO, UNKNOWN, YES
from signals.rulebook.spec import Assume, Rule, Verdict
from signals.rulebook.texts import NOT_KNOWN, scalar_text, value_text

Explanation = tuple[tuple[says.Leaf, ...], tuple[says.Missing, ...], tuple[says.Assumed, ...]]

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def explain(rule: Rule, fields: Mapping[str, Field], fact: Fact, now: datetime) -> Explanation:
    """(because, missing, assumed) of the rule's answer about the fact; see ``Answer``."""
    return Explainer(compile_rule(rule, fields)).explain(fact, now)


def answer(rule: Rule, fields: Mapping[str, Field], fact: Fact, now: datetime) -> says.Answer:
    """The whole answer of a rule about a fact, save the due dates, which the monitor adds.

    Compiles the rule each time; where many facts are answered, keep an ``Explainer``.
    """
    return Explainer(compile_rule(rule, fields)).answer(fact, now)


class Explainer:
    """Explains the answers of one compiled rule."""

    def __init__(self, judge: Judge) -> None:
        """Of this judge's rule."""
        self._judge = judge
        self._assumptions = dict(judge.rule.if_unknown)
        self._order = {name: place for place, name in enumerate(judge.criteria)}
        self._leaves = {
            (self._order[name], nth): leaf
            for name in dict.fromkeys(criteria_of(judge.rule.fires_when))
            for nth, leaf in enumerate(judge.criteria[name])
        }
        self._carrying = lru_cache(maxsize=KEPT)(self._find_carrying)

    def answer(self, fact: Fact, now: datetime, verdict: Verdict | None = None) -> says.Answer:
        """The whole answer; ``verdict`` overrides the judge's (the cautious one of the panel)."""
        judge, values = self._judge, fact.values
        because, missing, assumed = self.explain(fact, now)
        return says.Answer(
            rule=judge.rule,
            key=fact.key,
            verdict=verdict or judge.verdict(values, now),
            priority=judge.priority(values, now),
            headline=headline(judge.rule, judge.fields, fact),
            because=because,
            missing=missing,
            assumed=assumed,
            waits=judge.waits(values, now),
            fact=fact,
        )

    def explain(self, fact: Fact, now: datetime) -> Explanation:
        """(because, missing, assumed), in the order of the page."""
        values = fact.values
        now = now.astimezone(UTC)
        verdict = self._judge.verdict(values, now)
        raw = tuple([leaf.answer(values, now) for leaf in self._leaves.values()])
        found = [*self._carrying(raw, verdict is Verdict.NO)]
        exceptions = list(self._exceptions(values, now))
        because = [self._leaf(each, values) for each in found]
        if verdict is Verdict.NO:
            holding = [each for part, answer in exceptions if answer == YES for each in part]
            because += [self._leaf(each, values) for each in holding]
            found += holding
            missing: list[says.Missing] = []
        else:
            missing = [self._missing(each, values) for each in found if each.counts == UNKNOWN]
        assumed = [
            *self._by_rule(found),
            *self._by_exceptions(exceptions, values, verdict),
            *self._by_facts(found, exceptions, values, verdict),
        ]
        return tuple(because), tuple(missing), tuple(dict.fromkeys(assumed))

    def _find_carrying(self, raw: tuple[int, ...], held: bool) -> tuple[Found, ...]:
        """The leaves of ``fires_when`` that carry its answer, each once, in the page's order.

        They follow from what its leaves answer (``raw``), and whether the verdict is no.
        """
        answers = dict(zip(self._leaves, raw, strict=True))
        carried = Carrier(self._judge, self._order, answers).of(self._judge.rule.fires_when)
        if held and carried.answer != NO:
            return ()  # an exception holds the rule off
        once = {(each.place, each.counts): each for each in carried.leaves}
        return tuple(sorted(once.values(), key=lambda each: each.place))

    def _exceptions(
        self, values: Mapping[str, Value], now: datetime
    ) -> Iterator[tuple[list[Found], int]]:
        for at, (exception, leaves) in enumerate(self._judge.exceptions, start=len(self._order)):
            found = [
                found_of(
                    (at, nth),
                    f"unless {exception.name}",
                    leaf,
                    leaf.assumed,
                    leaf.answer(values, now),
                )
                for nth, leaf in enumerate(leaves)
            ]
            yield found, min(each.counts for each in found)

    def _leaf(self, found: Found, values: Mapping[str, Value]) -> says.Leaf:
        field, value = found.leaf.field, values.get(found.leaf.field.name)
        left = found.raw == UNKNOWN and found.leaf.left_to is not None
        return says.Leaf(
            criterion=found.criterion,
            field=field.name,
            value=value_text(value, field),
            unit=field.unit,
            condition=found.leaf.condition.text,
            verdict=VERDICTS[UNKNOWN if left else found.counts],
            records=value.records if value is not None else (),
        )

    def _missing(self, found: Found, values: Mapping[str, Value]) -> says.Missing:
        leaf = self._leaf(found, values)
        return says.Missing(leaf.criterion, leaf.field, leaf.condition, leaf.value, leaf.records)

    def _by_rule(self, found: Sequence[Found]) -> Iterator[says.Assumed]:
        rule = self._judge.rule
        for each in found:
            name = each.leaf.field.name
            otherwise = self._assumptions.get(name)
            if each.raw != UNKNOWN or otherwise is None or each.counts == UNKNOWN:
                continue
            if isinstance(otherwise, Assume):
                text = otherwise.value
                taken = text if isinstance(text, str) else scalar_text(text)
                yield says.Assumed(name, taken, f"not yet known: {rule.code} assumes it")
            else:
                yield says.Assumed(name, NOT_KNOWN, f"not yet known: left to {otherwise.rule}")

    def _by_exceptions(
        self,
        exceptions: Sequence[tuple[list[Found], int]],
        values: Mapping[str, Value],
        verdict: Verdict,
    ) -> Iterator[says.Assumed]:
        if verdict is Verdict.NO:
            return
        for part, answer in exceptions:
            if answer != UNKNOWN:
                yield from self._by_rule([each for each in part if each.counts == answer])
                continue
            name = part[0].criterion.removeprefix("unless ")
            why = f"exception '{name}' not yet known: taken as not applying"
            for each in part:
                if each.counts == UNKNOWN:
                    leaf = self._leaf(each, values)
                    yield says.Assumed(leaf.field, leaf.value, why)

    def _by_facts(
        self,
        found: Sequence[Found],
        exceptions: Sequence[tuple[list[Found], int]],
        values: Mapping[str, Value],
        verdict: Verdict,
    ) -> Iterator[says.Assumed]:
        """What the domain assumed for the values that the answer rests on."""
        used = list(found)
        if verdict is not Verdict.NO:
            used += [each for part, _ in exceptions for each in part]
        for each in used:
            value = values.get(each.leaf.field.name)
            for why in value.assumed if value is not None else ():
                yield says.Assumed(each.leaf.field.name, value_text(value, each.leaf.field), why)


def headline(rule: Rule, fields: Mapping[str, Field], fact: Fact) -> str:
    """The headline of the rule with the ids of the fact and the values of its fields filled in."""
    about = dict(zip(rule.alert.about, fact.key, strict=False))

    def fill(place: str) -> str:
        name = place.strip()
        if name in about:
            return about[name] or NOT_KNOWN
        field = fields.get(name)
        return value_text(fact.values.get(name), field) if field else f"{{{place}}}"

    parts = _parts(rule.alert.headline)
    return "".join(fill(part) if nth % 2 else part for nth, part in enumerate(parts))


@lru_cache(maxsize=512)
def _parts(headline: str) -> tuple[str, ...]:
    """Text and names of fields in turns."""
    return tuple(_PLACEHOLDER.split(headline))
