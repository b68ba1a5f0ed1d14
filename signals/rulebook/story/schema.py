"""The JSON Schema of a file of stories, generated from the models of the events.

An editor that knows it completes the fields of a line and marks misspelt words.  It is as strict
as a schema can be: that a record was told of before, or the order of time, only a run can tell.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, get_args, get_origin

from signals.events import KINDS, Measured, Part, PartialDate
from signals.events.kinds.subject import Enrolment
from signals.rulebook.story.decisions import ANSWER, VERBS, form_of
from signals.rulebook.story.expected import KEYS, STATES
from signals.rulebook.story.fields import BLANK, KIND_WORDS, bare, is_part, words_of, yes_or_no
from signals.rulebook.story.lines import CHANGES
from signals.rulebook.story.subjects import OWN

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TEXT: dict[str, Any] = {"type": ["string", "number", "boolean"]}
"""A scalar: stories read every one as text, an editor's YAML may not."""
_YES_OR_NO: dict[str, Any] = {"enum": ["yes", "no", True, False, BLANK]}
"""A story writes yes or no; an editor's YAML may read them as true and false."""
_TIME = {"type": "string", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}"}
_ENVELOPE = {
    "at": _TIME,
    "subject": _TEXT,
    "site": _TEXT,
    "source": _TEXT,
    "actor": _TEXT,
    "recorded at": _TIME,
    "raw": {"type": "object", "description": "Put into the data as it stands."},
}


def story_schema() -> dict[str, Any]:
    """The schema of a file of stories."""
    subjects = {"subject": {"$ref": "#/$defs/subject"}, "subjects": _list_of("#/$defs/subject")}
    story = {
        "name": {"type": "string"},
        **subjects,
        "events": _list_of("#/$defs/line"),
        "expect": {"anyOf": [{"const": "nothing"}, _list_of("#/$defs/change")]},
    }
    same = {"wrong version": {"type": "string"}, "why": {"type": "string"}}
    file = {
        "rule": {"type": "string"},
        **subjects,
        "tests": _list_of("#/$defs/story"),
        "equivalent": {"type": "array", "items": _object(same, ["wrong version", "why"])},
    }
    return {
        "$schema": _DIALECT,
        "title": "Stories of a rule",
        **_object(file, ["rule", "tests"]),
        "$defs": {
            "story": _object(story, ["name", "events", "expect"]),
            "subject": _object(_subject(), ["id"]),
            "change": _object(_change(), ["at"]),
            "line": {"oneOf": list(_lines())},
        },
    }


def _lines() -> Iterator[dict[str, Any]]:
    for words, kind in KIND_WORDS.items():
        if kind == "decision":
            continue
        fields = _fields(KINDS[kind])
        yield _object({**fields, **_ENVELOPE, words: _TEXT}, ["at", words])
    every: dict[str, Any] = {name: {} for kind in KINDS.values() for name in _fields(kind)}
    for change in CHANGES:
        yield _object({**every, **_ENVELOPE, "from": {}, change: _TEXT}, ["at", change])
    for verb in VERBS:
        yield _decision(verb)
    yield _object({"wait until": _TIME}, ["wait until"])


def _decision(verb: str) -> dict[str, Any]:
    form = form_of(verb)
    keys = () if form is None else (*form.needs, *form.may)
    shapes = {key: _YES_OR_NO if key == ANSWER else _TEXT for key in keys}
    own = {"by": _TEXT, "reason": _TEXT, "subject": _TEXT, **shapes}
    needed = ["at", "decide", *(() if form is None else form.needs)]
    return _object({"at": _TIME, "decide": {"const": verb}, **own}, needed)


def _subject() -> dict[str, Any]:
    times = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]}
    return {**_fields(Enrolment), **dict.fromkeys(OWN, times)}


def _change() -> dict[str, Any]:
    changes: dict[str, Any] = {key: {} for key in KEYS}
    states = [*STATES, *(state.replace("_", " ") for state in STATES if "_" in state)]
    return {**changes, "at": _TIME, "state": {"enum": states}}


def _fields(model: type[Part], before: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, info in model.model_fields.items():
        words = before + (info.alias or name).replace("_", " ")
        shape = {**_shape(info.annotation), "description": info.description}
        found[words] = shape
        if words in _ENVELOPE:
            found[f"data {words}"] = shape
        part = bare(info.annotation)
        if is_part(part):
            found |= _fields(part, words + " ")
    return found


def _shape(kind: Any) -> dict[str, Any]:
    plain = bare(kind)
    if yes_or_no(kind):
        return _YES_OR_NO
    if words := words_of(kind):
        said = {form for word in words.values() for form in (str(word), str(word).lower())}
        return {"enum": sorted({*said, *words, BLANK})}
    if plain is int:
        return {"anyOf": [{"type": "integer", "minimum": 0}, {"pattern": f"^([0-9]+|{BLANK})$"}]}
    if plain in (PartialDate, datetime):
        return {"type": ["string", "integer"]}
    if plain is Measured or plain is str:
        return _TEXT
    if get_origin(plain) is tuple:
        return {"anyOf": [_TEXT, {"type": "array", "items": _item(get_args(plain)[0])}]}
    return {}


def _item(kind: Any) -> dict[str, Any]:
    part = bare(kind)
    return _object(_fields(part), []) if is_part(part) else _shape(kind)


def _object(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    shape = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**shape, "required": required} if required else shape


def _list_of(ref: str) -> dict[str, Any]:
    return {"type": "array", "items": {"$ref": ref}, "minItems": 1}
