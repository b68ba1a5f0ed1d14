"""SR051: a rule is found by its code."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from signals.rulebook.read import ReadRule
from signals.study.problems import Problems


def check_file_name(rules: Sequence[ReadRule], problems: Problems) -> None:
    """The page of DLT-02 is dlt-02.yaml."""
    for each in rules:
        wanted = f"{each.rule.code.lower()}.yaml"
        if PurePosixPath(each.page.path).name != wanted:
            problems.error(
                "SR051",
                each.page.text("rule").place,
                f"the page of '{each.rule.code}' must be named '{wanted}'",
                "rename the file, or correct the code",
            )
