"""SR045: ``replaces`` names rules of the pack that judge the same kind of fact."""

from __future__ import annotations

from collections.abc import Sequence

from signals.rulebook.check.names import nearest_rule
from signals.rulebook.read import ReadRule
from signals.study.problems import Problems
from signals.study.shape import value_place


def check_replaces(rules: Sequence[ReadRule], problems: Problems) -> None:
    """A weaker rule that is hidden must exist, and must be about the same fact."""
    by_code = {each.rule.code: each for each in rules}
    for each in rules:
        for index, code in enumerate(each.rule.alert.replaces):
            other = by_code.get(code)
            if other is not None and other is not each and other.rule.judges == each.rule.judges:
                continue
            problems.error(
                "SR045",
                value_place(each.page.tree, ("alert", "replaces", index)),
                f"there is no rule '{code}'" if other is None else _cannot(each, other),
                nearest_rule(code, each, by_code) or "delete it",
            )


def _cannot(each: ReadRule, other: ReadRule) -> str:
    if other is each:
        return "a rule cannot replace itself"
    return f"'{other.rule.code}' judges {other.rule.judges}, not {each.rule.judges}"
