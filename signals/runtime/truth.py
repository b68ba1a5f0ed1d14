"""A truth file: which alerts must come (planted) and which may (background), one JSON object a line.

Keys of a line: ``rule``, ``about`` (exactly the alert's), ``from`` (the earliest instant at which
the alert is right), ``until`` (null: not limited), ``why``, ``kind`` (planted or background) and,
optionally, ``state`` (firing, or possible where the alert can only ask).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Literal, TypeAlias

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

Name: TypeAlias = tuple[str, str]
"""A rule and what its alert is about, so that truth and alerts find each other."""


class TruthError(ValueError):
    """A line of a truth file cannot be read; the message says where, what, and what is allowed."""


class Line(BaseModel):
    """One line of a truth file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rule: str = Field(min_length=1)
    about: dict[str, str | None]
    from_: AwareDatetime | None = Field(alias="from")
    until: AwareDatetime | None
    why: str
    kind: Literal["planted", "background"]
    state: Literal["firing", "possible"] = "firing"

    @property
    def name(self) -> Name:
        """The alert that the line speaks of."""
        return named(self.rule, self.about)

    def covers(self, instant: datetime) -> bool:
        """Whether an alert that begins at this instant is explained by the line."""
        begun = self.from_ is None or self.from_ <= instant
        return begun and (self.until is None or instant <= self.until)


def named(rule: str, about: dict[str, str | None]) -> Name:
    """The name of the alert of a rule about something."""
    return rule, json.dumps(about, sort_keys=True, ensure_ascii=False)


def read_truth(lines: Iterable[tuple[str, bytes]]) -> list[Line]:
    """The lines of a truth file, each given with its place.

    Raises:
        TruthError: a line is none.
    """
    return [_read(place, text) for place, text in lines]


_ALLOWED = (
    'a line is {"rule", "about", "from", "until", "why", "kind": "planted" or "background"},'
    ' optionally "state": "firing" or "possible"; instants bear an offset or are null'
)


def _read(place: str, text: bytes) -> Line:
    try:
        line = Line.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = "/".join(map(str, first["loc"]))
        what = f"'{where}': {first['msg']}" if where else first["msg"]
        raise TruthError(f"{place}: {what}; {_ALLOWED}") from None
    if line.kind == "planted" and line.from_ is None:
        raise TruthError(f"{place}: a planted line needs 'from', the instant at which it is right")
    return line
