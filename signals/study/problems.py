"""What is wrong with a file, as data; printing it is somebody else's job (``report``)."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """An error refuses the pack, a warning does not, a note only tells (drafts)."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Place(NamedTuple):
    """A stretch of one line of a file; line and column count from 1."""

    path: str
    line: int = 1
    column: int = 1
    length: int = 1


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to correct: where, what, and (``help``) what to write instead."""

    path: str
    line: int
    column: int
    length: int
    code: str
    severity: Severity
    message: str
    help: str = ""


class Problems:
    """Collects the problems of a run, so that all of them are told at once."""

    def __init__(self) -> None:
        self._found: list[Problem] = []

    def error(self, code: str, place: Place, message: str, help: str = "") -> None:  # noqa: A002 - the word of the report
        """Note an error."""
        self._found.append(Problem(*place, code, Severity.ERROR, message, help))

    def warning(self, code: str, place: Place, message: str, help: str = "") -> None:  # noqa: A002 - the word of the report
        """Note a warning."""
        self._found.append(Problem(*place, code, Severity.WARNING, message, help))

    def note(self, code: str, place: Place, message: str, help: str = "") -> None:  # noqa: A002 - the word of the report
        """Note a remark that asks for nothing."""
        self._found.append(Problem(*place, code, Severity.NOTE, message, help))

    def extend(self, problems: Iterable[Problem]) -> None:
        """Take over what another reader found."""
        self._found.extend(problems)

    def __len__(self) -> int:
        return len(self._found)

    @property
    def errors(self) -> int:
        """How many errors were noted so far."""
        return sum(problem.severity is Severity.ERROR for problem in self._found)

    def all(self) -> list[Problem]:
        """Everything noted, each once, in the order of the files and their lines."""
        return sorted(set(self._found))


def has_errors(problems: Iterable[Problem]) -> bool:
    """Whether anything among the problems refuses the pack."""
    return any(problem.severity is Severity.ERROR for problem in problems)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Help for a word that is not known: the nearest one, else the whole list if it is short."""
    words = sorted(set(known))
    if near := nearest(word, words):
        return f"did you mean '{near}'?"
    if 0 < len(words) <= _SHORT_LIST:
        return "known: " + ", ".join(words)
    return ""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that looks most like this one, if any does."""
    by_folded = {known_word.casefold(): known_word for known_word in known}
    near = difflib.get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[near[0]] if near else None


_SHORT_LIST = 20
