"""``signals verify``: whether the book of a service is that of its journal."""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from signals.cli.common import (
    CannotRunError,
    DataOption,
    JsonOption,
    PackOption,
    counted,
    end,
    pack_of,
    put,
)

if TYPE_CHECKING:
    from signals.runtime.verify import Verification


def verify(data: DataOption, pack: PackOption = None, as_json: JsonOption = False) -> None:
    """Fold the journal afresh, from its first record, and compare with what was published.

    It only reads: a service may run on the folder meanwhile. --pack names the pack in force before
    the first activation, for a journal that does not begin with one. Exit 0: the book is that of
    the journal; 1: it differs, and where.

    Example: signals verify --data /var/lib/signals
    """
    found = _verified(data, pack)
    if as_json:
        put(
            {
                "records": found.folded,
                "revisions": found.revisions,
                "waiting": found.waiting,
                "differences": [one._asdict() for one in found.differences],
            }
        )
    else:
        _tell(found)
    end(findings=bool(found.differences))


def _verified(data: Path, pack: Path | None) -> Verification:
    from signals.runtime.embedded.folding import UnfitJournalError
    from signals.runtime.verify import Verification
    from signals.study.files import PackError

    try:
        found = Verification(data, pack_of(pack))
        for _ in counted(found.folded, found.steps(), "verify"):
            pass
    except sqlite3.Error as error:
        raise CannotRunError(
            f"{data}: no journal of a service can be read there: {error}"
        ) from None
    except (UnfitJournalError, PackError) as error:
        raise CannotRunError(f"{data}: {error}") from None
    return found


def _tell(found: Verification) -> None:
    from signals.runtime.verify import in_words

    told = f"{_count(found.folded, 'record')} folded afresh, {_count(found.revisions, 'revision')}"
    if found.waiting:
        told += f" ({_count(found.waiting, 'record')} not yet in the book)"
    lines = [in_words(one) for one in found.differences]
    if lines:
        told += f": the book differs in {_count(len(lines), 'place')}"
    else:
        told += ": the book is that of the journal"
    sys.stdout.write("\n".join([*lines, told]) + "\n")


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
