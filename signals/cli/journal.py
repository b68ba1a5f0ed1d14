"""``signals journal``: the journal of a study as a file, out of either runtime and into either."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from signals.cli.broker import (
    EitherDataOption,
    StudyOption,
    broker_errors,
    kafka_settings,
    one_study,
)
from signals.cli.common import CannotRunError, PackOption, counted, journal_of, pack_of
from signals.cli.data import existing, opened

if TYPE_CHECKING:
    from signals.events import Record
    from signals.runtime.replay import Played

app = typer.Typer(
    help="The journal of a study: write it to a file, read it from one.", no_args_is_help=True
)


@app.command()
def export(
    data: EitherDataOption = None, study: StudyOption = None, pack: PackOption = None
) -> None:
    """Write a journal as NDJSON: what was accepted, in its order; line n is position n.

    Example: signals journal export --data /var/lib/signals | gzip > journal.ndjson.gz
    """
    for line in _of_folder(data) if data is not None else of_brokers(study, pack):
        sys.stdout.buffer.write(line + b"\n")


@app.command("import")
def import_(
    file: Annotated[str, typer.Argument(help="An export, also gzipped; - is standard input.")],
    data: EitherDataOption = None,
    pack: PackOption = None,
) -> None:
    """Put an export into an empty journal, each record with the arrival it had.

    The next 'signals run' on the folder, or the worker that holds the study, folds it to the same
    alerts.

    Example: signals journal import journal.ndjson.gz --data ./copy
    """
    count = import_journal(file, data, pack)
    sys.stdout.write(f"{count} records imported\n")


def import_journal(file: str, data: Path | None, pack: Path | None) -> int:
    """Put an export into an empty journal, of a folder or (None) on the brokers; how many records.

    Raises:
        CannotRunError: the file is no export, or the journal is not empty.
    """
    played = journal_of([file], pack_of(pack))
    if played.rejected:
        raise CannotRunError(f"{file}: not every line is an event; nothing was imported")
    if data is not None:
        _into_folder(data, played)
    else:
        _into_brokers(played)
    return len(played.records)


def _of_folder(data: Path) -> Iterator[bytes]:
    from signals.runtime.journal import Journal

    with existing(data).reader() as reader:
        stored = Journal(reader)
        for _, line in stored.after(0, stored.last()[0]):
            yield line


def of_brokers(study: str | None, pack: Path | None) -> Iterator[bytes]:
    """The lines of the journal of a study on the brokers.

    Raises:
        CannotRunError: the brokers do not answer, or the study is not clear.
    """
    from signals.events import journal_json
    from signals.runtime.kafka.export import journal_of as on_topic
    from signals.runtime.kafka.reader import Reader
    from signals.runtime.kafka.topics import Topics

    settings = kafka_settings()
    zone = pack_of(pack).study.zone
    with broker_errors(), Reader(settings) as reader:
        topics = Topics(settings.prefix)
        for record in on_topic(reader, topics, one_study(reader, topics, study), zone):
            yield journal_json(record)


def _into_folder(data: Path, played: Played) -> None:
    from signals.runtime.journal import Journal

    store = opened(data)
    journal = Journal(store.connection)
    if journal.last()[0]:
        store.close()
        raise CannotRunError(f"{data}: its journal is not empty; import into a new folder")
    with store.transaction():
        for record in _watched(played):
            journal.append(record)
    store.close()


def _into_brokers(played: Played) -> None:
    from signals.runtime.kafka.export import Sender, studies
    from signals.runtime.kafka.reader import Reader
    from signals.runtime.kafka.topics import Topics

    settings = kafka_settings()
    with broker_errors():
        with Reader(settings) as reader:
            if played.study_id in studies(reader, Topics(settings.prefix)):
                raise CannotRunError(
                    f"the journal holds {played.study_id} already; import into a new installation"
                    " (another SIGNALS_KAFKA_PREFIX)"
                )
        with Sender(settings) as sender:
            sender.journal(_watched(played))


def _watched(played: Played) -> Iterator[Record]:
    return counted(len(played.records), played.records, "import")
