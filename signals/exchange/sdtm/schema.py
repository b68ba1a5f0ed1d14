"""The JSON Schema of a map file, generated from its model and kept in the repository."""

from pathlib import Path
from typing import Any

from signals.events.schema_files import stale_files, write
from signals.exchange.sdtm.study_map import StudyMap

NAME = "sdtm-map"


def map_schema() -> dict[str, Any]:
    """Give the JSON Schema (2020-12) of a map file."""
    schema = StudyMap.model_json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "Map of a study in SDTM",
    }


def write_all(folder: Path) -> None:
    """Write the schema into a folder."""
    write(folder, {NAME: map_schema()})


def stale(folder: Path) -> list[str]:
    """Name the files of a folder that are not what the model says."""
    return stale_files(folder, {NAME: map_schema()})
