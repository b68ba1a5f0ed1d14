"""``signals alerts``, ``facts`` and ``explain``: what was known, and why."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from signals.cli.common import (
    CannotRunError,
    FilesArgument,
    JsonOption,
    PackOption,
    end,
    instant_of,
    journal_of,
    judging,
    pack_of,
    put,
)

if TYPE_CHECKING:
    from signals.facts.kind import Fact, FactKind
    from signals.rulebook.pack import Pack

AsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of", help="Only what had arrived by this instant, or the end of this date, counts."
    ),
]


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
    from signals.monitor.monitor import Monitor

    kinds = {one.name: one for one in KINDS}
    if kind is not None and kind not in kinds:
        raise CannotRunError(f"--kind: '{kind}' is none of {', '.join(kinds)}")
    rules = pack_of(pack)
    played = journal_of(files, rules)
    rules = judging(rules, played)
    monitor = Monitor(rules)
    records = played.upto(instant_of("--as-of", as_of, rules))
    monitor.absorb([(record, position) for position, record in enumerate(records, start=1)])
    for fact in sorted(monitor.facts(), key=lambda one: (list(kinds).index(one.kind), _key(one))):
        if fact.subject_id == subject and kind in (None, fact.kind):
            _show_fact(fact, kinds[fact.kind], as_json=as_json)
    end(findings=bool(played.rejected))


def explain(  # noqa: PLR0917 - typer names the options
    alert_id: Annotated[str, typer.Argument(help="As in 'UC-MSC|DLT-01|001-004|AE-17'.")],
    files: Annotated[
        list[str] | None, typer.Argument(help="NDJSON files, also gzipped; - is standard input.")
    ] = None,
    data: Annotated[
        Path | None, typer.Option("--data", help="Folder of a service, instead of files.")
    ] = None,
    as_of: AsOfOption = None,
    pack: PackOption = None,
    as_json: JsonOption = False,
) -> None:
    """Explain an alert: why it stands, what is missing or assumed, and how it changed.

    Example: signals explain "UC-MSC|DLT-01|001-004|AE-17" events.ndjson
    """
    if bool(files) == (data is not None):
        raise CannotRunError("give the files that hold the events, or --data DIR, and not both")
    rules = pack_of(pack)
    when = instant_of("--as-of", as_of, rules)
    if data is not None:
        revisions, rejected = _stored(data, alert_id, when), False
    else:
        book, rejected = _book(files or [], rules, when)
        revisions = book.get(alert_id, [])
    if not revisions:
        raise CannotRunError(
            f"there is no alert '{alert_id}'; 'signals alerts' lists those that stand"
        )
    if as_json:
        put(_explained(revisions))
    else:
        _tell(revisions)
    end(findings=rejected)


def _book(
    files: list[str], rules: Pack, when: datetime | None
) -> tuple[dict[str, list[dict[str, Any]]], bool]:
    from signals.runtime.play import book, fold_of, steps

    played = journal_of(files, rules)
    rules = judging(rules, played)
    return book(steps(fold_of(rules), played.upto(when), when)), bool(played.rejected)


def _stored(data: Path, alert_id: str, when: datetime | None) -> list[dict[str, Any]]:
    from signals.cli.data import existing
    from signals.runtime.book_file import BookFile

    with existing(data).reader() as reader:
        revisions = BookFile(reader).revisions(alert_id)
    return [
        one
        for one in revisions
        if when is None or datetime.fromisoformat(one["changed_at"]) <= when
    ]


def _explained(revisions: list[dict[str, Any]]) -> dict[str, Any]:
    from signals.runtime.words import explanation, history

    return {
        "alert": revisions[-1],
        "explanation": explanation(revisions[-1]),
        "revisions": [
            {"alert": one, "differences": [difference._asdict() for difference in changed]}
            for one, changed in zip(revisions, history(revisions), strict=True)
        ],
    }


def _tell(revisions: list[dict[str, Any]]) -> None:
    from signals.runtime.words import explanation, history, moment

    lines = [*explanation(revisions[-1]), "", "History:"]
    for one, changed in zip(revisions, history(revisions), strict=True):
        lines.append(f"  {moment(one['changed_at'])}  {one['state']}: {one['change']}")
        lines += [f"    {d.what}: {d.before or '-'} -> {d.after or '-'}" for d in changed]
    sys.stdout.write("\n".join(lines) + "\n")


def _key(fact: Fact) -> list[str]:
    return [part or "" for part in fact.key]


def _show_fact(fact: Fact, kind: FactKind, *, as_json: bool) -> None:
    from signals.cli import tables
    from signals.rulebook.texts import value_json, value_text

    about = dict(zip(kind.about, fact.key, strict=True))
    if as_json:
        fields = {name: value_json(fact.values[name], field) for name, field in kind.fields.items()}
        put({"kind": fact.kind, "about": about, **fields})
    else:
        texts = [(name, value_text(fact.values[name], f)) for name, f in kind.fields.items()]
        tables.console().print(tables.fact(fact.kind, about, texts))
