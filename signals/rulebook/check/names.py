"""What an alert can show: what it is about, and the fields of its fact."""

from __future__ import annotations

from signals.rulebook.read import ReadRule


def names_of(each: ReadRule) -> set[str]:
    """The names an alert of the rule may use in its headline and as its group."""
    fields = () if each.kind is None else each.kind.fields
    return {*each.rule.alert.about, *fields}
