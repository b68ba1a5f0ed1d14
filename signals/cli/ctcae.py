"""``signals ctcae``: laboratory results graded by NCI CTCAE, and by two versions of it."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from signals.cli.common import CannotRunError, JsonOption, counted, put

if TYPE_CHECKING:
    from signals.study.ctcae import Grading, GradingTable

app = typer.Typer(
    help="Grade laboratory results by NCI CTCAE; compare two versions of it.",
    no_args_is_help=True,
)
Row = Mapping[str, str]
_WANTED = "give a CSV file in UTF-8, gzipped or not, or -"
RowsArgument = Annotated[str, typer.Argument(help="CSV file, also gzipped; - is standard input.")]


@app.command()
def grade(
    file: RowsArgument,
    version: Annotated[str, typer.Option(help="Version of CTCAE.")] = "5.0",
    as_json: JsonOption = False,
) -> None:
    """Grade every result of a file: columns LBTESTCD, LBORRES, LBORRESU, LBORNRLO, LBORNRHI.

    Also read: BASE (baseline, in the unit of the result), LBSPEC, ANTICOAG, SYMPTOMATIC, LBFAST
    (Y or N), AGE. What is missing is named and never becomes grade 0. With --json every line comes
    back with its grades under 'high' and 'low'; without, a table counts terms and grades.

    Example: signals ctcae grade lb.csv --version 5.0 --json
    """
    from signals.study.ctcae.rows import as_json as row_as_json
    from signals.study.ctcae.rows import grade_row

    table, tally = _table(version), _Tally()
    for row in _rows(file):
        gradings = grade_row(table, row)
        tally.add(row, gradings)
        if as_json:
            put(row_as_json(row, gradings))
    if not as_json:
        tally.show()


@app.command()
def compare(first: str, second: str, file: RowsArgument, as_json: JsonOption = False) -> None:
    """Tell which results of a file get another grade by another version.

    Example: signals ctcae compare 5.0 6.0 lb.csv
    """
    from rich.table import Table

    from signals.cli.tables import console
    from signals.study.ctcae.rows import as_json as row_as_json
    from signals.study.ctcae.rows import grade_row

    one, other = _table(first), _table(second)
    shown = Table("result", f"term, grade in {first}", f"term, grade in {second}")
    changed = total = 0
    for row in _rows(file):
        total += 1
        before, after = grade_row(one, row), grade_row(other, row)
        later = {each.direction: each for each in after}
        pairs = [(each, later[each.direction]) for each in before if each.direction in later]
        differs = [(old, new) for old, new in pairs if _grades(old) != _grades(new)]
        changed += bool(differs)
        if as_json and differs:
            put({**row, first: row_as_json({}, before), second: row_as_json({}, after)})
        for old, new in differs:
            shown.add_row(_result(row), _words(old), _words(new))
    if not as_json:
        out = console()
        out.print(shown)
        out.print(f"{changed} of {total} results change", markup=False)
        sys.stdout.flush()


class _Tally:
    """Counts by term and grade, and what was refused and why."""

    def __init__(self) -> None:
        self._grades: Counter[tuple[str, str]] = Counter()
        self._refused: Counter[tuple[str, str]] = Counter()
        self._without_term: Counter[str] = Counter()

    def add(self, row: Row, gradings: tuple[Grading, ...]) -> None:
        """Count one result."""
        from signals.study.ctcae import Refused

        if not gradings:
            self._without_term[row["LBTESTCD"]] += 1
        for each in gradings:
            if isinstance(each, Refused):
                self._refused[each.term, each.why] += 1
            else:
                self._grades[each.term, _grades(each)] += 1

    def show(self) -> None:
        """Print three tables: graded, not graded, without a term."""
        from rich.table import Table

        from signals.cli.tables import console

        out = console()
        for title, heads, counts in (
            ("Graded", ("term", "grade"), self._grades),
            ("Not graded", ("term", "why"), self._refused),
        ):
            shown = Table(*heads, "results", title=title)
            for (term, word), number in sorted(counts.items()):
                shown.add_row(term, word, str(number))
            out.print(shown)
        if self._without_term:
            tests = ", ".join(f"{test} {n}" for test, n in sorted(self._without_term.items()))
            out.print(f"No laboratory term of CTCAE: {tests}", markup=False)
        sys.stdout.flush()


def _table(version: str) -> GradingTable:
    from signals.study.ctcae import shipped_table

    try:
        return shipped_table(version)
    except FileNotFoundError:
        raise CannotRunError(
            f"there is no grading table of CTCAE version '{version}'; use 5.0 or 6.0"
        ) from None
    except ValueError as error:
        raise CannotRunError(f"the grading table cannot be used: {error}") from None


def _rows(file: str) -> Iterator[Row]:
    """The lines of a file, with a progress bar if somebody watches."""
    import csv

    from signals.runtime.replay import UnreadableFileError
    from signals.study.ctcae.rows import REQUIRED

    try:
        read = csv.DictReader(_text(file), restval="", strict=True)
        absent = [name for name in REQUIRED if name not in (read.fieldnames or ())]
        if absent:
            raise CannotRunError(
                f"{file}: there is no column {', '.join(absent)}; the first line names the columns"
                f" {', '.join(REQUIRED)}"
            )
        for row in counted(None, read, "grade"):
            if None in row:
                raise CannotRunError(
                    f"{file}:{read.line_num}: the line has more cells than the first line names;"
                    " put a cell that holds a comma in quotes"
                )
            yield row
    except UnreadableFileError as error:
        raise CannotRunError(f"{error}; {_WANTED}") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise CannotRunError(f"{file}: cannot be read: {error}; {_WANTED}") from None


def _text(file: str) -> Iterator[str]:
    from signals.runtime.replay import lines

    for index, piece in enumerate(lines(file)):
        text = piece.raw.decode("utf-8-sig" if index == 0 else "utf-8")
        yield text if text.endswith("\n") else text + "\n"


def _grades(grading: Grading) -> str:
    from signals.study.ctcae import Graded

    found = grading.grades if isinstance(grading, Graded) else ()
    return " or ".join(str(each) for each in found) or "-"


def _words(grading: Grading) -> str:
    return f"{grading.term}, {_grades(grading)}"


def _result(row: Row) -> str:
    return f"{row['LBTESTCD']} {row['LBORRES']} {row['LBORRESU']}".strip()
