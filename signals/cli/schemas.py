"""``signals schemas``: the JSON Schemas of what comes in and goes out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from signals.cli.common import CannotRunError


def schemas(
    folder: Annotated[Path, typer.Argument(help="Where to write them.")] = Path("schemas"),
) -> None:
    """Write the JSON Schema of every kind of event, and of an alert.

    Example: signals schemas /tmp/schemas
    """
    from signals.events.schemas import write_all
    from signals.runtime.alert_schema import write

    if folder.exists() and not folder.is_dir():
        raise CannotRunError(f"{folder} is a file; name a folder to write to")
    write_all(folder / "events")
    write(folder)
    sys.stdout.write(f"{folder}: events/*.json and alert.json written\n")
