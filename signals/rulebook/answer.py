"""What judging a fact by a rule gives: a verdict, and why."""

from __future__ import annotations

from datetime import datetime

from signals.facts.kind import Fact, Key
from signals.facts.value import Ref
from signals.immutable import immutable
from signals.rulebook.spec import Priority, Rule, Verdict


@immutable(frozen=True, slots=True)
class Leaf:
    """One condition on one field, with what the field was and what came of it."""

    criterion: str
    field: str
    value: str
    unit: str | None
    condition: str
    verdict: Verdict
    records: tuple[Ref, ...]


@immutable(frozen=True, slots=True)
class Missing:
    """A field that keeps the answer from being yes or no, and what would settle it."""

    criterion: str
    field: str
    condition: str
    value: str
    records: tuple[Ref, ...]


@immutable(frozen=True, slots=True)
class Assumed:
    """What was taken for true without a record that says so, and on whose word (why)."""

    field: str
    value: str
    why: str


@immutable(frozen=True, slots=True)
class DueDate:
    """One open obligation of the case of an alert (DOMAIN 4.3, 4.4)."""

    jurisdiction: str
    duty: str
    day0: str
    due: datetime
    basis: str
    obligation_id: str


@immutable(frozen=True, slots=True)
class Answer:
    """The answer of one rule about one fact at an instant; independent of how we got there.

    ``because`` holds, for yes, the leaves that make it so; for unknown those and the undecided
    ones; for no the leaves that now fail (empty when the fact is gone).  ``waits`` says that
    ``sign_off_when`` holds while the rule is untrue.  ``moved_to`` is the key that took over.
    """

    rule: Rule
    key: Key
    verdict: Verdict
    priority: Priority
    headline: str
    because: tuple[Leaf, ...]
    missing: tuple[Missing, ...]
    assumed: tuple[Assumed, ...]
    due: tuple[DueDate, ...] = ()
    waits: bool = False
    moved_to: Key | None = None
    fact: Fact | None = None
