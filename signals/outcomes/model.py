"""What an outcome's table holds: who counts how, who was left out and why, and the estimates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from signals.facts.value import Ref
from signals.statistics.counts import Spread
from signals.statistics.proportions import Proportion
from signals.statistics.survival import Median, Point


class Answer(StrEnum):
    """Whether a subject had the event; undetermined never enters a numerator (DOMAIN 1.3)."""

    YES = "yes"
    NO = "no"
    UNDETERMINED = "undetermined"


class Ending(StrEnum):
    """What ended a subject's time."""

    EVENT = "event"
    COMPETING = "competing event"
    CENSORED = "censored"


@dataclass(frozen=True, slots=True)
class Counted:
    """A subject in the denominator of a share; ``since`` is the day of the event."""

    subject: str
    answer: Answer
    why: str = ""
    since: date | None = None
    records: tuple[Ref, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Timed:
    """A subject's time from ``origin`` (day 0) to what ended it."""

    subject: str
    origin: date
    until: date
    ending: Ending
    why: str
    flags: tuple[str, ...] = ()

    @property
    def days(self) -> int:
        """Date minus date (D7); what lies before the origin counts as on it."""
        return max((self.until - self.origin).days, 0)


@dataclass(frozen=True, slots=True)
class Measured:
    """A subject's number, such as days or units."""

    subject: str
    number: int
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A subject of the study who is not in a denominator, and why; ``until`` when, if that passes."""

    subject: str
    why: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """A proportion with its exact interval; ``at_most`` counts the undetermined as events."""

    name: str
    proportion: Proportion
    at_most: int
    members: tuple[Counted, ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """Survival (Kaplan-Meier) or cumulative incidence (Aalen-Johansen) with its median."""

    name: str
    estimator: str
    points: tuple[Point, ...]
    median: Median
    members: tuple[Timed, ...]


@dataclass(frozen=True, slots=True)
class Typical:
    """Median, quartiles and range of a number among subjects."""

    name: str
    unit: str
    spread: Spread
    members: tuple[Measured, ...]


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of items that come in clusters, such as infusions of subjects."""

    name: str
    proportion: Proportion


Measure: TypeAlias = Share | Curve | Typical | Rate


@dataclass(frozen=True, slots=True)
class Outcome:
    """One outcome: its code and title, population, window in words, estimates and who is missing."""

    code: str
    title: str
    population: str
    window: str
    measures: tuple[Measure, ...]
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = ()
