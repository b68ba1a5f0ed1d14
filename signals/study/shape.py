"""A tree with places against a schema: every misfit becomes a problem at its own place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, TypeVar, get_args, get_origin

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import ErrorDetails

from signals.study.places import Node, Sequence, Table, Text, plain
from signals.study.problems import Place, Problems, did_you_mean, nearest


def _yes_or_no(text: object) -> bool:
    if text not in {"yes", "no"}:
        raise ValueError(f"'{text}' is not yes or no")
    return text == "yes"


YesNo = Annotated[bool, BeforeValidator(_yes_or_no), WithJsonSchema({"enum": ["yes", "no"]})]


class Shape(BaseModel):
    """A part of a file: unknown keys are errors, and nothing has a silent default."""

    model_config = ConfigDict(extra="forbid", frozen=True)


S = TypeVar("S", bound=Shape)


def fit(schema: type[S], node: Node, problems: Problems) -> S | None:
    """The tree as the schema reads it, or None with problems SR010 to SR013."""
    try:
        return schema.model_validate(plain(node))
    except ValidationError as error:
        details = error.errors(include_url=False)
        for detail in details:
            if not _is_misspelt(detail, details):
                _tell(detail, schema, node, problems)
        return None


def _is_misspelt(detail: ErrorDetails, details: Iterable[ErrorDetails]) -> bool:
    """Whether a missing key stands there under a name that will be told to be a wrong one."""
    if detail["type"] != "missing":
        return False
    *parent, name = detail["loc"]
    beside = [
        str(each["loc"][-1])
        for each in details
        if each["type"] == "extra_forbidden" and list(each["loc"][:-1]) == parent
    ]
    return bool(nearest(str(name), beside))


def _tell(detail: ErrorDetails, schema: type[Shape], node: Node, problems: Problems) -> None:
    loc = detail["loc"]
    name = str(loc[-1]) if loc else ""
    kind = detail["type"]
    if kind == "extra_forbidden":
        message = f"'{name}' is not a key of {_what(loc[:-1])}"
        known = _keys(schema, loc[:-1])
        problems.error("SR010", key_place(node, loc), message, did_you_mean(name, known))
    elif kind == "missing":
        message = f"{_what(loc[:-1])} does not state '{name}'"
        problems.error(
            "SR011", key_place(node, loc[:-1]), message, f"add '{name}:'; nothing is guessed"
        )
    elif kind == "literal_error":
        allowed = [word.strip("' ") for word in _expected(detail).replace(" or ", ",").split(",")]
        key = next((part for part in reversed(loc) if isinstance(part, str)), "")
        message = f"'{detail['input']}' is not a value of '{key}'"
        problems.error(
            "SR012",
            value_place(node, loc),
            message,
            did_you_mean(str(detail["input"]), allowed) or "known: " + ", ".join(allowed),
        )
    else:
        message = f"{_what(loc)}: {_reason(detail)}"
        problems.error("SR013", value_place(node, loc), message)


def _what(loc: Iterable[int | str]) -> str:
    path = ".".join(str(part) for part in loc)
    return f"'{path}'" if path else "the file"


def _expected(detail: ErrorDetails) -> str:
    return str(detail.get("ctx", {}).get("expected", ""))


def _reason(detail: ErrorDetails) -> str:
    if detail["type"] == "value_error":
        return str(detail["ctx"]["error"])
    if detail["type"] in _EMPTY:
        return "nothing stands here, and something must"
    wanted = _WANTED.get(detail["type"])
    given = detail["input"]
    shown = f"'{given}'" if isinstance(given, str) else "what stands here"
    if wanted:
        return f"{shown} is not {wanted}"
    return f"{shown}: {detail['msg'][:1].lower()}{detail['msg'][1:]}"


_EMPTY = {"too_short", "string_too_short"}
_WANTED = {
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "decimal_parsing": "a number",
    "decimal_type": "a number",
    "date_from_datetime_parsing": "a date as in 2026-03-01",
    "date_parsing": "a date as in 2026-03-01",
    "string_type": "a text",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "a table of keys and values",
    "model_type": "a table of keys and values",
}


def _keys(schema: type[Shape], loc: Iterable[int | str]) -> list[str]:
    """The keys that the schema knows at this path."""
    here: Any = schema
    for part in loc:
        if isinstance(here, type) and issubclass(here, BaseModel):
            here = next(
                (
                    field.annotation
                    for name, field in here.model_fields.items()
                    if part in {name, field.alias}
                ),
                None,
            )
            here = _model_in(here)
    if isinstance(here, type) and issubclass(here, BaseModel):
        return [field.alias or name for name, field in here.model_fields.items()]
    return []


def _model_in(annotation: Any) -> Any:
    """The schema inside ``X | None``, ``tuple[X, ...]`` or ``dict[str, X]``."""
    if get_origin(annotation) is None:
        return annotation
    inner = [_model_in(arg) for arg in get_args(annotation)]
    models = [arg for arg in inner if isinstance(arg, type) and issubclass(arg, BaseModel)]
    return models[0] if models else None


def value_place(node: Node, loc: Iterable[int | str]) -> Place:
    """The place of the value at this path, or of the last part of the path that is there."""
    for part in loc:
        deeper = _step(node, part)
        if deeper is None:
            break
        node = deeper
    return node.place


def key_place(node: Node, loc: Iterable[int | str]) -> Place:
    """The place of the key at this path (of an item of a list, or of the file: its own place)."""
    parts = list(loc)
    if not parts:
        return node.place
    parent: Node = node
    for part in parts[:-1]:
        deeper = _step(parent, part)
        if deeper is None:
            return parent.place
        parent = deeper
    if isinstance(parent, Table):
        key = parent.key(str(parts[-1]))
        return parent.place if key is None else key.place
    return value_place(parent, parts[-1:])


def _step(node: Node, part: int | str) -> Node | None:
    if isinstance(node, Table):
        return node.get(str(part))
    if isinstance(node, Sequence) and isinstance(part, int) and part < len(node.items):
        return node.items[part]
    return None


def flatten(node: Node, prefix: str = "") -> dict[str, str]:
    """Every scalar under its path joined by ``_``: ``dlt: {g3: {min_grade: 3}}`` is dlt_g3_min_grade."""
    if isinstance(node, Text):
        return {prefix: node.text}
    if isinstance(node, Sequence):
        return {}
    found: dict[str, str] = {}
    for key, value in node.entries:
        found |= flatten(value, f"{prefix}_{key.text}" if prefix else key.text)
    return found
