"""The JSON Schema of a map file, generated from its model and kept in the repository."""

import json
from pathlib import Path
from typing import Any

from signals.exchange.sdtm.study_map import StudyMap

FILE = "sdtm-map.json"


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
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE).write_text(_text(), encoding="utf-8")


def stale(folder: Path) -> list[str]:
    """Name the files of a folder that are not what the model says."""
    path = folder / FILE
    current = path.is_file() and path.read_text(encoding="utf-8") == _text()
    return [] if current else [FILE]


def _text() -> str:
    return json.dumps(map_schema(), indent=2, ensure_ascii=False) + "\n"
