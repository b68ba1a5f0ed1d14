"""What a page may name: what its alert is about, the fields of its fact, and other rules."""

from __future__ import annotations

from collections.abc import Mapping

from signals.rulebook.read import ReadRule
from signals.study.problems import did_you_mean


def names_of(each: ReadRule) -> set[str]:
    """The names an alert of the rule may use in its headline and as its group."""
    fields = () if each.kind is None else each.kind.fields
    return {*each.rule.alert.about, *fields}


def nearest_rule(code: str, each: ReadRule, by_code: Mapping[str, ReadRule]) -> str:
    """Help for a code that does not fit: the nearest other rule on the same kind of fact."""
    fitting = {
        other
        for other, read in by_code.items()
        if read is not each and read.rule.judges == each.rule.judges
    }
    return did_you_mean(code, fitting)
