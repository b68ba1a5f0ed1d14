"""`signals rules`: what rules may use, whether a pack is right, and the numbers of its rules."""

from __future__ import annotations

import json
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from signals.cli.common import no_such_kind
from signals.cli.rules_clocks import clocks
from signals.cli.rules_test import run_stories
from signals.facts.kind import Field
from signals.facts.registry import dictionary
from signals.rulebook.lock import LOCK, lock_text
from signals.rulebook.pack import Pack, read_pack, updated_lock
from signals.rulebook.read_dictionary import FactKindDoc
from signals.study.files import located, place_on_disk, read_files
from signals.study.problems import Problem, Severity, has_errors
from signals.study.report import report

app = typer.Typer(help="Write and check the rules of a study.", no_args_is_help=True)
app.command("test")(run_stories)
app.command("clocks")(clocks)
FINE, PROBLEMS, COULD_NOT_READ = 0, 1, 2


class Form(StrEnum):
    """How problems are printed."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


PackFolder = Annotated[Path, typer.Argument(help="The folder of the pack, such as rules/uc-msc.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def facts(
    kind: Annotated[str | None, typer.Option(help="Only this kind of fact.")] = None,
    as_json: AsJson = False,
) -> None:
    """Print every kind of fact and its fields: what a criterion may use.

    Example: signals rules facts --kind "adverse event"
    """
    kinds = dictionary()
    if kind is not None and kind not in kinds:
        raise no_such_kind(kind, kinds)
    wanted = [each for name, each in kinds.items() if kind in {None, name}]
    if as_json:
        typer.echo(json.dumps([_kind_json(each) for each in wanted], ensure_ascii=False, indent=2))
    else:
        typer.echo("\n\n".join(_kind_text(each) for each in wanted))


@app.command()
def check(
    path: PackFolder,
    form: Annotated[Form, typer.Option("--format", help="How to print problems.")] = Form.TEXT,
    as_json: AsJson = False,
) -> None:
    """Say everything that is wrong with a pack, each with its place and what to write instead.

    Exit code 0: fine; 1: problems; 2: the pack could not be read.

    Example: signals rules check rules/uc-msc
    """
    files = _files(path)
    pack, found = read_pack(files)
    problems = located(found, path)
    form = Form.JSON if as_json else form
    if form is Form.TEXT:
        _print_text(problems, {place_on_disk(name, path): files[name] for name in files})
        typer.echo(_summary(pack, problems))
    elif problems or form is Form.JSON:
        typer.echo(report(problems, {}, "json" if form is Form.JSON else "github"))
    raise typer.Exit(PROBLEMS if has_errors(problems) else FINE)


@app.command()
def lock(path: PackFolder, as_json: AsJson = False) -> None:
    """Give every new or changed rule its next number, in rules.lock.

    Exit code 0: fine; 1: the pack has problems, nothing was written; 2: it could not be read.

    Example: signals rules lock rules/uc-msc
    """
    files = _files(path)
    pack, found = read_pack(files)
    if pack is None:
        problems = [each for each in located(found, path) if each.severity is Severity.ERROR]
        sources = {place_on_disk(name, path): files[name] for name in files}
        typer.echo(report(problems, sources, "json" if as_json else "text"), err=not as_json)
        raise typer.Exit(PROBLEMS)
    text = lock_text(updated_lock(files, pack))
    before, after = (_numbers(each) for each in (files.get(LOCK, '{"rules": {}}'), text))
    changed = {code: number for code, number in after.items() if before.get(code) != number}
    if changed:
        (path / LOCK).write_text(text, encoding="utf-8")
    if as_json:
        typer.echo(json.dumps({"changed": changed}))
    else:
        lines = [f"{code} is now number {number}" for code, number in changed.items()]
        typer.echo("\n".join(lines) or "The lock fits the rules; nothing changed.")


def _files(path: Path) -> dict[str, str]:
    try:
        return read_files(path)
    except OSError as error:
        typer.echo(str(error), err=True)
    raise typer.Exit(COULD_NOT_READ)


def _print_text(problems: list[Problem], sources: dict[str, str]) -> None:
    told = [each for each in problems if each.severity is not Severity.NOTE]
    if told:
        typer.echo(report(told, sources) + "\n")
    if lines := list(_not_built(problems)):
        typer.echo("Not built yet, in drafts (--json lists all):\n" + "\n".join(lines) + "\n")


def _not_built(problems: list[Problem]) -> Iterable[str]:
    """One line a page: its first note, and how many more there are."""
    by_page: dict[str, list[Problem]] = {}
    for each in problems:
        if each.severity is Severity.NOTE:
            by_page.setdefault(each.path, []).append(each)
    for path, notes in by_page.items():
        more = f" (and {len(notes) - 1} more)" if len(notes) > 1 else ""
        yield f"  {path}:{notes[0].line}: {notes[0].code}: {notes[0].message}{more}"


def _summary(pack: Pack | None, problems: list[Problem]) -> str:
    errors = sum(each.severity is Severity.ERROR for each in problems)
    told = "no problems" if not errors else f"{errors} problem{'' if errors == 1 else 's'}"
    if pack is None:
        return told
    return f"{told}; {len(pack.rules)} rules, {len(pack.drafts)} drafts"


def _numbers(text: str) -> dict[str, int]:
    rules: dict[str, Any] = json.loads(text)["rules"]
    return {code: each["number"] for code, each in rules.items()}


def _kind_text(kind: FactKindDoc) -> str:
    about = ", ".join(kind.about) or "the study"
    return "\n".join([f"{kind.name}   about: {about}", *map(_field_text, kind.fields.values())])


def _field_text(field: Field) -> str:
    holds = " | ".join(field.words) if field.words else field.type.value
    unit = f" {field.unit}" if field.unit else ""
    return f"  {field.name}: {holds}{unit}\n      {field.meaning} [{field.source}]"


def _kind_json(kind: FactKindDoc) -> dict[str, Any]:
    return {
        "kind": kind.name,
        "about": list(kind.about),
        "fields": [
            {
                "name": field.name,
                "type": field.type.value,
                "unit": field.unit,
                "words": list(field.words),
                "meaning": field.meaning,
                "source": field.source,
            }
            for field in kind.fields.values()
        ],
    }
