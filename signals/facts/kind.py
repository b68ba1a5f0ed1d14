"""What a kind of fact is: its fields, and how it follows the records.

A fact is a flat, typed statement derived from the records: an adverse event with its effective
onset, an obligation with its due date.  Rules judge one fact at a time; whatever needs history,
windows or several records is a field here.  A kind says which keys exist, which of them a change
touches and how one is derived, so that the monitor derives touched facts only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol, Self, TypeAlias, runtime_checkable

from signals.facts.value import Value
from signals.immutable import immutable

if TYPE_CHECKING:
    from signals.chart.chart import Chart, RecordKey
    from signals.chart.view import View
    from signals.events import Record
    from signals.study.model import Study

Key: TypeAlias = tuple[str | None, ...]
"""The values of ``about``, in its order; a subject not yet known is None."""


_RESULT = "lab-result"


class FieldType(StrEnum):
    """How the possibilities of a field are written and compared."""

    INTEGER = "integer"  # counts and grades; Ordered of whole Decimals
    NUMBER = "number"  # measurements, in ``unit``; Ordered of Decimals
    DATE = "date"  # local calendar dates; Ordered of dates
    INSTANT = "instant"  # Ordered of aware datetimes
    SINCE = "since"  # holds an instant; a condition compares (now - instant) with a duration
    UNTIL = "until"  # holds an instant; a condition compares (instant - now) with a duration
    WORD = "word"  # Coded, from the closed list ``words``
    TEXT = "text"  # Coded, any word: terms, ids


@immutable(frozen=True, slots=True)
class Field:
    """One field of a kind of fact, as the dictionary (``signals rules facts``) prints it."""

    name: str
    type: FieldType
    meaning: str
    source: str
    unit: str | None = None
    words: tuple[str, ...] = ()


@immutable(frozen=True, slots=True)
class Fact:
    """What is known of one thing at one time.

    ``values`` holds every field of the kind.  ``case`` names the case (subject, case) whose due
    dates belong to the fact.  ``clinical_at`` is the latest instant at which the thing itself
    happened: evidence that came long after it makes an alert late.  ``decided`` holds the kinds of
    decision in force that end an alert about it (``ends: by decision``), or that were ``refused``.
    ``detail`` is what kinds above read beside the fields.
    """

    kind: str
    key: Key
    values: Mapping[str, Value]
    subject_id: str | None = None
    site_id: str | None = None
    case: Key | None = None
    clinical_at: datetime | None = None
    decided: frozenset[str] = field(default=frozenset())
    detail: object = None


def refused(decision: str) -> str:
    """How ``decided`` names a sign-off that was asked for and refused (RULE_FORMAT, "upheld")."""
    return f"{decision} refused"


@immutable(frozen=True, slots=True)
class RecordChange:
    """A record of the chart got another current version, or another history.

    ``kind``, ``subject_id``, ``record_id`` name the record as the chart files it; a record that
    moved from an unknown to a known subject changes under both names.  ``versions`` are those now
    read under the name, voids among them, in the order of their numbers; ``ever`` those that ever
    were.  ``person``: all numbers of the person; ``moved``: where the record went, if it was entered
    under a wrong name.
    """

    kind: str
    subject_id: str | None
    record_id: str
    versions: tuple[Record, ...]
    ever: Sequence[Record]
    person: tuple[str | None, ...]
    moved: RecordKey | None

    @classmethod
    def of(cls, key: RecordKey, chart: Chart) -> Self:
        """What the chart now says of a record; every kind is asked about it, and looks here."""
        versions, person = chart.history(key), chart.person(key[1])
        return cls(*key, versions, chart.ever(*key), person, chart.moved_to(*key))

    def numbers(self, chart: Chart) -> tuple[str | None, ...]:
        """All numbers of the person, and of the person to whom the record moved."""
        moved = self.moved
        return self.person if moved is None else (*self.person, *chart.person(moved[1]))


@immutable(frozen=True, slots=True)
class FactChange:
    """A fact of a lower kind appeared, changed or went away (None)."""

    kind: str
    key: Key
    old: Fact | None
    new: Fact | None


Change: TypeAlias = RecordChange | FactChange


def results_of_tests(tests: Iterable[str]) -> frozenset[str]:
    """Results of these laboratory tests (LBTESTCD), as a kind says that it ``hears`` them."""
    return frozenset([f"{_RESULT}/{test}" for test in tests])


def heard_as(record_kind: str, changes: Iterable[RecordChange]) -> frozenset[str]:
    """What a kind must hear, one of these at least, that may be touched by any of the changes.

    They are of one kind of record; a result counts by the tests of all its versions.
    """
    if record_kind != _RESULT:
        return frozenset((record_kind,))
    return _with_tests(
        frozenset([version.data.test for change in changes for version in change.versions])
    )


@lru_cache(maxsize=1024)
def _with_tests(tests: frozenset[str]) -> frozenset[str]:
    return results_of_tests(tests) | {_RESULT}


class FactSource(Protocol):
    """Where a kind finds the facts of the kinds it ``reads``."""

    def get(self, kind: str, key: Key) -> Fact | None:
        """The fact as last derived, or None if there is none."""
        ...

    def of_kind(self, kind: str) -> Mapping[Key, Fact]:
        """All facts of a kind as last derived, in no order that means anything."""
        ...


@immutable(frozen=True, slots=True)
class Context:
    """All that a derivation may look at: no clock, no file, no network."""

    study: Study
    chart: Chart
    facts: FactSource

    @property
    def view(self) -> View:
        """The chart as it is now known."""
        return self.chart.view


class FactKind(Protocol):
    """One clinical idea.  Instances hold no state: everything follows from the context."""

    @property
    def name(self) -> str:
        """The kind, as rules name it."""
        ...

    @property
    def about(self) -> tuple[str, ...]:
        """The names of the parts of a key; alerts about a fact bear them."""
        ...

    @property
    def fields(self) -> Mapping[str, Field]:
        """Every field by its name."""
        ...

    @property
    def reads(self) -> tuple[str, ...]:
        """The kinds whose facts it looks at; each comes before it in the registry."""
        ...

    @property
    def hears(self) -> frozenset[str]:
        """The kinds of record by which ``touched_by`` may name a key.

        Of laboratory results those of some tests alone (``results_of_tests``), or ``lab-result``.
        """
        ...

    def keys(self, ctx: Context) -> Iterable[Key]:
        """Every key that has a fact now; used to derive from scratch."""
        ...

    def touched_by(self, change: Change, ctx: Context) -> Iterable[Key]:
        """The keys whose fact may be another after the change (too many is right, too few wrong)."""
        ...

    def derive(self, key: Key, ctx: Context) -> Fact | None:
        """The fact, or None when nothing (or nothing any more) is known under the key."""
        ...

    def moved_to(self, key: Key, ctx: Context) -> Key | None:
        """The key that took this one's place (case joined, subject found), if any."""
        ...


@runtime_checkable
class PutsOff(Protocol):
    """A kind of fact that no other reads, and that records mostly put off: it may be derived later."""

    def only_puts_off(self, fact: Fact, ctx: Context) -> bool:
        """Whether of a fact as last derived, by the records, only this is another: time runs later.

        The instants of its fields ``since`` and ``until`` may move later, and its ``retold`` fields
        may say something else.
        """
        ...

    @property
    def retold(self) -> frozenset[str]:
        """The fields that say in words since when time runs: it waits if no rule reads them."""
        ...
