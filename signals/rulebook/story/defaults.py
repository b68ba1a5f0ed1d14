"""What a line of a story leaves out: ``rules/story-defaults.yaml``, read once for a pack."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from signals.events import KINDS
from signals.events.kinds.subject import Enrolment
from signals.rulebook.story.fields import KIND_WORDS, set_field
from signals.rulebook.story.model import Tree
from signals.study.places import Node, Table, Text, read_yaml
from signals.study.problems import Problems, did_you_mean

AT = "at"
_TEXTS = ("line", "decide")
_OWN_OF_SUBJECT = ("consented", "enrolled")


@dataclass(frozen=True, slots=True)
class Defaults:
    """``kinds``: data by kind of event; ``subject``: data of an enrolment; the rest as written.

    A date whose value is the word ``at`` takes the time of the line.
    """

    line: Mapping[str, str]
    decide: Mapping[str, str]
    correct: Tree
    subject_times: Mapping[str, str]
    enrolment: Tree
    kinds: Mapping[str, Tree]

    def data_of(self, kind: str, at: datetime) -> Tree:
        """The data of a new record of this kind entered at this time."""
        return filled(self.kinds.get(kind, {}), at)


def filled(data: Tree, at: datetime) -> Tree:
    """A copy of the data with the time of the line where it says so."""
    return {
        key: filled(value, at)
        if isinstance(value, dict)
        else at.isoformat()
        if value == AT
        else copy.deepcopy(value)
        for key, value in data.items()
    }


def read_defaults(text: str, path: str, product: str, problems: Problems) -> Defaults:
    """Read the file; what is wrong in it becomes problems."""
    node = read_yaml(text, path, problems)
    tables = _tables(node, problems)
    kinds = {
        KIND_WORDS[name]: _data(KINDS[KIND_WORDS[name]], table, product, problems)
        for name, table in tables.items()
        if name in KIND_WORDS
    }
    subject = tables.get("subject")
    own = _texts(subject, only=_OWN_OF_SUBJECT)
    rest = _without(subject, _OWN_OF_SUBJECT)
    return Defaults(
        line=_texts(tables.get("line")),
        decide=_texts(tables.get("decide")),
        correct=_data(KINDS["adverse-event"], tables.get("correct"), product, problems),
        subject_times=own,
        enrolment=_data(Enrolment, rest, product, problems),
        kinds=kinds,
    )


def _tables(node: Node | None, problems: Problems) -> dict[str, Table]:
    known = (*_TEXTS, "correct", "subject", *KIND_WORDS)
    found: dict[str, Table] = {}
    for key, value in node.entries if isinstance(node, Table) else ():
        if key.text not in known:
            help_ = did_you_mean(key.text, known)
            problems.error("ST001", key.place, f"'{key.text}' is not a kind of line", help_)
        elif isinstance(value, Table):
            found[key.text] = value
        else:
            problems.error("ST006", value.place, "a table of fields belongs here")
    return found


def _without(table: Table | None, keys: tuple[str, ...]) -> Table | None:
    if table is None:
        return None
    return Table(tuple(e for e in table.entries if e[0].text not in keys), table.place)


def _texts(table: Table | None, only: tuple[str, ...] | None = None) -> dict[str, str]:
    entries = () if table is None else table.entries
    return {
        key.text: value.text
        for key, value in entries
        if isinstance(value, Text) and (only is None or key.text in only)
    }


def _data(model: Any, table: Table | None, product: str, problems: Problems) -> Tree:
    data: Tree = {}
    for key, value in () if table is None else table.entries:
        if isinstance(value, Text) and value.text == AT:
            stand_in = Text("2000-01-01 00:00", value.place)
            set_field(data, model, (key, stand_in), product, problems)
            _mark(data, "2000-01-01T00:00")
        else:
            set_field(data, model, (key, value), product, problems)
    return data


def _mark(data: Tree, stand_in: str) -> None:
    """Put the word ``at`` where the stand-in was read as a time."""
    for key, value in data.items():
        if isinstance(value, dict):
            _mark(value, stand_in)
        elif value == stand_in:
            data[key] = AT
