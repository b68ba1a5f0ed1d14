"""From what the monitor says about an alert to its next revision."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from signals.book.alert import Alert, State
from signals.book.change import change_line
from signals.book.entry import Entry
from signals.book.evidence import corrections, is_late, record_keys
from signals.book.revision import Step, compose, evidence_of, newly_true, same
from signals.book.states import ENDED, Outcome, Situation, next_state
from signals.chart.chart import Entry as Version
from signals.facts.kind import Key, refused
from signals.monitor.monitor import Monitor
from signals.rulebook.answer import Answer
from signals.rulebook.spec import Ends, Verdict

_MET = "met"
"""The word by which a fact says that a duty was met by a report."""


class Traces(NamedTuple):
    """What the next revision of an alert whose fact is gone depends on, beside its entry."""

    moved_to: Key | None
    corrected: bool
    by_rules: bool


class Reviser:
    """Compares what was published with what the monitor says now."""

    def __init__(self, monitor: Monitor) -> None:
        """``monitor``: whose answers are published."""
        self._monitor = monitor

    def revise(
        self, name: str, entry: Entry, base: Alert | None, change: str | None, step: Step
    ) -> Alert | None:
        """The next revision, kept in the entry; None if there is nothing new to publish.

        ``base`` is the alert to go on from: the last revision, or what a decision made of it.
        ``change`` says in plain words what the decision did.
        """
        if self.is_settled(name, base):
            return self._rewritten(entry, base, change, step)
        answer = self._monitor.answer(name)
        corrected = self._corrections(entry, answer)
        outcome = next_state(self._situation(entry, base, answer, corrected, step))
        if outcome.state is None:
            return None
        if base is not None and outcome.state is base.state and base.state in ENDED:
            return self._rewritten(entry, base, change, step)
        alert = self._drafted(entry, base, answer, outcome, step)
        line = change or self._moved(answer, outcome) or change_line(entry.alert, alert, corrected)
        _remember(entry, answer, outcome)
        return self._published(entry, alert, line)

    def traces(self, name: str, entry: Entry, step: Step) -> Traces:
        """What is left of the fact of an alert: where it went, and whether its records changed."""
        corrected = corrections(self._monitor.chart, entry.evidence, entry.known)
        return Traces(self._monitor.moved_to(name), bool(corrected), step.by_rules)

    def is_settled(self, name: str, base: Alert | None) -> bool:
        """Untrue, and published nowhere or ended: so are most answers of most rules."""
        if base is not None:
            rule = self._monitor.rule(name)
            may_wait = rule is not None and rule.alert.sign_off_when is not None
            if may_wait or base.state not in ENDED:
                return False
        return self._monitor.verdict(name) is Verdict.NO

    def _rewritten(
        self, entry: Entry, base: Alert | None, change: str | None, step: Step
    ) -> Alert | None:
        """An ended alert says what it said when it ended; it may still be closed and reopened."""
        if base is None or entry.alert is None:
            return None
        update = {**_frame(entry, base.state, step), "closed": _closed(entry)}
        return self._published(entry, base.model_copy(update=update), change or base.change)

    def _situation(
        self,
        entry: Entry,
        base: Alert | None,
        answer: Answer,
        corrected: list[Version],
        step: Step,
    ) -> Situation:
        decided = answer.fact.decided if answer.fact is not None else frozenset()
        return Situation(
            state=base.state if base is not None else None,
            verdict=answer.verdict,
            ends=answer.rule.alert.ends,
            waits=answer.waits and answer.verdict is Verdict.NO,
            corrected=bool(corrected),
            by_rules=step.by_rules,
            held=entry.held,
            signed=entry.signed is not None or _signed_for(answer, decided),
            upheld=_is_upheld(entry, answer, decided),
            decided=_ended_by(answer, decided),
            met=any(leaf.value == _MET for leaf in answer.because),
            moved=answer.moved_to is not None,
        )

    def _corrections(self, entry: Entry, answer: Answer) -> list[Version]:
        if answer.verdict is not Verdict.NO or entry.alert is None:
            return []
        return corrections(self._monitor.chart, entry.evidence, entry.known)

    def _drafted(
        self,
        entry: Entry,
        base: Alert | None,
        answer: Answer,
        outcome: Outcome,
        step: Step,
    ) -> Alert:
        state = outcome.state or State.POSSIBLE
        name = self._monitor.name(answer.rule.code, answer.key)
        content = compose(self._monitor.pack, answer, outcome, state, base)
        _reopen_if_other(entry, state, content["evidence_hash"], step)
        hides = self._monitor.replaced_by(name) if answer.verdict is not Verdict.NO else None
        return Alert(
            **content,
            **_frame(entry, state, step),
            alert_id=name,
            late=self._late(base, answer, state),
            change="",
            closed=_closed(entry),
            replaced_by=hides,
        )

    def _late(self, base: Alert | None, answer: Answer, state: State) -> bool:
        if base is not None and not newly_true(answer, state, base):
            return base.late
        hours = self._monitor.pack.study.periods.late_hours
        return is_late(self._monitor.chart, answer, hours)

    def _moved(self, answer: Answer, outcome: Outcome) -> str | None:
        moved_to = self._monitor.moved_name(answer)
        moved = moved_to is not None and outcome.state is State.WITHDRAWN
        return f"now under {moved_to}" if moved else None

    def _published(self, entry: Entry, alert: Alert, line: str) -> Alert | None:
        if entry.alert is not None and same(entry.alert, alert):
            return None
        entry.alert = alert.model_copy(update={"change": line})
        entry.known = self._monitor.position
        if alert.evidence_hash not in entry.hashes:
            entry.hashes = (*entry.hashes, alert.evidence_hash)
        return entry.alert


def _frame(entry: Entry, state: State, step: Step) -> dict[str, object]:
    """Number, times and place of the next revision."""
    last = entry.alert
    return {
        "revision": 1 if last is None else last.revision + 1,
        "changed_at": step.now,
        "since": last.since if last is not None and last.state is state else step.now,
        "cause": "rules" if step.by_rules else None,
        "journal_position": step.position,
    }


def _closed(entry: Entry) -> bool | None:
    return True if entry.closed is not None else None


def _reopen_if_other(entry: Entry, state: State, evidence: str, step: Step) -> None:
    """What people closed opens again when its evidence changed, never when the rules did."""
    mark = entry.closed
    if mark is None or mark.evidence_hash == evidence or state in ENDED:
        return
    if step.by_rules:
        entry.closed = replace(mark, evidence_hash=evidence)
    else:
        entry.closed = None


def _ended_by(answer: Answer, decided: frozenset[str]) -> bool:
    """Whether the decision that the rule ends by is in force."""
    alert = answer.rule.alert
    return alert.ends is Ends.BY_DECISION and alert.decision in decided


def _signed_for(answer: Answer, decided: frozenset[str]) -> bool:
    """Whether the sign-off that the rule names beside an ALERT decision is in force."""
    alert = answer.rule.alert
    return alert.ends is Ends.NEEDS_SIGN_OFF and alert.decision in decided


def _is_upheld(entry: Entry, answer: Answer, decided: frozenset[str]) -> bool:
    """Whether its withdrawal was refused: on the alert itself, or by the sign-off that it names."""
    if entry.upheld is not None and entry.upheld.evidence_hash == evidence_of(answer):
        return True
    alert = answer.rule.alert
    return alert.decision is not None and refused(alert.decision) in decided


def _remember(entry: Entry, answer: Answer, outcome: Outcome) -> None:
    entry.held, entry.gone = outcome.held, answer.fact is None
    if answer.verdict is not Verdict.NO:
        entry.evidence = record_keys(answer)
    if outcome.state not in ENDED:
        entry.signed = None
    if entry.upheld is not None and entry.upheld.evidence_hash != evidence_of(answer):
        entry.upheld = None
