"""Problems as a person, a program or a code review reads them."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

from signals.study.problems import Problem

Format: TypeAlias = Literal["text", "json", "github"]


def report(problems: Iterable[Problem], sources: Mapping[str, str], form: Format = "text") -> str:
    """All problems in one text; ``sources`` (path to text) lends the marked lines."""
    if form == "json":
        return as_json(problems)
    if form == "github":
        return "\n".join(as_github(problem) for problem in problems)
    return "\n\n".join(as_text(problem, sources.get(problem.path, "")) for problem in problems)


def as_text(problem: Problem, source: str) -> str:
    """Place and message, the line with a mark under the fault, and what to write instead."""
    head = (
        f"{problem.path}:{problem.line}:{problem.column}: "
        f"{problem.severity} {problem.code}: {problem.message}"
    )
    number = str(problem.line)
    margin = " " * len(number)
    lines = [head]
    rows = source.splitlines()
    if 0 < problem.line <= len(rows):
        row = rows[problem.line - 1]
        lines += [f"{number} | {row}".rstrip(), f"{margin} | {_mark(row, problem)}"]
    if problem.help:
        lines.append(f"{margin} = help: {problem.help}")
    return "\n".join(lines)


def as_json(problems: Iterable[Problem]) -> str:
    """One object a problem, in a list."""
    return json.dumps(
        [
            {
                "code": problem.code,
                "severity": problem.severity.value,
                "path": problem.path,
                "line": problem.line,
                "column": problem.column,
                "length": problem.length,
                "message": problem.message,
                "help": problem.help,
            }
            for problem in problems
        ],
        ensure_ascii=False,
        indent=2,
    )


def as_github(problem: Problem) -> str:
    """A workflow command, which GitHub shows beside the line in a review."""
    level = "notice" if problem.severity == "note" else problem.severity
    text = problem.message + (f" (help: {problem.help})" if problem.help else "")
    where = (
        f"file={_property(problem.path)},line={problem.line},col={problem.column},"
        f"endColumn={problem.column + problem.length},title={problem.code}"
    )
    return f"::{level} {where}::{_escape(text)}"


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")


def _mark(row: str, problem: Problem) -> str:
    """Carets under the fault; wide characters take two columns on a screen."""
    start = problem.column - 1
    before = "".join("\t" if char == "\t" else " " * _width(char) for char in row[:start])
    marked = row[start : start + problem.length]
    return before + "^" * max(sum(map(_width, marked)), 1)


def _width(char: str) -> int:
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
