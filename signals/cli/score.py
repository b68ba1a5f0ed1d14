"""``signals score``: what the rules find of what a trial's own script says is there."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from signals.cli.common import (
    CannotRunError,
    JsonOption,
    PackOption,
    counted,
    end,
    instant_of,
    journal_of,
    judging,
    pack_of,
    put,
)

if TYPE_CHECKING:
    from signals.events import Record
    from signals.rulebook.pack import Pack
    from signals.runtime.score import Score
    from signals.runtime.truth import Line


class _Scored(NamedTuple):
    score: Score
    subject_months: float


def score(  # noqa: PLR0917 - typer names the options
    events: Annotated[str, typer.Argument(help="NDJSON file of the events, also gzipped; or -.")],
    truth: Annotated[Path, typer.Argument(help="NDJSON file of the truth, also gzipped.")],
    tolerance: Annotated[
        str, typer.Option(help="An alert in this time after the truth's 'from' is not late.")
    ] = "1 h",
    until: Annotated[
        str | None,
        typer.Option(help="Play to here. [default: the last record or 'from' of the truth]"),
    ] = None,
    pack: PackOption = None,
    as_json: JsonOption = False,
) -> None:
    """Score the rules against a truth file: found, missed, extra, late, and how many alerts.

    The truth comes from 'signals simulate'. Exit 1 if a planted finding is missed, or an alert
    comes that is neither planted nor background.

    Example: signals score events.ndjson truth.ndjson
    """
    rules = pack_of(pack)
    lines = _truth(truth)
    played = journal_of([events], rules)
    rules = judging(rules, played)
    last = instant_of("--until", until, rules) or _end(played.records, lines)
    found = _score(rules, played.upto(last), lines, last, _tolerance(tolerance))
    if as_json:
        _put(found)
    else:
        _show(found)
    end(findings=bool(played.rejected) or not found.score.fine)


def _truth(file: Path) -> list[Line]:
    from signals.runtime.replay import UnreadableFileError, lines
    from signals.runtime.truth import TruthError, read_truth

    try:
        found = read_truth((piece.place, piece.raw) for piece in lines(str(file)))
    except TruthError as error:
        raise CannotRunError(str(error)) from None
    except UnreadableFileError as error:
        raise CannotRunError(f"{error}; 'signals simulate --truth' writes one") from None
    if not found:
        raise CannotRunError(f"{file}: it is empty; 'signals simulate --truth' writes one")
    return found


def _tolerance(text: str) -> timedelta:
    from signals.rulebook.durations import read_duration

    read = read_duration(text)
    if read is None or read < timedelta():
        raise CannotRunError(f"--tolerance: '{text}' is no duration such as '1 h' or '30 min'")
    return read


def _end(records: Sequence[Record], truth: list[Line]) -> datetime | None:
    """The last thing of which anything is known, so that timers after the last record count."""
    arrivals = [record.arrival for record in records[-1:]]
    return max([*arrivals, *(line.from_ for line in truth if line.from_)], default=None)


def _score(
    rules: Pack,
    records: list[Record],
    truth: list[Line],
    last: datetime | None,
    tolerance: timedelta,
) -> _Scored:
    from signals.rulebook.spec import Status
    from signals.runtime.follow_up import subject_months
    from signals.runtime.play import fold_of, steps
    from signals.runtime.score import Courses, score

    fold, courses = fold_of(rules), Courses()
    for alerts in counted(len(records) + 1, steps(fold, records, last), "score"):
        courses.follow(alerts)
    live = {rule.code for rule in rules.rules if rule.status is Status.ACTIVE}
    chart = fold.monitor.chart
    subjects = [subject for subject in chart.subjects("enrolment") if subject is not None]
    cut = fold.monitor.now.astimezone(rules.study.zone).date()
    months = subject_months(chart.view, subjects, cut)
    return _Scored(score(truth, courses, live, tolerance), months)


def _put(found: _Scored) -> None:
    from signals.runtime.score import as_json

    put(as_json(found.score, found.subject_months))


def _show(found: _Scored) -> None:
    from signals.cli import score_tables, tables

    out = tables.console()
    out.print(score_tables.by_rule(found.score))
    out.print()
    out.print(score_tables.per_month(found.score, found.subject_months))
    for line in score_tables.to_see_to(found.score):
        out.print(line, markup=False)
    sys.stdout.flush()
