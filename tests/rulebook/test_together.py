"""All rules of a kind asked together answer as each does alone, and look at little."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

import pytest

from signals.facts.value import Value, exactly, word
from signals.rulebook import together
from signals.rulebook.judge import compile_rule
from signals.rulebook.spec import Rule, Verdict
from signals.rulebook.together import Together
from tests.rulebook import random_rules
from tests.rulebook.build import FIELDS, NOW, compare, hours, number, one_of, rule

YES, NO, UNKNOWN = Verdict.YES, Verdict.NO, Verdict.UNKNOWN

SEVERE = rule(
    criteria={"inside": (one_of("window", "inside"),), "severe": (compare("grade", ">=", 3),)},
    code="TST-01",
)
FATAL = rule(compare("grade", ">=", 5), code="TST-02")
LATE = rule(compare("since_receipt", ">=", hours(24)), code="TST-03")


def of(*rules: Rule) -> Together:
    return Together({each.code: compile_rule(each, FIELDS) for each in rules}, FIELDS)


class Watched(Mapping[str, Value]):
    """The values of a fact, and which of them were looked at."""

    def __init__(self, **values: Value) -> None:
        self._values = values
        self.seen: list[str] = []

    def __getitem__(self, name: str) -> Value:
        self.seen.append(name)
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


@pytest.mark.parametrize(
    ("window", "grade", "severe", "fatal"),
    [
        ("inside", 2, NO, NO),
        ("inside", 3, YES, NO),
        ("inside", 5, YES, YES),
        ("outside", 4, NO, NO),
        ("outside", 5, NO, YES),
    ],
)
def test_every_rule_gets_its_own_verdict(
    window: str, grade: int, severe: Verdict, fatal: Verdict
) -> None:
    values = {"window": word(window), "grade": number(grade)}
    assert of(SEVERE, FATAL).verdicts(values, NOW) == {"TST-01": severe, "TST-02": fatal}


def test_what_is_not_given_may_be_anything() -> None:
    assert of(SEVERE, FATAL).verdicts({}, NOW) == {"TST-01": UNKNOWN, "TST-02": UNKNOWN}


def test_a_field_is_looked_at_once_though_two_rules_ask_for_it() -> None:
    made = of(SEVERE, FATAL)
    made.verdicts({"window": word("inside"), "grade": number(5)}, NOW)
    watched = Watched(window=word("inside"), grade=number(6))
    assert made.verdicts(watched, NOW) == {"TST-01": YES, "TST-02": YES}
    assert watched.seen == ["window", "grade"]


def test_what_no_rule_needs_any_more_is_not_looked_at() -> None:
    made = of(SEVERE)
    made.verdicts({"window": word("outside")}, NOW)
    watched = Watched(window=word("outside"), grade=number(5))
    assert made.verdicts(watched, NOW) == {"TST-01": NO}
    assert watched.seen == ["window"]


def test_time_is_looked_at_each_time() -> None:
    made, values = of(LATE), {"since_receipt": exactly(NOW)}
    day = timedelta(hours=24)
    assert made.verdicts(values, NOW + day - timedelta(seconds=1)) == {"TST-03": NO}
    assert made.verdicts(values, NOW + day) == {"TST-03": YES}


def test_a_value_that_cannot_be_read_is_told_each_time() -> None:
    made = of(SEVERE, FATAL)
    for _ in range(2):
        with pytest.raises(TypeError, match=r"grade is ordered, and got Coded\("):
            made.verdicts({"window": word("inside"), "grade": word("three")}, NOW)
    assert made.verdicts({"grade": number(5)}, NOW) == {"TST-01": UNKNOWN, "TST-02": YES}


@pytest.mark.parametrize("most_forks", [0, 3, 16_384])
def test_it_says_what_each_judge_says_alone(
    most_forks: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Random rules on random facts, also where the tree is left and grown anew again and again."""
    monkeypatch.setattr(together, "_MOST_FORKS", most_forks)
    told = set()
    for seed in range(20):
        random = random_rules.seeded(seed)
        fields = random_rules.FIELDS
        rules = [random_rules.random_rule(random, f"TST-{each:02}") for each in range(5)]
        judges = {each.code: compile_rule(each, fields) for each in rules}
        made = Together(judges, fields)
        for _ in range(40):
            case = random_rules.random_case(random)
            alone = {code: each.verdict(case.values, case.now) for code, each in judges.items()}
            assert made.verdicts(case.values, case.now) == alone
            told |= set(alone.values())
    assert told == {YES, NO, UNKNOWN}
