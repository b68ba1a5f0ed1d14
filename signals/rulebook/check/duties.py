"""SR046: ``duties`` narrows the due dates that an alert shows, so it must show some."""

from __future__ import annotations

from collections.abc import Sequence

from signals.rulebook.read import ReadRule
from signals.study.problems import Problems
from signals.study.shape import key_place


def check_duties(rules: Sequence[ReadRule], problems: Problems) -> None:
    """``duties`` stands beside ``due: obligation`` only."""
    for each in rules:
        alert = each.rule.alert
        if alert.duties and alert.due == "none":
            problems.error(
                "SR046",
                key_place(each.page.tree, ("alert", "duties")),
                "'duties' picks among due dates, and 'due: none' shows none",
                "write 'due: obligation', or delete 'duties'",
            )
