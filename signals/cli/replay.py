"""``signals replay``: what the service would have said."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from signals.cli.common import (
    FilesArgument,
    JsonOption,
    PackOption,
    counted,
    end,
    errors,
    instant_of,
    journal_of,
    pack_of,
    put,
)

if TYPE_CHECKING:
    from signals.runtime.replay import Played


def replay(
    files: FilesArgument,
    pack: PackOption = None,
    until: Annotated[
        str | None,
        typer.Option(
            "--until",
            help="Let the clock run on to this instant (or the end of this date) after the last"
            " record; records that arrive later are not played.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Play files through the engine as they would have arrived, and show every alert.

    With --json: every revision in the order in which it would have been published. Exit 1 if
    records were rejected.

    Example: signals replay events.ndjson --until 2026-03-24 --json
    """
    from signals.runtime.play import fold_of, steps

    rules = pack_of(pack)
    end_of_play = instant_of("--until", until, rules)
    played = journal_of(files, rules)
    records = played.upto(end_of_play)
    _tell_later(len(played.records) - len(records), until)
    last: dict[str, dict[str, Any]] = {}
    total = len(records) + (end_of_play is not None)
    for alerts in counted(total, steps(fold_of(rules), records, end_of_play), "replay"):
        for alert in alerts:
            last[alert.alert_id] = alert.to_json()
            if as_json:
                put(last[alert.alert_id])
    if not as_json:
        _show(last, played)
    end(findings=bool(played.rejected))


def _tell_later(count: int, until: str | None) -> None:
    if count:
        errors.print(f"{count} records arrive after {until} and are not played")


def _show(last: dict[str, dict[str, Any]], played: Played) -> None:
    from signals.cli import tables
    from signals.runtime.listing import Filter, listed

    standing = listed(last.values(), Filter())
    title = (
        f"{len(played.records)} records, {len(played.rejected)} rejected,"
        f" {len(last)} alerts, {len(standing)} stand at the end"
    )
    tables.console().print(tables.alerts(listed(last.values(), Filter(state=None)), title))
    sys.stdout.flush()
