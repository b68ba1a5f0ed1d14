"""JSON Schemas (2020-12) of the events, generated from the models that read them."""

from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from signals.events.envelope import CHANGE_REASONS, MAJOR, OPS
from signals.events.kinds import KINDS, SUBJECT_OPTIONAL, WITHOUT_SUBJECT
from signals.events.schema_files import stale_files, write
from signals.events.values import DATE_SCHEMA, INSTANT_SCHEMA, SubjectData

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_UUID = "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
_REQUIRED = (
    "event_id",
    "schema",
    "study_id",
    "record_id",
    "version",
    "op",
    "change_reason",
    "recorded_at",
)

_Schema = dict[str, Any]


class _Plain(GenerateJsonSchema):
    """Without the titles and null defaults that only repeat the key."""

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002
        return False

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> _Schema:
        return self.generate_inner(schema["schema"])


def event_schema(kind: str) -> _Schema:
    """The JSON Schema of a whole event of a kind; it allows no unknown key."""
    model = KINDS[kind]
    data = model.model_json_schema(ref_template="#/$defs/{model}", schema_generator=_Plain)
    parts = data.pop("$defs", {})
    data.pop("title", None)
    return {
        "$schema": _DIALECT,
        "title": f"{kind}/{MAJOR}",
        "description": data.pop("description"),
        "type": "object",
        "properties": {**_sent(kind), **_added(), **_moved(kind), "data": _data(data)},
        "required": [*_REQUIRED, *_subject_required(kind)],
        "additionalProperties": False,
        # A VOID may come without data.
        "anyOf": [{"required": ["data"]}, {"properties": {"op": {"const": "VOID"}}}],
        **({"$defs": parts} if parts else {}),
    }


def _data(schema: _Schema) -> _Schema:
    return {"description": "The record. Null and absent mean the same: not known.", **schema}


def _sent(kind: str) -> dict[str, _Schema]:
    """The keys of the envelope that a sender writes."""
    subject = _text("Subject code; no name, initials, phone or identity number.")
    optional = kind in WITHOUT_SUBJECT or kind in SUBJECT_OPTIONAL
    return {
        "event_id": _of("Idempotency key.", type="string", pattern=_UUID),
        "schema": _of("Kind and major version.", const=f"{kind}/{MAJOR}"),
        "study_id": _text("The study."),
        "site_id": _or_null(_text("The site.")),
        "subject_id": _or_null(subject) if optional else subject,
        "record_id": _text("Id of the record, the same in all its versions."),
        "version": _of("Version of the record.", type="integer", minimum=1),
        "op": _of("VOID: entered in error.", enum=list(OPS)),
        "change_reason": _of(
            "CORRECTION: it was always so. PROGRESSION: it became so on effective_from.",
            enum=list(CHANGE_REASONS),
        ),
        "effective_from": _or_null(_of("From when a PROGRESSION holds.", **DATE_SCHEMA)),
        "recorded_at": _of("Entry at the source.", **INSTANT_SCHEMA),
        "source": _or_null(_text("The system it comes from.")),
        "actor": _or_null(_text("The person or account that entered it.")),
    }


def _added() -> dict[str, _Schema]:
    """The keys that the service adds; of a sender they are not believed."""
    entry = {"type": "string"}
    problem = {
        "type": "object",
        "properties": {"pointer": entry, "message": entry, "allowed": entry},
        "required": ["pointer", "message", "allowed"],
        "additionalProperties": False,
    }
    return {
        "ingested_at": _of("Set by the service on acceptance.", **INSTANT_SCHEMA),
        "problems": _of("Set by the service: what could not be read.", type="array", items=problem),
        "backfill": _or_null(_of("Set by the service: the batch of old data.", type="string")),
        "conflict": _of(
            "Set by the service: another content came first under this id or version.",
            type="boolean",
        ),
    }


def _moved(kind: str) -> dict[str, _Schema]:
    if not issubclass(KINDS[kind], SubjectData):
        return {}
    return {
        "moved_from": _of("As in the data.", anyOf=[{"$ref": "#/$defs/Moved"}, {"type": "null"}])
    }


def _subject_required(kind: str) -> list[str]:
    return [] if kind in WITHOUT_SUBJECT or kind in SUBJECT_OPTIONAL else ["subject_id"]


def _of(description: str, **schema: object) -> _Schema:
    return {"description": description, **schema}


def _text(description: str) -> _Schema:
    return _of(description, type="string", pattern=r"\S")


def _or_null(schema: _Schema) -> _Schema:
    described = dict(schema)
    description = described.pop("description")
    return _of(description, anyOf=[described, {"type": "null"}])


def _schemas() -> dict[str, _Schema]:
    return {kind: event_schema(kind) for kind in KINDS}


def write_all(directory: Path) -> None:
    """Write the schema of every kind as KIND.json."""
    write(directory, _schemas())


def stale(directory: Path) -> list[str]:
    """The names of the files that are missing, no longer written, or differ from the models."""
    return stale_files(directory, _schemas())
