"""Which events of the tape are serious, and the clusters that ordinary numbers of them make.

Counted from what was sent, by the definitions of the domain (DOMAIN 4.1, 8), so that a cluster by
chance is no surprise.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from signals.simulate.draw import ZONE, days
from signals.simulate.plan import SITES
from signals.simulate.tape import Tape
from signals.simulate.truth import Truth

_CLUSTER_DAYS, _CLUSTER, _SAME_TERM_DAYS = 14, 3, 60
_FATAL = 5
_UNTOLD_DEATH = "Death NOS"


class Serious(NamedTuple):
    """A serious event: its arrival, the day of its receipt, whose it is, where, and what."""

    arrived: datetime
    received: date
    who: str
    site: str | None
    term: str


def clusters_of_serious_events(tape: Tape, truth: Truth) -> None:
    """Note the first cluster of each site, and of each term over all sites."""
    found = serious_events(tape)
    for site in SITES:
        _site_cluster(site, [each for each in found if each.site == site], truth)
    for term in sorted({each.term for each in found}):
        _same_term(term, [each for each in found if each.term == term], truth)


def serious_events(tape: Tape) -> list[Serious]:
    """Each event at the version that made it serious, by arrival; deaths that no event told, too.

    An event sent without the number of its subject stays one event when the number is known.
    """
    found: dict[tuple[str, str], Serious] = {}
    nameless: set[str] = set()
    told_dead: set[str] = set()
    for when, event in tape.arrived():
        subject, record_id, data = event["subject_id"], event["record_id"], event["data"]
        if subject is None:
            nameless.add(record_id)
        term = _serious_term(event, told_dead)
        if term is not None:
            who = record_id if record_id in nameless else subject
            day = datetime.fromisoformat(data["received_by_sponsor_at"]).astimezone(ZONE).date()
            found.setdefault((who, record_id), Serious(when, day, who, event["site_id"], term))
        if is_fatal(data):
            told_dead.add(subject)
    return list(found.values())


def _serious_term(event: dict[str, Any], told_dead: set[str]) -> str | None:
    data = event["data"]
    if event["schema"] == "adverse-event/1" and event["op"] == "UPSERT":
        return str(data["term"]) if is_serious(data) else None
    died = event["schema"] == "subject-status/1" and data["status"] == "DEAD"
    named = "record_id" in data.get("death_cause", {})
    told = named or event["subject_id"] in told_dead
    return _UNTOLD_DEATH if died and not told else None


def is_serious(data: dict[str, Any]) -> bool:
    """By the reporter's word, a criterion, or a fatal end; silence is yes unless all criteria are N."""
    criteria = data.get("criteria") or {}
    denied = bool(criteria) and all(said == "N" for said in criteria.values())
    silent = data.get("serious") is None and not denied
    return data.get("serious") == "Y" or "Y" in criteria.values() or is_fatal(data) or silent


def is_fatal(data: dict[str, Any]) -> bool:
    """Grade 5, or the outcome says so."""
    return data.get("grade") == _FATAL or data.get("outcome") == "FATAL"


def _site_cluster(site: str, told: list[Serious], truth: Truth) -> None:
    """Three subjects with receipts on fourteen days, today included."""
    for place, now in enumerate(told):
        known = told[: place + 1]
        ends = {each.received for each in known}
        if any(len(_within(known, end, _CLUSTER_DAYS - 1)) >= _CLUSTER for end in ends):
            why = "three subjects in 14 days"
            truth.tell("AGG-01", {"site": site}, now.arrived, why, "background")
            return


def _same_term(term: str, told: list[Serious], truth: Truth) -> None:
    """Two subjects with receipts at most sixty days apart."""
    for place, now in enumerate(told):
        known = told[: place + 1]
        ends = {each.received for each in known}
        if any(len(_within(known, end, _SAME_TERM_DAYS)) > 1 for end in ends):
            why = "the same serious term in two subjects"
            about: dict[str, str | None] = {"preferred term": term}
            truth.tell("AGG-02", about, now.arrived, why, "background")
            return


def _within(told: list[Serious], end: date, before: int) -> set[str]:
    """Who has a receipt on a day or at most so many days before it."""
    return {each.who for each in told if end - days(before) <= each.received <= end}
