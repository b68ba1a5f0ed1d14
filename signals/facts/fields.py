"""Short ways to write the fields of a kind of fact."""

from __future__ import annotations

from signals.facts.kind import Field, FieldType


def words(name: str, listed: tuple[str, ...], meaning: str, source: str) -> Field:
    """One of a closed list of words."""
    return Field(name, FieldType.WORD, meaning, source, words=listed)


def yes_no(name: str, meaning: str, source: str) -> Field:
    """Yes or no."""
    return words(name, ("yes", "no"), meaning, source)


def text(name: str, meaning: str, source: str) -> Field:
    """Any word: a term, an id."""
    return Field(name, FieldType.TEXT, meaning, source)


def integer(name: str, meaning: str, source: str) -> Field:
    """A count or a grade."""
    return Field(name, FieldType.INTEGER, meaning, source)


def number(name: str, unit: str, meaning: str, source: str) -> Field:
    """A measurement in a UCUM unit."""
    return Field(name, FieldType.NUMBER, meaning, source, unit=unit)


def ratio(name: str, meaning: str, source: str) -> Field:
    """A number without a unit: a probability, a ratio."""
    return Field(name, FieldType.NUMBER, meaning, source)


def day(name: str, meaning: str, source: str) -> Field:
    """A local calendar date."""
    return Field(name, FieldType.DATE, meaning, source)


def instant(name: str, meaning: str, source: str) -> Field:
    """A point in time."""
    return Field(name, FieldType.INSTANT, meaning, source)


def since(name: str, meaning: str, source: str) -> Field:
    """Time gone by since an instant; conditions give a duration."""
    return Field(name, FieldType.SINCE, meaning, source)


def until(name: str, meaning: str, source: str) -> Field:
    """Time left until an instant; conditions give a duration."""
    return Field(name, FieldType.UNTIL, meaning, source)
