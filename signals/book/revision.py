"""The next revision of an alert: its content, and whether it differs from the last one."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

from signals.book.alert import (
    Alert,
    AssumedValue,
    Because,
    Due,
    MissingField,
    RecordVersion,
    State,
)
from signals.book.evidence import evidence_hash
from signals.book.states import ENDED, Outcome
from signals.facts.value import Ref
from signals.immutable import immutable
from signals.rulebook.answer import Answer
from signals.rulebook.pack import Pack
from signals.rulebook.spec import Priority, Verdict

_ORDER = list(Priority)


@immutable(frozen=True, slots=True)
class Step:
    """Where in the journal, and in time, a revision is made.

    ``by_rules``: by an activation; ``traceless``: by a record that ``leaves_no_trace``.
    """

    now: datetime
    position: int
    by_rules: bool = False
    traceless: bool = False


def compose(
    pack: Pack, answer: Answer, outcome: Outcome, state: State, before: Alert | None
) -> dict[str, Any]:
    """What the alert says in this state, save its number, times and change."""
    rule, fact = answer.rule, answer.fact
    priority, proposed = _priorities(answer, state, before)
    about = dict(zip(rule.alert.about, answer.key, strict=True))
    because, missing, assumed = _because(answer), _missing(answer), _assumed(answer)
    return {
        "state": state,
        "priority": priority,
        "proposed_priority": proposed,
        "study_id": pack.study.study_id,
        "site_id": fact.site_id if fact else before and before.site_id,
        "subject_id": fact.subject_id if fact else before and before.subject_id,
        "rule": rule.code,
        "rule_version": rule.version,
        "rule_hash": rule.hash,
        "pack_hash": pack.hash,
        "about": about,
        "topic": rule.alert.topic,
        "headline": answer.headline or (before.headline if before else rule.title),
        "because": because,
        "missing": missing,
        "assumed": assumed,
        "due": [Due(**_fields(due)) for due in answer.due],
        "send_to": list(rule.alert.send_to),
        "next_steps": list(rule.alert.next_steps),
        "evidence_hash": evidence_hash(because, missing, assumed),
        "holds": None if outcome.holds else "no",
        "group": about.get(rule.alert.group) if rule.alert.group else None,
    }


def evidence_of(answer: Answer) -> str:
    """The evidence hash of an answer."""
    return evidence_hash(_because(answer), _missing(answer), _assumed(answer))


def same(before: Alert, after: Alert) -> bool:
    """Whether nothing differs that makes a revision; new record versions alone make none."""
    return _published(before) == _published(after)


def newly_true(answer: Answer, state: State, before: Alert | None) -> bool:
    """The alert becomes true here: it did not stand, or was only possible and is certain now."""
    if answer.verdict is Verdict.NO or state not in (State.POSSIBLE, State.FIRING):
        return False
    if before is None or before.state in ENDED:
        return True
    return before.state is State.POSSIBLE and state is State.FIRING


def _published(alert: Alert) -> tuple[Any, ...]:
    return (
        alert.state,
        alert.priority,
        alert.proposed_priority,
        alert.headline,
        alert.due,
        [(m.criterion, m.field, m.condition, m.value) for m in alert.missing],
        alert.assumed,
        alert.late,
        alert.closed,
        alert.holds,
        alert.replaced_by,
        [(leaf.criterion, leaf.field, leaf.value, leaf.verdict) for leaf in alert.because],
    )


def _priorities(
    answer: Answer, state: State, before: Alert | None
) -> tuple[Priority, Priority | None]:
    if before is None or newly_true(answer, state, before):
        return answer.priority, None
    if state in ENDED:
        return before.priority, None
    if answer.verdict is Verdict.NO:
        return before.priority, before.proposed_priority
    if _ORDER.index(answer.priority) <= _ORDER.index(before.priority):
        return answer.priority, None
    return before.priority, answer.priority


def _because(answer: Answer) -> list[Because]:
    return [
        Because(
            criterion=leaf.criterion,
            field=leaf.field,
            value=leaf.value,
            unit=leaf.unit,
            condition=leaf.condition,
            verdict=leaf.verdict.value,
            records=_records(leaf.records),
        )
        for leaf in answer.because
    ]


def _missing(answer: Answer) -> list[MissingField]:
    return [
        MissingField(**{**_fields(leaf), "records": _records(leaf.records)})
        for leaf in answer.missing
    ]


def _assumed(answer: Answer) -> list[AssumedValue]:
    return [AssumedValue(**_fields(value)) for value in answer.assumed]


def _fields(item: Any) -> dict[str, Any]:
    return {name: getattr(item, name) for name in item.__dataclass_fields__}


def _records(refs: tuple[Ref, ...]) -> list[RecordVersion]:
    return [_record(ref.record_id, ref.version) for ref in refs]


@lru_cache(maxsize=4096)
def _record(record_id: str, version: int) -> RecordVersion:
    """One object for all revisions and leaves that rest on the version."""
    return RecordVersion(record_id=record_id, version=version)
