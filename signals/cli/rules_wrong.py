"""``signals rules test --wrong-versions``: would the stories notice if a rule were wrong?"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from signals.cli.common import counted

if TYPE_CHECKING:
    from signals.runtime.wrong_versions import Found


def try_wrong_versions(path: Path) -> Found:
    """Try the stories under the path on every wrong version of their rules."""
    from signals.runtime.wrong_versions import try_all

    return try_all(path, os.cpu_count() or 1, _counted)


def _counted(total: int, things: Iterable[Any]) -> Iterator[Any]:
    return counted(total, things, "wrong versions")


def tell(found: Found) -> None:
    """Print what no story tells, what to write, and how many there were."""
    for one in found.untold:
        place = f"{one.place.path}:{one.place.line}:{one.place.column}"
        typer.echo(f"{place}: {one.rule}: no story tells this wrong version: {one.name}")
        typer.echo(f"    write a story in which {one.story}")
    for entry in found.misplaced:
        typer.echo(f"{entry.place.path}:{entry.place.line}: {entry.rule}: {entry.why}")
    told = found.tried - found.equivalent - len(found.untold)
    typer.echo(
        f"{told} of {found.tried} wrong versions are told by a story,"
        f" {found.equivalent} mean the same, {len(found.untold)} are not told"
    )


def as_json(found: Found) -> dict[str, Any]:
    """The same as one object."""
    return {
        "tried": found.tried,
        "equivalent": found.equivalent,
        "untold": [
            {
                "rule": one.rule,
                "path": one.place.path,
                "line": one.place.line,
                "column": one.place.column,
                "wrong_version": one.name,
                "story": one.story,
            }
            for one in found.untold
        ],
        "misplaced": [
            {"rule": one.rule, "path": one.place.path, "line": one.place.line, "why": one.why}
            for one in found.misplaced
        ],
    }
