"""SR052 and SR053: codes are never used twice, and numbers follow the pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from signals.rulebook.lock import COMMAND, LOCK, Locked, next_lock
from signals.rulebook.read import ReadRule
from signals.study.problems import Place, Problems


def check_lock(rules: Sequence[ReadRule], lock: Mapping[str, Locked], problems: Problems) -> None:
    """Every rule stands in the lock with its present content; none has gone away."""
    present = {each.rule.code: each for each in rules}
    for code in sorted(set(lock) - set(present)):
        problems.error(
            "SR052",
            Place(LOCK),
            f"the rule '{code}' has gone, and its code may never be used again",
            "bring its page back and write 'status: retired'; alerts of the past point at it",
        )
    wanted = next_lock(lock, [each.rule for each in rules])
    for code, each in present.items():
        if lock.get(code) != wanted[code]:
            problems.error(
                "SR053",
                each.page.text("rule").place,
                f"the lock is behind: '{code}' has changed and becomes number {wanted[code].number}"
                if code in lock
                else f"'{code}' is new and not in the lock yet",
                f"run `{COMMAND}` on the folder of the pack",
            )
