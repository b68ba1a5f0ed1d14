"""``signals alerts``, ``facts`` and ``explain``: what was known, and why."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from signals.cli.common import (
    AsOfOption,
    CannotRunError,
    EitherFilesArgument,
    FilesArgument,
    InsteadOfFilesOption,
    JsonOption,
    PackOption,
    end,
    errors,
    files_or_data,
    instant_of,
    journal_of,
    judging,
    no_such_kind,
    pack_of,
    put,
)

if TYPE_CHECKING:
    from signals.facts.kind import Fact, FactKind
    from signals.monitor.monitor import Monitor
    from signals.rulebook.pack import Pack
    from signals.runtime.citations import Citations


def alerts(
    files: FilesArgument,
    as_of: AsOfOption = None,
    pack: PackOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the alerts that stood (possible, firing, withdrawal pending), the soonest due first.

    Example: signals alerts events.ndjson --as-of 2026-03-09
    """
    from signals.cli import tables
    from signals.runtime.listing import Filter, listed

    rules = pack_of(pack)
    book, rejected = _book(files, rules, instant_of("--as-of", as_of, rules))
    standing = listed([revisions[-1] for revisions in book.values()], Filter())
    if as_json:
        for alert in standing:
            put(alert)
    else:
        tables.console().print(tables.alerts(standing, f"{len(standing)} alerts stand"))
    end(findings=rejected)


def facts(  # noqa: PLR0917 - typer names the options
    files: FilesArgument,
    subject: Annotated[str, typer.Option("--subject", help="The subject, as in 001-004.")],
    as_of: AsOfOption = None,
    kind: Annotated[
        str | None, typer.Option("--kind", help="Only this kind of fact, as in 'adverse event'.")
    ] = None,
    pack: PackOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show every fact of a subject: what was derived from its records, and what is not known.

    Example: signals facts events.ndjson --subject 001-004 --kind "adverse event" --json
    """
    from signals.facts.registry import KINDS
    from signals.runtime.play import monitor_at

    kinds = {one.name: one for one in KINDS}
    if kind is not None and kind not in kinds:
        raise no_such_kind(kind, kinds)
    rules = pack_of(pack)
    played = journal_of(files, rules)
    rules = judging(rules, played)
    monitor = monitor_at(rules, played.records, instant_of("--as-of", as_of, rules))
    found = [fact for fact in monitor.facts() if fact.subject_id == subject]
    if not found:
        _on_record(monitor, subject)
    wanted = [fact for fact in found if kind in (None, fact.kind)]
    if not wanted:
        errors.print(f"{subject} has no {kind or 'facts'}", markup=False)
    for fact in sorted(wanted, key=lambda one: (list(kinds).index(one.kind), _key(one))):
        _show_fact(fact, kinds[fact.kind], as_json=as_json)
    end(findings=bool(played.rejected))


def explain(  # noqa: PLR0917 - typer names the options
    alert_id: Annotated[str, typer.Argument(help="As in 'UC-MSC|DLT-01|001-004|AE-17'.")],
    files: EitherFilesArgument = None,
    data: InsteadOfFilesOption = None,
    as_of: AsOfOption = None,
    pack: PackOption = None,
    as_json: JsonOption = False,
) -> None:
    """Explain an alert: why it stands, what is missing or assumed, and how it changed.

    Example: signals explain "UC-MSC|DLT-01|001-004|AE-17" events.ndjson
    """
    from signals.runtime.citations import citations
    from signals.runtime.words import explained
    from signals.study.problems import nearest

    files_or_data(files, data)
    rules = pack_of(pack)
    when = instant_of("--as-of", as_of, rules)
    if data is not None:
        revisions, known, in_force = _stored(data, alert_id, when)
        rules, rejected = rules if in_force is None or pack is not None else in_force, False
    else:
        book, rejected = _book(files or [], rules, when)
        revisions, known = book.get(alert_id, []), list(book)
    if not revisions:
        near = nearest(alert_id, known)
        help_ = f"did you mean '{near}'?" if near else "'signals alerts' lists those that stand"
        raise CannotRunError(f"there is no alert '{alert_id}'; {help_}")
    laws = citations(rules.study)
    if as_json:
        put(explained(revisions, laws))
    else:
        _tell(revisions, laws)
    end(findings=rejected)


def _on_record(monitor: Monitor, subject: str) -> None:
    from signals.runtime.why_not import NoAnswerError, on_record

    try:
        on_record(monitor, subject)
    except NoAnswerError as error:
        raise CannotRunError(str(error)) from None


def _book(
    files: list[str], rules: Pack, when: datetime | None
) -> tuple[dict[str, list[dict[str, Any]]], bool]:
    from signals.runtime.play import book, fold_of, steps

    played = journal_of(files, rules)
    rules = judging(rules, played)
    return book(steps(fold_of(rules), played.upto(when), when)), bool(played.rejected)


def _stored(
    data: Path, alert_id: str, when: datetime | None
) -> tuple[list[dict[str, Any]], list[str], Pack | None]:
    """The revisions of an alert until an instant, the ids of all alerts, the pack in force."""
    from signals.cli.data import existing
    from signals.runtime.activations import pack_in_force
    from signals.runtime.book_file import BookFile
    from signals.runtime.journal import Journal

    with existing(data).reader() as reader:
        in_force = pack_in_force(Journal(reader))
        book = BookFile(reader)
        revisions, known = book.revisions(alert_id), [name for name, _, _ in book.names()]
    until = [
        one
        for one in revisions
        if when is None or datetime.fromisoformat(one["changed_at"]) <= when
    ]
    return until, known, in_force


def _tell(revisions: list[dict[str, Any]], laws: Citations) -> None:
    from signals.runtime.words import explanation, history, moment

    lines = [*explanation(revisions[-1], laws), "", "History:"]
    for one, changed in zip(revisions, history(revisions), strict=True):
        lines.append(f"  {moment(one['changed_at'])}  {one['state']}: {one['change']}")
        lines += [f"    {d.what}: {d.before or '-'} -> {d.after or '-'}" for d in changed]
    sys.stdout.write("\n".join(lines) + "\n")


def _key(fact: Fact) -> list[str]:
    return [part or "" for part in fact.key]


def _show_fact(fact: Fact, kind: FactKind, *, as_json: bool) -> None:
    from signals.cli import tables
    from signals.rulebook.fact_json import fact_json

    if as_json:
        put(fact_json(fact, kind))
    else:
        tables.console().print(tables.fact(fact, kind))
