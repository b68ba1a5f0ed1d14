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
    """Write the JSON Schemas of events, of the files of a pack, of a map, of alerts and figures.

    Editors and programs check with them what they write and read.

    Example: signals schemas ./schemas
    """
    from signals.events import schemas as of_events
    from signals.exchange import schemas as of_exchange
    from signals.rulebook import schemas as of_rulebook
    from signals.runtime import schemas as of_output

    if folder.exists() and not folder.is_dir():
        raise CannotRunError(f"{folder} is a file; name a folder to write to")
    try:
        of_events.write_all(folder / "events")
        of_exchange.write_all(folder / "exchange")
        of_rulebook.write_all(folder / "rulebook")
        of_output.write_all(folder)
    except OSError as error:
        raise CannotRunError(
            f"{error.filename}: cannot be written: {error.strerror}; name another folder"
        ) from None
    sys.stdout.write(f"{folder}: {len(list(folder.rglob('*.json')))} schemas\n")
