"""``signals backup`` and ``signals restore``: everything of a study, out of either runtime."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from signals.cli.broker import EitherDataOption, StudyOption
from signals.cli.common import CannotRunError, PackOption
from signals.cli.data import file_of
from signals.cli.journal import import_journal, of_brokers


def backup(
    file: Annotated[
        Path, typer.Argument(help="The new file; on the brokers ending in .ndjson.gz.")
    ],
    data: EitherDataOption = None,
    study: StudyOption = None,
    pack: PackOption = None,
) -> None:
    """Copy everything of a study into one file, with its digest beside it (FILE.sha256).

    Of a folder: journal, book and what was rejected, at one instant; a service may run on it
    meanwhile. Without --data: the journal of a study on the brokers, from which the book follows.
    No file is overwritten.

    Example: signals backup /backup/2026-03-08.sqlite --data /var/lib/signals
    """
    from signals.runtime.backup import save, written

    with _told(file):
        if data is None:
            with written(file) as fresh, gzip.open(fresh, "wb") as out:
                count = sum(1 for line in of_brokers(study, pack) if out.write(line + b"\n"))
            sys.stdout.write(f"{file}: {count} records of the journal\n")
            return
        file_of(data)
        saved = save(data, file)
    sys.stdout.write(f"{file}: {saved.records} records, {saved.revisions} revisions\n")


def restore(
    file: Annotated[Path, typer.Argument(help="A file of 'signals backup', its digest beside it.")],
    data: EitherDataOption = None,
    pack: PackOption = None,
) -> None:
    """Put a backup into a new folder, or into a journal on the brokers that has nothing of the study.

    The digest is checked first, and nothing is overwritten. Prove it with 'signals verify', and let
    every source send again what it sent since the backup: what is there already counts once.

    Example: signals restore /backup/2026-03-08.sqlite --data /var/lib/signals
    """
    from signals.runtime.backup import check_digest, is_of_folder
    from signals.runtime.backup import restore as put_back

    with _told(file):
        if data is None:
            check_digest(file)
            if is_of_folder(file):
                raise CannotRunError(
                    f"{file}: a backup of a folder; restore it with --data, and bring it to the"
                    " brokers by 'signals journal export' and 'import'"
                )
            count = import_journal(str(file), None, pack)
            sys.stdout.write(f"{count} records restored into the journal\n")
            return
        saved = put_back(file, data)
    sys.stdout.write(f"{data}: {saved.records} records, {saved.revisions} revisions\n")


@contextmanager
def _told(file: Path) -> Iterator[None]:
    from signals.runtime.backup import BackupError

    try:
        yield
    except BackupError as error:
        raise CannotRunError(str(error)) from None
    except OSError as error:
        where = error.filename or file
        raise CannotRunError(f"{where}: {error.strerror or error}") from None
