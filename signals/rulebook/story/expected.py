"""What a story expects, read; and what was published, compared with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Sequence as Many
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from signals.rulebook.spec import Priority
from signals.rulebook.story.model import Expected
from signals.rulebook.story.times import read_time
from signals.study.places import Node, Table, Text, plain
from signals.study.problems import Problems, did_you_mean

STATES = ("possible", "firing", "cleared", "withdrawal_pending", "withdrawn")
_PRIORITIES = tuple(priority.value for priority in Priority)
_WORDS = {
    "state": STATES,
    "priority": _PRIORITIES,
    "proposed priority": (*_PRIORITIES, "none"),
    "late": ("yes", "no"),
    "closed": ("yes", "no"),
    "holds": ("yes", "no"),
}
_LISTS = ("missing", "assumed")
KEYS = ("at", "about", *_WORDS, *_LISTS, "due", "headline", "change")
"""What can be expected of a published change."""


def read_expected(node: Node, zone: ZoneInfo, problems: Problems) -> Expected | None:
    """Read one entry of ``expect``; None, with a problem, where that is not possible."""
    if not isinstance(node, Table):
        problems.error("ST006", node.place, "a change is written {at: ..., state: ...}")
        return None
    stated: dict[str, Any] = {}
    for key, value in node.entries:
        if key.text not in KEYS:
            help_ = did_you_mean(key.text, KEYS)
            problems.error("ST001", key.place, f"'{key.text}' is not told by an alert", help_)
        elif key.text in _WORDS:
            stated[key.text] = _word(key.text, value, problems)
        else:
            stated[key.text] = plain(value)
    time = node.get("at")
    if time is None:
        problems.error("ST003", node.place, "this change has no time", "write at: ...")
        return None
    at = read_time(time, zone, problems)
    stated.pop("at", None)
    return None if at is None else Expected(at, node.place, stated)


def _word(key: str, node: Node, problems: Problems) -> str:
    word = node.text.replace(" ", "_") if isinstance(node, Text) else ""
    if word not in _WORDS[key]:
        said = node.text if isinstance(node, Text) else "a list"
        help_ = did_you_mean(said, _WORDS[key])
        problems.error("ST002", node.place, f"'{said}' is not a word of '{key}'", help_)
    return word


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a run does not fit what the story expects, in one or two lines."""

    line: int
    message: str


def compare(
    expect: Many[Expected], published: Many[Mapping[str, Any]], zone: ZoneInfo, line: int
) -> Difference | None:
    """The first difference, in order of time; None if there is none.

    Changes of the same instant may be listed in any order.
    """
    rest = list(published)
    for wanted in expect:
        same_time = [alert for alert in rest if _at(alert) == wanted.at]
        found = next((alert for alert in same_time if not _faults(wanted, alert)), None)
        if found is None:
            return _missing(wanted, same_time, rest, zone)
        earlier = next((alert for alert in rest if _at(alert) < wanted.at), None)
        if earlier is not None:
            return Difference(wanted.place.line, f"not expected: {told(earlier, zone)}")
        rest.remove(found)
    if rest:
        return Difference(line, f"not expected: {told(rest[0], zone)}")
    return None


def _missing(
    wanted: Expected,
    same_time: list[Mapping[str, Any]],
    rest: list[Mapping[str, Any]],
    zone: ZoneInfo,
) -> Difference:
    where = wanted.place.line
    if same_time:
        faults = min((_faults(wanted, alert) for alert in same_time), key=len)
        return Difference(where, f"{_said(wanted.at)}: " + "; ".join(faults))
    want = f"expected {_said(wanted.at)} {_brief(wanted.stated)}"
    got = f"published next: {told(rest[0], zone)}" if rest else "nothing more was published"
    return Difference(where, f"{want}\n{got}")


def _at(alert: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(alert["changed_at"])


def _faults(wanted: Expected, alert: Mapping[str, Any]) -> list[str]:
    return [
        f"{key}: expected {_brief(value)}, got {_brief(shown(alert, key))}"
        for key, value in wanted.stated.items()
        if not _fits(key, value, alert)
    ]


def _fits(key: str, value: Any, alert: Mapping[str, Any]) -> bool:
    got = shown(alert, key)
    if key == "about":
        return _about(value, got)
    if key == "due":
        value = _dues(value)
    elif key in _LISTS:
        value = sorted(_many(value))
    return bool(value == got)


def _about(value: Any, about: Mapping[str, str | None]) -> bool:
    if isinstance(value, dict):
        return all(about.get(name) == word for name, word in value.items())
    return value in about.values()


def _dues(value: Any) -> dict[str, list[str]]:
    if not isinstance(value, dict):
        return {}
    return {jurisdiction: sorted(_many(days)) for jurisdiction, days in value.items()}


def _many(value: Any) -> list[str]:
    if isinstance(value, list):
        return [str(each) for each in value]
    return [] if value == "none" else [str(value)]


def shown(alert: Mapping[str, Any], key: str) -> Any:
    """What an alert says under a key of ``expect``."""
    if key in ("late", "closed"):
        return "yes" if alert.get(key) else "no"
    if key == "holds":
        return alert.get("holds", "yes")
    if key == "proposed priority":
        return alert.get("proposed_priority", "none")
    if key in _LISTS:
        return sorted({each["field"] for each in alert[key]})
    if key == "due":
        return _due_days(alert["due"])
    return alert[key]


def _due_days(dues: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    days: dict[str, list[str]] = {}
    for due in dues:
        days.setdefault(due["jurisdiction"], []).append(due["due"][:10])
    return {jurisdiction: sorted(each) for jurisdiction, each in days.items()}


def told(alert: Mapping[str, Any], zone: ZoneInfo) -> str:
    """A published change in one line."""
    about = " ".join(str(each) for each in alert["about"].values())
    told_of = f" ({', '.join(shown(alert, 'missing'))} missing)" if alert["missing"] else ""
    time = _said(_at(alert).astimezone(zone))
    return f"{time} {alert['state']} {alert['priority']}, about {about}{told_of}: {alert['change']}"


def _brief(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_brief(each)}" for key, each in value.items()) or "none"
    if isinstance(value, list):
        return "[" + ", ".join(_brief(each) for each in value) + "]"
    return str(value)


def _said(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S").removesuffix(":00")
