"""A record in the making: cells of a row go to fields of an event, and each field knows its cell."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from signals.exchange.sdtm.tables import Row

CellReader = Callable[[str], Any]


def as_it_stands(text: str) -> str:
    """Keep the text."""
    return text


def whole_number(text: str) -> int | str:
    """Read a whole number; anything else is kept as text, which the event reader then questions."""
    return int(text) if text.isascii() and text.isdigit() else text


def yes_no(text: str) -> bool | str:
    """Read Y and N as a boolean; anything else is kept as text."""
    return {"Y": True, "N": False}.get(text, text)


@dataclass(frozen=True, slots=True)
class Field:
    """Where the text of a column goes: `path` is the place in `data`, with dots between levels."""

    path: str
    column: str
    read: CellReader = as_it_stands


@dataclass(slots=True)
class Draft:
    """An event before it has an envelope.

    `origin` gives for the JSON pointer of a field the row and column that it came from. `dates` are
    the texts of the dates that bound when the record was entered.
    """

    domain: str
    kind: str
    row: Row
    record_id: str
    subject_id: str | None
    data: dict[str, Any] = field(default_factory=dict)
    origin: dict[str, tuple[Row, str]] = field(default_factory=dict)
    dates: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        """What a reader of the report calls the record."""
        return f"{self.subject_id or '-'}/{self.record_id}"

    def put(self, path: str, value: Any, row: Row, column: str) -> None:
        """Set a field, and remember where its value stands in the study."""
        *levels, name = path.split(".")
        place = self.data
        for level in levels:
            place = place.setdefault(level, {})
        place[name] = value
        self.origin["/data/" + path.replace(".", "/")] = (row, column)

    def fill(self, fields: Iterable[Field]) -> None:
        """Take every cell of the draft's row that is not blank to its field."""
        for each in fields:
            text = self.row[each.column]
            if text:
                self.put(each.path, each.read(text), self.row, each.column)

    def dated_by(self, *columns: str) -> None:
        """Name the columns whose dates bound when the record was entered."""
        self.dates += [text for column in columns if (text := self.row[column])]
