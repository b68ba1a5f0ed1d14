"""JSON Schemas of the files of a pack, generated from the shapes that read them.

An editor that knows them completes keys and marks mistakes while a page is written.  What needs the
rest of the pack (fields, word lists, parameters) only ``signals rules check`` can tell.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel

from signals.events.schema_files import stale_files, write
from signals.rulebook.read_page import PageShape
from signals.rulebook.story.schema import story_schema
from signals.study.ctcae.table_file import TableShape
from signals.study.schema import JurisdictionShape, StudyShape, TermsShape

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_MODELS: dict[str, type[BaseModel]] = {
    "rule": PageShape,
    "study": StudyShape,
    "terms": TermsShape,
    "jurisdiction": JurisdictionShape,
    "ctcae": TableShape,
}


def schema(name: str) -> dict[str, Any]:
    """The schema of a rule's page, a study, its word lists, a jurisdiction, or a grading table."""
    return {"$schema": _DIALECT, **_MODELS[name].model_json_schema(by_alias=True)}


def schemas() -> dict[str, dict[str, Any]]:
    """Every schema by its name."""
    return {name: schema(name) for name in _MODELS} | {"story": story_schema()}


def write_all(directory: Path) -> None:
    """Write every schema into the directory."""
    write(directory, schemas())


def stale(directory: Path) -> list[str]:
    """The names of the files that are missing, no longer written, or differ from the shapes."""
    return stale_files(directory, schemas())
