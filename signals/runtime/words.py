"""An alert in plain words: why it stands, what is missing, and how its revisions differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, NamedTuple

from signals.runtime.citations import Citations, citation

AlertJson = Mapping[str, Any]

_SINGLE = {
    "state": "state",
    "priority": "priority",
    "proposed_priority": "proposed priority",
    "headline": "headline",
    "late": "late",
    "closed": "closed",
    "holds": "holds",
    "replaced_by": "replaced by",
}


class Difference(NamedTuple):
    """One thing that a revision changed; an empty text where there was, or is, nothing."""

    what: str
    before: str
    after: str


def explained(revisions: Sequence[AlertJson], laws: Citations) -> dict[str, Any]:
    """An alert for a reader: as it is, in sentences, and how it became so; JSON.

    ``revisions``: all of them, the first first; ``laws``: of the pack in force.
    """
    return {
        "alert": revisions[-1],
        "explanation": explanation(revisions[-1], laws),
        "revisions": [
            {"alert": one, "differences": [difference._asdict() for difference in changed]}
            for one, changed in zip(revisions, history(revisions), strict=True)
        ],
    }


def explanation(alert: AlertJson, laws: Citations) -> list[str]:
    """The alert in sentences, in the order in which a reader asks."""
    since = f"since {moment(alert.get('since'))}"
    return [
        f"{alert['headline']}.",
        f"It is {state(alert)} {since}, priority {alert['priority']}.",
        f"Revision {alert['revision']}: {alert['change']}.",
        *(f"Because {_leaf(leaf)}{_records(leaf)}." for leaf in alert["because"]),
        *(f"Not known: {_leaf(leaf)}{_records(leaf)}." for leaf in alert["missing"]),
        *(f"Assumed: {one['field']} is {one['value']} ({one['why']})." for one in alert["assumed"]),
        *(f"Due: {due_text(due, laws)}." for due in alert["due"]),
        *_remarks(alert),
        *(f"To do: {step}" for step in alert["next_steps"]),
    ]


def state(alert: AlertJson) -> str:
    """The state as people say it."""
    return str(alert["state"]).replace("_", " ")


def moment(text: str | None) -> str:
    """An instant to the minute, in its own zone."""
    return "-" if text is None else datetime.fromisoformat(text).strftime("%Y-%m-%d %H:%M")


def due_text(due: Mapping[str, str], laws: Citations) -> str:
    """One due date with where it comes from."""
    return (
        f"{due['jurisdiction']} {due['duty']}, day 0 {due['day0']}, by {moment(due['due'])}"
        f" ({law_text(due, laws)}; {due['obligation_id']})"
    )


def law_text(due: Mapping[str, str], laws: Citations) -> str:
    """The law behind a due date, in full where the pack cites it."""
    basis, cited = due["basis"], citation(due, laws)
    return basis if cited is None else f"{basis}: {cited}"


def history(revisions: Sequence[AlertJson]) -> list[list[Difference]]:
    """What each revision changed against the one before it; nothing for the first."""
    return [[], *(differences(old, new) for old, new in pairwise(revisions))]


def differences(old: AlertJson, new: AlertJson) -> list[Difference]:
    """What differs between two revisions, in the order of the alert's page."""
    single = (
        Difference(word, _plain(old.get(key)), _plain(new.get(key)))
        for key, word in _SINGLE.items()
    )
    pairs = (
        Difference(what, before.get(what, ""), after.get(what, ""))
        for before, after in ((dict(_parts(old)), dict(_parts(new))),)
        for what in dict.fromkeys((*before, *after))
    )
    return [one for one in (*single, *pairs) if one.before != one.after]


def _parts(alert: AlertJson) -> Iterator[tuple[str, str]]:
    for key, word in (("because", "because"), ("missing", "not known")):
        for leaf in alert[key]:
            name = f"{word}: {leaf['criterion']}, {leaf['field']} {leaf['condition']}"
            yield name, _measure(leaf)
    for one in alert["assumed"]:
        yield f"assumed: {one['field']}", f"{one['value']} ({one['why']})"
    for due in alert["due"]:
        yield f"due: {due['obligation_id']}", f"{due['due']}"


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value).replace("_", " ")


def _leaf(leaf: Mapping[str, Any]) -> str:
    name = str(leaf["field"]).replace("_", " ")
    return f"{leaf['criterion']}: {name} is {_measure(leaf)} (asked: {leaf['condition']})"


def _measure(leaf: Mapping[str, Any]) -> str:
    unit = leaf.get("unit")
    return f"{leaf['value']} {unit}" if unit else str(leaf["value"])


def _records(leaf: Mapping[str, Any]) -> str:
    named = [f"{one['record_id']} version {one['version']}" for one in leaf["records"]]
    return f", as {', '.join(named)} says" if named else ""


def _remarks(alert: AlertJson) -> Iterator[str]:
    if alert["late"]:
        yield "What made it true arrived long after it happened (late)."
    if alert.get("holds") == "no":
        yield "What it says is no longer true; it stays until a person decides."
    if alert.get("cause") == "rules":
        yield "It changed because the rules changed, not the data."
    if proposed := alert.get("proposed_priority"):
        yield f"Its priority would now be {proposed}; a person has to accept that."
    if stronger := alert.get("replaced_by"):
        yield f"The stronger alert {stronger} stands for the same."
    if alert.get("closed"):
        yield "It was closed by a person."
