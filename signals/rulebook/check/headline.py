"""SR042: a headline fills in only what the alert has."""

from __future__ import annotations

import re
from collections.abc import Sequence

from signals.rulebook.check.names import names_of
from signals.rulebook.read import ReadRule
from signals.study.problems import Problems, did_you_mean

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def check_headline(rules: Sequence[ReadRule], problems: Problems) -> None:
    """Every ``{name}`` is a name of ``about`` or a field."""
    for each in rules:
        text, known = each.page.text("alert", "headline"), names_of(each)
        tell = problems.note if each.page.draft else problems.error
        for found in _PLACEHOLDER.finditer(text.text):
            if found[1] not in known:
                tell(
                    "SR042",
                    text.part(found.start(1), len(found[1])),
                    f"the headline cannot fill in '{{{found[1]}}}'",
                    did_you_mean(found[1], known),
                )
        if set(_PLACEHOLDER.sub("", text.text)) & set("{}"):
            problems.error(
                "SR042", text.place, "a bracket of the headline is not closed", "write {name}"
            )
