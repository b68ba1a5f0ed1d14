"""`signals rules clocks`: every duty of the authorities of a study, with the law behind it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, NamedTuple

import typer
from rich.table import Table
from rich.text import Text

from signals.cli.common import pack_of
from signals.cli.tables import console
from signals.study.model import Basis, Jurisdiction

_NOT_CHECKED = {"P": "partly checked", "unverified": "not verified"}


class Line(NamedTuple):
    """One duty before one authority."""

    jurisdiction: str
    duty: str
    who: str
    limit: str
    basis: Basis

    def to_json(self) -> dict[str, str | None]:
        """As plain JSON."""
        since = self.basis.effective
        return {
            "jurisdiction": self.jurisdiction,
            "duty": self.duty,
            "who": self.who,
            "limit": self.limit,
            "basis": self.basis.text,
            "citation": self.basis.citation,
            "mark": self.basis.mark,
            "effective": since.isoformat() if since else None,
        }


def clocks(
    path: Annotated[Path, typer.Argument(help="The folder of the pack, such as rules/uc-msc.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """List the reporting duties of the active jurisdictions, each with its law.

    Days are calendar days after day 0, due at the end of the last. A mark tells how far the text
    of the law was checked.

    Example: signals rules clocks rules/uc-msc
    """
    lines = [line for each in pack_of(path).study.jurisdictions for line in lines_of(each)]
    if as_json:
        for line in lines:
            typer.echo(json.dumps(line.to_json(), ensure_ascii=False))
    else:
        console().print(_table(lines))


def lines_of(law: Jurisdiction) -> Iterator[Line]:
    """The duties of one authority: those with a clock, then the others."""
    clock = "the sponsor's determination" if law.clock == "determination" else "receipt"
    timed = [
        ("fatal or life-threatening", law.initial_7, "receipt"),
        ("other, or written report" if law.written_report else "other", law.initial_15, clock),
        ("completion of the 7-day report", law.completion, "its submission"),
        ("significant follow-up", law.follow_up, "receipt"),
        ("follow-up: life-threatening became fatal", law.follow_up_fatal, "receipt"),
    ]
    for duty, limit, start in timed:
        if limit is not None:
            by_when = f"{limit.days} days after {start}"
            yield Line(law.code, duty, "sponsor", by_when, limit.basis)
    for other in law.other_duties:
        yield Line(law.code, other.duty, other.who, other.limit, other.basis)


def _table(lines: list[Line]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for head in ("authority", "duty", "who", "by when", "law", "since", "checked"):
        table.add_column(head, overflow="fold")
    for line in lines:
        basis = line.basis
        since = basis.effective.isoformat() if basis.effective else "-"
        checked = _NOT_CHECKED.get(basis.mark, "yes")
        cells = (line.jurisdiction, line.duty, line.who, line.limit, basis.citation, since, checked)
        table.add_row(*(Text(cell) for cell in cells))
    return table
