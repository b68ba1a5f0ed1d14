"""What a decision on an alert does to it (EVENTS, a decision)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from signals.book.alert import Alert, State
from signals.book.entry import DecisionEffect, Entry, Mark
from signals.book.states import ENDED
from signals.events import Record
from signals.rulebook.spec import Ends, Priority, Rule

IN_FORCE = "in force"
WAITS = "waits"
NO_EFFECT = "no effect"
UNDONE = "undone"

_LEGAL = frozenset({"case", "obligation"})
_ENDING = frozenset({"SIGN_WITHDRAWAL", "REFUSE_WITHDRAWAL", "CLOSE"})


def ended_by_obligation(rule: Rule) -> bool:
    """Whether only what ends the obligation ends the alert: SAE-03, 04, 05, 07, 09, 10."""
    by_people = rule.alert.ends in (Ends.NEEDS_SIGN_OFF, Ends.NEVER)
    return rule.judges in _LEGAL and not by_people


def named_alert(record: Record | None) -> str | None:
    """The alert that a decision is about; None for other decisions and unreadable ones."""
    if record is None or record.data.kind != "ALERT" or record.data.alert is None:
        return None
    taken_on = record.data.alert
    return taken_on.alert_id if taken_on.action is not None else None


def filed(record: Record) -> DecisionEffect:
    """A decision as it is kept, before it is tried."""
    data = record.data
    return DecisionEffect(
        subject_id=record.subject_id,
        record_id=record.record_id,
        version=record.version,
        action=data.alert.action,
        by=data.by,
        role=data.role,
        at=None if data.decided_at is None else data.decided_at.isoformat(),
        status=WAITS,
        effect="waits: the alert is not there yet",
    )


class Tried(NamedTuple):
    """What came of a decision: the change in plain words, if any, and the alert to go on from."""

    change: str | None
    base: Alert | None


def apply(
    entry: Entry, base: Alert | None, effect: DecisionEffect, taken_on: Any, rule: Rule
) -> Tried:
    """Try a decision on the alert as it stands (``base``); its outcome is kept in ``effect``.

    ``taken_on`` is the decision's ``alert`` object.
    """
    if base is None:
        return Tried(None, None)
    refused = _not_current(entry, base, taken_on) or _legal(effect, base, rule)
    if refused is not None:
        effect.status, effect.effect = refused
        return Tried(None, base)
    action = _ACTIONS[effect.action]
    reason = action.do(entry, base, effect, rule)
    if reason is not None:
        effect.status, effect.effect = NO_EFFECT, f"no effect: {reason}"
        return Tried(None, base)
    effect.status, effect.effect = IN_FORCE, action.done
    if effect.action == "ACCEPT_PRIORITY":
        base = base.model_copy(update={"priority": base.proposed_priority})
    changes = effect.action != "CONFIRM"
    return Tried(f"{action.done} by {_name(effect)}" if changes else None, base)


def undo(entry: Entry, effect: DecisionEffect, why: str) -> Tried:
    """Take back what a voided or corrected decision did.

    A reopened alert stays open: it may be closed again.
    """
    base, was_in_force = entry.alert, effect.status == IN_FORCE
    effect.status, effect.effect = UNDONE, f"undone: {why}"
    if base is None or not was_in_force:
        return Tried(None, base)
    for name in ("signed", "upheld", "closed", "accepted"):
        mark: Mark | None = getattr(entry, name)
        if mark is not None and mark.of(effect.key):
            setattr(entry, name, None)
            update = {"revision": mark.revision, **_AS_BEFORE[name](mark)}
            done = _ACTIONS[effect.action].done
            return Tried(f"{done} by {_name(effect)}: {why}", base.model_copy(update=update))
    return Tried(None, base)


_AS_BEFORE: dict[str, Callable[[Mark], dict[str, Any]]] = {
    "signed": lambda _: {"state": State.WITHDRAWAL_PENDING},
    "upheld": lambda _: {"state": State.WITHDRAWAL_PENDING},
    "closed": lambda _: {},
    "accepted": lambda mark: {"priority": Priority(mark.priority)},
}


def _not_current(entry: Entry, alert: Alert, taken_on: Any) -> tuple[str, str] | None:
    revision, evidence = taken_on.revision, taken_on.evidence_hash
    if evidence is None and revision is None:
        return NO_EFFECT, "no effect: it names neither evidence nor revision"
    if evidence == alert.evidence_hash or (evidence is None and revision == alert.revision):
        return None
    seen = evidence is not None and evidence in entry.hashes
    if seen or (revision is not None and revision <= alert.revision):
        return NO_EFFECT, "no effect: the alert has changed since"
    return WAITS, "waits: it is ahead of the alert"


def _legal(effect: DecisionEffect, alert: Alert, rule: Rule) -> tuple[str, str] | None:
    ends = effect.action in _ENDING and alert.state not in ENDED
    return (NO_EFFECT, "sign the obligation") if ends and ended_by_obligation(rule) else None


def _name(effect: DecisionEffect) -> str:
    return effect.by or "an unnamed person"


def _mark(alert: Alert, effect: DecisionEffect) -> Mark:
    return Mark(
        subject_id=effect.subject_id,
        record_id=effect.record_id,
        by=_name(effect),
        revision=alert.revision,
        evidence_hash=alert.evidence_hash,
        priority=alert.priority,
    )


def _confirm(_entry: Entry, _alert: Alert, _effect: DecisionEffect, _rule: Rule) -> str | None:
    return None


def _sign(entry: Entry, alert: Alert, effect: DecisionEffect, rule: Rule) -> str | None:
    waits = alert.state is State.WITHDRAWAL_PENDING
    if not waits and not (alert.state is State.FIRING and alert.holds == "no"):
        return "no withdrawal is proposed"
    if waits and rule.alert.ends is Ends.BY_DECISION and not entry.gone:
        return f"it ends by a decision {rule.alert.decision}"
    entry.signed = _mark(alert, effect)
    return None


def _refuse(entry: Entry, alert: Alert, effect: DecisionEffect, _rule: Rule) -> str | None:
    if alert.state is not State.WITHDRAWAL_PENDING:
        return "no withdrawal is proposed"
    entry.upheld = _mark(alert, effect)
    return None


def _accept(entry: Entry, alert: Alert, effect: DecisionEffect, _rule: Rule) -> str | None:
    if alert.proposed_priority is None:
        return "no priority is proposed"
    entry.accepted = _mark(alert, effect)
    return None


def _close(entry: Entry, alert: Alert, effect: DecisionEffect, _rule: Rule) -> str | None:
    if entry.closed is not None:
        return "it is closed"
    entry.closed = _mark(alert, effect)
    return None


def _reopen(entry: Entry, _alert: Alert, _effect: DecisionEffect, _rule: Rule) -> str | None:
    if entry.closed is None:
        return "it is not closed"
    entry.closed = None
    return None


class _Action(NamedTuple):
    """Does it, or says why not; and its outcome in a word."""

    do: Callable[[Entry, Alert, DecisionEffect, Rule], str | None]
    done: str


_ACTIONS = {
    "CONFIRM": _Action(_confirm, "confirmed"),
    "SIGN_WITHDRAWAL": _Action(_sign, "withdrawal signed"),
    "REFUSE_WITHDRAWAL": _Action(_refuse, "upheld"),
    "ACCEPT_PRIORITY": _Action(_accept, "priority accepted"),
    "CLOSE": _Action(_close, "closed"),
    "REOPEN": _Action(_reopen, "reopened"),
}
