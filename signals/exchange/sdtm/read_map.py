"""Read a map file strictly: an unknown key or word is an error with its place and the nearest word."""

import difflib
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from signals.exchange.sdtm.study_map import StudyMap


class MapError(Exception):
    """A map file that cannot be used; each line of the message names a place and what to do."""


def read_map(path: Path) -> StudyMap:
    """Read a map file. Raises MapError listing every fault with its line and column."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as problem:
        raise MapError(f"{path}: the map cannot be read: {problem.strerror}") from problem
    except UnicodeError as problem:
        raise MapError(f"{path}: the map is not UTF-8 text; save it as UTF-8") from problem
    return parse_map(text, str(path))


def parse_map(text: str, name: str) -> StudyMap:
    """Read the text of a map file; `name` is how the messages call it."""
    tree = _tree(text, name)
    try:
        return StudyMap.model_validate(_plain(tree))
    except ValidationError as problem:
        lines = (f"{name}:{_place(tree, each)}: {_fault(each)}" for each in problem.errors())
        raise MapError("\n".join(lines)) from problem


def _tree(text: str, name: str) -> Any:
    try:
        tree = YAML(typ="rt", pure=True).load(StringIO(text))
    except MarkedYAMLError as problem:
        mark = problem.problem_mark
        place = f"{mark.line + 1}:{mark.column + 1}" if mark else "1:1"
        raise MapError(f"{name}:{place}: not YAML: {problem.problem}") from problem
    except YAMLError as problem:
        raise MapError(f"{name}: not YAML: {problem}") from problem
    if tree is None:
        return CommentedMap()
    if not isinstance(tree, CommentedMap):
        raise MapError(f"{name}:1:1: a map is a list of `key: value` lines")
    return tree


def _plain(node: Any) -> Any:
    """Take the comments and places off; a word that YAML reads as a number is a word again."""
    if isinstance(node, CommentedMap):
        return {str(key): _plain(value) for key, value in node.items()}
    if isinstance(node, CommentedSeq):
        return [_plain(value) for value in node]
    return node


def _place(tree: Any, error: ErrorDetails) -> str:
    """Find line and column of what an error is about, counted from 1."""
    line, column = 0, 0
    for step in error["loc"]:
        if isinstance(tree, CommentedMap):
            key = next((each for each in tree if str(each) == step), None)
            if key is None:
                break
            line, column = tree.lc.key(key)
            tree = tree[key]
        elif isinstance(tree, CommentedSeq) and isinstance(step, int):
            line, column = tree.lc.item(step)
            tree = tree[step]
    return f"{line + 1}:{column + 1}"


def _fault(error: ErrorDetails) -> str:
    where = ".".join(str(step) for step in error["loc"] if step != "[key]")
    match error["type"]:
        case "extra_forbidden":
            return _unknown_key(error["loc"], where)
        case "enum" | "literal_error":
            allowed = str(error.get("ctx", {}).get("expected", ""))
            words = [word.strip(" '") for word in allowed.replace(" or ", ", ").split(",")]
            return f"{where}: {error['input']!r} is not known{_nearest(str(error['input']), words)}"
        case "value_error":
            return f"{where}: {error['ctx']['error']}"
        case _:
            return f"{where}: {error['input']!r}: {error['msg'].lower()}"


def _unknown_key(loc: Sequence[int | str], where: str) -> str:
    known: Any = StudyMap
    for step in loc[:-1]:
        known = _inner(known, str(step))
    keys = list(getattr(known, "model_fields", {}))
    return f"{where}: a map has no such key{_nearest(str(loc[-1]), keys)}"


def _inner(model: Any, field: str) -> Any:
    """Find the model of a field, where a model stands there."""
    info = getattr(model, "model_fields", {}).get(field)
    kinds = getattr(info.annotation, "__args__", (info.annotation,)) if info else ()
    return next((kind for kind in kinds if hasattr(kind, "model_fields")), None)


def _nearest(word: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; known are {', '.join(sorted(known))}"
