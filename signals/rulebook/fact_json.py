"""A fact as plain data for JSON, and the schema of that."""

from __future__ import annotations

from typing import Any

from signals.facts.kind import Fact, FactKind, Field, FieldType
from signals.rulebook.read_dictionary import FactKindDoc
from signals.rulebook.texts import value_json

_Schema = dict[str, Any]
_INSTANT: _Schema = {"type": "string", "format": "date-time"}
_EXACT: dict[FieldType, _Schema] = {
    FieldType.INTEGER: {"type": "integer"},
    FieldType.NUMBER: {"type": "string", "description": "The number in its decimals."},
    FieldType.DATE: {"type": "string", "format": "date"},
    FieldType.INSTANT: _INSTANT,
    FieldType.SINCE: _INSTANT,
    FieldType.UNTIL: _INSTANT,
    FieldType.TEXT: {"type": "string"},
}


def fact_json(fact: Fact, kind: FactKind) -> dict[str, Any]:
    """The fact with what it is about and every field, as ``value_json`` writes them."""
    about = dict(zip(kind.about, fact.key, strict=True))
    fields = {name: value_json(fact.values[name], field) for name, field in kind.fields.items()}
    return {"kind": fact.kind, "about": about, **fields}


def fact_schema(kind: FactKindDoc) -> dict[str, Any]:
    """JSON Schema of the facts of a kind, strict about unknown keys."""
    fields = {name: _field(field) for name, field in kind.fields.items()}
    about = {name: {"type": ["string", "null"]} for name in kind.about}
    return {
        "type": "object",
        "title": kind.name,
        "properties": {"kind": {"const": kind.name}, "about": _object(about), **fields},
        "required": ["kind", "about", *fields],
        "additionalProperties": False,
    }


def _field(field: Field) -> _Schema:
    unit = f" ({field.unit})" if field.unit else ""
    described = {"description": f"{field.meaning}{unit}; null: nothing is known."}
    if field.type is FieldType.WORD:
        exact: _Schema = {"enum": list(field.words)}
    else:
        exact = _EXACT[field.type]
    coded = field.type in {FieldType.WORD, FieldType.TEXT}
    return {**described, "anyOf": [exact, _one_of(exact) if coded else _bounds(exact), _NULL]}


_NULL: _Schema = {"type": "null"}


def _one_of(exact: _Schema) -> _Schema:
    return _object({"one_of": {"type": "array", "items": exact, "minItems": 2}})


def _bounds(exact: _Schema) -> _Schema:
    bound, is_open = {"anyOf": [exact, _NULL]}, {"type": "boolean"}
    return _object({"low": bound, "high": bound, "low_open": is_open, "high_open": is_open})


def _object(properties: dict[str, Any]) -> _Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
