"""``signals rejected``: what could not be accepted."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from signals.cli import rejected_topic
from signals.cli.broker import EitherDataOption
from signals.cli.common import (
    CannotRunError,
    JsonOption,
    PackOption,
    end,
    pack_of,
    put,
    tell_rejection,
)

if TYPE_CHECKING:
    from signals.rulebook.pack import Pack
    from signals.runtime.intake import Intake
    from signals.runtime.rejected import Kept
    from signals.runtime.schema import Store

rejected = typer.Typer(
    help="What could not be accepted: list it, show it, and replay it after a fix.",
    no_args_is_help=True,
)
IdsArgument = Annotated[list[str] | None, typer.Argument(help="Ids; none: all that wait.")]


def file_of(data: Path) -> Path:
    """The file in a service's folder.

    Raises:
        CannotRunError: no service ever ran on it.
    """
    from signals.runtime.schema import FILE_NAME

    file = data / FILE_NAME
    if not file.is_file():
        raise CannotRunError(f"{data}: no service has run on this folder ('signals run --data')")
    return file


@contextmanager
def file_errors(data: Path) -> Iterator[None]:
    """Tell what is wrong with the file of a folder, instead of a trace."""
    if data.exists() and not data.is_dir():
        raise CannotRunError(f"{data} is a file; name the folder of a service")
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        why = getattr(error, "strerror", None) or error
        raise CannotRunError(
            f"{data}: the file of the service cannot be used there: {why};"
            f" 'signals doctor --data {data}' tells more"
        ) from None


def existing(data: Path) -> Store:
    """The opened file of a service's folder.

    Raises:
        CannotRunError: no service ever ran on it, or the file is damaged.
    """
    file_of(data)
    return opened(data)


def opened(data: Path) -> Store:
    """The opened file of a folder, made if it is not there.

    Raises:
        CannotRunError: it cannot be made or is damaged.
    """
    from signals.runtime.schema import Store

    with file_errors(data):
        return Store(data)


@rejected.command("list")
def list_(
    data: EitherDataOption = None,
    everything: Annotated[bool, typer.Option("--all", help="Also those replayed since.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List what was rejected, with place, reason and what would be allowed.

    Example: signals rejected list --data /var/lib/signals
    """
    from signals.runtime.rejected import Rejected

    if data is None:
        rejected_topic.list_them(everything=everything, as_json=as_json)
        return
    kept = Rejected(existing(data).connection)
    for one in kept.all() if everything else kept.waiting():
        if as_json:
            put(one.to_json())
        else:
            _tell(one)


@rejected.command()
def show(
    rejected_id: Annotated[str, typer.Argument(help="Its id, as listed.")],
    data: EitherDataOption = None,
    raw: Annotated[bool, typer.Option("--raw", help="Only the bytes as they came.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show one rejected event with its reasons; with --raw its bytes, to put them right in a file.

    Example: signals rejected show 3 --raw --data /var/lib/signals > fixed.json
    """
    if data is None:
        rejected_topic.show(rejected_id, raw=raw, as_json=as_json)
        return
    one = _kept(existing(data), rejected_id)
    if as_json:
        put(one.to_json())
    elif raw:
        sys.stdout.buffer.write(one.raw + b"\n")
    else:
        _tell(one)
        sys.stdout.write(one.raw.decode(errors="backslashreplace") + "\n")


@rejected.command()
def replay(
    data: EitherDataOption = None,
    ids: IdsArgument = None,
    instead: Annotated[
        Path | None, typer.Option("--with", help="The event put right; for one id only.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what would happen.")
    ] = False,
    pack: PackOption = None,
) -> None:
    """Hand rejected events to the door again: as they came, or put right in a file.

    They keep their entry; what is accepted is marked. A service that runs on the folder takes them
    up within a second; on the brokers they are sent to their source topics, and --dry-run tells
    which alerts would change. Exit 1 if some are rejected again.

    Example: signals rejected replay 3 --with fixed.json --dry-run --data /var/lib/signals
    """
    from signals.events import Rejection

    fixed = None if instead is None else _read(instead)
    if data is None:
        rejected_topic.replay(ids, fixed, pack, dry_run=dry_run)
        return
    store = existing(data)
    kept = _chosen(store, ids)
    if instead is not None and len(kept) != 1:
        raise CannotRunError("--with puts one event right: name its id")
    intake = _intake(store, pack_of(pack))
    again = False
    for one, what in intake.replay(kept, instead=fixed, dry_run=dry_run):
        if isinstance(what, Rejection):
            again = True
            tell_rejection(f"{one.id} ({one.place})", what)
        else:
            done = "would be accepted" if dry_run else "accepted"
            problems = f", {len(what.problems)} problems" if what.problems else ""
            sys.stdout.write(f"{one.id} ({one.place}): {done} as {what.event_id}{problems}\n")
    end(findings=again)


def _tell(one: Kept) -> None:
    done = f", in the journal at {one.replayed_as}" if one.replayed_as else ""
    times = "once" if one.tries == 1 else f"{one.tries} times"
    seen = one.first_seen.isoformat(timespec="seconds")
    lines = [f"{one.id}  {one.place}  first {seen}, {times}{done}"]
    lines += [
        f"    {reason.pointer or '(whole)'}: {reason.message}; allowed: {reason.allowed}"
        for reason in one.reasons
    ]
    sys.stdout.write("\n".join(lines) + "\n")


def _kept(store: Store, rejected_id: str) -> Kept:
    from signals.runtime.rejected import Rejected

    number = int(rejected_id) if rejected_id.isdecimal() else 0
    one = Rejected(store.connection).get(number)
    if one is None:
        raise CannotRunError(
            f"there is no rejected event {rejected_id}; 'signals rejected list --all' lists them"
        )
    return one


def _chosen(store: Store, ids: list[str] | None) -> list[Kept]:
    from signals.runtime.rejected import Rejected

    return [_kept(store, one) for one in ids] if ids else Rejected(store.connection).waiting()


def _intake(store: Store, pack: Pack) -> Intake:
    from signals.runtime.arrival import wall_clock
    from signals.runtime.intake import Door, Intake

    zone = pack.study.zone
    return Intake(store, Door(pack.study.study_id, zone), wall_clock(zone))


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes().strip()
    except OSError as error:
        raise CannotRunError(f"--with {file}: {error.strerror}") from None
