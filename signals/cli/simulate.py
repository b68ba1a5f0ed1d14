"""``signals simulate``: the reference trial as a file of events, with the truth to score against."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from signals.cli.common import CannotRunError, JsonOption, errors, put

if TYPE_CHECKING:
    from signals.simulate import Trial


def simulate(
    output: Annotated[
        Path, typer.Option("-o", "--output", help="File of the events, NDJSON by arrival.")
    ],
    truth: Annotated[
        Path, typer.Option("--truth", help="File of what must and what may be found in them.")
    ],
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same bytes.")] = 1,
    short: Annotated[
        bool,
        typer.Option("--short", help="12 subjects in four months instead of 181 in two years."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Simulate the reference trial, and write what its script means to be found.

    Each line of the truth has rule, about, from, until, why, and kind: planted (must be found)
    or background (may come, by ordinary practice of the trial).

    Example: signals simulate --short --seed 7 -o events.ndjson --truth truth.ndjson
    """
    trial = _simulated(seed, short)
    try:
        summary = _written(trial, output, truth)
    except OSError as error:
        where = error.filename or output
        raise CannotRunError(
            f"{where}: cannot be written: {error.strerror}; name a file in a folder that exists"
        ) from None
    if as_json:
        put(summary)
    else:
        errors.print(
            f"{summary['events']} events of {summary['subjects']} subjects until"
            f" {summary['until']}; {summary['planted']} findings planted,"
            f" {summary['background']} of the background"
        )


def _simulated(seed: int, short: bool) -> Trial:
    from rich.progress import Progress

    from signals.simulate import simulate as simulated

    with Progress(console=errors, disable=not errors.is_terminal) as bar:
        task = bar.add_task("simulate")
        return simulated(
            seed,
            short=short,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )


def _written(trial: Trial, output: Path, truth: Path) -> dict[str, Any]:
    from signals.simulate.summary import summary
    from signals.simulate.tape import line

    with output.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(line(event) for _, event in trial.tape.arrived())
    with truth.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(line(each.to_json()) for each in trial.truth.findings())
    return summary(trial)
