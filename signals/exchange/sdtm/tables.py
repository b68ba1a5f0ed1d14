"""Read the files of a study: one table of texts for each SDTM domain.

SAS transport files (version 5) and comma-separated files, gzipped or not, become the same thing:
rows of texts under the SDTM variable names. A number is written as it reads, without a decimal
point where it has no fraction, so that a sequence number is the same text in both formats.
"""

import csv
import gzip
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

ENDINGS = (".xpt", ".csv", ".csv.gz")


class UnreadableStudyError(Exception):
    """A folder or file that cannot be read as a study; the message says where, what and what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a domain; `number` counts the data rows from 1, as the file has them."""

    number: int
    index: Mapping[str, int]
    values: tuple[str, ...]

    def __getitem__(self, column: str) -> str:
        """Give the text of a cell; empty where the cell is blank or the domain lacks the column."""
        place = self.index.get(column)
        return "" if place is None else self.values[place]


@dataclass(frozen=True, slots=True)
class Table:
    """A domain as read: its columns, its rows, and the rows whose cells do not fit the columns."""

    domain: str
    path: Path
    index: Mapping[str, int]
    rows: tuple[Row, ...]
    ragged: tuple[tuple[int, str], ...] = ()

    def renamed(self, columns: Mapping[str, str]) -> "Table":
        """Call the study's columns by their standard names.

        Raises UnreadableStudyError where the study has no such column.
        """
        for standard, own in columns.items():
            if own.upper() not in self.index:
                raise UnreadableStudyError(
                    f"{self.path.name}: there is no column {own}, which the map names for "
                    f"{standard}; the file has {', '.join(self.index)}."
                )
        index = dict(self.index) | {
            standard.upper(): self.index[own.upper()] for standard, own in columns.items()
        }
        return self._with(index, self.rows)

    def joined(self, columns: Sequence[str], cells: Mapping[int, Mapping[str, str]]) -> "Table":
        """Add columns at the right; `cells` gives their texts by row number."""
        width = max(self.index.values(), default=-1) + 1
        index = dict(self.index) | {name: width + i for i, name in enumerate(columns)}
        rows = (
            Row(row.number, index, (*row.values, *(added.get(name, "") for name in columns)))
            for row, added in ((row, cells.get(row.number, {})) for row in self.rows)
        )
        return self._with(index, tuple(rows))

    def _with(self, index: Mapping[str, int], rows: Iterable[Row]) -> "Table":
        again = tuple(Row(row.number, index, row.values) for row in rows)
        return Table(self.domain, self.path, index, again, self.ragged)


def domain_of(path: Path) -> str | None:
    """Name the domain that a file holds by its name, or None for a file of another kind."""
    name = path.name.lower()
    ending = next((each for each in ENDINGS if name.endswith(each)), None)
    return name.removesuffix(ending).upper() if ending else None


def study_files(folder: Path) -> dict[str, Path]:
    """Find the domain files of a folder, whatever the case of their names.

    Raises UnreadableStudyError where there is no such folder, or two files for one domain.
    """
    if not folder.is_dir():
        what = "this is a file, not a folder" if folder.exists() else "there is no such folder"
        raise UnreadableStudyError(
            f"{folder}: {what}. Name the folder that holds the study's files, such as ae.xpt."
        )
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        domain = domain_of(path) if path.is_file() else None
        if domain is None:
            continue
        if domain in found:
            raise UnreadableStudyError(
                f"{folder}: both {found[domain].name} and {path.name} hold domain {domain}. "
                "Leave one of them in the folder."
            )
        found[domain] = path
    return found


def read_table(domain: str, path: Path, encoding: str) -> Table:
    """Read one file. Raises UnreadableStudyError with the file's name and what is wrong in it."""
    try:
        if path.name.lower().endswith(".xpt"):
            columns, lines = _transport(path, encoding)
        else:
            columns, lines = _separated(path, encoding)
        _refuse_repeated(path, columns)
        return _table(domain, path, columns, lines)
    except UnreadableStudyError:
        raise
    except ImportError as problem:
        raise UnreadableStudyError(
            f"{path.name}: reading SAS transport files needs a further package. Install it with "
            "`pip install 'trial-signals[exchange]'`, or export the domain as CSV."
        ) from problem
    except Exception as problem:  # the reader of transport files raises bare exceptions
        raise UnreadableStudyError(_advice(path, encoding, problem)) from problem


def _advice(path: Path, encoding: str, problem: Exception) -> str:
    if isinstance(problem, UnicodeError):
        return (
            f"{path.name}: not text in {encoding} ({problem}). "
            "State the study's encoding in the map, for example `encoding: gb18030`."
        )
    wanted = "a SAS transport file (version 5)" if path.suffix.lower() == ".xpt" else "a CSV file"
    return f"{path.name}: cannot be read as {wanted}: {problem}. Export the file again."


def _refuse_repeated(path: Path, columns: Sequence[str]) -> None:
    repeated = sorted({name for name in columns if columns.count(name) > 1})
    if repeated:
        raise UnreadableStudyError(
            f"{path.name}: column {repeated[0]} stands twice. Keep one of the two."
        )


def _table(domain: str, path: Path, columns: Sequence[str], lines: Iterable[list[str]]) -> Table:
    index = {name: place for place, name in enumerate(columns)}
    rows: list[Row] = []
    ragged: list[tuple[int, str]] = []
    for number, line in enumerate(lines, start=1):
        if len(line) == len(columns):
            rows.append(Row(number, index, tuple(line)))
        else:
            ragged.append((number, f"{len(line)} cells, {len(columns)} columns"))
    return Table(domain, path, index, tuple(rows), tuple(ragged))


def _transport(path: Path, encoding: str) -> tuple[list[str], Iterator[list[str]]]:
    import pyreadstat

    columns, _ = pyreadstat.read_xport(
        path, encoding=encoding, output_format="dict", disable_datetime_conversion=True
    )
    names = [name.strip().upper() for name in columns]
    lines = zip(*columns.values(), strict=True)
    return names, ([_text(value) for value in line] for line in lines)


def _text(value: object) -> str:
    """Write a cell as text; SAS knows no other types than text and floating number."""
    if value is None:
        return ""
    if isinstance(value, float):
        if value != value:  # noqa: PLR0124  a missing number is the one that differs from itself
            return ""
        return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
    return str(value).rstrip()


def _separated(path: Path, encoding: str) -> tuple[list[str], Iterator[list[str]]]:
    data = path.read_bytes()
    if path.name.lower().endswith(".gz"):
        data = gzip.decompress(data)
    text = data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = next(reader, None)
    if not header:
        raise UnreadableStudyError(f"{path.name}: the file is empty; its first line names columns.")
    names = [name.strip().upper() for name in header]
    return names, ([cell.rstrip() for cell in line] for line in reader if line)
