"""Reading the data of an event: a field that cannot be read costs only itself."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, get_args

from pydantic import ValidationError

from signals.events.problems import Problem, nearest, path_of, pointer, shown
from signals.events.values import Contradiction, Data, Part, Place

Path = tuple[str | int, ...]

_ALLOWED = {
    "string_type": "text in quotes",
    "string_pattern_mismatch": "text that is not blank",
    "int_type": "an integer",
    "greater_than_equal": "an integer from {ge} on",
    "less_than_equal": "an integer up to {le}",
    "bool_type": "true or false",
    "model_type": "an object",
    "model_attributes_type": "an object",
    "dict_type": "an object",
    "tuple_type": "a list",
}
_PLACE = re.compile("[0-9]{1,9}")
_WITHOUT_VALUE = frozenset({"string_type", "string_pattern_mismatch"})


def read_data(
    model: type[Data], data: dict[str, Any], place: Place, known: Iterable[str] = ()
) -> tuple[Data, tuple[Problem, ...]]:
    """The data as far as it can be read, and a problem for each field that cannot.

    `known` are the JSON pointers of problems found before; their fields are unknown, and not
    listed again.
    """
    prefix = "/data/"
    lost = [path_of(text)[1:] for text in known if text.startswith(prefix)]
    if lost:
        data = without(data, lost)
    try:
        found = model.model_validate(data, context=place)
    except ValidationError as error:
        return _read_rest(model, data, place, error)
    odd = found.contradiction()
    return (found, ()) if odd is None else _without_contradiction(model, data, place, odd)


def _read_rest(
    model: type[Data], data: dict[str, Any], place: Place, error: ValidationError
) -> tuple[Data, tuple[Problem, ...]]:
    wrong = error.errors(include_url=False)
    problems = tuple(_problem(model, item) for item in wrong)
    left = without(data, [item["loc"] for item in wrong])
    if left == data:  # nothing to take out: better nothing known than no end
        return model(), problems
    rest, further = read_data(model, left, place)
    return rest, problems + further


def _without_contradiction(
    model: type[Data], data: dict[str, Any], place: Place, odd: Contradiction
) -> tuple[Data, tuple[Problem, ...]]:
    problem = Problem(
        pointer(("data", *odd.path)), f"{odd.reason}; the field is unknown", odd.allowed
    )
    rest, further = read_data(model, without(data, [odd.path]), place)
    return rest, (problem, *further)


def without(data: dict[str, Any], paths: Iterable[Path]) -> dict[str, Any]:
    """A copy of the data without what stands at the paths."""
    copy: dict[str, Any] = _copied(data)
    for path in sorted({tuple(map(str, path)) for path in paths}, key=_last_first):
        _remove(copy, path)
    return copy


def _last_first(path: tuple[str, ...]) -> tuple[object, ...]:
    """Items are taken out of a list from its end, so that the places before them stay."""
    return tuple((-int(part), "") if _PLACE.fullmatch(part) else (0, part) for part in path)


def _remove(value: Any, path: tuple[str, ...]) -> None:
    *parents, last = path
    for part in parents:
        value = _item(value, part)
    if isinstance(value, dict):
        value.pop(last, None)
    elif isinstance(value, list) and _is_place(last, value):
        value.pop(int(last))


def _item(value: Any, part: str) -> Any:
    if isinstance(value, dict):
        return value.get(part)
    if isinstance(value, list) and _is_place(part, value):
        return value[int(part)]
    return None


def _is_place(part: str, items: list[Any]) -> bool:
    return _PLACE.fullmatch(part) is not None and int(part) < len(items)


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value


def _problem(model: type[Data], error: Any) -> Problem:
    path: Path = error["loc"]
    where = pointer(("data", *path))
    if error["type"] == "extra_forbidden":
        return _unknown_key(model, where, path)
    reason, allowed = _reason(error)
    return Problem(where, f"{reason}; the field is unknown", allowed)


def _unknown_key(model: type[Data], where: str, path: Path) -> Problem:
    keys = list(_keys_at(model, path[:-1]))
    meant = nearest(path[-1], keys)
    message = (
        f'"{shown(path[-1]).strip(chr(34))}" is not a known key; its value is kept but not used'
    )
    return Problem(where, message, f"{meant} (the nearest known key)" if meant else ", ".join(keys))


def _reason(error: Any) -> tuple[str, str]:
    kind, context, value = error["type"], error.get("ctx", {}), error["input"]
    if kind == "unreadable":
        return error["msg"], context["allowed"]
    if kind == "literal_error":
        words = re.findall(r"'([^']*)'", context["expected"])
        meant = nearest(value, words)
        hint = f" (the nearest is {meant})" if meant else ""
        return f"{shown(value)} is not a known word{hint}", "one of " + ", ".join(words)
    known = _ALLOWED.get(kind)
    allowed = known.format_map(context) if known else error["msg"].removeprefix("Input should be ")
    if kind in _WITHOUT_VALUE:
        return f"is not {allowed}", allowed
    return f"{shown(value)} is not {allowed}", allowed


def _keys_at(model: type[Part], path: Path) -> Iterator[str]:
    """The keys that the object at a path may have."""
    found = model
    for part in path:
        if isinstance(part, int):
            continue
        field = next(f for name, f in found.model_fields.items() if (f.alias or name) == part)
        found = next(_parts_of(field.annotation))
    return (field.alias or name for name, field in found.model_fields.items())


def _parts_of(annotation: Any) -> Iterator[type[Part]]:
    if isinstance(annotation, type) and issubclass(annotation, Part):
        yield annotation
    for inner in get_args(annotation):
        yield from _parts_of(inner)
