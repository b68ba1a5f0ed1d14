"""`signals rules test`: run the stories of a pack in the engine of production."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from signals.book.fold import Fold
from signals.cli.rules_wrong import as_json as wrong_as_json
from signals.cli.rules_wrong import tell as tell_wrong
from signals.cli.rules_wrong import try_wrong_versions
from signals.events import Record
from signals.facts.registry import dictionary
from signals.rulebook.panel import Panel
from signals.rulebook.story.find import Stories, find_stories
from signals.rulebook.story.model import Story, StoryFile
from signals.rulebook.story.run import NewEngine, Outcome, run_story
from signals.study.files import PackError
from signals.study.problems import has_errors
from signals.study.report import as_json, report

if TYPE_CHECKING:
    from signals.runtime.wrong_versions import Found

PASSED, FAILED, COULD_NOT_READ = 0, 1, 2

StoryPath = Annotated[
    Path, typer.Argument(help="A pack, a folder of it, a rule or a file of stories.")
]
Word = Annotated[
    str | None, typer.Option("-k", help="Only stories whose rule or name holds this word.")
]
Verbose = Annotated[
    bool, typer.Option("-v", "--verbose", help="Show every event in full, defaults filled in.")
]
Wrong = Annotated[
    bool,
    typer.Option(
        "--wrong-versions",
        help="Change each rule one place at a time: some story must fail on every wrong version.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@dataclass(slots=True)
class _Summary:
    outcomes: list[tuple[StoryFile, Outcome]] = field(default_factory=list)
    untold: tuple[str, ...] = ()
    wrong: Found | None = None

    @property
    def failed(self) -> list[tuple[StoryFile, Outcome]]:
        return [each for each in self.outcomes if not each[1].passed]

    @property
    def fine(self) -> bool:
        passed = bool(self.outcomes) and not self.failed and not self.untold
        return passed and (self.wrong is None or self.wrong.fine)


def run_stories(
    path: StoryPath,
    word: Word = None,
    verbose: Verbose = False,
    wrong_versions: Wrong = False,
    as_json: AsJson = False,
) -> None:
    """Run the stories of a pack, and say where a rule did not do what its story tells.

    With --wrong-versions, once all have passed: each rule is changed one place at a time, and a
    version on which no story fails is told with the story to write.

    Exit code 0: all passed; 1: a story failed, an active rule has none, or a wrong version is not
    told; 2: a file could not be read.

    Example: signals rules test rules/uc-msc -k DLT-02

    Example: signals rules test rules/uc-msc/dlt --wrong-versions
    """
    if wrong_versions and word:
        typer.echo("--wrong-versions needs all stories of a rule: leave -k out", err=True)
        raise typer.Exit(COULD_NOT_READ)
    stories = _read(path, as_json)
    summary = _Summary(untold=() if word else stories.untold)
    for file, outcome in run_all(stories, word):
        summary.outcomes.append((file, outcome))
        if not as_json:
            _tell(file, outcome, verbose)
    if wrong_versions and not summary.failed and summary.outcomes:
        summary.wrong = try_wrong_versions(path)
    if as_json:
        typer.echo(json.dumps(_json(summary), ensure_ascii=False, indent=2))
    else:
        _tell_end(summary, word)
    raise typer.Exit(PASSED if summary.fine else FAILED)


def run_all(stories: Stories, word: str | None = None) -> Iterator[tuple[StoryFile, Outcome]]:
    """Run the chosen stories one after another, each from an empty journal."""
    study_id = stories.pack.study.study_id
    new_engine = _engines(stories)
    for file in stories.files:
        for story in file.stories:
            if word is None or word.casefold() in f"{story.rule} {story.name}".casefold():
                yield file, run_story(story, study_id, stories.setting, new_engine)


def _engines(stories: Stories) -> NewEngine:
    """A new fold a story; the compiled rules are shared, as they keep nothing of a story."""
    panel = Panel(stories.pack.by_kind, dictionary())
    return lambda: Fold(stories.pack, make_panel=lambda _: panel)


def _read(path: Path, as_json_: bool) -> Stories:
    try:
        stories = find_stories(path)
    except (OSError, PackError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(COULD_NOT_READ) from None
    if has_errors(stories.problems):
        told = as_json(stories.problems) if as_json_ else report(stories.problems, stories.sources)
        typer.echo(told, err=not as_json_)
        raise typer.Exit(COULD_NOT_READ)
    return stories


def _tell(file: StoryFile, outcome: Outcome, verbose: bool) -> None:
    story = outcome.story
    if verbose:
        typer.echo(f"{'passed' if outcome.passed else 'FAILED'}  {story.rule}: {story.name}")
        typer.echo("\n".join(_event(record) for record in outcome.events))
    if outcome.difference is None:
        return
    first, *rest = outcome.difference.message.splitlines()
    typer.echo(f"{file.path}:{outcome.difference.line}: {story.rule}: {story.name}")
    typer.echo("\n".join(f"    {line}" for line in (first, *rest)))


def _event(record: Record) -> str:
    arrived = "" if record.ingested_at is None else record.ingested_at.strftime("%Y-%m-%d %H:%M")
    data = {key: value for key, value in record.raw["data"].items() if value is not None}
    about = f"{record.kind}/{record.record_id} v{record.version} {record.change_reason}"
    who = record.subject_id or "-"
    return f"    {arrived}  {who}  {about}  {json.dumps(data, ensure_ascii=False)}"


def _tell_end(summary: _Summary, word: str | None) -> None:
    for code in summary.untold:
        typer.echo(f"{code} is active, and no story proves it: write one beside its page")
    if not summary.outcomes:
        typer.echo(f"no story fits '{word}'" if word else "there are no stories here")
        return
    rules = len({outcome.story.rule for _, outcome in summary.outcomes})
    passed = len(summary.outcomes) - len(summary.failed)
    told = f"{passed} of {len(summary.outcomes)} stories passed, of {_count(rules, 'rule')}"
    untold = f"; {_count(len(summary.untold), 'rule')} without a story" if summary.untold else ""
    typer.echo(told + untold)
    if summary.wrong is not None:
        tell_wrong(summary.wrong)


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _json(summary: _Summary) -> dict[str, Any]:
    return {
        "passed": len(summary.outcomes) - len(summary.failed),
        "failed": len(summary.failed),
        "without_stories": list(summary.untold),
        "stories": list(_stories(summary.outcomes)),
        "wrong_versions": None if summary.wrong is None else wrong_as_json(summary.wrong),
    }


def _stories(outcomes: Iterable[tuple[StoryFile, Outcome]]) -> Iterator[dict[str, Any]]:
    for file, outcome in outcomes:
        story: Story = outcome.story
        yield {
            "rule": story.rule,
            "name": story.name,
            "path": file.path,
            "line": story.place.line,
            "passed": outcome.passed,
            "difference": None
            if outcome.difference is None
            else {"line": outcome.difference.line, "message": outcome.difference.message},
        }
