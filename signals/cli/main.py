"""The command ``signals``."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from signals import __version__
from signals.cli import (
    backup,
    ctcae,
    data,
    demo,
    doctor,
    history,
    import_sdtm,
    journal,
    replay,
    rules,
    run,
    schemas,
    score,
    serve,
    simulate,
    stream,
    study,
    topics,
    verify,
    why_not,
    worker,
)
from signals.cli.common import COULD_NOT_RUN, CannotRunError, errors
from signals.runtime.collector import collect_seldom

app = typer.Typer(
    name="signals",
    help="A clinical trial's safety desk on a stream.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
app.command()(replay.replay)
app.command()(history.alerts)
app.command()(history.facts)
app.command()(history.explain)
app.command("why-not")(why_not.why_not)
app.command()(run.run)
app.command()(demo.demo)
app.command()(stream.publish)
app.command()(stream.tail)
app.command()(worker.worker)
app.command()(backup.backup)
app.command()(backup.restore)
app.command()(serve.serve)
app.command()(verify.verify)
app.command()(doctor.doctor)
app.command()(schemas.schemas)
app.command()(simulate.simulate)
app.command()(score.score)
app.command()(study.study)
app.add_typer(journal.app, name="journal")
app.add_typer(topics.app, name="topics")
app.add_typer(data.rejected, name="rejected")
app.add_typer(rules.app, name="rules")
app.add_typer(import_sdtm.app, name="import")
app.add_typer(ctcae.app, name="ctcae")


def _version(asked: bool) -> None:
    if asked:
        sys.stdout.write(f"signals {__version__}\n")
        raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Tell the version.")
    ] = False,
) -> None:
    """Fold a trial's events, judge its rules, and tell what stands and why."""


def main() -> None:
    """Run a command; exit 0 if fine, 1 with findings, 2 if it could not run."""
    collect_seldom()
    try:
        _run()
    except CannotRunError as error:
        errors.print(f"signals: {error}", markup=False)
        sys.exit(COULD_NOT_RUN)
    except BrokenPipeError:
        # Whoever read has seen enough. Python would complain when it flushes once more at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run() -> None:
    try:
        app()
    finally:
        sys.stdout.flush()
