"""The JSON Schemas of what goes out: they stand beside the folders of what comes in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from signals.events.schema_files import stale_files, write
from signals.runtime.alert_schema import alert_schema
from signals.runtime.study_schema import study_schema


def write_all(directory: Path) -> None:
    """Write the schemas of an alert and of a line of ``signals study --json``."""
    write(directory, _schemas())


def stale(directory: Path) -> list[str]:
    """The names of the files that are missing, no longer written, or differ from the models."""
    return stale_files(directory, _schemas())


def _schemas() -> dict[str, dict[str, Any]]:
    return {"alert": alert_schema(), "study-output": study_schema()}
