"""A value is the set of what a field may be.

Known and unknown are not enough for clinical data: ``<0.1``, a partial date or a grade of 1 or 2
say something, yet not everything.  An ordered value is an interval, a coded value a set of words;
nothing known is the widest of each.  Every value also names the record versions it rests on and
what the domain made us assume, so that an alert can be explained leaf by leaf.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple, Self, TypeAlias

from signals.immutable import immutable

Scalar: TypeAlias = Decimal | date | datetime
"""What an ordered value is made of; one field only ever holds one of the three."""


class Ref(NamedTuple):
    """One version of one record: what evidence points at."""

    kind: str
    subject_id: str | None
    record_id: str
    version: int


@immutable(frozen=True, slots=True)
class Value:
    """What every value carries beside its possibilities."""

    records: tuple[Ref, ...] = ()
    assumed: tuple[str, ...] = ()

    def resting_on(self, *records: Ref) -> Self:
        """The same possibilities, resting on these record versions (sorted, each once)."""
        found = in_order(records)
        return self if found == self.records else self.told(found, self.assumed)

    def assuming(self, *why: str) -> Self:
        """The same possibilities, with what was assumed in plain words."""
        return self.told(self.records, self.assumed + why) if why else self

    def told(self, records: tuple[Ref, ...], assumed: tuple[str, ...] = ()) -> Self:
        """The same possibilities, resting on these records (``in_order``) and assumptions alone.

        The kinds of value do it faster.
        """
        return replace(self, records=records, assumed=assumed)


@immutable(frozen=True, slots=True)
class Ordered(Value):
    """All numbers, dates or instants from ``low`` to ``high``; None is without bound."""

    low: Scalar | None = None
    high: Scalar | None = None
    low_open: bool = False
    high_open: bool = False

    def told(self, records: tuple[Ref, ...], assumed: tuple[str, ...] = ()) -> Self:
        """As of every value."""
        return type(self)(records, assumed, self.low, self.high, self.low_open, self.high_open)

    @property
    def known(self) -> bool:
        """Exactly one possibility."""
        return (
            self.low is not None and self.low == self.high and not (self.low_open or self.high_open)
        )

    @property
    def unknown(self) -> bool:
        """Nothing is known: no bound on either side."""
        return self.low is None and self.high is None


@immutable(frozen=True, slots=True)
class Coded(Value):
    """One of ``words``; None is any word at all."""

    words: frozenset[str] | None = None

    def told(self, records: tuple[Ref, ...], assumed: tuple[str, ...] = ()) -> Self:
        """As of every value."""
        return type(self)(records, assumed, self.words)

    @property
    def known(self) -> bool:
        """Exactly one possibility."""
        return self.words is not None and len(self.words) == 1

    @property
    def unknown(self) -> bool:
        """Nothing is known: any word."""
        return self.words is None


ANY_WORD = Coded()
ANY_ORDERED = Ordered()
YES = Coded(words=frozenset({"yes"}))
NO = Coded(words=frozenset({"no"}))
YES_OR_NO = Coded(words=frozenset({"yes", "no"}))


@lru_cache(maxsize=4096)
def word(*words: str) -> Coded:
    """A coded value that is one of these words."""
    return Coded(words=frozenset(words))


def exactly(value: Scalar | int) -> Ordered:
    """An ordered value with one possibility."""
    return _whole(value) if isinstance(value, int) else Ordered(low=value, high=value)


@lru_cache(maxsize=4096)
def _whole(value: int) -> Ordered:
    scalar = Decimal(value)
    return Ordered(low=scalar, high=scalar)


def between(low: Scalar | int | None, high: Scalar | int | None) -> Ordered:
    """An ordered value from ``low`` to ``high``, both ends possible."""
    return Ordered(
        low=Decimal(low) if isinstance(low, int) else low,
        high=Decimal(high) if isinstance(high, int) else high,
    )


def flag(answer: bool | None) -> Coded:
    """Yes, no, or (None) not known."""
    return YES_OR_NO if answer is None else YES if answer else NO


def in_order(records: tuple[Ref, ...]) -> tuple[Ref, ...]:
    """Sorted, each once, as a value has them."""
    return _sorted_once(records) if len(records) > 1 else records


@lru_cache(maxsize=4096)
def _sorted_once(records: tuple[Ref, ...]) -> tuple[Ref, ...]:
    """Kept, for several values of a fact rest on the same records."""
    subjects = {each.subject_id for each in records}
    return tuple(sorted(set(records), key=_ref_order if None in subjects else None))


def _ref_order(ref: Ref) -> tuple[str, str, str, int]:
    return (ref.kind, ref.subject_id or "", ref.record_id, ref.version)


def resting(values: Mapping[str, Value], *records: Ref) -> dict[str, Value]:
    """Several values, all of them resting on these record versions."""
    found = in_order(records)
    return {
        name: value if value.records == found else value.told(found, value.assumed)
        for name, value in values.items()
    }
