"""A rule as the engine sees it: read, checked, every list and parameter resolved.

``read`` and ``check`` make these from the pages of a pack; ``judge`` and ``matcher`` evaluate them,
each in its own way.  Nothing here knows YAML, files or durable-rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Literal, TypeAlias

Limit: TypeAlias = Decimal | date | timedelta
"""A limit in the unit of its field: a number, a local date, or (running fields) a duration."""

Operator: TypeAlias = Literal["<", "<=", ">", ">=", "=", "!="]


class Verdict(StrEnum):
    """Kleene's three answers."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Status(StrEnum):
    """The ladder of a rule: a draft is listed, shadow is judged but not published."""

    DRAFT = "draft"
    SHADOW = "shadow"
    ACTIVE = "active"
    RETIRED = "retired"


class Priority(StrEnum):
    """Of an alert, most urgent first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"


class Ends(StrEnum):
    """How an alert that is no longer true may end (RULE_FORMAT, states of an alert)."""

    WHEN_NO_LONGER_TRUE = "when no longer true"
    NEEDS_SIGN_OFF = "needs sign-off"
    BY_DECISION = "by decision"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class OneOf:
    """The field is one of the words (``negated``: none of them).  Letter case is ignored."""

    field: str
    words: frozenset[str]
    text: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Compare:
    """The field stands in this relation to the limit; ``=`` and ``!=`` for numbers and dates too."""

    field: str
    operator: Operator
    limit: Limit
    text: str


@dataclass(frozen=True, slots=True)
class Between:
    """The field lies from low to high, both ends included."""

    field: str
    low: Limit
    high: Limit
    text: str


@dataclass(frozen=True, slots=True)
class Known:
    """The field has (``yes`` False: has not) exactly one possibility.  Never not yet known."""

    field: str
    yes: bool
    text: str


@dataclass(frozen=True, slots=True)
class MayBe:
    """Some possibility of the field fits the inner condition.  Never not yet known."""

    inner: OneOf | Compare | Between
    text: str

    @property
    def field(self) -> str:
        """The field of the inner condition."""
        return self.inner.field


Condition: TypeAlias = OneOf | Compare | Between | Known | MayBe
"""``text`` is the condition as its author wrote it, parameters filled in."""


@dataclass(frozen=True, slots=True)
class Is:
    """The criterion of this name holds."""

    criterion: str


@dataclass(frozen=True, slots=True)
class Not:
    """The inner expression does not hold."""

    inner: Expression


@dataclass(frozen=True, slots=True)
class AllOf:
    """All parts hold; of none, yes."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds; of none, no."""

    parts: tuple[Expression, ...]


Expression: TypeAlias = Is | Not | AllOf | AnyOf


@dataclass(frozen=True, slots=True)
class Exception_:  # noqa: N801 - the word of the language, not a Python exception
    """A named reason not to fire.  Not yet known, it holds nothing off; it is shown as assumed."""

    name: str
    why: str
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Assume:
    """A condition left not yet known by this field is decided with this value."""

    value: str | Decimal | date


@dataclass(frozen=True, slots=True)
class LeaveTo:
    """A condition left not yet known by this field counts against firing: ``rule`` takes it."""

    rule: str


IfUnknown: TypeAlias = Assume | LeaveTo
"""A field without an entry is asked for: the alert is ``possible``."""


@dataclass(frozen=True, slots=True)
class PriorityWhen:
    """This priority when the expression is not certainly no; None is ``otherwise``."""

    priority: Priority
    when: Expression | None = None


@dataclass(frozen=True, slots=True)
class AlertSpec:
    """What an alert of the rule says, to whom, and how it ends.

    ``sign_off_when``: while it is not certainly no, an untrue alert waits for a signature
    (``withdrawal_pending``) whatever ``ends`` says; see docs/decisions/0003-sign-off-when.md.
    ``due``: ``obligation`` or ``none``; ``duties`` narrows it to some duties of the case.
    """

    topic: str
    about: tuple[str, ...]
    headline: str
    ends: Ends
    group: str | None = None
    send_to: tuple[str, ...] = ()
    due: Literal["obligation", "none"] = "none"
    duties: tuple[str, ...] = ()
    decision: str | None = None
    sign_off_when: Expression | None = None
    replaces: tuple[str, ...] = ()
    next_steps: tuple[str, ...] = ()
    notify_possible: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One page of the pack.  ``version`` and ``hash`` come from the lock, never from the author."""

    code: str
    title: str
    status: Status
    judges: str
    source: str
    meaning: str
    criteria: tuple[tuple[str, tuple[Condition, ...]], ...]
    fires_when: Expression
    unless: tuple[Exception_, ...]
    if_unknown: tuple[tuple[str, IfUnknown], ...]
    priority: tuple[PriorityWhen, ...]
    alert: AlertSpec
    known_false_alarms: tuple[str, ...]
    owner: str
    version: int
    hash: str
