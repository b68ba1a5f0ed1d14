"""SR050: a code belongs to one rule."""

from __future__ import annotations

from collections.abc import Sequence

from signals.rulebook.read import ReadRule
from signals.study.problems import Problems


def check_codes(rules: Sequence[ReadRule], problems: Problems) -> None:
    """No two pages bear one code."""
    first: dict[str, str] = {}
    for each in rules:
        code, path = each.rule.code, each.page.path
        if code in first:
            problems.error(
                "SR050",
                each.page.text("rule").place,
                f"'{code}' is the code of '{first[code]}' already",
                "give this rule a code that was never used",
            )
        first.setdefault(code, path)
