"""Kinds of fact for tests of the reader: one field of every type, and a second kind."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from signals.facts.kind import Field, FieldType


@dataclass(frozen=True)
class Kind:
    name: str
    about: tuple[str, ...]
    fields: MappingProxyType[str, Field]


def field(name: str, type_: FieldType, *words: str, unit: str | None = None) -> Field:
    return Field(name, type_, f"what {name} means", "the tests", unit, words)


def kind(name: str, about: tuple[str, ...], *fields: Field) -> Kind:
    return Kind(name, about, MappingProxyType({each.name: each for each in fields}))


ADVERSE_EVENT = kind(
    "adverse event",
    ("subject", "adverse event"),
    field("term", FieldType.TEXT),
    field("window", FieldType.WORD, "inside", "outside"),
    field("causality", FieldType.WORD, "related", "not related"),
    field("serious", FieldType.WORD, "yes", "no"),
    field("grade", FieldType.INTEGER),
    field("platelets", FieldType.NUMBER, unit="10*9/L"),
    field("ratio", FieldType.NUMBER),
    field("onset", FieldType.DATE),
    field("seen_at", FieldType.INSTANT),
    field("since_receipt", FieldType.SINCE),
    field("time_to_due", FieldType.UNTIL),
)
DEATH = kind("death", ("subject",), field("dead", FieldType.WORD, "yes", "no"))
DICTIONARY: dict[str, Any] = {each.name: each for each in (ADVERSE_EVENT, DEATH)}
