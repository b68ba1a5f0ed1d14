"""`signals import sdtm`: read a study in SDTM into a file of events."""

import errno
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table as Grid

from signals.exchange.sdtm import (
    Finding,
    Import,
    MapError,
    Study,
    StudyMap,
    UnreadableStudyError,
    counts,
    read_map,
    read_study,
    write_report,
)

app = typer.Typer(help="Read records from other formats.", no_args_is_help=True)
FINE, FINDINGS, COULD_NOT_RUN = 0, 1, 2
STANDARD_OUTPUT = "-"


@app.callback()
def _group() -> None:
    """Read records from other formats."""


@app.command()
def sdtm(
    folder: Annotated[
        Path, typer.Argument(help="The folder with the domains: ae.xpt, lb.csv.gz, ...")
    ],
    output: Annotated[
        str, typer.Option("-o", "--output", help="The file of events to write; - for the screen.")
    ],
    study_map: Annotated[
        Path | None, typer.Option("--map", help="What the study does otherwise (YAML).")
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(help="Write every finding: a table if it ends in .csv, else NDJSON."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Read a study in SDTM into events.

    Exit code 0: every row was understood; 1: some were not (see --report); 2: could not read.

    Example: signals import sdtm study-folder -o events.ndjson --map map.yaml
    """
    try:
        study = read_study(folder, read_map(study_map) if study_map else StudyMap())
        run = _run(study, output)
        if report:
            write_report(report, run.findings)
    except (MapError, UnreadableStudyError) as problem:
        typer.echo(str(problem), err=True)
        raise typer.Exit(COULD_NOT_RUN) from problem
    except OSError as problem:
        where = problem.filename2 or problem.filename
        told = (
            f"{where}: cannot be written: {problem.strerror}; name a file in a folder that exists"
        )
        typer.echo(told, err=True)
        raise typer.Exit(COULD_NOT_RUN) from problem
    _summarize(run, as_json=as_json, to_stderr=output == STANDARD_OUTPUT)
    raise typer.Exit(FINE if run.understood else FINDINGS)


def _run(study: Study, output: str) -> Import:
    """Write the events, with a progress bar that only a person at a terminal sees."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bars:
        tasks = {
            domain: bars.add_task(domain, total=len(table.rows))
            for domain, table in study.tables.items()
        }
        run = Import(study, lambda domain, row: bars.update(tasks[domain], completed=row))
        with _replacing(output) as target:
            target.writelines(run.lines())
    return run


@contextmanager
def _replacing(output: str) -> Iterator[IO[str]]:
    """Open the file to write so that it appears whole, or not at all."""
    if output == STANDARD_OUTPUT:
        yield sys.stdout
        return
    path = Path(output)
    if not path.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), output)
    with NamedTemporaryFile(
        "w", encoding="utf-8", newline="\n", dir=path.parent, delete=False
    ) as draft:
        try:
            yield draft
            draft.close()
            Path(draft.name).replace(path)
        except BaseException:
            Path(draft.name).unlink(missing_ok=True)
            raise


def _summarize(run: Import, *, as_json: bool, to_stderr: bool) -> None:
    if as_json:
        typer.echo(json.dumps(_summary(run), ensure_ascii=False, sort_keys=True), err=to_stderr)
        return
    console = Console(stderr=to_stderr)
    console.print(_grid(run))
    for finding in _about_the_study(run):
        console.print(f"{finding.what}: {finding.value}: {finding.why}")


def _summary(run: Import) -> dict[str, Any]:
    return {
        "domains": {
            domain: {"rows": len(table.rows), "events": run.events_by_domain[domain]}
            for domain, table in run.study.tables.items()
        },
        "events": dict(sorted(run.events_by_kind.items())),
        "findings": counts(run.findings),
        "understood": run.understood,
    }


def _grid(run: Import) -> Grid:
    grid = Grid("domain", "rows", "events", "findings")
    found = counts(run.findings)
    for domain, table in run.study.tables.items():
        said = "\n".join(f"{what}: {n}" for what, n in found.get(domain, {}).items())
        grid.add_row(domain, str(len(table.rows)), str(run.events_by_domain[domain]), said)
    for domain in sorted(set(found) - set(run.study.tables) - {""}):
        grid.add_row(domain, "-", "-", "\n".join(f"{k}: {n}" for k, n in found[domain].items()))
    return grid


def _about_the_study(run: Import) -> Iterator[Finding]:
    return (finding for finding in run.findings if not finding.domain)
