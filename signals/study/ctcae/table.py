"""A grading table: the laboratory terms of one version of CTCAE and their limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from signals.study.ctcae.expression import Condition

Direction: TypeAlias = Literal["high", "low"]
Specimen: TypeAlias = Literal["blood", "arterial blood", "urine"]
Version: TypeAlias = Literal["5.0", "6.0"]


@dataclass(frozen=True, slots=True)
class Limit:
    """One grade of a term: CTCAE's words, and the condition in each of the term's units.

    ``conditions`` is empty where only a clinical judgement gives the grade.
    """

    grade: int
    says: str
    conditions: Mapping[str, Condition]


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """One term for one direction of one analyte; a line of one table, and equal to itself only.

    ``units``: those in which CTCAE prints limits, the SI unit first.  ``limits``: from the highest
    grade down.  ``if_no_baseline``: what a comparison with a missing baseline counts as.
    ``assumed``: words taken as yes while nothing is known of them.  ``not_graded``: why the version
    gives no grade, or None.
    """

    term: str
    analyte: str
    test: str
    direction: Direction
    specimen: Specimen
    units: tuple[str, ...]
    limits: tuple[Limit, ...]
    if_no_baseline: bool
    adults_only: bool
    assumed: tuple[str, ...]
    note: str
    not_graded: str | None

    @property
    def names(self) -> frozenset[str]:
        """Every name that a limit of the term uses."""
        conditions = (each for limit in self.limits for each in limit.conditions.values())
        return frozenset().union(*(condition.names() for condition in conditions))


@dataclass(frozen=True, slots=True)
class GradingTable:
    """The laboratory terms of one version."""

    version: Version
    title: str
    terms: tuple[Term, ...]
    by_test: Mapping[str, tuple[Term, ...]]
