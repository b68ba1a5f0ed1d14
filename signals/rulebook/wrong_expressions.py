"""The wrong versions of an expression: ``and`` for ``or``, a part or a ``not`` left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from signals.rulebook.spec import AllOf, AnyOf, Expression, Is, Not


class WrongExpression(NamedTuple):
    """A wrong version of an expression: what was changed, and what a story needs to tell it."""

    expression: Expression
    change: str
    story: str


def wrong_expressions(expression: Expression) -> Iterator[WrongExpression]:
    """Change the expression in one place."""
    match expression:
        case Is(name):
            yield WrongExpression(
                AllOf(()), f"'{name}' dropped", f"all else holds and '{name}' does not"
            )
        case Not(inner):
            told = expression_text(inner)
            yield WrongExpression(
                inner, f"'not' dropped before {told}", f"all else holds, and {told} holds"
            )
            for wrong in wrong_expressions(inner):
                if wrong.expression != AllOf(()):  # it would drop the whole of the ``not``
                    yield wrong._replace(expression=Not(wrong.expression))
        case AllOf(parts) | AnyOf(parts) if len(parts) == 1:
            for wrong in wrong_expressions(parts[0]):
                yield wrong._replace(expression=type(expression)((wrong.expression,)))
        case AllOf(parts):
            yield _joined(AnyOf(parts), "and", "or", parts)
            yield from _parts(expression, "all else holds and {} does not")
        case AnyOf(parts):
            yield _joined(AllOf(parts), "or", "and", parts)
            yield from _parts(expression, "of these only {} holds")


def expression_text(expression: Expression) -> str:
    """The expression as a page writes it."""
    match expression:
        case Is(name):
            return f"'{name}'"
        case Not(inner):
            return f"not {expression_text(inner)}"
        case AllOf(parts):
            return f"({' and '.join(map(expression_text, parts))})"
        case AnyOf(parts):
            return f"({' or '.join(map(expression_text, parts))})"


def _joined(
    expression: Expression, was: str, now: str, parts: tuple[Expression, ...]
) -> WrongExpression:
    told = ", ".join(map(expression_text, parts))
    return WrongExpression(
        expression, f"'{was}' becomes '{now}' between {told}", f"some of {told} hold and not all"
    )


def _parts(whole: AllOf | AnyOf, story: str) -> Iterator[WrongExpression]:
    """Each part left out, and each part changed inside."""
    parts = whole.parts
    for nth, part in enumerate(parts):
        told = expression_text(part)
        rest = (*parts[:nth], *parts[nth + 1 :])
        yield WrongExpression(type(whole)(rest), f"{told} dropped", story.format(told))
        if isinstance(part, Is):
            continue
        for wrong in wrong_expressions(part):
            inner = (*parts[:nth], wrong.expression, *parts[nth + 1 :])
            yield wrong._replace(expression=type(whole)(inner))
