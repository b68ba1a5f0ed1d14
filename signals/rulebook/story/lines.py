"""The lines of a story: what happened, when, and to which record."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from signals.events import KINDS, WITHOUT_SUBJECT
from signals.rulebook.story.decide import DecisionReader
from signals.rulebook.story.fields import BLANK, KIND_WORDS, set_field
from signals.rulebook.story.model import Change, Line, Tree, Wait, Write
from signals.rulebook.story.subjects import Setting, Subject, site_of
from signals.rulebook.story.times import FORM, read_time
from signals.study.places import Node, Table, Text, plain
from signals.study.problems import Place, Problems, did_you_mean

CHANGES = ("correct", "progress", "follow up", "void")
HEADS = (*CHANGES, "decide", "wait until", *(kind for kind in KIND_WORDS if kind != "decision"))
ENVELOPE = ("at", "subject", "site", "source", "actor", "recorded at", "raw")


@dataclass(slots=True)
class LineReader:
    """Reads the lines of one story, which may name the records of the lines before."""

    setting: Setting
    rule: str
    subjects: tuple[Subject, ...]
    problems: Problems
    records: dict[str, list[tuple[str, str | None]]] = field(default_factory=dict)
    decisions: DecisionReader = field(init=False)

    def __post_init__(self) -> None:
        for subject in self.subjects:
            for write in subject.records:
                self.records.setdefault(write.record_id, []).append((write.kind, subject.id))
        self.decisions = DecisionReader(
            self.setting, self.rule, self.subjects, self.records, self.problems
        )

    def read(self, node: Node) -> Line | None:
        """Read one line; None, with a problem, where that is not possible."""
        if not isinstance(node, Table):
            self.problems.error("ST006", node.place, "a line is written {at: ..., ...}")
            return None
        heads = [key for key, _ in node.entries if key.text in HEADS]
        if len(heads) != 1:
            self._no_head(node, heads)
            return None
        head = heads[0]
        time = "wait until" if head.text == "wait until" else "at"
        at = self._time(node, time)
        if at is None:
            return None
        if head.text == "wait until":
            return Wait(at, head.place)
        if head.text == "decide":
            return self.decisions.read(node, at)
        if head.text in CHANGES:
            return self._change(node, head, at)
        return self._new(node, head, at)

    def _no_head(self, node: Table, heads: list[Text]) -> None:
        if heads:
            names = " and ".join(f"'{head.text}'" for head in heads)
            self.problems.error("ST003", heads[1].place, f"one line says one thing, not {names}")
            return
        guess = next((key for key, _ in node.entries if key.text not in ENVELOPE), None)
        place = node.place if guess is None else guess.place
        help_ = did_you_mean(guess.text, HEADS) if guess else ""
        message = "this line does not say what happened"
        help_ = help_ or "write the kind and id of a record, as in adverse event: AE-1"
        self.problems.error("ST003", place, message, help_)

    def _time(self, node: Table, key: str) -> datetime | None:
        value = node.get(key)
        if value is None:
            self.problems.error("ST003", node.place, "this line has no time", f"'at': {FORM}")
            return None
        return read_time(value, self.setting.zone, self.problems)

    def _new(self, node: Table, head: Text, at: datetime) -> Line | None:
        kind = KIND_WORDS[head.text]
        record_id = self._text(node, head.text)
        subject = self._subject_of_new(node, kind)
        if record_id is None:
            return None
        known = self.records.setdefault(record_id, [])
        if (kind, subject) in known:
            help_ = "a later version is a line with correct, progress, follow up or void"
            message = f"the {head.text} {record_id} was told of before"
            self.problems.error("ST004", head.place, message, help_)
        known.append((kind, subject))
        return self._write(node, head, at, "new", (kind, record_id, subject))

    def _change(self, node: Table, head: Text, at: datetime) -> Line | None:
        record_id = self._text(node, head.text)
        if record_id is None:
            return None
        found = self._record(node, head, record_id)
        if found is None:
            return None
        kind, subject = found
        stated = node.get("subject")
        if isinstance(stated, Text) and stated.text != subject:
            subject = stated.text
            self.records[record_id].append((kind, subject))
        change = cast("Change", head.text)
        if change == "progress" and node.get("from") is None:
            message = "progress needs the time from which it is so"
            self.problems.error("ST003", head.place, message, "write from: 2026-03-04")
        return self._write(node, head, at, change, (kind, record_id, subject))

    def _record(self, node: Table, head: Text, record_id: str) -> tuple[str, str | None] | None:
        place = self._place(node, head.text)
        found = self.records.get(record_id, [])
        stated = node.get("subject")
        if isinstance(stated, Text) and len(found) > 1:
            found = [each for each in found if each[1] == stated.text] or found
        if not found:
            message = f"no line before this one tells of a record {record_id}"
            help_ = did_you_mean(record_id, self.records)
            self.problems.error("ST004", place, message, help_)
            return None
        if len({each[1] for each in found}) > 1:
            message = f"two subjects have a record {record_id}"
            self.problems.error("ST004", place, message, "say which: subject: ...")
        return found[-1]

    def _write(
        self,
        node: Table,
        head: Text,
        at: datetime,
        change: Change,
        record: tuple[str, str, str | None],
    ) -> Write:
        kind, record_id, subject = record
        data: Tree = {}
        for key, value in node.entries:
            if key.text in ENVELOPE or key is head or (key.text, change) == ("from", "progress"):
                continue
            set_field(data, KINDS[kind], (key, value), self.setting.product, self.problems)
        raw = node.get("raw")
        return Write(
            at,
            node.place,
            change,
            kind,
            record_id,
            subject,
            data,
            plain(raw) if isinstance(raw, Table) else {},
            self._envelope(node, change, subject),
        )

    def _envelope(self, node: Table, change: Change, subject: str | None) -> dict[str, str | None]:
        envelope: dict[str, str | None] = {"site_id": site_of(subject, self.subjects, self.setting)}
        for key, name in (("site", "site_id"), ("source", "source"), ("actor", "actor")):
            value = node.get(key)
            if isinstance(value, Text):
                envelope[name] = None if value.text == BLANK else value.text
        if node.get("recorded at") is not None:
            recorded = self._time(node, "recorded at")
            envelope["recorded_at"] = None if recorded is None else recorded.isoformat()
        began = node.get("from")
        if change == "progress" and isinstance(began, Text):
            envelope["effective_from"] = began.text.replace(" ", "T")
        return envelope

    def _subject_of_new(self, node: Table, kind: str) -> str | None:
        stated = node.get("subject")
        if kind in WITHOUT_SUBJECT:
            return None
        if isinstance(stated, Text):
            return None if stated.text == BLANK else self._known_subject(stated)
        if len(self.subjects) == 1:
            return self.subjects[0].id
        message = "the story has several subjects, and this line does not say which"
        if not self.subjects:
            message = "the story has no subject"
        self.problems.error("ST003", node.place, message, 'write subject: "001-004"')
        return None

    def _known_subject(self, stated: Text) -> str:
        known = [each.id for each in self.subjects]
        if stated.text not in known:
            help_ = did_you_mean(stated.text, known)
            message = f"the story has no subject '{stated.text}'"
            self.problems.error("ST004", stated.place, message, help_)
        return stated.text

    def _text(self, node: Table, key: str) -> str | None:
        value = node.get(key)
        if isinstance(value, Text) and value.text:
            return value.text
        place = node.place if value is None else value.place
        self.problems.error("ST003", place, f"'{key}' needs a word", "such as the id of a record")
        return None

    def _place(self, node: Table, key: str) -> Place:
        value = node.get(key)
        return node.place if value is None else value.place
