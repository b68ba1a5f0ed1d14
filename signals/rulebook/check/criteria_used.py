"""SR033: a criterion that nothing uses is a mistake, or a leftover."""

from __future__ import annotations

from collections.abc import Sequence

from signals.rulebook.expression import criteria_of
from signals.rulebook.read import ReadRule
from signals.rulebook.spec import Rule
from signals.study.problems import Problems
from signals.study.shape import key_place


def check_criteria_used(rules: Sequence[ReadRule], problems: Problems) -> None:
    """Every criterion stands in ``fires_when``, ``priority`` or ``sign_off_when``."""
    for each in rules:
        used = _used(each.rule)
        for name, _ in each.rule.criteria:
            if name not in used:
                problems.error(
                    "SR033",
                    key_place(each.page.tree, ("criteria", name)),
                    f"nothing uses the criterion '{name}'",
                    "name it in 'fires_when', or delete it",
                )


def _used(rule: Rule) -> set[str]:
    used = set(criteria_of(rule.fires_when)) | set(criteria_of(rule.alert.sign_off_when))
    return used.union(*(criteria_of(entry.when) for entry in rule.priority))
