"""One condition on one field: from the words of the page to the condition the engine judges."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import get_args

from signals.facts.kind import Field, FieldType
from signals.rulebook.read_limit import CODED, read_limit
from signals.rulebook.spec import Between, Compare, Condition, Known, MayBe, OneOf, Operator
from signals.study.model import Study
from signals.study.places import Node, Sequence, Table, Text
from signals.study.problems import Problems, did_you_mean

FORMS = ("in", "not in", "between", "known", "may be")
_COMPARISON = re.compile(r"(<=|>=|!=|<|>|=)\s*(.*)")
_PARAMETER = re.compile(r"\$(\w+)")


class ConditionReader:
    """Reads conditions with a study's word lists and parameters."""

    def __init__(self, study: Study, problems: Problems) -> None:
        self._study = study
        self._problems = problems

    def read(self, field: Field, node: Node) -> Condition | None:
        """The condition, or None with problems SR023 to SR029."""
        if isinstance(node, Text):
            return self._scalar(field, node)
        if isinstance(node, Sequence):
            return self._words(field, node)
        return self._form(field, node)

    def filled(self, text: Text) -> str | None:
        """The text with its ``$parameters`` filled in, or None (SR025)."""
        known = self._study.parameters
        unknown = [found for found in _PARAMETER.finditer(text.text) if found[1] not in known]
        for found in unknown:
            self._problems.error(
                "SR025",
                text.part(found.start(), len(found[0])),
                f"'{found[0]}' is not a parameter of study.yaml",
                did_you_mean(found[1], known),
            )
        return None if unknown else _PARAMETER.sub(lambda found: known[found[1]], text.text)

    def _scalar(self, field: Field, node: Text) -> Condition | None:
        text = self.filled(node)
        if text is None:
            return None
        compared = _COMPARISON.fullmatch(text)
        if field.type in CODED:
            if compared:
                self._misfit(field, node, f"'{text}' compares", "write the word alone")
                return None
            return self._one_of(field, [node], text, negated=False)
        if not text:
            self._problems.error(
                "SR029", node.place, f"the condition on '{field.name}' is empty", "write a limit"
            )
            return None
        operator, limit = (compared[1], compared[2]) if compared else ("=", text)
        value = read_limit(limit, field, node.place, self._problems)
        return None if value is None else Compare(field.name, _operator(operator), value, text)

    def _words(self, field: Field, node: Sequence) -> Condition | None:
        words = self._texts(node)
        if words is None:
            return None
        if field.type not in CODED:
            self._misfit(field, node, "a list of words stands here", _COMPARE_INSTEAD)
            return None
        return self._one_of(field, words, ", ".join(word.text for word in words), negated=False)

    def _form(self, field: Field, node: Table) -> Condition | None:
        key = node.entries[0][0].text if len(node.entries) == 1 else None
        if key not in FORMS:
            self._problems.error(
                "SR029",
                node.entries[0][0].place if node.entries else node.place,
                f"the condition on '{field.name}' has a form that is not known",
                "write a word, a list, a comparison, or one of "
                + ", ".join(f"{{{form}: ...}}" for form in FORMS),
            )
            return None
        value = node.entries[0][1]
        if key == "between":
            return self._between(field, value)
        if key == "known":
            return self._known(field, value)
        if key == "may be":
            return self._may_be(field, value)
        return self._in(field, value, key=key)

    def _in(self, field: Field, node: Node, *, key: str) -> Condition | None:
        if field.type not in CODED:
            self._misfit(field, node, "a word list stands here", _COMPARE_INSTEAD)
            return None
        negated = key == "not in"
        if isinstance(node, Sequence):
            words = self._texts(node)
            if words is None:
                return None
            text = f"{key}: {', '.join(word.text for word in words)}"
            return self._one_of(field, words, text, negated=negated)
        if not isinstance(node, Text):
            self._problems.error("SR029", node.place, f"'{key}:' wants a word list")
            return None
        listed = self._study.terms.get(node.text)
        if listed is None:
            self._problems.error(
                "SR024",
                node.place,
                f"'{node.text}' is not a word list of terms.yaml",
                did_you_mean(node.text, self._study.terms),
            )
            return None
        return OneOf(field.name, listed, f"{key}: {node.text}", negated)

    def _between(self, field: Field, node: Node) -> Condition | None:
        if field.type in CODED:
            self._misfit(field, node, "'between' compares", "list the words instead: [a, b]")
            return None
        ends = self._texts(node) if isinstance(node, Sequence) else None
        if ends is None or len(ends) != _ENDS:
            self._problems.error(
                "SR029", node.place, "'between' wants two limits", "write {between: [low, high]}"
            )
            return None
        texts = [self.filled(end) for end in ends]
        limits = [
            read_limit(text, field, end.place, self._problems)
            for text, end in zip(texts, ends, strict=True)
            if text is not None
        ]
        if len(limits) != _ENDS or limits[0] is None or limits[1] is None:
            return None
        low, high = limits[0], limits[1]
        if low > high:  # type: ignore[operator]  # both are limits of one field
            self._problems.error(
                "SR028", node.place, f"nothing lies between {texts[0]} and {texts[1]}", "swap them"
            )
            return None
        return Between(field.name, low, high, f"between: {texts[0]} and {texts[1]}")

    def _known(self, field: Field, node: Node) -> Condition | None:
        answer = node.text if isinstance(node, Text) else ""
        if answer not in {"yes", "no"}:
            self._problems.error(
                "SR029", node.place, "'known' is yes or no", "write {known: yes} or {known: no}"
            )
            return None
        return Known(field.name, answer == "yes", f"known: {answer}")

    def _may_be(self, field: Field, node: Node) -> Condition | None:
        inner = self.read(field, node)
        if isinstance(inner, Known | MayBe):
            self._problems.error(
                "SR029", node.place, "'may be' wants a word, a list or a comparison"
            )
            return None
        return None if inner is None else MayBe(inner, f"may be: {inner.text}")

    def _one_of(
        self, field: Field, words: Iterable[Text], text: str, *, negated: bool
    ) -> OneOf | None:
        found: list[str] = []
        for word in words:
            filled = self.filled(word)
            if filled is None or not self._in_closed_list(field, word, filled):
                return None
            found.append(filled)
        return OneOf(field.name, frozenset(found), text, negated)

    def _in_closed_list(self, field: Field, word: Text, filled: str) -> bool:
        known = {each.casefold() for each in field.words}
        if field.type is FieldType.TEXT and filled:
            return True
        if filled.casefold() in known:
            return True
        self._problems.error(
            "SR023",
            word.place,
            f"'{filled}' is not a word of '{field.name}'",
            did_you_mean(filled, field.words),
        )
        return False

    def _texts(self, node: Sequence) -> list[Text] | None:
        texts = [item for item in node.items if isinstance(item, Text)]
        if texts and len(texts) == len(node.items):
            return texts
        self._problems.error("SR029", node.place, "a list of words (or limits) is wanted here")
        return None

    def _misfit(self, field: Field, node: Node, what: str, instead: str) -> None:
        holds = "holds words" if field.type in CODED else f"is ordered ({field.type})"
        self._problems.error("SR026", node.place, f"{what}, and '{field.name}' {holds}", instead)


_ENDS = 2
_COMPARE_INSTEAD = "write a comparison such as '>= 3', or {between: [3, 4]}"
_OPERATORS: Mapping[str, Operator] = {operator: operator for operator in get_args(Operator)}


def _operator(text: str) -> Operator:
    return _OPERATORS[text]
