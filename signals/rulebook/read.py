"""A rule's page, read into the rule the engine judges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from signals.facts.kind import Field
from signals.rulebook.expression import all_of, any_of, criteria_of, read_expression
from signals.rulebook.read_alert import read_alert
from signals.rulebook.read_condition import ConditionReader
from signals.rulebook.read_dictionary import Dictionary, FactKindDoc
from signals.rulebook.read_hash import content_hash
from signals.rulebook.read_page import Page
from signals.rulebook.read_priority import read_priority
from signals.rulebook.read_unknown import read_if_unknown
from signals.rulebook.spec import (
    AlertSpec,
    Condition,
    Exception_,
    Expression,
    PriorityWhen,
    Rule,
    Status,
)
from signals.study.model import Study
from signals.study.places import Table, Text
from signals.study.problems import Problems, did_you_mean

_JOINING = ("and", "or", "not")


@dataclass(frozen=True, slots=True)
class ReadRule:
    """A page, its rule, and the kind it judges (None: not built, in a draft)."""

    page: Page
    rule: Rule
    kind: FactKindDoc | None


def read_rule(
    page: Page, study: Study, dictionary: Dictionary, problems: Problems
) -> ReadRule | None:
    """Read a page into a rule of number 0; None, with problems, where it cannot be read.

    A draft, or a rule that was retired, may name what is not built: that is a note.
    """
    before = problems.errors
    kind = _kind(page, dictionary, problems)
    if kind is None and not page.draft:
        return None
    reader = _PageReader(page, study, kind, problems)
    rule = reader.rule()
    if rule is None or problems.errors > before:
        return None
    return ReadRule(page, rule, kind)


def _kind(page: Page, dictionary: Dictionary, problems: Problems) -> FactKindDoc | None:
    kind = dictionary.get(page.shape.judges)
    if kind is None:
        tell = problems.note if page.draft else problems.error
        tell(
            "SR020",
            page.text("judges").place,
            f"there is no kind of fact '{page.shape.judges}'",
            did_you_mean(page.shape.judges, dictionary)
            or "`signals rules facts` lists the kinds; another one is a request to the engineers",
        )
    return kind


class _PageReader:
    def __init__(
        self, page: Page, study: Study, kind: FactKindDoc | None, problems: Problems
    ) -> None:
        self._page = page
        self._study = study
        self._fields: Mapping[str, Field] = {} if kind is None else kind.fields
        self._kind = kind
        self._problems = problems
        self._reader = ConditionReader(study, problems)

    def rule(self) -> Rule | None:
        page, shape = self._page, self._page.shape
        criteria = self._criteria()
        names = [name for name, _ in criteria]
        priority = read_priority(page, names, self._problems)
        alert = read_alert(page, names, self._problems)
        fires_when = self._fires_when(names, priority, alert)
        if fires_when is None or alert is None or not priority:
            return None
        return Rule(
            code=shape.rule,
            title=shape.title,
            status=Status(shape.status),
            judges=shape.judges,
            source=shape.source,
            meaning=" ".join(shape.meaning.split()),
            criteria=tuple(criteria),
            fires_when=fires_when,
            unless=tuple(self._unless()),
            if_unknown=read_if_unknown(page, self._kind, self._problems),
            priority=priority,
            alert=alert,
            known_false_alarms=shape.known_false_alarms,
            owner=shape.owner,
            version=0,
            hash=content_hash(page, self._study),
        )

    def _criteria(self) -> list[tuple[str, tuple[Condition, ...]]]:
        return [
            (name.text, tuple(self._criterion(name, value)))
            for name, value in self._page.entries("criteria")
        ]

    def _criterion(self, name: Text, value: object) -> Iterable[Condition]:
        if bad := [word for word in name.text.split() if word in _JOINING]:
            self._bad_name(name, f"holds '{bad[0]}'")
        elif set(name.text) & set("()"):
            self._bad_name(name, "holds a bracket")
        elif name.text in {"any", "all", "otherwise"}:
            self._bad_name(name, "is a word of the language")
        if isinstance(value, Table) and value.entries:
            return self._conditions(value)
        tell = self._problems.note if self._page.draft else self._problems.error
        tell(
            "SR035",
            name.place,
            f"the criterion '{name.text}' has no condition",
            "write {field: condition}; only a draft may leave it empty",
        )
        return ()

    def _bad_name(self, name: Text, why: str) -> None:
        self._problems.error(
            "SR034", name.place, f"a criterion cannot be named '{name.text}': it {why}", "rename it"
        )

    def _conditions(self, table: Table, *, leave: str = "") -> Iterable[Condition]:
        found: list[Condition] = []
        for name, value in table.entries:
            if name.text == leave:
                continue
            field = self._field(name)
            condition = None if field is None else self._reader.read(field, value)
            if condition is not None:
                found.append(condition)
        return found

    def _field(self, name: Text) -> Field | None:
        field = self._fields.get(name.text)
        if field is None and self._kind is not None:
            tell = self._problems.note if self._page.draft else self._problems.error
            tell(
                "SR022",
                name.place,
                f"'{name.text}' is not a field of {_a(self._kind.name)}",
                did_you_mean(name.text, self._fields)
                or "`signals rules facts` lists them; another one is a request to the engineers",
            )
        return field

    def _unless(self) -> Iterable[Exception_]:
        for name, value in self._page.entries("unless"):
            why = value.get("why") if isinstance(value, Table) else None
            if not isinstance(value, Table) or not isinstance(why, Text) or not why.text:
                self._problems.error(
                    "SR036",
                    name.place,
                    f"the exception '{name.text}' does not say why",
                    "add 'why:' with the reason; it is shown when the exception holds",
                )
            elif conditions := tuple(self._conditions(value, leave="why")):
                yield Exception_(name.text, why.text, conditions)
            elif len(value.entries) == 1:
                self._problems.error(
                    "SR035", name.place, f"the exception '{name.text}' has no condition"
                )

    def _fires_when(
        self, names: list[str], priority: tuple[PriorityWhen, ...], alert: AlertSpec | None
    ) -> Expression | None:
        text = self._page.text("fires_when")
        if text.text not in {"any", "all"}:
            return read_expression(text, names, self._problems)
        aside = {name for entry in priority for name in criteria_of(entry.when)}
        aside |= set(criteria_of(alert.sign_off_when if alert else None))
        counted = [name for name in names if name not in aside]
        return any_of(counted) if text.text == "any" else all_of(counted)


def _a(noun: str) -> str:
    return f"an {noun}" if noun[:1] in "aeiou" else f"a {noun}"
