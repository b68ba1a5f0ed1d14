"""The words of a story line: fields of an event by their path, and their values.

``causality investigator`` is the field ``investigator`` inside ``causality``; spaces stand for
hyphens and underscores.  A value is written as the event wants it, from a text and the type of
the field: words in any letter case, times with a space, an assessment instead of a list of one.
"""

from __future__ import annotations

import re
import types
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from signals.events import KINDS, SERVICE_KINDS, Measured, Part, PartialDate, measured
from signals.events.kinds.adverse_event import ProductAssessment
from signals.events.values import Same
from signals.study.places import Node, Sequence, Table, Text
from signals.study.problems import Place, Problems, did_you_mean

KIND_WORDS = {kind.replace("-", " "): kind for kind in KINDS if kind not in SERVICE_KINDS}
"""How a story names the kinds of event."""

BLANK = "blank"
"""The value that leaves a field out, also where the defaults of stories would fill it."""

_DATE = re.compile(r"[0-9]{4}(-.*)?")


@dataclass(frozen=True, slots=True)
class FieldAt:
    """A field found by its path: the keys that lead to it, and its type."""

    keys: tuple[str, ...]
    type: Any


def find_field(model: type[Part], words: str) -> FieldAt | None:
    """The field that the words lead to, the longest names first; None if there is none."""
    return _find(model, re.split(r"[ _-]+", words.removeprefix("data ").casefold()))


def _find(model: type[Part], words: list[str]) -> FieldAt | None:
    for length in range(len(words), 0, -1):
        found = _own(model, "_".join(words[:length]))
        rest = words[length:]
        if found is None:
            continue
        if not rest:
            return found
        part = bare(found.type)
        if is_part(part) and (inner := _find(part, rest)):
            return FieldAt(found.keys + inner.keys, inner.type)
    return None


def _own(model: type[Part], name: str) -> FieldAt | None:
    for field_name, info in model.model_fields.items():
        key = info.alias or field_name
        if key.casefold() == name:
            return FieldAt((key,), info.annotation)
    return None


def field_words(model: type[Part], before: str = "") -> Iterator[str]:
    """Every path of the model, as a story writes it."""
    for field_name, info in model.model_fields.items():
        words = before + (info.alias or field_name).replace("_", " ")
        yield words
        part = bare(info.annotation)
        if is_part(part):
            yield from field_words(part, words + " ")


def is_part(kind: Any) -> bool:
    """Whether the type is an object with fields of its own."""
    return isinstance(kind, type) and issubclass(kind, Part)


def bare(kind: Any) -> Any:
    """The type without ``| None`` and without its notes."""
    if get_origin(kind) is Annotated:
        return bare(get_args(kind)[0])
    if get_origin(kind) in (Union, types.UnionType):
        return bare(next(arg for arg in get_args(kind) if arg is not type(None)))
    return kind


def yes_or_no(kind: Any) -> dict[str, Any] | None:
    """What an event writes for ``yes`` and ``no`` in this field; None if it asks for another thing.

    Events write some of these fields as true and false, others as Y and N; stories have one word.
    """
    plain = bare(kind)
    if plain is bool:
        return {"yes": True, "no": False}
    if get_origin(plain) is Literal and set(get_args(plain)) == {"Y", "N"}:
        return {"yes": "Y", "no": "N"}
    return None


def words_of(kind: Any) -> dict[str, Any]:
    """The closed list of a coded field, and the other spellings it reads: folded word -> value."""
    found: dict[str, Any] = {}
    if get_origin(kind) is Annotated:
        inner, *notes = get_args(kind)
        found = words_of(inner)
        for note in notes:
            if isinstance(note, Same):
                found |= {_folded(str(word)): value for word, value in note.words.items()}
    elif get_origin(kind) in (Union, types.UnionType):
        for arg in get_args(kind):
            found |= words_of(arg)
    elif get_origin(kind) is Literal:
        found = {_folded(str(word)): word for word in get_args(kind)}
    return found


def _folded(word: str) -> str:
    return word.casefold().replace("_", " ")


def read_value(kind: Any, node: Node, product: str, problems: Problems) -> Any:
    """The value as the event wants it; None for `blank`, and (with a problem) where unreadable."""
    plain = bare(kind)
    if isinstance(node, Text) and node.text == BLANK:
        return None
    if get_origin(plain) is tuple:
        return _list(get_args(plain)[0], node, product, problems)
    if is_part(plain):
        return _part(plain, node, product, problems)
    if not isinstance(node, Text):
        problems.error("ST006", node.place, "one value belongs here, not a list or a table")
        return None
    if said := yes_or_no(kind):
        return read_yes_or_no(said, node, problems)
    if words := words_of(kind):
        return _word(words, node, problems)
    return _scalar(plain, node, problems)


def _list(item: Any, node: Node, product: str, problems: Problems) -> list[Any]:
    plain = bare(item)
    if isinstance(node, Sequence):
        return [read_value(item, each, product, problems) for each in node.items]
    if plain is ProductAssessment and isinstance(node, Text):
        assessment = ProductAssessment.model_fields["assessment"].annotation
        word = read_value(assessment, node, product, problems)
        return [{"product": product, "assessment": word}]
    return [read_value(item, node, product, problems)]


def _part(model: type[Part], node: Node, product: str, problems: Problems) -> dict[str, Any]:
    data: dict[str, Any] = {}
    if not isinstance(node, Table):
        known = ", ".join(field_words(model))
        problems.error("ST006", node.place, "a table of fields belongs here", f"fields: {known}")
        return data
    for entry in node.entries:
        set_field(data, model, entry, product, problems)
    return data


def set_field(
    data: dict[str, Any],
    model: type[Part],
    entry: tuple[Text, Node],
    product: str,
    problems: Problems,
) -> None:
    """Put the value of one field of a line (its words and what stands there) into the data."""
    key, node = entry
    found = find_field(model, key.text)
    if found is None:
        help_ = did_you_mean(key.text, field_words(model))
        problems.error("ST001", key.place, f"'{key.text}' is not a field of this record", help_)
        return
    inner = data
    for name in found.keys[:-1]:
        inner = inner.setdefault(name, {})
    inner[found.keys[-1]] = read_value(found.type, node, product, problems)


def _word(words: dict[str, Any], node: Text, problems: Problems) -> Any:
    value = words.get(_folded(node.text))
    if value is None:
        help_ = did_you_mean(node.text, (str(word) for word in words.values()))
        problems.error("ST002", node.place, f"'{node.text}' is not a word of this field", help_)
    return value


def read_yes_or_no(said: dict[str, Any], node: Text, problems: Problems) -> Any:
    """What the event writes for the word; None, with a problem, for any other word."""
    word = node.text.casefold()
    if word not in said:
        message = f"'{node.text}' is neither yes nor no"
        problems.error("ST002", node.place, message, "write yes or no")
    return said.get(word)


def _scalar(kind: Any, node: Text, problems: Problems) -> Any:
    if kind is int and re.fullmatch(r"[0-9]+", node.text):
        return int(node.text)
    if kind in (PartialDate, datetime) and _DATE.fullmatch(node.text):
        return node.text.replace(" ", "T")
    if kind is Measured and _is_number(node.text):
        return node.text
    if kind is str and node.text:
        return node.text
    _unreadable(kind, node.place, node.text, problems)
    return None


def _is_number(text: str) -> bool:
    try:
        measured(text)
    except ValueError:
        return False
    return True


_FORMS = {
    int: "write a whole number",
    PartialDate: "write a date as far as it is known, as in 2026-03-06 20:00, 2026-03-06 or 2026-03",
    datetime: "write a date and a time, as in 2026-03-06 20:00",
    Measured: "write a number as the laboratory does, as in 1.40 or <0.1",
    str: "write a word, or 'blank' to leave the field out",
}


def _unreadable(kind: Any, place: Place, text: str, problems: Problems) -> None:
    help_ = _FORMS.get(kind, "")
    problems.error("ST002", place, f"'{text}' cannot be read as a value of this field", help_)
