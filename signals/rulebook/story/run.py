"""A story run: its events go into a fold of production, and what that publishes is compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from signals.events import Record
from signals.rulebook.story.expected import Difference, compare
from signals.rulebook.story.model import DecideAlert, Line, Story, Wait, Write
from signals.rulebook.story.script import EventRejectedError, Script
from signals.rulebook.story.subjects import Setting


class Published(Protocol):
    """A revision of an alert, as every consumer gets it."""

    def to_json(self) -> Mapping[str, Any]:
        """The object of EVENTS."""
        ...


class Engine(Protocol):
    """The fold of production: takes a record of the journal, gives what is published by it."""

    def step(self, record: Record, position: int) -> Sequence[Published]:
        """Take the record at this position of the journal."""
        ...


NewEngine: TypeAlias = Callable[[], Engine]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a story: no difference is a pass.  ``events``: what went in, in full."""

    story: Story
    difference: Difference | None
    events: tuple[Record, ...]

    @property
    def passed(self) -> bool:
        """Whether the rule published what the story expects, and nothing else."""
        return self.difference is None


class StoryError(Exception):
    """A line that cannot happen: a decision on an alert that nobody has published."""

    def __init__(self, line: Line, message: str) -> None:
        self.difference = Difference(line.place.line, message)
        super().__init__(message)


def run_story(story: Story, study_id: str, setting: Setting, new_engine: NewEngine) -> Outcome:
    """Run one story from an empty journal."""
    run = _Run(Script(study_id, setting.zone, setting.defaults, story.name), new_engine())
    try:
        for line in story.lines:
            run.take(line)
    except StoryError as error:
        return Outcome(story, error.difference, tuple(run.journal))
    published = [alert for alert in run.published if alert["rule"] == story.rule]
    difference = compare(story.expect, published, setting.zone, story.place.line)
    return Outcome(story, difference, tuple(run.journal))


class _Run:
    def __init__(self, script: Script, engine: Engine) -> None:
        self.journal: list[Record] = []
        self.published: list[Mapping[str, Any]] = []
        self._script = script
        self._engine = engine

    def take(self, line: Line) -> None:
        if isinstance(line, Wait):
            self._step(self._script.clock(line.at))
        elif isinstance(line, DecideAlert):
            # Who decides sees what time alone has changed until then.
            self._step(self._script.clock(line.at))
            self._write(self._decision(line))
        else:
            self._write(line)

    def _step(self, record: Record) -> None:
        position = len(self.journal)
        self.journal.append(record)
        self.published += [alert.to_json() for alert in self._engine.step(record, position)]

    def _write(self, write: Write) -> None:
        try:
            record = self._script.record(write)
        except EventRejectedError as why:
            raise StoryError(write, str(why)) from None
        self._step(record)

    def _decision(self, line: DecideAlert) -> Write:
        """The decision as an event, on the alert as it was last published."""
        alert = self._alert(line)
        named = {"alert_id": alert["alert_id"], "revision": alert["revision"], **line.alert}
        data = {**line.person, "kind": "ALERT", "alert": named}
        return Write(
            line.at,
            line.place,
            "new",
            "decision",
            line.record_id,
            alert["subject_id"],
            data,
            envelope={"site_id": alert["site_id"]},
        )

    def _alert(self, line: DecideAlert) -> Mapping[str, Any]:
        about = [
            alert
            for alert in self.published
            if alert["rule"] == line.rule and line.about in alert["about"].values()
        ]
        if not about:
            raise StoryError(line, f"{line.rule} has published nothing about {line.about} by then")
        return about[-1]
