"""A file of stories, read with the place of every word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from signals.rulebook.story.expected import read_expected
from signals.rulebook.story.lines import LineReader
from signals.rulebook.story.model import Equivalent, Expected, Line, Story, StoryFile, Wait, Write
from signals.rulebook.story.subjects import Setting, Subject, read_subject
from signals.study.places import Node, Sequence, Table, Text, read_yaml
from signals.study.problems import Place, Problems, did_you_mean

_FILE = ("rule", "subject", "subjects", "tests", "equivalent")
_EQUIVALENT = ("wrong version", "why")
_TEST = ("name", "subject", "subjects", "events", "expect")
_WHO = ("subject", "subjects")


def read_stories(
    text: str, path: str, rules: Mapping[str, bool], setting: Setting, problems: Problems
) -> StoryFile | None:
    """Read the stories of one rule; None (with problems) if anything in the file is wrong.

    Args:
        text: The file's text.
        path: Where it stands, for the problems.
        rules: The rules of the pack by code; True for those that are judged.
        setting: The study, and what lines leave out.
        problems: Takes what is wrong.
    """
    before = problems.errors
    node = read_yaml(text, path, problems)
    if not isinstance(node, Table):
        if node is not None:
            problems.error("ST006", node.place, "a file of stories begins with rule: CODE")
        return None
    rule = _rule(node, rules, problems)
    _known_keys(node, _FILE, problems)
    reader = _Reader(rule, setting, problems)
    stories = reader.stories(node)
    equivalent = _equivalent(node, problems)
    return None if problems.errors > before else StoryFile(path, rule, stories, equivalent)


def _rule(node: Table, rules: Mapping[str, bool], problems: Problems) -> str:
    rule = node.get("rule")
    if not isinstance(rule, Text):
        problems.error("ST003", node.place, "the file does not name its rule", "write rule: CODE")
        return ""
    if rule.text not in rules:
        help_ = did_you_mean(rule.text, rules)
        problems.error("ST007", rule.place, f"the pack has no rule '{rule.text}'", help_)
    elif not rules[rule.text]:
        message = f"{rule.text} is not judged, so nothing can be told of it"
        problems.error("ST007", rule.place, message, "make it active or shadow first")
    return rule.text


def _equivalent(node: Table, problems: Problems) -> tuple[Equivalent, ...]:
    listed = node.get("equivalent")
    if listed is None:
        return ()
    items = listed.items if isinstance(listed, Sequence) else (listed,)
    found = []
    for item in items:
        name, why = (item.get(key) if isinstance(item, Table) else None for key in _EQUIVALENT)
        if not isinstance(item, Table) or not isinstance(name, Text) or not isinstance(why, Text):
            help_ = 'write equivalent: - {wrong version: "...", why: ...}'
            problems.error("ST003", item.place, "this names no wrong version, or no reason", help_)
            continue
        _known_keys(item, _EQUIVALENT, problems)
        found.append(Equivalent(name.text, why.text, name.place))
    return tuple(found)


def _known_keys(node: Table, known: tuple[str, ...], problems: Problems) -> None:
    for key, _ in node.entries:
        if key.text not in known:
            help_ = did_you_mean(key.text, known)
            problems.error("ST001", key.place, f"'{key.text}' has no meaning here", help_)


@dataclass(slots=True)
class _Reader:
    rule: str
    setting: Setting
    problems: Problems

    def stories(self, node: Table) -> tuple[Story, ...]:
        tests = node.get("tests")
        if not isinstance(tests, Sequence) or not tests.items:
            place = node.place if tests is None else tests.place
            self.problems.error(
                "ST003", place, "the file holds no story", "write tests: - name: ..."
            )
            return ()
        common = self._subjects(node)
        read = [self._story(test, common) for test in tests.items]
        stories = tuple(story for story in read if story is not None)
        self._different_names(stories)
        return stories

    def _different_names(self, stories: tuple[Story, ...]) -> None:
        seen: dict[str, Place] = {}
        for story in stories:
            if story.name in seen:
                message = f"the story in line {seen[story.name].line} has the same name"
                self.problems.error("ST004", story.place, message, "give each its own")
            seen.setdefault(story.name, story.place)

    def _subjects(self, node: Table) -> tuple[Subject, ...]:
        one, several = node.get("subject"), node.get("subjects")
        nodes: list[Node] = [] if one is None else [one]
        if isinstance(several, Sequence):
            nodes += several.items
        elif several is not None:
            self.problems.error("ST006", several.place, "write one subject a line, each after '- '")
        read = [read_subject(each, self.setting, self.problems) for each in nodes]
        return tuple(subject for subject in read if subject is not None)

    def _story(self, node: Node, common: tuple[Subject, ...]) -> Story | None:
        if not isinstance(node, Table):
            self.problems.error("ST006", node.place, "a story is written - name: ... events: ...")
            return None
        _known_keys(node, _TEST, self.problems)
        name = node.get("name")
        if not isinstance(name, Text) or not name.text:
            self.problems.error("ST003", node.place, "the story has no name", "write name: ...")
            return None
        own = any(node.get(key) is not None for key in _WHO)
        subjects = self._subjects(node) if own else common
        lines = self._lines(node, name, subjects)
        expect = self._expect(node, name)
        return Story(self.rule, name.text, name.place, lines, expect)

    def _lines(self, node: Table, name: Text, subjects: tuple[Subject, ...]) -> tuple[Line, ...]:
        events = node.get("events")
        if not isinstance(events, Sequence):
            message = "the story does not say what happened"
            self.problems.error("ST003", name.place, message, "write events: - {at: ..., ...}")
            return ()
        reader = LineReader(self.setting, self.rule, subjects, self.problems)
        read = [reader.read(line) for line in events.items]
        told = [line for line in read if line is not None]
        self._in_order(told)
        before: list[Line] = [write for subject in subjects for write in subject.records]
        return tuple(sorted(before + told, key=_moment))

    def _in_order(self, lines: list[Line]) -> None:
        for earlier, later in pairwise(lines):
            if later.at < earlier.at:
                message = f"this line is earlier than the one before it ({_said(earlier.at)})"
                self.problems.error("ST005", later.place, message, "tell it in order of time")

    def _expect(self, node: Table, name: Text) -> tuple[Expected, ...]:
        expect = node.get("expect")
        if isinstance(expect, Text) and expect.text == "nothing":
            return ()
        if isinstance(expect, Sequence) and expect.items:
            read = [read_expected(each, self.setting.zone, self.problems) for each in expect.items]
            return tuple(each for each in read if each is not None)
        place = name.place if expect is None else expect.place
        message = "the story does not say what the rule must publish"
        help_ = "write expect: - {at: ..., state: ...}, or expect: nothing"
        self.problems.error("ST003", place, message, help_)
        return ()


def _moment(line: Line) -> tuple[datetime, bool]:
    """A record of the setting comes before a line of the same time; sorting keeps the rest."""
    return line.at, isinstance(line, Wait) or not _of_setting(line)


def _of_setting(line: Line) -> bool:
    return isinstance(line, Write) and line.kind in ("enrolment", "infusion")


def _said(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M")
