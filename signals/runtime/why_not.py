"""Why a rule did not fire for a subject: the question, its answer in words and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from signals.facts.kind import Fact, FactKind
from signals.facts.near_miss import near_miss
from signals.facts.registry import dictionary
from signals.monitor.monitor import Monitor
from signals.rulebook.judge import compile_rule
from signals.rulebook.pack import Pack
from signals.rulebook.spec import Rule, Verdict
from signals.rulebook.texts import NOT_KNOWN
from signals.rulebook.why_not import Miss, Near, nearest_first
from signals.study.problems import did_you_mean


class NoAnswerError(Exception):
    """The question names what is not there; the message says what is."""


@dataclass(frozen=True, slots=True)
class WhyNot:
    """What a rule says of everything of its kind that a subject has, the nearest miss first."""

    rule: Rule
    kind: FactKind
    subject: str
    now: datetime
    found: tuple[tuple[str, Near], ...]
    """With the id of the alert that each would bear."""


def rule_named(pack: Pack, code: str) -> Rule:
    """The rule of the pack that is judged under this code.

    Raises:
        NoAnswerError: there is none, or it is a draft or retired.
    """
    judged = {rule.code.casefold(): rule for rule in pack.rules}
    if rule := judged.get(code.casefold()):
        return rule
    for rule in (*pack.drafts, *pack.retired):
        if rule.code.casefold() == code.casefold():
            raise NoAnswerError(
                f"{rule.code} is {_A[rule.status.value]}: it is not judged, so it cannot fire;"
                " 'signals rules check' tells what its page still lacks"
            )
    known = [rule.code for rule in (*pack.rules, *pack.drafts, *pack.retired)]
    help_ = did_you_mean(code, known) or "'signals rules check' reads the pack that you mean"
    raise NoAnswerError(f"there is no rule '{code}' in this pack; {help_}")


_A = {"draft": "a draft", "retired": "retired"}


def why_not(monitor: Monitor, rule: Rule, subject: str, record: str | None) -> WhyNot:
    """Ask the rule about the facts of a subject (or of one of its records).

    ``subject`` may also be what else the facts of the kind are about: a dose level, a lot.

    Raises:
        NoAnswerError: nothing is known of the subject, or it has no such record.
    """
    kind, now = dictionary()[rule.judges], monitor.now.astimezone(monitor.pack.study.zone)
    near = nearest_first(
        compile_rule(rule, kind.fields),
        _facts(monitor, rule.judges, subject, record),
        now,
        lambda fact, field: near_miss(fact, field, monitor.context),
    )
    found = tuple((monitor.name(rule.code, one.fact.key), one) for one in near)
    return WhyNot(rule, kind, subject, now, found)


def _facts(monitor: Monitor, kind: str, subject: str, record: str | None) -> list[Fact]:
    numbers = {subject, *monitor.chart.person(subject)}
    facts = [
        fact
        for fact in monitor.facts()
        if fact.kind == kind and (fact.subject_id in numbers or subject in fact.key)
    ]
    if not facts:
        on_record(monitor, subject)
    if record is None:
        return facts
    of_record = [fact for fact in facts if record in _records(fact)]
    if facts and not of_record:
        known = sorted({name for fact in facts for name in _records(fact)} - numbers)
        help_ = did_you_mean(record, known) or "leave --record out to see all"
        raise NoAnswerError(f"no {kind} of {subject} is about '{record}'; {help_}")
    return of_record


def on_record(monitor: Monitor, subject: str) -> None:
    """Make sure that something is on record of a subject.

    Raises:
        NoAnswerError: there is nothing.
    """
    known = {name for _, name in monitor.chart.kinds_and_subjects() if name is not None}
    if subject not in known:
        help_ = did_you_mean(subject, known) or f"{len(known)} subjects have records"
        raise NoAnswerError(f"nothing is on record of a subject '{subject}'; {help_}")


def _records(fact: Fact) -> set[str]:
    """The ids in a key, also those in a path such as ``001-004/AE-17/CN-CDE/initial-15``."""
    parts = {part for part in fact.key if part is not None}
    return parts | {name for part in parts for name in part.split("/")}


# ---------------------------------------------------------------------- words


def in_words(asked: WhyNot) -> Iterator[str]:
    """The answer line by line, as a reader asks: which thing, what keeps it off, by how much."""
    at = asked.now.isoformat(" ", "minutes")
    yield f"{asked.rule.code}, {asked.rule.title}: {asked.subject}, as of {at}"
    if not asked.found:
        yield f"  nothing of this kind was found: {asked.subject} has no {asked.kind.name}"
    for alert_id, near in asked.found:
        yield f"{asked.kind.name} {_about(near.fact)}: {_verdict(alert_id, near)}"
        yield from (f"    {_in_words(miss)}" for miss in near.misses)


def _about(fact: Fact) -> str:
    own = [part or "-" for part in fact.key if part != fact.subject_id]
    return ", ".join(own or [fact.subject_id or "-"])


def _verdict(alert_id: str, near: Near) -> str:
    if near.verdict is Verdict.YES:
        return f"it does hold; 'signals explain \"{alert_id}\"' tells why"
    if near.verdict is Verdict.UNKNOWN:
        return "not yet known; it would take"
    return "no, because"


def _in_words(miss: Miss) -> str:
    unit = f" {miss.unit}" if miss.unit and miss.value != NOT_KNOWN else ""
    told = f"{miss.criterion}: {miss.field.replace('_', ' ')} is {miss.value}{unit}"
    match miss.hindrance:
        case "exception":
            told += f"; an exception, as {miss.why}"
        case "must not hold":
            told += f" ({miss.condition}), and must not be"
        case "left to":
            told += f" (asked: {miss.condition}); {miss.why} takes what is not known"
        case "fails" | "not known":
            told += f" (asked: {miss.condition})"
    return f"{told}: {miss.off}" if miss.off else told


# ---------------------------------------------------------------------- JSON


def as_json(asked: WhyNot) -> dict[str, Any]:
    """The answer as one object; ``facts`` is empty if nothing of the kind was found."""
    return {
        "rule": asked.rule.code,
        "subject": asked.subject,
        "as_of": asked.now.isoformat(),
        "kind": asked.kind.name,
        "facts": [
            {
                "about": dict(zip(asked.kind.about, near.fact.key, strict=True)),
                "alert_id": alert_id,
                "verdict": near.verdict.value,
                "misses": [_miss_json(miss) for miss in near.misses],
            }
            for alert_id, near in asked.found
        ],
    }


def _miss_json(miss: Miss) -> dict[str, Any]:
    return {
        "hindrance": miss.hindrance,
        "criterion": miss.criterion,
        "field": miss.field,
        "value": miss.value,
        "unit": miss.unit,
        "condition": miss.condition,
        "off": miss.off,
        "why": miss.why,
        "records": [{"record_id": one.record_id, "version": one.version} for one in miss.records],
    }
