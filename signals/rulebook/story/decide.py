"""Reading a ``decide:`` line of a story."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from signals.rulebook.story.decisions import (
    ALERT,
    ANSWER,
    ANSWERS,
    ROLES,
    VERBS,
    Form,
    decision_data,
    form_of,
    is_obligation,
)
from signals.rulebook.story.fields import read_yes_or_no
from signals.rulebook.story.model import DecideAlert, Line, Tree, Write
from signals.rulebook.story.subjects import Setting, Subject, site_of
from signals.study.places import Table, Text
from signals.study.problems import Problems, did_you_mean

_NUMBERS = ("n", "x", "cohort no", "revision")


@dataclass(slots=True)
class DecisionReader:
    """Reads the decisions of one story; they are numbered in the order of the lines."""

    setting: Setting
    rule: str
    subjects: tuple[Subject, ...]
    records: Mapping[str, Sequence[tuple[str, str | None]]]
    problems: Problems
    number: int = 0

    def read(self, node: Table, at: datetime) -> Line | None:
        """Read one line; None, with a problem, where that is not possible."""
        word = node.get("decide")
        verb = word.text.casefold() if isinstance(word, Text) else ""
        form = form_of(verb)
        if form is None:
            place = node.place if word is None else word.place
            message = f"nobody can decide '{verb}'"
            self.problems.error("ST002", place, message, did_you_mean(verb, VERBS))
            return None
        stated = self._stated(node, form)
        if any(key not in stated for key in form.needs):
            return None
        self.number += 1
        person = self._person(form, stated, at)
        if verb in ALERT:
            return self._on_alert(node, at, verb, stated, person)
        data = {**person, "kind": form.kind, **decision_data(verb, stated)}
        subject = None if form.kind in ("COHORT", "LOT") else self._subject(stated)
        site = {"site_id": site_of(subject, self.subjects, self.setting)}
        name = f"DEC-{self.number}"
        return Write(at, node.place, "new", "decision", name, subject, data, envelope=site)

    def _on_alert(
        self, node: Table, at: datetime, verb: str, stated: dict[str, str], person: Tree
    ) -> DecideAlert:
        alert: Tree = {"action": ALERT[verb]}
        if "disposition" in stated:
            alert["disposition"] = stated["disposition"]
        if "revision" in stated:
            alert["revision"] = int(stated["revision"])
        rule = stated.get("rule", self.rule)
        name = f"DEC-{self.number}"
        return DecideAlert(at, node.place, name, rule, stated["about"], alert, person)

    def _stated(self, node: Table, form: Form) -> dict[str, str]:
        allowed = {"at", "decide", "by", "reason", "subject", *form.needs, *form.may}
        stated: dict[str, str] = {}
        for key, value in node.entries:
            if key.text not in allowed:
                message = f"'{key.text}' says nothing about this decision"
                self.problems.error("ST001", key.place, message, did_you_mean(key.text, allowed))
            elif not isinstance(value, Text):
                self.problems.error("ST006", value.place, "one value belongs here")
            elif key.text in _NUMBERS and not value.text.isdecimal():
                message = f"'{value.text}' is not a whole number"
                self.problems.error("ST002", value.place, message)
            elif key.text != ANSWER or read_yes_or_no(ANSWERS, value, self.problems) is not None:
                stated[key.text] = value.text
        for need in form.needs:
            if node.get(need) is None:
                message = f"this decision needs '{need}'"
                self.problems.error("ST003", node.place, message, f"write {need}: ...")
        return stated

    def _person(self, form: Form, stated: dict[str, str], at: datetime) -> Tree:
        usual = self.setting.defaults.decide[form.who]
        by = stated.get("by", usual)
        role = ROLES.get(by.casefold(), ROLES[usual])
        reason = stated.get("reason", "as told in the story")
        return {"decided_at": at.isoformat(), "by": by, "role": role, "reason": reason}

    def _subject(self, stated: dict[str, str]) -> str | None:
        if "subject" in stated:
            return stated["subject"]
        known = [each.id for each in self.subjects]
        parts = stated["about"].split("/")
        if is_obligation(stated["about"]) and parts[0] in known:
            return parts[0]
        found = self.records.get(parts[-1], [])
        return found[-1][1] if found else (known[0] if len(known) == 1 else None)
