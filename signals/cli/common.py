"""What all commands share: the pack, times, files, and how they end."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.console import Console

if TYPE_CHECKING:
    from signals.events import Rejection
    from signals.rulebook.pack import Pack
    from signals.runtime.replay import Played

FINDINGS, COULD_NOT_RUN = 1, 2

PackOption = Annotated[
    Path | None,
    typer.Option("--pack", help="Folder of the rule pack. [default: the bundled uc-msc]"),
]
FilesArgument = Annotated[
    list[str], typer.Argument(help="NDJSON files, also gzipped; - is standard input.")
]
EitherFilesArgument = Annotated[
    list[str] | None, typer.Argument(help="NDJSON files, also gzipped; - is standard input.")
]
InsteadOfFilesOption = Annotated[
    Path | None, typer.Option("--data", help="Folder of a service, instead of files.")
]
AsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of", help="Only what had arrived by this instant, or the end of this date, counts."
    ),
]
HostOption = Annotated[
    str, typer.Option("--host", help="Address to listen on; beyond this machine only with a token.")
]
PortOption = Annotated[
    int, typer.Option("--port", min=0, max=65535, help="0 takes any that is free.")
]
TokenOption = Annotated[
    str | None,
    typer.Option("--token", envvar="SIGNALS_TOKEN", help="What every request has to bear."),
]
TokenFileOption = Annotated[
    Path | None,
    typer.Option(
        "--token-file", envvar="SIGNALS_TOKEN_FILE", help="A file that holds the token, instead."
    ),
]
ClockOption = Annotated[
    str,
    typer.Option("--clock", help="wall, or journal: time is what the records tell (demo, tests)."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]

_WANTED = "give NDJSON files, gzipped or not, or - for standard input"

errors = Console(stderr=True, highlight=False, soft_wrap=True)


class CannotRunError(Exception):
    """The command could not run; the message says where, what, and what to do instead."""


def no_such_kind(kind: str, kinds: Iterable[str]) -> CannotRunError:
    """The error of who names a kind of fact that is not there."""
    from signals.study.problems import did_you_mean

    help_ = did_you_mean(kind, kinds) or "'signals rules facts' lists them"
    return CannotRunError(f"there is no kind of fact '{kind}'; {help_}")


def pack_of(path: Path | None) -> Pack:
    """The pack of the option, or the bundled one.

    Raises:
        CannotRunError: it has problems, or there is none.
    """
    from signals.resources import folder
    from signals.rulebook.pack import PackError, load_pack

    where = path or folder("rules") / "uc-msc"
    try:
        return load_pack(where)
    except PackError as error:
        raise CannotRunError(
            f"{where}: the rule pack cannot be used; 'signals rules check {where}' tells more.\n{error}"
        ) from None
    except OSError as error:
        raise CannotRunError(f"{where}: no rule pack can be read there: {error}") from None


def files_or_data(files: list[str] | None, data: Path | None) -> None:
    """Make sure that a command got files or the folder of a service.

    Raises:
        CannotRunError: it got none of them, or both.
    """
    if bool(files) == (data is not None):
        raise CannotRunError("give the files that hold the events, or --data DIR, and not both")


def token_of(token: str | None, file: Path | None) -> str | None:
    """The token of the options; None if neither was given.

    Raises:
        CannotRunError: both were given, or the file holds none.
    """
    if file is None:
        return token
    if token is not None:
        raise CannotRunError(
            "--token and --token-file: give one of them (or of SIGNALS_TOKEN and"
            " SIGNALS_TOKEN_FILE)"
        )
    try:
        found = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise CannotRunError(f"--token-file {file}: cannot be read: {error}") from None
    if not found:
        raise CannotRunError(f"--token-file {file}: it is empty; write a long random word into it")
    return found


def clock_of(word: str) -> Literal["wall", "journal"]:
    """The clock of the option.

    Raises:
        CannotRunError: it is none.
    """
    if word == "wall":
        return "wall"
    if word == "journal":
        return "journal"
    raise CannotRunError(f"--clock: '{word}' is neither of wall, journal")


def instant_of(option: str, text: str | None, pack: Pack) -> datetime | None:
    """The instant of an option; a date is the end of that day in the study's zone."""
    from signals.runtime.instants import read_instant

    if text is None:
        return None
    try:
        return read_instant(text, pack.study.zone)
    except ValueError as error:
        raise CannotRunError(f"{option}: {error}") from None


def journal_of(files: Sequence[str], pack: Pack) -> Played:
    """The files as a journal; what was rejected is told on standard error.

    Raises:
        CannotRunError: a file cannot be read, or there is not one line in all of them.
    """
    from signals.runtime.intake import Door
    from signals.runtime.replay import UnreadableFileError, lines, read_journal, with_study

    try:
        study_id, pieces = with_study([lines(file) for file in files], pack.study.zone)
        door = Door(study_id or pack.study.study_id, pack.study.zone, trusted=True)
        played = read_journal(pieces, door)
    except UnreadableFileError as error:
        raise CannotRunError(f"{error}; {_WANTED}") from None
    for one in played.rejected:
        tell_rejection(one.place, one.rejection)
    if not played.records and not played.rejected:
        raise CannotRunError(f"{', '.join(files)}: there is no event in it; {_WANTED}")
    return played


def judging(pack: Pack, played: Played) -> Pack:
    """The pack as it judges the study of a file: in a replay it stands for all activations."""
    study_id = played.study_id
    if study_id is None or study_id == pack.study.study_id:
        return pack
    errors.print(f"{study_id} is judged by the pack of {pack.study.study_id}", markup=False)
    return replace(pack, study=replace(pack.study, study_id=study_id))


def tell_rejection(place: str, rejection: Rejection) -> None:
    """Say on standard error why an event was rejected."""
    for reason in rejection.reasons:
        pointer = f" {reason.pointer}" if reason.pointer else ""
        errors.print(
            f"{place}: rejected:{pointer} {reason.message}; allowed: {reason.allowed}",
            markup=False,
        )


def end(*, findings: bool) -> None:
    """End the command with 1 if there was something to see to."""
    if findings:
        raise typer.Exit(FINDINGS)


def put(one: Any) -> None:
    """Write one JSON object as a line."""
    sys.stdout.write(json.dumps(one, ensure_ascii=False, separators=(",", ":")) + "\n")


def counted(total: int | None, things: Iterable[Any], what: str) -> Iterator[Any]:
    """The things one by one, with a progress bar if somebody watches."""
    from rich.progress import track

    watched = errors.is_terminal
    return iter(track(things, what, total=total, console=errors, disable=not watched))
