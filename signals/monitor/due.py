"""The due dates that an alert shows (DOMAIN 4.3, 4.4; EVENTS, "One alert").

A rule about an obligation shows that one, and a rule with duties those duties of the case, whatever
became of them; any other rule shows what is open for the case.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from signals.facts.kind import Fact, FactChange, Key
from signals.facts.value import Coded, Ordered
from signals.rulebook.answer import DueDate
from signals.rulebook.spec import Rule

OBLIGATION = "obligation"
_STANDING = frozenset({"open", "end proposed"})


class DueDates:
    """The obligations of every case, and the facts that show them."""

    def __init__(self) -> None:
        """Start with no case."""
        self._obligations: dict[Key, dict[Key, Fact]] = {}
        self._members: dict[Key, dict[tuple[str, Key], None]] = {}

    def follow(self, change: FactChange) -> None:
        """Take a fact that appeared, changed or went away."""
        if change.old is not None and change.old.case is not None:
            self._remove(change.old, change.old.case)
        if change.new is not None and change.new.case is not None:
            self._add(change.new, change.new.case)

    def members(self, changes: Iterable[FactChange]) -> list[tuple[str, Key]]:
        """The facts of the cases whose obligations are among the changes."""
        of_obligations = [change for change in changes if change.kind == OBLIGATION]
        if not of_obligations:
            return []
        facts = (fact for change in of_obligations for fact in (change.old, change.new))
        cases = {fact.case: None for fact in facts if fact is not None and fact.case is not None}
        return list(dict.fromkeys(name for case in cases for name in self._members.get(case, ())))

    def of(self, rule: Rule, fact: Fact) -> tuple[DueDate, ...]:
        """The obligations of the fact's case that the rule shows, the soonest first."""
        if rule.alert.due != OBLIGATION or fact.case is None:
            return ()
        obligations = self._obligations.get(fact.case, {}).values()
        shown = [_due_date(each) for each in obligations if _shown(rule, fact, each)]
        return tuple(sorted(shown, key=lambda due: (due.due, due.jurisdiction, due.obligation_id)))

    def _add(self, fact: Fact, case: Key) -> None:
        self._members.setdefault(case, {})[fact.kind, fact.key] = None
        if fact.kind == OBLIGATION:
            self._obligations.setdefault(case, {})[fact.key] = fact

    def _remove(self, fact: Fact, case: Key) -> None:
        self._members.get(case, {}).pop((fact.kind, fact.key), None)
        if fact.kind == OBLIGATION:
            self._obligations.get(case, {}).pop(fact.key, None)


def _shown(rule: Rule, fact: Fact, obligation: Fact) -> bool:
    if fact.kind == OBLIGATION:
        return obligation.key == fact.key
    if rule.alert.duties:
        return _word(obligation, "duty") in rule.alert.duties
    status = obligation.values["status"]
    return not isinstance(status, Coded) or status.words is None or bool(status.words & _STANDING)


def _due_date(obligation: Fact) -> DueDate:
    return DueDate(
        jurisdiction=_word(obligation, "jurisdiction"),
        duty=_word(obligation, "duty_text"),
        day0=str(_exact(obligation, "day0")),
        due=_instant(obligation, "time_to_due"),
        basis=_word(obligation, "basis"),
        obligation_id=obligation.key[0] or "",
    )


def _word(fact: Fact, field: str) -> str:
    value = fact.values[field]
    if not (isinstance(value, Coded) and value.words and value.known):
        raise ValueError(f"obligation {fact.key[0]}: '{field}' must be one word, not {value}")
    return next(iter(value.words))


def _exact(fact: Fact, field: str) -> object:
    value = fact.values[field]
    if not (isinstance(value, Ordered) and value.known):
        raise ValueError(f"obligation {fact.key[0]}: '{field}' must be exact, not {value}")
    return value.low


def _instant(fact: Fact, field: str) -> datetime:
    exact = _exact(fact, field)
    if not isinstance(exact, datetime):
        raise ValueError(f"obligation {fact.key[0]}: '{field}' must be an instant, not {exact}")  # noqa: TRY004 - the value is wrong, not the call
    return exact
