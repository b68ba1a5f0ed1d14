"""``rules.lock``: number and content hash of every rule, written by a command and never by hand.

A rule whose content hash changed gets the next number.  A code stays in the lock for ever, so that
it is never given to another rule: a rule that is no longer wanted becomes ``retired``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from signals.rulebook.spec import Rule
from signals.study.problems import Place, Problems

LOCK = "rules.lock"
COMMAND = "signals rules lock"


class Locked(NamedTuple):
    """What the lock holds of one rule."""

    number: int
    hash: str


def read_lock(text: str | None, problems: Problems) -> dict[str, Locked]:
    """The lock by code; empty where there is none yet, or (SR054) none that can be read."""
    if text is None:
        return {}
    try:
        entries = json.loads(text)["rules"]
        return {
            code: Locked(int(each["number"]), str(each["hash"])) for code, each in entries.items()
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        problems.error(
            "SR054",
            Place(LOCK),
            "the lock cannot be read",
            f"take it back from the history, then run `{COMMAND}`; it is never edited by hand",
        )
        return {}


def next_lock(lock: Mapping[str, Locked], rules: Iterable[Rule]) -> dict[str, Locked]:
    """The lock that fits the rules: a new rule gets 1, a changed one its next number."""
    found = dict(lock)
    for rule in rules:
        code, content = rule.code, rule.hash
        old = found.get(code)
        if old is None:
            found[code] = Locked(1, content)
        elif old.hash != content:
            found[code] = Locked(old.number + 1, content)
    return found


def lock_text(lock: Mapping[str, Locked]) -> str:
    """The lock as it is written: sorted, so that a change shows as a few lines."""
    rules = {code: lock[code]._asdict() for code in sorted(lock)}
    return json.dumps({"rules": rules}, indent=2) + "\n"
