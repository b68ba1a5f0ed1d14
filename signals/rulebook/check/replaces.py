"""SR045: ``replaces`` names rules of the pack that judge the same kind of fact."""

from __future__ import annotations

from collections.abc import Sequence

from signals.rulebook.read import ReadRule
from signals.study.problems import Problems, did_you_mean
from signals.study.shape import value_place


def check_replaces(rules: Sequence[ReadRule], problems: Problems) -> None:
    """A weaker rule that is hidden must exist, and must be about the same fact."""
    by_code = {each.rule.code: each for each in rules}
    for each in rules:
        for index, code in enumerate(each.rule.alert.replaces):
            other = by_code.get(code)
            if other is not None and other is not each and other.rule.judges == each.rule.judges:
                continue
            why = "there is no rule" if other is None else "it cannot replace"
            problems.error(
                "SR045",
                value_place(each.page.tree, ("alert", "replaces", index)),
                f"{why} '{code}'" + ("" if other is None else ", which judges another fact"),
                did_you_mean(code, set(by_code) - {each.rule.code}),
            )
