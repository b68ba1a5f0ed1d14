"""Why a rule does not fire on a fact: the leaves that keep it from firing, and how far each is off."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from signals.facts.kind import Fact
from signals.facts.value import Ref
from signals.rulebook import answer as says
from signals.rulebook.distance import distance
from signals.rulebook.explain import Explainer
from signals.rulebook.judge import Judge
from signals.rulebook.judge import Leaf as Compiled
from signals.rulebook.spec import Verdict

Hindrance = Literal["fails", "not known", "left to", "must not hold", "exception"]
Behind: TypeAlias = Callable[[Fact, str], str]
"""What lies behind a derived field of a fact, in words; empty if the field tells all by itself."""

_UNLESS = "unless "
_RANK = {Verdict.YES: 0, Verdict.UNKNOWN: 1, Verdict.NO: 2}


@dataclass(frozen=True, slots=True)
class Miss:
    """One leaf that keeps the rule from firing.

    ``off``: how far the value is off, or what lies behind it, in words (empty: nothing to tell).
    ``why``: of an exception its reason, of a field left to another rule that rule, else empty.
    """

    hindrance: Hindrance
    criterion: str
    field: str
    value: str
    unit: str | None
    condition: str
    off: str
    why: str
    records: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """What a rule says of one fact, and what keeps it from firing, in the order of the page."""

    fact: Fact
    verdict: Verdict
    misses: tuple[Miss, ...]


def nearest_first(
    judge: Judge, facts: Iterable[Fact], now: datetime, behind: Behind = lambda *_: ""
) -> list[Near]:
    """What the rule says of each fact; what fires first, then by how much is missing, then by key."""
    explainer = Explainer(judge)
    found = [_near(judge, explainer, fact, now, behind) for fact in facts]
    return sorted(found, key=lambda near: (_RANK[near.verdict], len(near.misses), near.fact.key))


def _near(judge: Judge, explainer: Explainer, fact: Fact, now: datetime, behind: Behind) -> Near:
    verdict = judge.verdict(fact.values, now)
    if verdict is Verdict.YES:
        return Near(fact, verdict, ())
    because, _, _ = explainer.explain(fact, now)
    leaves = [leaf for leaf in because if verdict is Verdict.NO or leaf.verdict is Verdict.UNKNOWN]
    return Near(fact, verdict, tuple(_miss(judge, leaf, fact, now, behind) for leaf in leaves))


def _miss(judge: Judge, leaf: says.Leaf, fact: Fact, now: datetime, behind: Behind) -> Miss:
    compiled, reason = _compiled(judge, leaf)
    hindrance: Hindrance = "fails"
    if leaf.criterion.startswith(_UNLESS):
        hindrance = "exception"
    elif leaf.verdict is Verdict.UNKNOWN:
        hindrance = "left to" if compiled.left_to else "not known"
        reason = compiled.left_to or ""
    elif leaf.verdict is Verdict.YES:
        hindrance = "must not hold"
    off = "" if hindrance in {"exception", "must not hold"} else behind(fact, leaf.field)
    if hindrance == "fails" and not off:
        off = distance(compiled.condition, compiled.field, fact.values.get(leaf.field), now)
    return Miss(
        hindrance=hindrance,
        criterion=leaf.criterion,
        field=leaf.field,
        value=leaf.value,
        unit=leaf.unit,
        condition=leaf.condition,
        off=off,
        why=reason,
        records=leaf.records,
    )


def _compiled(judge: Judge, leaf: says.Leaf) -> tuple[Compiled, str]:
    """The leaf's condition, and of an exception why it is one."""
    name = leaf.criterion.removeprefix(_UNLESS)
    for exception, leaves in judge.exceptions:
        if leaf.criterion.startswith(_UNLESS) and exception.name == name:
            return _same(leaves, leaf), exception.why
    return _same(judge.criteria[leaf.criterion], leaf), ""


def _same(leaves: Iterable[Compiled], leaf: says.Leaf) -> Compiled:
    return next(
        each
        for each in leaves
        if (each.field.name, each.condition.text) == (leaf.field, leaf.condition)
    )
