"""``signals why-not``: what keeps a rule from firing, and by how much."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from signals.cli.common import (
    AsOfOption,
    CannotRunError,
    EitherFilesArgument,
    InsteadOfFilesOption,
    JsonOption,
    PackOption,
    end,
    files_or_data,
    instant_of,
    journal_of,
    judging,
    pack_of,
    put,
)
from signals.cli.data import file_errors, file_of

if TYPE_CHECKING:
    from signals.events import Record
    from signals.rulebook.pack import Pack
    from signals.runtime.why_not import WhyNot


def why_not(  # noqa: PLR0917 - typer names the options
    rule: Annotated[str, typer.Argument(help="The code of the rule, as in DLT-02.")],
    subject: Annotated[str, typer.Argument(help="The subject, as in 001-004.")],
    files: EitherFilesArgument = None,
    data: InsteadOfFilesOption = None,
    record: Annotated[
        str | None, typer.Option("--record", help="Only what is about this record, as in AE-17.")
    ] = None,
    as_of: AsOfOption = None,
    pack: PackOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell why a rule does not fire for a subject: what fails or is not known, and by how much.

    One paragraph for each thing that the rule judges, the nearest miss first. With --data the pack
    is the one that the service has in force, unless --pack names another.

    Example: signals why-not DLT-02 001-004 events.ndjson --record AE-17
    """
    from signals.runtime.why_not import as_json as json_of
    from signals.runtime.why_not import in_words

    files_or_data(files, data)
    rejected = False
    if data is not None:
        rules, records = _stored(data, pack)
    else:
        rules = pack_of(pack)
        played = journal_of(files or [], rules)
        rules, records, rejected = judging(rules, played), played.records, bool(played.rejected)
    answer = _ask(rules, records, instant_of("--as-of", as_of, rules), (rule, subject, record))
    if as_json:
        put(json_of(answer))
    else:
        sys.stdout.write("\n".join(in_words(answer)) + "\n")
    end(findings=rejected)


def _ask(
    rules: Pack,
    records: Sequence[Record],
    when: datetime | None,
    question: tuple[str, str, str | None],
) -> WhyNot:
    from signals.runtime.play import monitor_at
    from signals.runtime.why_not import NoAnswerError, rule_named, why_not

    code, subject, record = question
    try:
        rule = rule_named(rules, code)
        return why_not(monitor_at(rules, records, when), rule, subject, record)
    except NoAnswerError as error:
        raise CannotRunError(str(error)) from None


def _stored(data: Path, pack: Path | None) -> tuple[Pack, Sequence[Record]]:
    """The journal of a folder, and the pack that judges it."""
    from signals.runtime.activations import pack_in_force
    from signals.runtime.embedded.folding import UnfitJournalError, read_own
    from signals.runtime.journal import Journal
    from signals.runtime.schema import reading
    from signals.study.files import PackError

    file_of(data)
    try:
        with file_errors(data), reading(data) as reader:
            journal = Journal(reader)
            rules = pack_in_force(journal) if pack is None else None
            rules = rules or pack_of(pack)
            lines = journal.after(0, journal.last()[0])
            return rules, [read_own(line, rules.study, position) for position, line in lines]
    except (UnfitJournalError, PackError) as error:
        raise CannotRunError(str(error)) from None
