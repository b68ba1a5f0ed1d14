"""``fires_when``, ``when`` and ``sign_off_when``: criteria joined by and, or, not and brackets.

A criterion's name may hold spaces; it ends where ``and``, ``or``, ``not`` or a bracket begins, which
no name holds.  ``and`` beside ``or`` needs brackets, so that nobody has to know which binds closer.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple, NoReturn

from signals.rulebook.spec import AllOf, AnyOf, Expression, Is, Not
from signals.study.places import Text
from signals.study.problems import Place, Problems, did_you_mean

_PIECE = re.compile(r"\(|\)|[^\s()]+")
_JOINERS = frozenset({"and", "or", "not", "(", ")"})


class _Token(NamedTuple):
    text: str
    start: int
    end: int


class _UnreadableError(Exception):
    """A problem was told; there is nothing to read on."""


def read_expression(
    text: Text, criteria: Collection[str], problems: Problems, *, skip: int = 0
) -> Expression | None:
    """Read an expression over these criteria.

    ``skip``: so many characters in front are not part of it (``when``).  Returns None, with a
    problem SR030 to SR032, where it cannot be read.
    """
    try:
        return _Parser(text, skip, criteria, problems).whole()
    except _UnreadableError:
        return None


def criteria_of(expression: Expression | None) -> Iterator[str]:
    """The names of the criteria in it, from left to right."""
    match expression:
        case Is(name):
            yield name
        case Not(inner):
            yield from criteria_of(inner)
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from criteria_of(part)


def all_of(names: Collection[str]) -> Expression:
    """``all``: every criterion holds."""
    return AllOf(tuple(Is(name) for name in names))


def any_of(names: Collection[str]) -> Expression:
    """``any``: at least one criterion holds."""
    return AnyOf(tuple(Is(name) for name in names))


def _tokens(text: str, skip: int) -> list[_Token]:
    """Joining words and brackets one by one, the words of a name together."""
    tokens: list[_Token] = []
    for match in _PIECE.finditer(text, skip):
        piece = _Token(match[0], match.start(), match.end())
        last = tokens[-1] if tokens else None
        if piece.text in _JOINERS or last is None or last.text in _JOINERS:
            tokens.append(piece)
        else:
            tokens[-1] = _Token(f"{last.text} {piece.text}", last.start, piece.end)
    return tokens


class _Parser:
    def __init__(
        self, text: Text, skip: int, criteria: Collection[str], problems: Problems
    ) -> None:
        self._text = text
        self._tokens = _tokens(text.text, skip)
        self._at = 0
        self._criteria = criteria
        self._problems = problems

    def whole(self) -> Expression:
        expression = self._joined()
        if rest := self._peek():
            self._fail(rest, f"'{rest.text}' is one too many here", "delete it, or open a bracket")
        return expression

    def _joined(self) -> Expression:
        parts = [self._term()]
        joiner: str | None = None
        while (token := self._peek()) and token.text in {"and", "or"}:
            if joiner not in {None, token.text}:
                self._mixed(token, joiner)
            joiner = token.text
            self._at += 1
            parts.append(self._term())
        if joiner is None:
            return parts[0]
        return AllOf(tuple(parts)) if joiner == "and" else AnyOf(tuple(parts))

    def _term(self) -> Expression:
        token = self._peek()
        if token is None:
            self._fail(None, "the expression ends too early", "name a criterion here")
        self._at += 1
        if token.text == "not":
            return Not(self._term())
        if token.text == "(":
            return self._bracket(token)
        if token.text in _JOINERS:
            self._fail(token, f"'{token.text}' stands where a criterion is wanted", "name one here")
        return self._criterion(token)

    def _bracket(self, opened: _Token) -> Expression:
        inner = self._joined()
        token = self._peek()
        if token is None or token.text != ")":
            self._fail(token or opened, "a bracket is not closed", "write ')' where it ends")
        self._at += 1
        return inner

    def _criterion(self, token: _Token) -> Expression:
        if token.text not in self._criteria:
            self._problems.error(
                "SR032",
                self._place(token),
                f"'{token.text}' is not a criterion of this rule",
                did_you_mean(token.text, self._criteria),
            )
        return Is(token.text)

    def _mixed(self, token: _Token, joiner: str | None) -> None:
        self._problems.error(
            "SR031",
            self._place(token),
            f"'{token.text}' stands beside '{joiner}' without brackets",
            "put brackets around what belongs together: (a and b) or c",
        )
        raise _UnreadableError

    def _fail(self, token: _Token | None, message: str, instead: str) -> NoReturn:
        place = self._text.place if token is None else self._place(token)
        self._problems.error("SR030", place, message, instead)
        raise _UnreadableError

    def _place(self, token: _Token) -> Place:
        return self._text.part(token.start, token.end - token.start)

    def _peek(self) -> _Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None
