"""A copy of a service's folder that can be trusted later: whole, at one instant, with its digest.

The digest lies beside the copy in the form of ``sha256sum``, so that it can be checked where there
is no Signals.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import file_digest
from pathlib import Path
from typing import NamedTuple

from signals.runtime.book_file import BookFile
from signals.runtime.journal import Journal
from signals.runtime.schema import FILE_NAME, reading

_SQLITE = b"SQLite format 3\x00"


class BackupError(Exception):
    """It was not saved or restored; the message says where, why, and what to do instead."""


class Saved(NamedTuple):
    """What a copy holds."""

    records: int
    revisions: int


def save(data: Path, target: Path) -> Saved:
    """Copy the file of a folder; a service may run on it meanwhile and is not held up.

    Raises:
        BackupError: the target is there already, or the file cannot be copied or is damaged.
        OSError: the target cannot be written.
    """
    with written(target) as copy:
        try:
            with reading(data) as source, closing(sqlite3.connect(copy)) as made:
                source.backup(made)
                made.execute("PRAGMA journal_mode = DELETE")  # whole without a file beside it
        except sqlite3.Error as error:
            raise BackupError(
                f"{data} cannot be copied to {target}: {error}; 'signals doctor --data {data}'"
                " looks at the folder; is there room for the copy?"
            ) from None
        return examined(copy, data)


def restore(source: Path, data: Path) -> Saved:
    """Put a copy into a folder where no service ever ran.

    Raises:
        BackupError: the copy is not what it was, is no copy of a folder, or the folder is in use.
        OSError: the copy cannot be read, or the folder not written.
    """
    check_digest(source)
    if not is_of_folder(source):
        raise BackupError(
            f"{source}: a journal, and no backup of a folder; 'signals journal import' puts it into"
            " a folder"
        )
    if kept := sorted(each.name for each in data.glob(f"{FILE_NAME}*")):
        raise BackupError(
            f"{data}: {kept[0]} is there already, and is not overwritten; restore into a new folder"
        )
    data.mkdir(parents=True, exist_ok=True)
    fresh = data / f".{FILE_NAME}.{os.getpid()}"
    try:
        shutil.copyfile(source, fresh)
        found = examined(fresh, source)
        _settle(fresh)
        fresh.rename(data / FILE_NAME)
        _settle(data)
    finally:
        fresh.unlink(missing_ok=True)
    return found


def is_of_folder(source: Path) -> bool:
    """Whether a copy is that of a folder; else it is a journal.

    Raises:
        OSError: it cannot be read.
    """
    with source.open("rb") as file:
        return file.read(len(_SQLITE)) == _SQLITE


def examined(copy: Path, of: Path) -> Saved:
    """What a copy holds, after SQLite has looked through all of it.

    Raises:
        BackupError: it is damaged; ``of`` is what it is a copy of.
    """
    try:
        with closing(sqlite3.connect(f"{copy.resolve().as_uri()}?mode=ro", uri=True)) as reader:
            (told,) = reader.execute("PRAGMA integrity_check(1)").fetchone()
            if told == "ok":
                return Saved(Journal(reader).last()[0], BookFile(reader).last())
    except sqlite3.Error as error:
        told = str(error)
    raise BackupError(
        f"{of}: it is damaged ({told}), and nothing was kept of the copy; 'signals doctor' tells"
        " more, and the last good backup is what counts"
    )


@contextmanager
def written(target: Path) -> Iterator[Path]:
    """A new file that gets its name and its digest only when it is whole and on the disk.

    Raises:
        BackupError: there is a file of this name already, or no such folder.
    """
    if not target.absolute().parent.is_dir():
        raise BackupError(f"{target.parent}: there is no such folder; make it first")
    for there in (target, digest_file(target)):
        if there.exists():
            raise BackupError(f"{there} is there already, and is not overwritten; name another")
    fresh = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        yield fresh
        _settle(fresh)
        digest = _digest(fresh)
        fresh.rename(target)
        digest_file(target).write_text(f"{digest}  {target.name}\n", encoding="utf-8")
        _settle(digest_file(target))
        _settle(target.absolute().parent)
    finally:
        fresh.unlink(missing_ok=True)


def check_digest(source: Path) -> None:
    """Make sure that a copy is what it was when it was made.

    Raises:
        BackupError: it is not, or no digest lies beside it.
        OSError: it cannot be read.
    """
    beside = digest_file(source)
    if not beside.is_file():
        raise BackupError(
            f"{source}: there is no {beside.name} beside it, so nobody can tell whether it is whole;"
            " bring both files"
        )
    wanted = beside.read_text(encoding="utf-8").split()[:1]
    if wanted != [_digest(source)]:
        raise BackupError(
            f"{source}: it is not what it was when it was made ({beside.name} says so); take"
            " another copy"
        )


def digest_file(target: Path) -> Path:
    """Where the digest of a copy lies."""
    return target.with_name(f"{target.name}.sha256")


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return file_digest(content, "sha256").hexdigest()


def _settle(path: Path) -> None:
    """Wait until a file, or the names of a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
