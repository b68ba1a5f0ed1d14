"""JSON Schemas as files of a folder: written, and compared with what the models say."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

Schemas: TypeAlias = Mapping[str, Mapping[str, Any]]
"""Every schema of a folder by its name, without the ending."""


def write(directory: Path, schemas: Schemas) -> None:
    """Write every schema as NAME.json; the folder is made if need be."""
    directory.mkdir(parents=True, exist_ok=True)
    for name, text in _files(schemas).items():
        (directory / name).write_text(text, encoding="utf-8")


def stale_files(directory: Path, schemas: Schemas) -> list[str]:
    """The names of the files that are missing, no longer written, or differ from the schemas."""
    wanted = _files(schemas)
    found = {path.name: path.read_text(encoding="utf-8") for path in directory.glob("*.json")}
    return sorted(
        name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name)
    )


def _files(schemas: Schemas) -> dict[str, str]:
    return {
        f"{name}.json": json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        for name, schema in schemas.items()
    }
