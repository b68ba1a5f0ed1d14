"""Wrong versions of a rule, each changed in one place, to see whether its stories notice.

A comparison, a limit by one step, a word, ``and`` for ``or``, a criterion, exception, priority or
assumption dropped (RULE_FORMAT, stories).  A version that no story can tell from the right one
shows a story that is missing, or a part of the page that says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from signals.facts.kind import Field
from signals.rulebook.errors import RuleError
from signals.rulebook.expression import criteria_of
from signals.rulebook.judge import compile_rule
from signals.rulebook.read_page import Page
from signals.rulebook.spec import Assume, Condition, IfUnknown, Rule
from signals.rulebook.wrong_conditions import wrong_conditions
from signals.rulebook.wrong_expressions import wrong_expressions
from signals.study.places import Node, Table
from signals.study.problems import Place

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class WrongVersion:
    """A rule that is wrong in one place of its page.

    ``name`` tells the change, and is its name in the story file; ``story`` ends the sentence "write
    a story in which ...".
    """

    name: str
    place: Place
    rule: Rule
    story: str


def wrong_versions(rule: Rule, page: Page, fields: Mapping[str, Field]) -> list[WrongVersion]:
    """Every wrong version of the rule of a page that can be judged, each under another name."""
    maker = _Maker(rule, page, fields)
    found: dict[str, WrongVersion] = {}
    for wrong in (
        *maker.criteria(),
        *maker.fires_when(),
        *maker.exceptions(),
        *maker.if_unknown(),
        *maker.priorities(),
        *maker.sign_off_when(),
    ):
        if wrong.name not in found and _can_be_judged(wrong.rule, fields):
            found[wrong.name] = wrong
    return list(found.values())


def _can_be_judged(rule: Rule, fields: Mapping[str, Field]) -> bool:
    try:
        compile_rule(rule, fields)
    except RuleError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Maker:
    rule: Rule
    page: Page
    fields: Mapping[str, Field]

    def criteria(self) -> Iterator[WrongVersion]:
        pages = self.rule.criteria
        for nth, (name, conditions) in enumerate(pages):
            for change, wrong, place, story in self._conditions("criteria", name, conditions):
                rule = replace(self.rule, criteria=_with(pages, nth, (name, wrong)))
                yield WrongVersion(change, place, rule, story)

    def exceptions(self) -> Iterator[WrongVersion]:
        unless = self.rule.unless
        for nth, exception in enumerate(unless):
            name, told = exception.name, f"unless {exception.name}"
            dropped = (*unless[:nth], *unless[nth + 1 :])
            yield WrongVersion(
                f"{told} dropped",
                self._place("unless", name),
                replace(self.rule, unless=dropped),
                f"the rule would fire but for the exception '{name}'",
            )
            for change, wrong, place, story in self._conditions(
                "unless", name, exception.conditions
            ):
                other = replace(exception, conditions=wrong)
                rule = replace(self.rule, unless=_with(unless, nth, other))
                yield WrongVersion(f"unless {change}", place, rule, story)

    def fires_when(self) -> Iterator[WrongVersion]:
        place = self.page.text("fires_when").place
        for wrong in wrong_expressions(self.rule.fires_when):
            rule = replace(self.rule, fires_when=wrong.expression)
            yield WrongVersion(f"fires_when: {wrong.change}", place, rule, wrong.story)

    def if_unknown(self) -> Iterator[WrongVersion]:
        entries = self.rule.if_unknown
        for nth, (name, otherwise) in enumerate(entries):
            place, story = self._place("if_unknown", name), f"{name} is not yet known"
            rest = (*entries[:nth], *entries[nth + 1 :])
            yield WrongVersion(
                f"if_unknown {name} dropped", place, replace(self.rule, if_unknown=rest), story
            )
            for word in self._other_words(name, otherwise):
                rule = replace(self.rule, if_unknown=_with(entries, nth, (name, Assume(word))))
                yield WrongVersion(f"if_unknown {name}: {word}", place, rule, story)

    def priorities(self) -> Iterator[WrongVersion]:
        priority = self.rule.priority
        key = self.page.tree.key("priority")
        place = key.place if key else self.page.tree.place
        for nth, entry in enumerate(priority):
            if entry.when is None:
                continue
            word, rest = entry.priority.value, (*priority[:nth], *priority[nth + 1 :])
            yield WrongVersion(
                f"priority {word} dropped",
                place,
                replace(self.rule, priority=rest),
                f"the priority is {word}, and say so under expect",
            )
            for wrong in wrong_expressions(entry.when):
                other = replace(entry, when=wrong.expression)
                rule = replace(self.rule, priority=_with(priority, nth, other))
                story = f"{wrong.story}, and say the priority under expect"
                yield WrongVersion(f"priority {word}: {wrong.change}", place, rule, story)

    def sign_off_when(self) -> Iterator[WrongVersion]:
        alert = self.rule.alert
        if alert.sign_off_when is None:
            return
        names = ", ".join(criteria_of(alert.sign_off_when))
        yield WrongVersion(
            "sign_off_when dropped",
            self.page.text("alert", "sign_off_when").place,
            replace(self.rule, alert=replace(alert, sign_off_when=None)),
            f"the alert is no longer true while '{names}' holds",
        )

    def _conditions(
        self, part: str, name: str, conditions: tuple[Condition, ...]
    ) -> Iterator[tuple[str, tuple[Condition, ...], Place, str]]:
        """Each condition of a criterion changed, or left out if it is not the only one."""
        for nth, condition in enumerate(conditions):
            place = self._place(part, name, condition.field)
            field = self.fields[condition.field]
            for wrong in wrong_conditions(condition, field):
                change = f"{name}: {field.name} {condition.text} becomes {wrong.becomes}"
                yield change, _with(conditions, nth, wrong.condition), place, wrong.story
            if len(conditions) > 1:
                rest = (*conditions[:nth], *conditions[nth + 1 :])
                story = f"all holds but {field.name} {condition.text}"
                yield f"{name}: {field.name} dropped", rest, place, story

    def _other_words(self, name: str, otherwise: IfUnknown) -> tuple[str, ...]:
        if not isinstance(otherwise, Assume):
            return ()
        return tuple(word for word in self.fields[name].words if word != otherwise.value)

    def _place(self, *keys: str) -> Place:
        """Where the last of the keys stands on the page, or the nearest one above it."""
        node: Node | None = self.page.tree
        place = self.page.tree.place
        for key in keys:
            if not isinstance(node, Table):
                break
            name = node.key(key)
            place = name.place if name else place
            node = node.get(key)
        return place


def _with(items: tuple[T, ...], nth: int, other: T) -> tuple[T, ...]:
    return (*items[:nth], other, *items[nth + 1 :])
