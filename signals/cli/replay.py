"""``signals replay``: what the service would have said."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
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
    judging,
    pack_of,
    put,
)

if TYPE_CHECKING:
    from signals.events import Record
    from signals.rulebook.pack import Pack
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
    against: Annotated[
        Path | None,
        typer.Option(
            "--against",
            help="Another pack: show only what it would have said otherwise (backtest).",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Play files through the engine as they would have arrived, and show every alert.

    With --json: every revision in the order in which it would have been published. Exit 1 if
    records were rejected. With --against: the alerts gained, lost, earlier, later, of another
    priority, state or due date under the other pack, one a line; exit 1 also if there are any.

    Example: signals replay events.ndjson --until 2026-03-24 --json

    Example: signals replay events.ndjson --pack rules/uc-msc --against edited/uc-msc
    """
    from signals.cli.backtest import backtest

    rules = pack_of(pack)
    other = None if against is None else pack_of(against)
    end_of_play = instant_of("--until", until, rules)
    played = journal_of(files, rules)
    rules = judging(rules, played)
    other = None if other is None else judging(other, played)
    records = played.upto(end_of_play)
    _tell_later(len(played.records) - len(records), until)
    if other is None:
        _replay(played, records, rules, end_of_play, as_json=as_json)
        end(findings=bool(played.rejected))
    else:
        differ = backtest(records, rules, other, end_of_play, as_json=as_json)
        end(findings=differ or bool(played.rejected))


def _replay(
    played: Played, records: list[Record], rules: Pack, until: datetime | None, *, as_json: bool
) -> None:
    from signals.runtime.play import fold_of, steps

    last: dict[str, dict[str, Any]] = {}
    total = len(records) + (until is not None)
    for alerts in counted(total, steps(fold_of(rules), records, until), "replay"):
        for alert in alerts:
            last[alert.alert_id] = alert.to_json()
            if as_json:
                put(last[alert.alert_id])
    if not as_json:
        _show(last, played)


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
