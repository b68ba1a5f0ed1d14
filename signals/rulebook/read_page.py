"""The shape of a rule's page: which keys it has, and what stands under each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, WithJsonSchema

from signals.rulebook.read_schema import ALERT_ENDS, CONDITIONS, PRIORITY, UNLESS
from signals.study.places import Node, Table, Text, read_yaml
from signals.study.problems import Problems
from signals.study.shape import Shape, YesNo, fit

_CODE = r"[A-Z]{2,6}-\d{2}"


def _code(text: str) -> str:
    if not re.fullmatch(_CODE, text):
        raise ValueError(f"'{text}' is no code of a rule; write it as in DLT-02")
    return text


Code = Annotated[
    str, AfterValidator(_code), WithJsonSchema({"type": "string", "pattern": f"^{_CODE}$"})
]
Word = Annotated[str, Field(min_length=1)]
Priorities = Literal["critical", "high", "medium", "low", "info"]


class AlertShape(Shape):
    """What the alert of a rule says, to whom, and how it ends."""

    topic: Word
    about: tuple[Word, ...]
    headline: Word
    send_to: Annotated[tuple[Word, ...], Field(min_length=1)]
    due: Literal["obligation", "none"]
    ends: Annotated[Any, WithJsonSchema(ALERT_ENDS)]
    group: Word | None = None
    duties: tuple[Literal["initial-7", "initial-15", "completion", "follow-up"], ...] = ()
    sign_off_when: Word | None = None
    replaces: tuple[str, ...] = ()
    notify_possible: Annotated[YesNo, Field(alias="notify possible")] = False
    next_steps: tuple[Word, ...] = ()


class PageShape(Shape):
    """A rule's page.  Conditions, priorities and endings are read from the tree (``read``)."""

    rule: Code
    title: Word
    status: Literal["draft", "shadow", "active", "retired"]
    judges: Word
    source: Word
    meaning: Word
    criteria: Annotated[dict[str, Annotated[Any, WithJsonSchema(CONDITIONS)]], Field(min_length=1)]
    fires_when: Word
    unless: Annotated[dict[str, Any], WithJsonSchema(UNLESS)] = Field(default_factory=dict)
    if_unknown: dict[str, Word] = Field(default_factory=dict)
    priority: Annotated[Any, WithJsonSchema(PRIORITY)]
    alert: AlertShape
    known_false_alarms: tuple[Word, ...] = ()
    owner: Word


@dataclass(frozen=True, slots=True)
class Page:
    """A page that has the right keys; the tree keeps the places of everything."""

    path: str
    tree: Table
    shape: PageShape

    @property
    def draft(self) -> bool:
        """Nothing runs it: what is not built yet is told as a note."""
        return self.shape.status in {"draft", "retired"}

    def entries(self, *keys: str) -> tuple[tuple[Text, Node], ...]:
        """The entries of the table under these keys; none if there is no table."""
        node: Node | None = self.tree
        for key in keys:
            node = node.get(key) if isinstance(node, Table) else None
        return node.entries if isinstance(node, Table) else ()

    def text(self, *keys: str) -> Text:
        """The text under these keys; the shape has made sure of it."""
        node = self.tree.get(keys[0])
        for key in keys[1:]:
            node = node.get(key) if isinstance(node, Table) else None
        if not isinstance(node, Text):
            raise TypeError(f"{self.path}: no text under {'.'.join(keys)}")
        return node


def read_page(path: str, text: str, problems: Problems) -> Page | None:
    """Read a page as far as its keys go; None (and problems) where they are wrong."""
    tree = read_yaml(text, path, problems)
    if tree is None:
        return None
    if not isinstance(tree, Table):
        problems.error("SR013", tree.place, "a rule's page is a table of keys and values")
        return None
    shape = fit(PageShape, tree, problems)
    return None if shape is None else Page(path, tree, shape)
