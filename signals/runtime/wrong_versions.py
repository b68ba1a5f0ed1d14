"""Trying the stories of a pack on wrong versions of its rules and on longer windows of its study.

Each wrong version is judged by the judge alone: compiling it for the matcher too would leak half a
megabyte a version, and that both evaluators agree is proved apart (docs/protocol-team/
language-proof.md).  Versions are tried in several processes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

from signals.book.fold import Fold
from signals.facts.kind import FactKind
from signals.facts.obligation import ObligationKind
from signals.facts.registry import KINDS, dictionary
from signals.rulebook.pack import Pack, rule_files
from signals.rulebook.panel import Panel
from signals.rulebook.read_page import Page, read_page
from signals.rulebook.spec import Rule
from signals.rulebook.story.find import find_stories, pack_of
from signals.rulebook.story.model import DecideAlert, Equivalent, StoryFile
from signals.rulebook.story.run import run_story
from signals.rulebook.wrong_versions import WrongVersion, wrong_versions
from signals.study.files import place_on_disk, read_files
from signals.study.model import Study
from signals.study.places import Table, read_yaml
from signals.study.problems import Place, Problems, did_you_mean
from signals.study.reading import STUDY

_WINDOWS = ("dlt", "periods")
_SPANS = ("days", "years", "hours")
_AT_ONCE = 4
_FEW = 40
"""So many are tried faster than other processes start."""

_DUE = ObligationKind.name


class Task(NamedTuple):
    """One wrong version: of a rule by its name, or of the study (``rule`` empty)."""

    rule: str
    name: str


class Untold(NamedTuple):
    """A wrong version that no story tells from the right one, and the story that would."""

    place: Place
    rule: str
    name: str
    story: str


class Misplaced(NamedTuple):
    """An entry under ``equivalent`` that is none."""

    place: Place
    rule: str
    why: str


@dataclass(frozen=True, slots=True)
class Found:
    """What came of all wrong versions."""

    tried: int
    equivalent: int
    untold: tuple[Untold, ...]
    misplaced: tuple[Misplaced, ...]

    @property
    def fine(self) -> bool:
        """Every wrong version is told by a story or is listed, rightly, as equivalent."""
        return not self.untold and not self.misplaced


class Window(NamedTuple):
    """A window of ``study.yaml``: its key, its place, and the study in which it is longer."""

    key: str
    place: Place
    study: Study


class Bench:
    """The stories under a path, ready to be tried on wrong versions."""

    def __init__(self, path: Path) -> None:
        """Read pack, pages and stories; they have been read without problems before."""
        self.stories = find_stories(path)
        self._root = pack_of(path)
        files = read_files(self._root)
        self.pages = _pages(files)
        self.files = {file.rule: file for file in self.stories.files if file.rule in self.pages}
        self._rules = {rule.code: rule for rule in self.stories.pack.rules}
        self._whole = path.resolve() == self._root.resolve()
        self._study = files[STUDY]
        self._versions: dict[str, dict[str, WrongVersion]] = {}
        self._kinds: dict[str, tuple[FactKind, ...]] = {}

    def tasks(self) -> list[Task]:
        """Every wrong version of every rule with stories, and of the study if all are there."""
        of_rules = [Task(code, name) for code in self.files for name in self.versions(code)]
        return of_rules + [Task("", name) for name in self.windows()]

    def versions(self, code: str) -> Mapping[str, WrongVersion]:
        """The wrong versions of a rule by name."""
        if code not in self._versions:
            rule, page = self._rules[code], self.pages[code]
            made = wrong_versions(rule, page, dictionary()[rule.judges].fields)
            self._versions[code] = {each.name: each for each in made}
        return self._versions[code]

    def windows(self) -> dict[str, Window]:
        """Each window of the study one longer, by name; none if only a part of a pack is tried."""
        return dict(_windows(self.stories.pack.study, self._study)) if self._whole else {}

    def told_by(self, task: Task) -> str | None:
        """The name of the first story that fails on a wrong version; None if all pass."""
        if task.rule:
            wrong = self.versions(task.rule)[task.name].rule
            return self._fails(self.files[task.rule], {wrong.code: wrong}, None)
        study = self.windows()[task.name].study
        failing = (self._fails(file, {}, study) for file in self.files.values())
        return next((name for name in failing if name is not None), None)

    def located(self, place: Place) -> Place:
        """A place of a page as it lies on the disk."""
        return place._replace(path=place_on_disk(place.path, self._root))

    def read_by_stories(self) -> set[str]:
        """The windows of the study that deriving the facts of any story looks at."""
        noted: set[str] = set()
        study = self.stories.pack.study
        spied: dict[str, Any] = {
            part: _Noting(part, getattr(study, part), noted) for part in _WINDOWS
        }
        for file in self.files.values():
            self._fails(file, {}, replace(study, **spied))
        return noted

    def _fails(
        self, file: StoryFile, changed: Mapping[str, Rule], study: Study | None
    ) -> str | None:
        rules = {code: self._rules[code] for code in self._concerned(file)} | dict(changed)
        pack = self.stories.pack.judging(tuple(rules.values()))
        pack = pack if study is None else replace(pack, study=study)
        return self._failing(file, pack, self._kinds_of(file))

    def _failing(self, file: StoryFile, pack: Pack, kinds: tuple[FactKind, ...]) -> str | None:
        """The first story that fails on a pack when these kinds of fact are derived."""
        panel = Panel(pack.by_kind, dictionary(), use_matcher=False)
        for story in file.stories:
            engine = _engine(pack, panel, kinds)
            outcome = run_story(story, pack.study.study_id, self.stories.setting, engine)
            if not outcome.passed:
                return story.name
        return None

    def _kinds_of(self, file: StoryFile) -> tuple[FactKind, ...]:
        """The kinds of fact that the stories need: the others cost most of the time.

        They are enough if the right version passes with them; else all are taken.
        """
        if file.rule not in self._kinds:
            rules = tuple(self._rules[code] for code in sorted(self._concerned(file)))
            wanted = _read_by({rule.judges for rule in rules} | {_DUE})
            some = tuple(kind for kind in KINDS if kind.name in wanted)
            enough = self._failing(file, self.stories.pack.judging(rules), some) is None
            self._kinds[file.rule] = some if enough else KINDS
        return self._kinds[file.rule]

    def _concerned(self, file: StoryFile) -> set[str]:
        """The rule of the file, those that hide its alerts, and those its people decide on."""
        lines = (line for story in file.stories for line in story.lines)
        decided = {line.rule for line in lines if isinstance(line, DecideAlert)}
        hiding = {r.code for r in self.stories.pack.rules if file.rule in r.alert.replaces}
        return ({file.rule} | decided | hiding) & set(self._rules)


def _engine(pack: Pack, panel: Panel, kinds: tuple[FactKind, ...]) -> Callable[[], Fold]:
    return lambda: Fold(pack, kinds=kinds, make_panel=lambda _: panel)


def _read_by(names: set[str]) -> set[str]:
    """The kinds with all that they read, and what those read."""
    kinds = dictionary()
    below = {name for kind in names for name in kinds[kind].reads}
    return names if below <= names else _read_by(names | below)


class _Noting:
    """A part of the study that notes which of its values are asked for."""

    def __init__(self, part: str, values: object, noted: set[str]) -> None:
        self._part, self._values, self._noted = part, values, noted

    def __getattr__(self, name: str) -> Any:
        self._noted.add(f"{self._part}: {name}")
        return getattr(self._values, name)


def _pages(files: Mapping[str, str]) -> dict[str, Page]:
    read = (read_page(name, files[name], Problems()) for name in rule_files(files))
    return {page.shape.rule: page for page in read if page is not None}


def _windows(study: Study, text: str) -> Iterator[tuple[str, Window]]:
    tree = read_yaml(text, STUDY, Problems())
    for part in _WINDOWS:
        values, table = getattr(study, part), tree.get(part) if isinstance(tree, Table) else None
        entries = table.entries if isinstance(table, Table) else ()
        for key, _ in entries:
            if not any(span in key.text.split("_") for span in _SPANS):
                continue
            was = getattr(values, key.text)
            changes: dict[str, Any] = {part: replace(values, **{key.text: was + 1})}
            name = f"{part}: {key.text}"
            longer = replace(study, **changes)
            yield f"{name} {was} becomes {was + 1}", Window(name, key.place, longer)


# ---------------------------------------------------------------------- many at once


def try_all(
    path: Path, processes: int, counting: Callable[[int, Iterable[Any]], Iterable[Any]]
) -> Found:
    """Try the stories under a path on every wrong version; ``counting`` shows how far it is."""
    bench = Bench(path)
    tasks = bench.tasks()
    told = dict(zip(tasks, counting(len(tasks), _told(bench, path, tasks, processes)), strict=True))
    equivalent = {
        Task(file.rule, each.name): each
        for file in bench.files.values()
        for each in file.equivalent
    }
    missed = [task for task, by in told.items() if by is None and task not in equivalent]
    of_study = [task for task in missed if not task.rule]
    read = bench.read_by_stories() if of_study else set()
    unread = {task for task in of_study if bench.windows()[task.name].key not in read}
    return Found(
        tried=len(tasks) - len(unread),
        equivalent=sum(told.get(task, "") is None for task in equivalent),
        untold=tuple(_untold(bench, task) for task in missed if task not in unread),
        misplaced=tuple(_misplaced(bench, equivalent, told)),
    )


def _told(bench: Bench, path: Path, tasks: list[Task], processes: int) -> Iterator[str | None]:
    if processes == 1 or len(tasks) <= _FEW:
        yield from map(bench.told_by, tasks)
        return
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        yield from pool.map(_try, [path] * len(tasks), tasks, chunksize=_AT_ONCE)


def _try(path: Path, task: Task) -> str | None:
    return _bench_of_worker(path).told_by(task)


@cache
def _bench_of_worker(path: Path) -> Bench:
    """Read once in each process that was started for one run."""
    return Bench(path)


def _untold(bench: Bench, task: Task) -> Untold:
    if not task.rule:
        place = bench.windows()[task.name].place
        story = "what happens lies just behind the end of this window"
        return Untold(bench.located(place), "study.yaml", task.name, story)
    wrong = bench.versions(task.rule)[task.name]
    return Untold(bench.located(wrong.place), task.rule, task.name, wrong.story)


def _misplaced(
    bench: Bench, equivalent: Mapping[Task, Equivalent], told: Mapping[Task, str | None]
) -> Iterator[Misplaced]:
    for task, entry in equivalent.items():
        if task not in told:
            help_ = did_you_mean(task.name, bench.versions(task.rule))
            why = f"there is no wrong version '{task.name}'; {help_ or 'take it off the list'}"
            yield Misplaced(entry.place, task.rule, why)
        elif (story := told[task]) is not None:
            why = f"'{task.name}' is not equivalent: the story '{story}' tells it; take it off"
            yield Misplaced(entry.place, task.rule, why)
