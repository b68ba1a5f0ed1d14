"""Two evaluators on every fact: the cautious verdict stands, and somebody hears."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import pytest

from signals.facts.kind import Fact, Field
from signals.facts.value import Value, word
from signals.rulebook.answer import Missing
from signals.rulebook.errors import MatcherError, RuleError
from signals.rulebook.panel import Listeners, Panel
from signals.rulebook.spec import Priority, Rule, Verdict
from tests.rulebook.build import FIELDS, NOW, compare, either, fact, number, one_of, rule

YES, NO, UNKNOWN = Verdict.YES, Verdict.NO, Verdict.UNKNOWN
KIND = "adverse event"


@dataclass(frozen=True)
class Doc:
    """A kind of the dictionary."""

    fields: Mapping[str, Field]


GRADE = rule(compare("grade", ">=", 3), code="TST-01")
TERM = rule(one_of("term", "Rash"), code="TST-02")


def panel(*rules: Rule, **settings: object) -> Panel:
    return Panel({KIND: rules}, {KIND: Doc(FIELDS)}, **settings)  # type: ignore[arg-type]


class SaysAlways:
    """A matcher with one answer to everything, to see what a disagreement does."""

    refused: dict[str, str]

    def __init__(self, verdict: Verdict | MatcherError) -> None:
        self.verdict, self.refused = verdict, {}

    def judge(self, _values: Mapping[str, Value], _now: datetime) -> dict[str, Verdict]:
        if isinstance(self.verdict, MatcherError):
            raise self.verdict
        return {"TST-01": self.verdict}


def against(matcher: SaysAlways, listeners: Listeners | None = None) -> Panel:
    made = panel(GRADE, listeners=listeners)
    made._matchers[KIND] = matcher  # type: ignore[assignment]
    return made


def test_every_rule_of_the_kind_is_judged() -> None:
    both = panel(GRADE, TERM)
    assert both.judge(fact({"grade": number(3)}), NOW) == {"TST-01": YES, "TST-02": UNKNOWN}
    assert (both.counters.facts, both.counters.matcher_calls) == (1, 1)
    assert both.counters.disagreements == 0


def test_a_kind_without_rules_is_not_judged() -> None:
    assert panel(GRADE).judge(Fact("infusion", ("INF-1",), {}), NOW) == {}
    assert Panel({KIND: ()}, {KIND: Doc(FIELDS)}).judge(fact({}), NOW) == {}


def test_without_the_matcher_the_judge_is_alone() -> None:
    alone = panel(GRADE, use_matcher=False)
    assert alone.judge(fact({"grade": number(3)}), NOW) == {"TST-01": YES}
    assert alone.counters.matcher_calls == 0


@pytest.mark.parametrize(
    ("grade", "second", "stands"),
    [
        (2, YES, YES),
        (2, UNKNOWN, UNKNOWN),
        (3, NO, YES),
        (3, UNKNOWN, YES),
        (None, NO, UNKNOWN),
        (None, YES, YES),
    ],
)
def test_the_cautious_verdict_stands_and_ops_hear(
    grade: int | None, second: Verdict, stands: Verdict
) -> None:
    heard: list[tuple[str, Verdict, Verdict]] = []
    listeners = Listeners(
        on_disagreement=lambda code, _fact, judge, matcher: heard.append((code, judge, matcher))
    )
    made = against(SaysAlways(second), listeners)
    values = {} if grade is None else {"grade": number(grade)}
    first = UNKNOWN if grade is None else YES if grade >= 3 else NO
    assert made.judge(fact(values), NOW) == {"TST-01": stands}
    assert heard == [("TST-01", first, second)]
    assert made.counters.disagreements == 1


def test_if_the_matcher_fails_the_judge_stands_and_ops_hear() -> None:
    heard: list[str] = []
    listeners = Listeners(on_matcher_error=lambda _fact, error: heard.append(str(error)))
    made = against(SaysAlways(MatcherError("it is stuck")), listeners)
    assert made.judge(fact({"grade": number(2)}), NOW) == {"TST-01": NO}
    assert heard == ["it is stuck"]
    assert made.counters.matcher_errors == 1


def test_a_rule_that_fails_is_not_yet_known_and_the_others_go_on() -> None:
    heard: list[tuple[str, str]] = []
    listeners = Listeners(on_rule_error=lambda code, _fact, error: heard.append((code, str(error))))
    made = panel(GRADE, TERM, listeners=listeners)
    broken = fact({"grade": word("three"), "term": word("Rash")})
    assert made.judge(broken, NOW) == {"TST-01": UNKNOWN, "TST-02": YES}
    assert [code for code, _ in heard] == ["TST-01"]
    assert heard[0][1].startswith("grade is ordered, and got Coded(")
    assert made.counters.rule_errors == 1
    assert made.counters.matcher_errors == 1, "the matcher cannot read it either"


def test_the_answer_of_a_rule_that_fails_says_so() -> None:
    made = panel(GRADE)
    got = made.answer("TST-01", fact({"grade": word("three")}), NOW, UNKNOWN)
    assert got.verdict is UNKNOWN
    assert got.missing == (
        Missing("this rule", "adverse event", "could not be judged", "not known", ()),
    )
    assert got.priority is Priority.HIGH
    assert got.headline == "001-004: not known"


def test_the_answer_bears_the_verdict_of_the_panel() -> None:
    made = panel(GRADE)
    assert made.answer("TST-01", fact({"grade": number(2)}), NOW, YES).verdict is YES
    assert made.answer("TST-01", fact({"grade": number(2)}), NOW, NO).because[0].field == "grade"


def test_rules_without_a_second_opinion_are_named() -> None:
    criteria = {f"c{each}": (compare("count", "=", each),) for each in range(100)}
    wide = rule(criteria=criteria, fires=either(*criteria), code="TST-03")
    made = panel(GRADE, wide)
    assert list(made.refused) == ["TST-03"]
    values = {"grade": number(3), "count": number(7)}
    assert made.judge(fact(values), NOW) == {"TST-01": YES, "TST-03": YES}


def test_a_rule_that_does_not_fit_is_refused_when_the_panel_is_made() -> None:
    with pytest.raises(RuleError, match="TST-09: 'c': 'term' holds words"):
        panel(rule(compare("term", ">=", 3), code="TST-09"))


def test_time_is_counted_only_when_asked_for() -> None:
    for timed in (False, True):
        made = panel(GRADE, timed=timed)
        made.judge(fact({}), NOW)
        assert (made.counters.judge_seconds > 0) is timed
        assert (made.counters.matcher_seconds > 0) is timed
