"""Alerts and facts as tables for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from signals.facts.kind import Fact, FactKind
from signals.rulebook.texts import value_text
from signals.runtime.listing import soonest_due
from signals.runtime.words import moment, state

_STYLES = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "green", "info": ""}
_PIPED_WIDTH = 160


def console() -> Console:
    """Standard output; into a pipe as wide as the table wants."""
    out = Console(highlight=False)
    return out if out.is_terminal else Console(highlight=False, width=_PIPED_WIDTH)


def alerts(listed: Iterable[Mapping[str, Any]], title: str) -> Group:
    """The title on a line of its own, then one row an alert."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for head in ("due", "priority", "alert", "state", "changed", "id"):
        table.add_column(head, overflow="fold")
    for one in listed:
        due = soonest_due(one)
        table.add_row(
            moment(due.isoformat()) if due else "-",
            Text(one["priority"], style=_STYLES[one["priority"]]),
            Text(one["headline"]),
            state(one),
            moment(one["changed_at"]),
            Text(one["alert_id"], style="dim"),
        )
    return Group(Text(title), table)


def fact(one: Fact, kind: FactKind) -> Table:
    """One fact: its fields and their values."""
    about = ", ".join(part or "-" for part in one.key)
    title = f"{one.kind}: {about}" if about else one.kind
    table = Table(title=title, title_justify="left", box=None, show_header=False, padding=(0, 2))
    for name, field in kind.fields.items():
        table.add_row(name.replace("_", " "), Text(value_text(one.values[name], field)))
    return table
