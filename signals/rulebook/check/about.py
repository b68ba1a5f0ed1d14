"""SR021: ``about`` is the key of the kind of fact that the rule judges."""

from __future__ import annotations

from collections.abc import Sequence

from signals.rulebook.read import ReadRule
from signals.study.problems import Problems
from signals.study.shape import value_place


def check_about(rules: Sequence[ReadRule], problems: Problems) -> None:
    """An alert is about exactly what its fact is about, or two facts would share one alert."""
    for each in rules:
        if each.kind is None or each.rule.alert.about == each.kind.about:
            continue
        key = ", ".join(each.kind.about)
        problems.error(
            "SR021",
            value_place(each.page.tree, ("alert", "about")),
            f"a fact of the kind '{each.rule.judges}' is about [{key}], and so is its alert",
            f"write 'about: [{key}]'",
        )
