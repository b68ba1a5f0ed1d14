"""SR038: ``leave to RULE`` names another rule that runs and judges the same kind of fact."""

from __future__ import annotations

from collections.abc import Sequence

from signals.rulebook.check.names import nearest_rule
from signals.rulebook.read import ReadRule
from signals.rulebook.spec import LeaveTo, Status
from signals.study.problems import Problems
from signals.study.shape import value_place


def check_left_to(rules: Sequence[ReadRule], problems: Problems) -> None:
    """What is left to a rule must be taken by one that can."""
    by_code = {each.rule.code: each for each in rules}
    for each in rules:
        for field, choice in each.rule.if_unknown:
            if isinstance(choice, LeaveTo) and (why := _cannot(each, choice.rule, by_code)):
                problems.error(
                    "SR038",
                    value_place(each.page.tree, ("if_unknown", field)),
                    why,
                    nearest_rule(choice.rule, each, by_code) or "write 'ask', or another rule",
                )


def _cannot(each: ReadRule, code: str, by_code: dict[str, ReadRule]) -> str:
    other = by_code.get(code)
    if other is None:
        return f"there is no rule '{code}' to leave it to"
    if other is each:
        return "a rule cannot leave something to itself"
    if other.rule.judges != each.rule.judges:
        return f"'{code}' judges {other.rule.judges}, not {each.rule.judges}"
    if each.rule.status is Status.ACTIVE and other.rule.status is not Status.ACTIVE:
        return f"'{code}' is {other.rule.status}, so nobody would hear of what is left to it"
    return ""
