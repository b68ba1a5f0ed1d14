"""SR043: the inbox can gather alerts only by something the fact has."""

from __future__ import annotations

from collections.abc import Sequence

from signals.rulebook.check.names import names_of
from signals.rulebook.read import ReadRule
from signals.study.problems import Problems, did_you_mean


def check_group(rules: Sequence[ReadRule], problems: Problems) -> None:
    """``group`` is a name of ``about`` or a field."""
    for each in rules:
        group, known = each.rule.alert.group, names_of(each)
        if group is None or group in known:
            continue
        tell = problems.note if each.page.draft else problems.error
        tell(
            "SR043",
            each.page.text("alert", "group").place,
            f"'{group}' is neither what the alert is about nor a field of its fact",
            did_you_mean(group, known),
        )
