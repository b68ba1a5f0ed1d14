"""A story as it was read: who, what happened line by line, and what the rule must have said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias

from signals.study.problems import Place

Change: TypeAlias = Literal["new", "correct", "progress", "follow up", "void"]
Tree: TypeAlias = dict[str, Any]
"""Data of an event, or a part of it: nested by field, as it will stand in the JSON."""


@dataclass(frozen=True, slots=True)
class Write:
    """A line that writes the next version of a record.

    ``data`` holds what the line states; ``raw`` is put into the data as it stands, to show what
    happens with input that cannot be read.  ``envelope``: site, source, actor, recorded_at and
    effective_from, as in the event.
    """

    at: datetime
    place: Place
    change: Change
    kind: str
    record_id: str
    subject: str | None
    data: Tree
    raw: Tree = field(default_factory=dict)
    envelope: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DecideAlert:
    """A line by which a person decides on the alert of ``rule`` about ``about``."""

    at: datetime
    place: Place
    record_id: str
    rule: str
    about: str
    alert: Tree
    person: Tree


@dataclass(frozen=True, slots=True)
class Wait:
    """The clock runs on to ``at`` without any record."""

    at: datetime
    place: Place


Line: TypeAlias = Write | DecideAlert | Wait


@dataclass(frozen=True, slots=True)
class Expected:
    """One published change; only the keys that were stated are compared."""

    at: datetime
    place: Place
    stated: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Story:
    """One test: its lines in order of time (what happened to the subjects first included)."""

    rule: str
    name: str
    place: Place
    lines: tuple[Line, ...]
    expect: tuple[Expected, ...]


@dataclass(frozen=True, slots=True)
class Equivalent:
    """A wrong version of the rule that no story can tell from the right one, and why."""

    name: str
    why: str
    place: Place


@dataclass(frozen=True, slots=True)
class StoryFile:
    """The stories of one rule, and its wrong versions that mean the same."""

    path: str
    rule: str
    stories: tuple[Story, ...]
    equivalent: tuple[Equivalent, ...] = ()
