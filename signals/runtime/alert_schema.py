"""The JSON Schema of an alert as it is published."""

from __future__ import annotations

from typing import Any

from signals.book.alert import Alert


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


def _may_be_absent(key: str) -> bool:
    return key in Alert.model_fields and not Alert.model_fields[key].is_required()
