"""The matcher: durable-rules as a second opinion on every fact.

Each rule is compiled twice, *certainly* and *possibly*, over a flat fact of whole numbers
(``encoding``); what fires tells the verdict.  durable-rules is sound only in a small part of its
language, and silently wrong or stuck outside it.  The limits below were measured on version 2.0.28
and read in its source; a rule that leaves them is refused by name, never said approximately.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from itertools import count
from threading import Lock
from types import MappingProxyType
from typing import Any

from durable.engine import Host, MessageNotHandledException

from signals.facts.kind import Field
from signals.facts.value import Value
from signals.rulebook.encoding import Encoding, Flat
from signals.rulebook.errors import MatcherError
from signals.rulebook.literals import Formula, Pair, branches, comparisons, junctions, spoken
from signals.rulebook.spec import Rule, Verdict
from signals.rulebook.translate import conditions_of, formulas_of

MOST_COMPARISONS = 60
"""In one ruleset: its stack of comparisons that are true has 64 places (error 303)."""

MOST_JUNCTIONS = 14
"""In one rule: each ``and`` and ``or`` takes two of the 32 entries of its sequence (error 113)."""

MOST_BRANCHES = 400
"""In one rule: it fires once for each true branch, and hangs on an ``or`` of 512."""


class _Host(Host):  # type: ignore[misc] # durable-rules has no types
    """A host without the timer threads, which could run an action behind our back."""

    def _run(self) -> None:
        """Start nothing: actions run while a fact is asserted, timers are not used."""


@dataclass(slots=True)
class _Ruleset:
    """Rules that share one network, and what they compare."""

    rules: dict[str, Formula] = field(default_factory=dict)
    properties: set[str] = field(default_factory=set)
    compared: int = 0

    def has_room_for(self, formula: Formula) -> bool:
        return self.compared + len(list(comparisons(formula))) <= MOST_COMPARISONS

    def add(self, name: str, formula: Formula) -> None:
        found = list(comparisons(formula))
        self.rules[name] = formula
        self.compared += len(found)
        self.properties |= {each.name for each in found}


_KEPT = 16_384
"""How many different facts of a kind are remembered: places among limits repeat far more often."""

_host: Host | None = None
_lock = Lock()
_numbers = count(1)


class Matcher:
    """The rules on one kind of fact, said to durable-rules.

    ``refused`` names the rules that cannot be said within its limits, and why; they are not judged.
    Compiling leaks about half a megabyte inside durable-rules, so make few of them in a process.
    """

    def __init__(self, kind: str, rules: Sequence[Rule], fields: Mapping[str, Field]) -> None:
        """Compile the rules.

        Raises:
            MatcherError: durable-rules did not take them.
        """
        self.kind = kind
        self.refused: dict[str, str] = {}
        self._encoding = Encoding(fields, (each for rule in rules for each in conditions_of(rule)))
        self._fired: set[str] = set()
        self._always: set[str] = set()
        formulas = {rule.code: formulas_of(rule, fields, self._encoding) for rule in rules}
        for code, pair in formulas.items():
            if reason := _outside(pair):
                self.refused[code] = reason
        self._codes = [code for code in formulas if code not in self.refused]
        self._verdicts = lru_cache(maxsize=_KEPT)(self._ask)
        try:
            self._rulesets = dict(self._register({code: formulas[code] for code in self._codes}))
        except Exception as error:
            raise MatcherError(
                f"durable-rules did not take the rules on {kind}: {error}"
            ) from error

    def judge(self, values: Mapping[str, Value], now: datetime) -> Mapping[str, Verdict]:
        """The verdict of every rule that was not refused, by code.

        Raises:
            MatcherError: durable-rules failed, or a value cannot be read.
        """
        try:
            flat = self._encoding.encode(values, now.astimezone(UTC))
            return self._verdicts(flat)
        except Exception as error:
            raise MatcherError(f"no second opinion on a fact ({self.kind}): {error}") from error

    def _ask(self, fact: Flat) -> Mapping[str, Verdict]:
        """What durable-rules fires on such a fact; asked once, for it remembers nothing of others."""
        flat = self._encoding.named(fact)
        with _lock:
            self._fired.clear()
            for ruleset, properties in self._rulesets.items():
                _match(ruleset, {name: flat[name] for name in properties})
            true = self._fired | self._always
        return MappingProxyType({code: _verdict(code, true) for code in self._codes})

    def _register(self, formulas: Mapping[str, Pair]) -> Iterator[tuple[str, list[str]]]:
        """Compile into as few rulesets as there is room for; each with the properties it reads."""
        rulesets = [_Ruleset()]
        for code, pair in formulas.items():
            for name, formula in (
                (_certainly(code), pair.certain),
                (_possibly(code), pair.possible),
            ):
                if isinstance(formula, bool):
                    self._always |= {name} if formula else set()
                    continue
                if not rulesets[-1].has_room_for(formula):
                    rulesets.append(_Ruleset())
                rulesets[-1].add(name, formula)
        for ruleset in rulesets:
            if ruleset.rules:
                yield self._compile(ruleset), sorted(ruleset.properties)

    def _compile(self, ruleset: _Ruleset) -> str:
        name = f"rules{next(_numbers)}"
        _the_host().register_rulesets(
            {
                name: {
                    f"r{number}": {"all": [{"m": spoken(formula)}], "run": self._noting(rule)}
                    for number, (rule, formula) in enumerate(ruleset.rules.items())
                }
            }
        )
        return name

    def _noting(self, name: str) -> Callable[[Any], None]:
        """An action with one argument: with a second it would be taken for asynchronous."""
        fired = self._fired

        def note(_closure: Any) -> None:
            fired.add(name)

        return note


def _outside(pair: Pair) -> str | None:
    """Why a rule cannot be said within the safe part of durable-rules; None if it can."""
    measures: list[tuple[Callable[[Formula], int], int, str]] = [
        (lambda formula: len(list(comparisons(formula))), MOST_COMPARISONS, "comparisons"),
        (junctions, MOST_JUNCTIONS, "groups of 'and' and 'or'"),
        (branches, MOST_BRANCHES, "branches"),
    ]
    for measure, most, what in measures:
        if (found := max(measure(formula) for formula in pair)) > most:
            return f"{found} {what}, and durable-rules is sound up to {most}"
    return None


def _verdict(code: str, true: AbstractSet[str]) -> Verdict:
    if _certainly(code) in true:
        return Verdict.YES
    return Verdict.UNKNOWN if _possibly(code) in true else Verdict.NO


def _certainly(code: str) -> str:
    return f"{code} certainly"


def _possibly(code: str) -> str:
    return f"{code} possibly"


def _the_host() -> Host:
    """One host for the whole process: several stall within a thousand."""
    global _host  # noqa: PLW0603 - its state is the process's, not a caller's
    if _host is None:
        _host = _Host()
    return _host


def _match(ruleset: str, flat: Mapping[str, int]) -> None:
    """Assert the fact, which runs the actions, and retract it, so that memory stays flat."""
    fact = {**flat, "id": next(_numbers), "sid": 0}
    errors: list[object] = []
    host = _the_host()
    host.assert_fact(ruleset, fact, lambda error, _state: errors.append(error))
    host.retract_fact(ruleset, fact, lambda error, _state: errors.append(error))
    for error in errors:
        if error is not None and not isinstance(error, MessageNotHandledException):
            raise MatcherError(str(error))
