"""SR039: what a rule leaves to another is taken there, in every region of their fields.

Found by judging: over the regions that the conditions of both rules can tell apart, wherever the
rule is silent only because it left a field, the named rule must say yes.  An exception of the named
rule (``unless``) is a silence with a reason of its own and is not held against it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from math import prod

from signals.facts.kind import Field
from signals.facts.value import Value
from signals.rulebook.check.regions import NOW, Region, regions
from signals.rulebook.errors import RuleError
from signals.rulebook.expression import criteria_of
from signals.rulebook.judge import Judge, compile_rule
from signals.rulebook.read import ReadRule
from signals.rulebook.spec import Condition, LeaveTo, Rule, Verdict
from signals.study.problems import Problems
from signals.study.shape import key_place

_MOST = 60_000
"""So many regions are gone through; beyond, those of several cells are left out."""


def check_left_gaps(rules: Sequence[ReadRule], problems: Problems) -> None:
    """Wherever a rule is silent because it left a field to another, the other says yes."""
    by_code = {each.rule.code: each.rule for each in rules}
    for each in rules:
        left = _left(each.rule, by_code)
        if each.page.draft or each.kind is None or not left:
            continue
        try:
            gap = _Search(each.rule, left, each.kind.fields).gap()
        except RuleError:
            continue  # the page has a problem already, told by its own check
        if gap is not None:
            field, region = gap
            problems.error(
                "SR039",
                key_place(each.page.tree, ("if_unknown", field)),
                f"'{each.rule.code}' is silent and '{left[field].code}' does not say yes when "
                + region,
                f"let '{left[field].code}' fire there, give it an exception that says why not, "
                "or write 'ask'",
            )


def _left(rule: Rule, by_code: Mapping[str, Rule]) -> dict[str, Rule]:
    return {
        field: replace(by_code[choice.rule], unless=())
        for field, choice in rule.if_unknown
        if isinstance(choice, LeaveTo)
        and choice.rule in by_code
        and by_code[choice.rule].judges == rule.judges
    }


class _Search:
    """Looks for a region in which nobody speaks."""

    def __init__(self, rule: Rule, left: Mapping[str, Rule], fields: Mapping[str, Field]) -> None:
        self._fields = fields
        self._rule = rule
        self._others = list({other.code: other for other in left.values()}.values())
        self._leaving = compile_rule(rule, fields)
        self._asking = compile_rule(_without_leaving(rule, set(left)), fields)
        self._taking = {
            field: (compile_rule(_without_leaving(rule, set(left) - {field}), fields), judge)
            for field, judge in self._judges(left).items()
        }

    def _judges(self, left: Mapping[str, Rule]) -> dict[str, Judge]:
        judges = {other.code: compile_rule(other, self._fields) for other in self._others}
        return {field: judges[other.code] for field, other in left.items()}

    def gap(self) -> tuple[str, str] | None:
        """The field that was left, and the region in words."""
        names, choices = self._regions()
        for chosen in product(*choices):
            region = dict(zip(names, chosen, strict=True))
            field = self._silent(region)
            if field is not None:
                return field, self._in_words(field, region, dict(zip(names, choices, strict=True)))
        return None

    def _silent(self, region: Mapping[str, Region]) -> str | None:
        """The field whose leaving makes all silent in this region, if any does."""
        values: dict[str, Value] = {name: each.value for name, each in region.items()}
        if (
            self._leaving.verdict(values, NOW) is not Verdict.NO
            or self._asking.verdict(values, NOW) is not Verdict.UNKNOWN
        ):
            return None
        if any(judge.verdict(values, NOW) is Verdict.YES for _, judge in self._taking.values()):
            return None
        alone = (
            field
            for field, (leaving, _) in self._taking.items()
            if leaving.verdict(values, NOW) is Verdict.NO
        )
        return next(alone, next(iter(self._taking)))

    def _in_words(
        self, field: str, region: Mapping[str, Region], choices: Mapping[str, Sequence[Region]]
    ) -> str:
        """The fields on which the gap hangs, with what they are there."""
        telling = [
            name
            for name in region
            if name == field
            or any(self._silent({**region, name: other}) is None for other in choices[name])
        ]
        return " and ".join(f"{name} is {region[name].words}" for name in telling)

    def _regions(self) -> tuple[list[str], list[list[Region]]]:
        conditions: dict[str, list[Condition]] = {}
        for condition in _conditions(self._rule, *self._others):
            conditions.setdefault(condition.field, []).append(condition)
        found = {name: regions(self._fields[name], each) for name, each in conditions.items()}
        full = [single + several for single, several in found.values()]
        if prod(map(len, full)) > _MOST:
            full = [single for single, _ in found.values()]
        return list(found), full


def _without_leaving(rule: Rule, fields: set[str]) -> Rule:
    return replace(
        rule, if_unknown=tuple(each for each in rule.if_unknown if each[0] not in fields)
    )


def _conditions(*rules: Rule) -> Iterator[Condition]:
    for rule in rules:
        used = set(criteria_of(rule.fires_when))
        for name, conditions in rule.criteria:
            if name in used:
                yield from conditions
        for exception in rule.unless:
            yield from exception.conditions
