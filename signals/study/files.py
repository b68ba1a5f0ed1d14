"""The files of a pack on disk: the folder itself, and what all packs share.

Shared are the jurisdictions and the grading tables of CTCAE.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from signals.resources import folder
from signals.study.ctcae.table_file import TABLES
from signals.study.model import Study
from signals.study.problems import Problem, has_errors
from signals.study.reading import JURISDICTIONS, STUDY, read_study
from signals.study.report import report


class NotTextError(OSError):
    """A file of a pack is not UTF-8 text; the message says which, and what to do."""


class PackError(Exception):
    """A pack (or its study) cannot be used; ``problems`` says all that is wrong."""

    def __init__(self, problems: Iterable[Problem], sources: dict[str, str] | None = None) -> None:
        self.problems = list(problems)
        super().__init__(report(self.problems, sources or {}))


def read_files(path: Path) -> dict[str, str]:
    """Every text of the pack in this folder, by its path inside the pack.

    The jurisdictions come from the folder ``jurisdictions`` beside the pack, the grading tables
    from ``ctcae`` beside it (from those that ship with Signals, if there is none), and go by the
    same names, so that a record of the pack carries all that it means.

    Raises:
        FileNotFoundError: The folder is no pack.
        NotTextError: A file is not UTF-8 text.
    """
    if not (path / STUDY).is_file():
        raise FileNotFoundError(f"{path} is no rule pack: it holds no '{STUDY}'")
    files = {
        file.relative_to(path).as_posix(): _text(file)
        for file in sorted(path.rglob("*"))
        if file.is_file() and file.suffix in {".yaml", ".lock"}
    }
    for name in (JURISDICTIONS, TABLES):
        for file in sorted(_shared(path, name).glob("*.yaml")):
            files.setdefault(name + file.name, _text(file))
    return files


def _shared(path: Path, name: str) -> Path:
    beside = path.resolve().parent / name
    return beside if beside.is_dir() or name != TABLES else folder("rules") / name


def located(problems: Iterable[Problem], path: Path) -> list[Problem]:
    """The same problems, with the places where their files lie on disk."""
    return [replace(problem, path=place_on_disk(problem.path, path)) for problem in problems]


def place_on_disk(name: str, path: Path) -> str:
    """Where the file of this name of the pack lies."""
    inside = path / name
    for shared in (JURISDICTIONS, TABLES):
        if name.startswith(shared) and not inside.exists():
            beside = path.parent / name
            return (
                beside if beside.exists() else _shared(path, shared) / Path(name).name
            ).as_posix()
    return inside.as_posix()


def load_study(path: Path) -> Study:
    """Read the study of the pack in this folder.

    Raises:
        FileNotFoundError: The folder is no pack.
        PackError: The study's own files are wrong.
    """
    files = read_files(path)
    study, problems = read_study(files)
    if study is None or has_errors(problems):
        sources = {place_on_disk(name, path): text for name, text in files.items()}
        raise PackError(located(problems, path), sources)
    return study


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise NotTextError(f"{file} is not UTF-8 text ({error.reason}); save it as UTF-8") from None
