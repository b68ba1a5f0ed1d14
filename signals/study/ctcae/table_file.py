"""``ctcae/v5.0.yaml``: a grading table as a file, read into a ``GradingTable``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field

from signals.events.units import SI_UNITS, NotConverted, factor
from signals.resources import folder
from signals.study.ctcae.expression import (
    NAMES,
    WORDS,
    Condition,
    ExpressionError,
    read_expression,
)
from signals.study.ctcae.table import Direction, GradingTable, Limit, Specimen, Term, Version
from signals.study.places import Node, Sequence, Table, Text, read_yaml
from signals.study.problems import Place, Problem, Problems, did_you_mean
from signals.study.shape import Shape, YesNo, fit, key_place, value_place

TABLES = "ctcae/"

Word = Annotated[str, Field(min_length=1)]
Grade = Literal["1", "2", "3", "4"]


class GradeShape(Shape):
    """One grade: what CTCAE says, and the limit, one for all units or one for each."""

    says: str
    limit: Word | dict[str, Word] | None = None


class TermShape(Shape):
    """One term for one direction of one analyte."""

    term: Word
    analyte: Word
    test: Word
    direction: Direction
    specimen: Specimen
    units: Annotated[tuple[Word, ...], Field(min_length=1)]
    grades: dict[Grade, GradeShape]
    note: str = ""
    if_no_baseline: Literal["holds"] | None = None
    adults_only: YesNo = False
    assumed: tuple[Word, ...] = ()
    not_graded: Word | None = None


class TableShape(Shape):
    """A file of the folder ``ctcae``."""

    version: Version
    title: Word
    source: Word
    terms: Annotated[tuple[TermShape, ...], Field(min_length=1)]


def table_file(version: str) -> str:
    """Where the table of a version stands."""
    return f"{TABLES}v{version}.yaml"


def shipped_table(version: str) -> GradingTable:
    """The table that ships with Signals.

    Raises:
        FileNotFoundError: there is none of this version.
        ValueError: the file was changed and is no table any more; the message says where.
    """
    name = table_file(version)
    text = (folder("rules") / name).read_text(encoding="utf-8")
    table, problems = read_table(name, text)
    if table is None:
        first = problems[0]
        raise ValueError(f"{first.path}:{first.line}:{first.column}: {first.message}")
    return table


@lru_cache(maxsize=8)
def read_table(path: str, text: str) -> tuple[GradingTable | None, tuple[Problem, ...]]:
    """Read a table from the text of its file; None where anything in it is wrong."""
    problems = Problems()
    node = read_yaml(text, path, problems)
    shape = None if node is None else fit(TableShape, node, problems)
    if node is None or shape is None:
        return None, tuple(problems.all())
    if table_file(shape.version) != path:
        problems.error(
            "SR008",
            value_place(node, ("version",)),
            f"the file of version '{shape.version}' must be '{table_file(shape.version)}'",
            "rename the file, or correct the version",
        )
    terms = tuple(
        _term(each, node, ("terms", index), problems) for index, each in enumerate(shape.terms)
    )
    _each_once(terms, node, problems)
    if problems.errors:
        return None, tuple(problems.all())
    return GradingTable(shape.version, shape.title, terms, _by_test(terms)), ()


def _by_test(terms: Iterable[Term]) -> Mapping[str, tuple[Term, ...]]:
    found: dict[str, tuple[Term, ...]] = {}
    for term in terms:
        found[term.test] = (*found.get(term.test, ()), term)
    return MappingProxyType(found)


def _each_once(terms: Iterable[Term], node: Node, problems: Problems) -> None:
    seen: set[tuple[str, str]] = set()
    for index, term in enumerate(terms):
        if (term.test, term.direction) in seen:
            place = value_place(node, ("terms", index, "term"))
            message = f"'{term.term}' is a second term for {term.test}, {term.direction}"
            problems.error("SR006", place, message, "delete one of the two")
        seen.add((term.test, term.direction))


def _term(shape: TermShape, node: Node, at: tuple[int | str, ...], problems: Problems) -> Term:
    _units(shape, node, at, problems)
    for index, word in enumerate(shape.assumed):
        if word not in WORDS:
            place = value_place(node, (*at, "assumed", index))
            message = f"'{word}' is no word of a limit"
            problems.error("SR014", place, message, did_you_mean(word, WORDS))
    limits = (
        Limit(int(grade), each.says, _conditions(shape, grade, node, at, problems))
        for grade, each in shape.grades.items()
    )
    return Term(
        term=shape.term,
        analyte=shape.analyte,
        test=shape.test,
        direction=shape.direction,
        specimen=shape.specimen,
        units=shape.units,
        limits=tuple(sorted(limits, key=lambda each: -each.grade)),
        if_no_baseline=shape.if_no_baseline == "holds",
        adults_only=shape.adults_only,
        assumed=shape.assumed,
        note=shape.note,
        not_graded=shape.not_graded,
    )


def _units(shape: TermShape, node: Node, at: tuple[int | str, ...], problems: Problems) -> None:
    if shape.test not in SI_UNITS:
        place = value_place(node, (*at, "test"))
        message = f"no units are known for the test '{shape.test}'"
        problems.error("SR014", place, message, did_you_mean(shape.test, SI_UNITS))
        return
    for index, unit in enumerate(shape.units):
        found = factor(shape.test, unit, SI_UNITS[shape.test])
        if isinstance(found, NotConverted):
            problems.error("SR014", value_place(node, (*at, "units", index)), found.reason)


def _conditions(
    shape: TermShape, grade: Grade, node: Node, at: tuple[int | str, ...], problems: Problems
) -> Mapping[str, Condition]:
    limit, path = shape.grades[grade].limit, (*at, "grades", grade, "limit")
    if limit is None:
        return {}
    if isinstance(limit, str):
        one = _condition(limit, node, path, problems)
        return {} if one is None else dict.fromkeys(shape.units, one)
    for unit in limit:
        if unit not in shape.units:
            message = f"'{unit}' is not among the units of this term"
            place = key_place(node, (*path, unit))
            problems.error("SR014", place, message, did_you_mean(unit, shape.units))
    found: dict[str, Condition] = {}
    for unit in shape.units:
        if unit not in limit:
            message = f"grade {grade} has no limit in {unit}"
            problems.error("SR014", key_place(node, path), message, f"add '{unit}:'")
        elif condition := _condition(limit[unit], node, (*path, unit), problems):
            found[unit] = condition
    return found


def _condition(
    text: str, node: Node, path: tuple[int | str, ...], problems: Problems
) -> Condition | None:
    try:
        return read_expression(text)
    except ExpressionError as error:
        place = _place(node, path, error)
        problems.error("SR014", place, str(error), did_you_mean(error.word, NAMES))
        return None


def _place(node: Node, path: tuple[int | str, ...], error: ExpressionError) -> Place:
    here: Node | None = node
    for part in path:
        if isinstance(here, Sequence) and isinstance(part, int):
            here = here.items[part]
        elif isinstance(here, Table):
            here = here.get(str(part))
    if isinstance(here, Text):
        return here.part(error.position, len(error.word))
    return value_place(node, path)
