"""What a JSON pointer into an event points at: a date, another field, or no known key."""

from datetime import datetime
from functools import lru_cache
from typing import Any, Literal, get_args

from signals.events.dates import PartialDate
from signals.events.envelope import SENT_KEYS
from signals.events.kinds import KINDS
from signals.events.problems import path_of
from signals.events.values import Part

Holds = Literal["a date", "another field", "no known key"]

_ENVELOPE_DATES = {"recorded_at", "effective_from", "ingested_at"}


@lru_cache(maxsize=4096)
def holds(kind: str, pointer: str) -> Holds:
    """What stands at a pointer into an event of a kind, by the kind's model."""
    first, *rest = path_of(pointer)
    if first != "data" or not rest:
        if first not in (*SENT_KEYS, "data"):
            return "no known key"
        return "a date" if first in _ENVELOPE_DATES else "another field"
    annotation: Any = KINDS[kind]
    for part in rest:
        if part.isdigit():
            continue
        found = _field(annotation, part)
        if found is None:
            return "no known key"
        annotation = found
    return "a date" if _is_date(annotation) else "another field"


def _field(annotation: Any, name: str) -> Any:
    for model in _models(annotation):
        for own, field in model.model_fields.items():
            if (field.alias or own) == name:
                return (field.annotation, *field.metadata)
    return None


def _models(annotation: Any) -> list[type[Part]]:
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return [annotation]
    return [model for inner in _inner(annotation) for model in _models(inner)]


def _is_date(annotation: Any) -> bool:
    if isinstance(annotation, type):
        return issubclass(annotation, PartialDate | datetime)
    return any(_is_date(inner) for inner in _inner(annotation))


def _inner(annotation: Any) -> tuple[Any, ...]:
    return annotation if isinstance(annotation, tuple) else get_args(annotation)
