"""``signals verify``: whether the book of a service is that of its journal."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from signals.cli.broker import (
    EitherDataOption,
    StudyOption,
    broker_errors,
    kafka_settings,
    one_study,
)
from signals.cli.common import (
    CannotRunError,
    JsonOption,
    PackOption,
    counted,
    end,
    pack_of,
    put,
)
from signals.cli.data import file_errors, file_of

if TYPE_CHECKING:
    from signals.runtime.kafka.verify import TopicVerification
    from signals.runtime.verify import Verification


def verify(
    data: EitherDataOption = None,
    study: StudyOption = None,
    pack: PackOption = None,
    as_json: JsonOption = False,
) -> None:
    """Fold the journal afresh, from its first record, and compare with what was published.

    It only reads: a service may run on the folder meanwhile. --pack names the pack in force before
    the first activation, for a journal that does not begin with one. Without --data the topics on
    the brokers are compared. Exit 0: the book is that of the journal; 1: it differs, and where.

    Example: signals verify --data /var/lib/signals
    """
    found = _on_brokers(study, pack) if data is None else _verified(data, pack)
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

    file_of(data)
    try:
        with file_errors(data):
            found = Verification(data, pack_of(pack))
            for _ in counted(found.folded, found.steps(), "verify"):
                pass
    except (UnfitJournalError, PackError) as error:
        raise CannotRunError(f"{data}: {error}") from None
    return found


def _on_brokers(study: str | None, pack: Path | None) -> TopicVerification:
    from signals.runtime.kafka.reader import Reader
    from signals.runtime.kafka.topics import Topics
    from signals.runtime.kafka.verify import TopicVerification
    from signals.study.files import PackError

    settings = kafka_settings()
    topics, zone = Topics(settings.prefix), pack_of(pack).study.zone
    try:
        with broker_errors(), Reader(settings) as reader:
            found = TopicVerification(reader, topics, one_study(reader, topics, study), zone)
    except PackError as error:
        raise CannotRunError(str(error)) from None
    for _ in counted(found.folded + found.waiting, found.steps(), "verify"):
        pass
    return found


def _tell(found: Verification | TopicVerification) -> None:
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
