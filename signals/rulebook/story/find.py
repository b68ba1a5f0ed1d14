"""Where stories are found: beside the rules they prove, in the folder of a pack."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from signals import resources
from signals.rulebook.pack import STORIES, Pack, load_pack
from signals.rulebook.spec import Status
from signals.rulebook.story.defaults import read_defaults
from signals.rulebook.story.model import StoryFile
from signals.rulebook.story.reading import read_stories
from signals.rulebook.story.subjects import Setting
from signals.study.model import Study
from signals.study.problems import Problem, Problems
from signals.study.reading import STUDY

DEFAULTS = "story-defaults.yaml"


@dataclass(frozen=True, slots=True)
class Stories:
    """The stories under a path, and the pack they belong to.

    ``untold``: the rules in force under the path without a single story.  ``problems``: what is
    wrong with the files; a file with an error is left out of ``files``.  ``sources``: their texts.
    """

    pack: Pack
    setting: Setting
    files: tuple[StoryFile, ...]
    untold: tuple[str, ...]
    problems: tuple[Problem, ...]
    sources: dict[str, str]


def find_stories(path: Path) -> Stories:
    """Read all stories under a pack, a folder of it, a rule page or a file of stories.

    Raises:
        FileNotFoundError: The path does not exist, or no folder above it is a pack.
        PackError: The pack cannot be read.
    """
    root = pack_of(path)
    pack = load_pack(root)
    problems = Problems()
    sources: dict[str, str] = {}
    setting = _setting(root, pack.study, problems, sources)
    rules = {rule.code: True for rule in pack.rules}
    rules |= {rule.code: False for rule in (*pack.drafts, *pack.retired)}
    files: list[StoryFile] = []
    for file in _story_files(path):
        name = file.as_posix()
        sources[name] = file.read_text(encoding="utf-8")
        read = read_stories(sources[name], name, rules, setting, problems)
        files += [] if read is None else [read]
    untold = _untold(path, pack, sources.values())
    return Stories(pack, setting, tuple(files), untold, tuple(problems.all()), sources)


def pack_of(path: Path) -> Path:
    """The pack that a path belongs to: itself or the nearest folder above with a study file."""
    if not path.exists():
        raise FileNotFoundError(f"there is no file or folder '{path}'")
    whole = path.resolve()
    for place in (path, *path.parents, *whole.parents):
        if (place / STUDY).is_file():
            return place
    raise FileNotFoundError(
        f"'{path}' belongs to no rule pack: no folder above it holds a '{STUDY}'; "
        "name a pack, such as rules/uc-msc"
    )


def _setting(root: Path, study: Study, problems: Problems, sources: dict[str, str]) -> Setting:
    file = root.resolve().parent / DEFAULTS
    if not file.is_file():
        file = resources.folder("rules") / DEFAULTS
    name = file.as_posix()
    sources[name] = file.read_text(encoding="utf-8")
    product = study.suspect_product
    defaults = read_defaults(sources[name], name, product, problems)
    return Setting(study.zone, product, tuple(study.sites), defaults)


def _story_files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(path.rglob(f"*{STORIES}"))
    if path.name.endswith(STORIES):
        return [path]
    beside = path.with_name(path.stem + STORIES)
    return [beside] if beside.is_file() else []


def _untold(path: Path, pack: Pack, texts: Iterable[str]) -> tuple[str, ...]:
    """The active rules whose page lies under the path and that no story file names."""
    told = {line[5:].strip() for text in texts for line in text.splitlines() if line[:5] == "rule:"}
    here = {rule.code.casefold() for rule in pack.rules if rule.status is Status.ACTIVE}
    pages = [path] if path.is_file() else sorted(path.rglob("*.yaml"))
    codes = {page.name.removesuffix(STORIES).removesuffix(".yaml").casefold() for page in pages}
    return tuple(sorted(code.upper() for code in here & codes if code.upper() not in told))
