"""``if_unknown``: what a rule does when a field leaves it undecided."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from signals.facts.kind import Field, FieldType
from signals.rulebook.read_dictionary import FactKindDoc
from signals.rulebook.read_limit import read_limit
from signals.rulebook.read_page import Page
from signals.rulebook.spec import Assume, IfUnknown, LeaveTo
from signals.study.places import Text
from signals.study.problems import Problems, did_you_mean

_LEAVE = "leave to "
_UNASSUMABLE = frozenset({FieldType.SINCE, FieldType.UNTIL, FieldType.INSTANT})


def read_if_unknown(
    page: Page, kind: FactKindDoc | None, problems: Problems
) -> tuple[tuple[str, IfUnknown], ...]:
    """The entries by field; ``ask`` is what happens anyway and makes none."""
    used = _used(page)
    found: list[tuple[str, IfUnknown]] = []
    for name, value in page.entries("if_unknown"):
        if not isinstance(value, Text):
            continue
        if name.text not in used:
            problems.error(
                "SR037",
                name.place,
                f"'if_unknown' names '{name.text}', and no condition of the rule uses it",
                did_you_mean(name.text, used),
            )
        elif value.text.startswith(_LEAVE):
            found.append((name.text, LeaveTo(value.text.removeprefix(_LEAVE).strip())))
        elif value.text != "ask" and kind is not None and name.text in kind.fields:
            assumed = _assumed(value, kind.fields[name.text], problems)
            if assumed is not None:
                found.append((name.text, Assume(assumed)))
    return tuple(found)


def _used(page: Page) -> set[str]:
    """The fields in any condition of the page."""
    return {
        name.text
        for part in ("criteria", "unless")
        for criterion, _ in page.entries(part)
        for name, _ in page.entries(part, criterion.text)
        if name.text != "why"
    }


def _assumed(value: Text, field: Field, problems: Problems) -> str | Decimal | date | None:
    if field.type in _UNASSUMABLE:
        problems.error(
            "SR037",
            value.place,
            f"nothing can be assumed for '{field.name}': it holds an instant",
            "write 'ask' or 'leave to RULE'",
        )
        return None
    if field.type is FieldType.TEXT:
        return value.text
    if field.type is FieldType.WORD:
        return _closed(value, field, problems)
    limit = read_limit(value.text, field, value.place, problems)
    return limit if isinstance(limit, Decimal | date) else None


def _closed(value: Text, field: Field, problems: Problems) -> str | None:
    if value.text in field.words:
        return value.text
    problems.error(
        "SR037",
        value.place,
        f"'{value.text}' is not 'ask', 'leave to RULE' or a word of '{field.name}'",
        did_you_mean(value.text, ("ask", *field.words)),
    )
    return None
