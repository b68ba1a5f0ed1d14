"""Dose-limiting toxicity and the maximum tolerated dose as outcomes (registered outcomes 1 and 3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from signals.facts.dlt_events import PROFILES
from signals.facts.dose_finding import DoseFindingKind
from signals.facts.dose_level import DoseLevelKind, levels
from signals.facts.kind import Fact
from signals.facts.value import Coded, Ordered
from signals.outcomes.model import Outcome, Rate
from signals.outcomes.person import Trial
from signals.statistics.arithmetic import precise
from signals.statistics.boundaries import probability_above
from signals.statistics.proportions import clopper_pearson


def dose_limiting_toxicity(trial: Trial) -> Outcome:
    """O1: subjects with a dose-limiting toxicity among the evaluable, per dose level."""
    settings = trial.study.dlt
    return Outcome(
        code="O1",
        title="Dose-limiting toxicity",
        population="evaluable for it (DLTE), per dose level",
        window=f"first infusion to the last + {settings.days_after_last} d,"
        f" at most the first + {settings.cap_days} d",
        measures=tuple(
            Rate(f"{level}, profile {profile}", clopper_pearson(x, n))
            for profile in PROFILES
            for level, n, x in _counts(trial, f"_{profile.lower()}")
        ),
        notes=(f"profile {settings.decision_profile} gives n and x of decisions",),
    )


def maximum_tolerated_dose(trial: Trial) -> Outcome:
    """O3: the highest dose level that passes with no lower one failing; a rule, no estimate."""
    return Outcome(
        code="O3",
        title="Maximum tolerated dose",
        population="evaluable for dose-limiting toxicity, per dose level",
        window="observation of every subject complete",
        measures=(),
        notes=(*_mtd(trial), *_too_toxic(trial)),
    )


def _too_toxic(trial: Trial) -> Iterator[str]:
    with precise():
        third = Decimal(1) / 3
        for level, n, x in _counts(trial, ""):
            above = probability_above(third, x, Decimal(n))
            yield f"{level}: {x} of {n}; probability that the rate is above 1/3: {above:.4f}"


def _mtd(trial: Trial) -> Iterator[str]:
    fact = trial.fact(DoseFindingKind.name)
    if fact is not None:
        yield f"maximum tolerated dose: {_word(fact, 'mtd')} ({_word(fact, 'standing')})"
        yield f"highest dose level tested: {_word(fact, 'highest_tested')}"


def _word(fact: Fact, name: str) -> str:
    value = fact.values[name]
    words: Iterable[str] = (value.words if isinstance(value, Coded) else None) or ()
    return " or ".join(sorted(words)) or "not known"


def _counts(trial: Trial, profile: str) -> Iterator[tuple[str, int, int]]:
    for level in levels(trial.ctx):
        fact = trial.fact(DoseLevelKind.name, level)
        if fact is not None:
            yield level, _number(fact, f"n{profile}"), _number(fact, f"x{profile}")


def _number(fact: Fact, name: str) -> int:
    value = fact.values[name]
    low = value.low if isinstance(value, Ordered) else None
    return int(low) if isinstance(low, Decimal) else 0
