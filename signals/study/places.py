"""YAML read with places: every scalar is text, typed later by the schema and never by YAML.

``NO``, ``012`` and ``12:30`` stay what their author typed.  Duplicate keys, anchors, aliases, tags
and merge keys are problems, because what a page means is what the page says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from signals.study.problems import Place, Problems


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar.  ``inline``: written on one line, so that parts of it have places of their own."""

    text: str
    place: Place
    inline: int | None = None

    def part(self, start: int, length: int) -> Place:
        """The place of a part of the text, or of the whole where lines were folded."""
        if self.inline is None:
            return self.place
        column = self.place.column + self.inline + start
        return self.place._replace(column=column, length=max(length, 1))


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    items: tuple[Node, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping; its keys keep their places too."""

    entries: tuple[tuple[Text, Node], ...]
    place: Place

    def get(self, key: str) -> Node | None:
        """The value under the key, or None."""
        return next((value for name, value in self.entries if name.text == key), None)

    def key(self, key: str) -> Text | None:
        """The key itself, for its place, or None."""
        return next((name for name, _ in self.entries if name.text == key), None)


Node: TypeAlias = Text | Sequence | Table


def plain(node: Node) -> Any:
    """The same tree as dictionaries, lists and texts."""
    if isinstance(node, Text):
        return node.text
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return {key.text: plain(value) for key, value in node.entries}


def read_yaml(text: str, path: str, problems: Problems) -> Node | None:
    """Read one document; None (with a problem SR001 to SR004) where that is not possible."""
    try:
        node = _Builder(text, path, problems).document()
    except MarkedYAMLError as error:
        problems.error(
            "SR001",
            _place_of(error, path),
            f"this is not YAML: {error.problem or error.context or 'it cannot be read'}",
            "look for a missing quotation mark or bracket, a tab, or a wrong indentation",
        )
        return None
    except YAMLError as error:
        problems.error("SR001", Place(path), f"this is not YAML: {str(error).splitlines()[0]}")
        return None
    except RecursionError:
        problems.error(
            "SR001",
            Place(path),
            "this is nested too deeply to be a page",
            "look for a missing bracket",
        )
        return None
    if node is None:
        problems.error(
            "SR004", Place(path), "the file is empty", "write its contents, or delete the file"
        )
    return node


def _place_of(error: MarkedYAMLError, path: str) -> Place:
    mark = error.problem_mark or error.context_mark
    if error.context_mark is not None and "end of stream" in (error.problem or ""):
        mark = error.context_mark  # what was opened there and never closed
    return Place(path) if mark is None else Place(path, mark.line + 1, mark.column + 1)


class _Builder:
    """Builds the tree from the events of the parser."""

    def __init__(self, text: str, path: str, problems: Problems) -> None:
        self._path = path
        self._problems = problems
        self._events: Iterator[Any] = iter(YAML(typ="safe", pure=True).parse(text))

    def document(self) -> Node | None:
        root: Node | None = None
        documents = 0
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._forbid(event, "a second document ('---')", "one file holds one page")
            elif isinstance(event, ScalarEvent | SequenceStartEvent | MappingStartEvent):
                node = self._node(event)
                root = node if documents == 1 else root
        return None if isinstance(root, Text) and not root.text else root

    def _node(self, event: Any) -> Node:
        self._plain_only(event)
        if isinstance(event, SequenceStartEvent):
            return self._sequence(event)
        if isinstance(event, MappingStartEvent):
            return self._table(event)
        if isinstance(event, AliasEvent):
            return Text("", self._place(event))
        return self._text(event)

    def _text(self, event: Any) -> Text:
        one_line = event.start_mark.line == event.end_mark.line and event.style not in {">", "|"}
        inline = (0 if event.style is None else 1) if one_line else None
        return Text(event.value.strip(), self._place(event), inline)

    def _sequence(self, start: Any) -> Sequence:
        items: list[Node] = []
        while not isinstance(event := next(self._events), SequenceEndEvent):
            items.append(self._node(event))
        return Sequence(tuple(items), self._place(start))

    def _table(self, start: Any) -> Table:
        entries: list[tuple[Text, Node]] = []
        while not isinstance(event := next(self._events), MappingEndEvent):
            key = self._node(event)
            value = self._node(next(self._events))
            if isinstance(key, Text):
                self._add(entries, key, value)
            else:
                self._problems.error(
                    "SR001", key.place, "a key must be a word", "put quotation marks around it"
                )
        return Table(tuple(entries), self._place(start))

    def _add(self, entries: list[tuple[Text, Node]], key: Text, value: Node) -> None:
        first = next((name for name, _ in entries if name.text == key.text), None)
        if first is not None:
            self._problems.error(
                "SR002",
                key.place,
                f"the key '{key.text}' stands here twice; the first is in line {first.place.line}",
                "keep one of the two",
            )
        elif key.text == "<<":
            self._problems.error(
                "SR003", key.place, "merge keys ('<<') are not allowed", "write the keys out here"
            )
        else:
            entries.append((key, value))

    def _plain_only(self, event: Any) -> None:
        if isinstance(event, AliasEvent):
            self._forbid(event, f"an alias ('*{event.anchor}')", "write the value out here")
        elif event.anchor is not None:
            self._forbid(event, f"an anchor ('&{event.anchor}')", "delete it")
        elif event.tag is not None:
            self._forbid(event, f"a tag ('{event.tag}')", "delete it; every value is read as text")

    def _forbid(self, event: Any, what: str, instead: str) -> None:
        self._problems.error("SR003", self._place(event), f"{what} is not allowed", instead)

    def _place(self, event: Any) -> Place:
        start, end = event.start_mark, event.end_mark
        length = end.column - start.column if start.line == end.line else 1
        return Place(self._path, start.line + 1, start.column + 1, max(length, 1))
