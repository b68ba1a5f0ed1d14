"""``signals replay --against``: what another pack would have said of the same events."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from signals.cli.common import CannotRunError, counted, put

if TYPE_CHECKING:
    from signals.book.alert import Alert
    from signals.events import Record
    from signals.rulebook.pack import Pack
    from signals.runtime.backtest import Difference


def backtest(
    records: Sequence[Record], old: Pack, new: Pack, until: datetime | None, *, as_json: bool
) -> bool:
    """Play the records under both packs and show where they differ; whether they do.

    Raises:
        CannotRunError: the packs are not of one study.
    """
    from signals.runtime.backtest import differences, told

    _same_study(old, new)
    both = (
        told(_played(records, pack, until, what)) for pack, what in ((old, "old"), (new, "new"))
    )
    found = differences(*both)
    if as_json:
        for one in found:
            put(one.to_json())
    else:
        _show(found)
    return bool(found)


def _same_study(old: Pack, new: Pack) -> None:
    for what, one, other in (
        ("study", old.study.study_id, new.study.study_id),
        ("time zone", old.study.zone.key, new.study.zone.key),
    ):
        if one != other:
            raise CannotRunError(
                f"--against: its {what} is {other}, that of --pack is {one}; a backtest compares"
                " two packs of one study"
            )


def _played(
    records: Sequence[Record], pack: Pack, until: datetime | None, what: str
) -> Iterator[list[Alert]]:
    from signals.runtime.play import fold_of, steps

    total = len(records) + (until is not None)
    return counted(total, steps(fold_of(pack), records, until), f"{what} pack")


def _show(found: list[Difference]) -> None:
    from signals.cli import tables

    out = tables.console()
    if not found:
        out.print("Both packs say the same.")
        return
    out.print(_summary(found))
    out.print()
    out.print(_each(found))
    sys.stdout.flush()


def _summary(found: list[Difference]) -> Table:
    from signals.runtime.backtest import CHANGES

    count = Counter((one.either.rule, change) for one in found for change in one.changes)
    alerts = "1 alert differs" if len(found) == 1 else f"{len(found)} alerts differ"
    table = Table(title=alerts, title_justify="left", box=None, pad_edge=False)
    table.add_column("rule")
    for change in CHANGES:
        table.add_column(change, justify="right")
    for rule in sorted({one.either.rule for one in found}):
        table.add_row(rule, *(str(count[rule, change] or "-") for change in CHANGES))
    return table


def _each(found: list[Difference]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for head in ("subject", "rule", "alert", "change", "old", "new"):
        table.add_column(head, overflow="fold")
    for one in found:
        table.add_row(
            one.either.subject_id or "-",
            one.either.rule,
            Text(one.either.headline),
            ", ".join(one.changes),
            _side(one, new=False),
            _side(one, new=True),
        )
    return table


def _side(one: Difference, *, new: bool) -> str:
    from signals.runtime.words import moment

    told = one.new if new else one.old
    if told is None:
        return "-"
    state = told.state.replace("_", " ")
    due = (
        f", due {moment(min(told.due.values()))}"
        if "other due dates" in one.changes and told.due
        else ""
    )
    return f"{moment(told.since.isoformat())} {told.priority}, {state}{due}"
