"""``priority``: one word, or a list of ``word: when EXPRESSION`` with ``word: otherwise`` last."""

from __future__ import annotations

from collections.abc import Collection

from signals.rulebook.expression import read_expression
from signals.rulebook.read_page import Page
from signals.rulebook.spec import Priority, PriorityWhen
from signals.study.places import Node, Sequence, Table, Text
from signals.study.problems import Problems, did_you_mean

_WHEN = "when "
_OTHERWISE = "otherwise"


def read_priority(
    page: Page, criteria: Collection[str], problems: Problems
) -> tuple[PriorityWhen, ...]:
    """The entries from the page; empty, with a problem SR012, SR030 or SR040, where unreadable."""
    node = page.tree.get("priority")
    if isinstance(node, Text):
        word = _word(node, problems)
        return () if word is None else (PriorityWhen(word),)
    if not isinstance(node, Sequence) or not node.items:
        _no_otherwise(page, problems)
        return ()
    before = problems.errors
    entries = tuple(
        entry
        for index, item in enumerate(node.items)
        if (entry := _entry(item, criteria, problems, last=index == len(node.items) - 1))
    )
    return () if problems.errors > before else entries


def _entry(
    node: Node, criteria: Collection[str], problems: Problems, *, last: bool
) -> PriorityWhen | None:
    key, when = (
        node.entries[0] if isinstance(node, Table) and len(node.entries) == 1 else (None, None)
    )
    if key is None or not isinstance(when, Text):
        problems.error(
            "SR040",
            node.place,
            "an entry of 'priority' names one priority and when it holds",
            "write '- high: when <criterion>', and '- medium: otherwise' last",
        )
        return None
    priority = _word(key, problems)
    if (when.text == _OTHERWISE) is not last or not (last or when.text.startswith(_WHEN)):
        problems.error(
            "SR040",
            when.place,
            "the last entry of 'priority', and only that, is 'otherwise'"
            if last or when.text == _OTHERWISE
            else f"'{when.text}' does not say when",
            "write '- high: when <criterion>', and '- medium: otherwise' last",
        )
        return None
    if last:
        return None if priority is None else PriorityWhen(priority)
    expression = read_expression(when, criteria, problems, skip=len(_WHEN))
    if priority is None or expression is None:
        return None
    return PriorityWhen(priority, expression)


def _word(text: Text, problems: Problems) -> Priority | None:
    words = [priority.value for priority in Priority]
    if text.text in words:
        return Priority(text.text)
    problems.error(
        "SR012", text.place, f"'{text.text}' is not a priority", did_you_mean(text.text, words)
    )
    return None


def _no_otherwise(page: Page, problems: Problems) -> None:
    key = page.tree.key("priority")
    problems.error(
        "SR040",
        page.tree.place if key is None else key.place,
        "'priority' is one word, or a list of when's with an otherwise",
        "write 'priority: high', or '- high: when <criterion>' and '- medium: otherwise' last",
    )
