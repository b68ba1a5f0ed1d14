"""The JSON Schema of an alert as it is published."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from signals.book.alert import Alert

FILE_NAME = "alert.json"


def alert_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of one alert, strict about unknown keys."""
    schema = Alert.model_json_schema(by_alias=True, mode="serialization")
    required = [key for key in schema["required"] if not _may_be_absent(key)]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "alert/1",
        **{key: value for key, value in schema.items() if key not in ("title", "required")},
        "required": sorted({"schema", *required}),
    }


def text() -> str:
    """The schema as it stands in the file."""
    return json.dumps(alert_schema(), indent=2, ensure_ascii=False) + "\n"


def write(folder: Path) -> None:
    """Write it into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE_NAME).write_text(text(), encoding="utf-8")


def _may_be_absent(key: str) -> bool:
    return key in Alert.model_fields and not Alert.model_fields[key].is_required()
