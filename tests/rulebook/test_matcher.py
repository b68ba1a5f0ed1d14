"""The matcher: its verdicts, and each limit of durable-rules that it must stay within."""

import gc
import json
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest
from durable.engine import Host

from signals.facts.value import Coded, Ordered, Value, exactly, word
from signals.rulebook import matcher as module
from signals.rulebook.encoding import LONG_LIST, Encoding
from signals.rulebook.errors import MatcherError
from signals.rulebook.literals import Comparison, Junction, all_of, any_of, branches, negated
from signals.rulebook.matcher import MOST_BRANCHES, MOST_COMPARISONS, MOST_JUNCTIONS, Matcher
from signals.rulebook.spec import AllOf, AnyOf, Assume, LeaveTo, Rule, Verdict
from tests.rulebook.build import (
    FIELDS,
    NOW,
    compare,
    either,
    interval,
    known,
    may_be,
    no,
    number,
    one_of,
    rule,
)
from tests.rulebook.random_rules import FIELDS as RANDOM_FIELDS
from tests.rulebook.random_rules import random_case, random_rule, seeded

YES, NO, UNKNOWN = Verdict.YES, Verdict.NO, Verdict.UNKNOWN
TERM = one_of("term", "Rash")
GRADE = compare("grade", ">=", 3)


def verdict(made: Rule, values: Mapping[str, Value]) -> Verdict:
    return Matcher("adverse event", [made], FIELDS).judge(values, NOW)[made.code]


def test_certainly_possibly_and_not() -> None:
    judged = Matcher("adverse event", [rule(TERM, GRADE)], FIELDS)
    cases: list[tuple[dict[str, Value], Verdict]] = [
        ({"term": word("rash"), "grade": number(3)}, YES),
        ({"term": word("rash"), "grade": interval("[2,3]")}, UNKNOWN),
        ({"term": word("rash")}, UNKNOWN),
        ({}, UNKNOWN),
        ({"grade": number(2)}, NO),
        ({"term": word("rash", "fever"), "grade": number(3)}, UNKNOWN),
        ({"term": word("fever"), "grade": number(3)}, NO),
    ]
    for values, expected in cases:
        assert judged.judge(values, NOW) == {"TST-01": expected}, values


@pytest.mark.parametrize(
    ("made", "values", "expected"),
    [
        (rule(criteria={"a": (TERM,)}, fires=no("a")), {"term": word("fever")}, YES),
        (rule(criteria={"a": (TERM,)}, fires=no("a")), {}, UNKNOWN),
        (rule(criteria={"a": (TERM,), "b": (GRADE,)}, fires=either("a", "b")), {}, UNKNOWN),
        (rule(criteria={"a": (TERM,)}, fires=AllOf(())), {}, YES),
        (rule(criteria={"a": (TERM,)}, fires=AnyOf(())), {}, NO),
        (rule(GRADE, unless={"e": (TERM,)}), {"grade": number(3)}, YES),
        (rule(GRADE, unless={"e": (TERM,)}), {"grade": number(3), "term": word("Rash")}, NO),
        (rule(TERM, if_unknown={"term": Assume("rash")}), {}, YES),
        (rule(TERM, if_unknown={"term": Assume("fever")}), {}, NO),
        (rule(TERM, if_unknown={"term": LeaveTo("TST-02")}), {}, NO),
        (
            rule(criteria={"a": (TERM,)}, fires=no("a"), if_unknown={"term": LeaveTo("TST-02")}),
            {},
            NO,
        ),
        (rule(known("term")), {}, NO),
        (rule(may_be(TERM)), {}, YES),
        (rule(one_of("term")), {}, NO),
        (rule(compare("grade", ">", 2)), {"grade": interval("[2,3)")}, NO),
        (rule(compare("count", ">", 2)), {"count": interval("(2,]")}, YES),
        (rule(compare("count", ">", 2)), {"count": interval("[5,4]")}, UNKNOWN),
        (rule(compare("count", "=", "1E+30")), {"count": number("1E+30")}, YES),
        (rule(compare("count", "<", "1E-30")), {"count": number("0")}, YES),
    ],
)
def test_what_a_rule_means(made: Rule, values: Mapping[str, Value], expected: Verdict) -> None:
    assert verdict(made, values) is expected


def test_a_long_list_of_words_is_decided_beforehand() -> None:
    many = [f"Term {number_}" for number_ in range(500)]
    made = rule(one_of("term", *many))
    judged = Matcher("adverse event", [made], FIELDS)
    assert judged.judge({"term": word("term 7")}, NOW) == {"TST-01": YES}
    assert judged.judge({"term": word("term 7", "else")}, NOW) == {"TST-01": UNKNOWN}
    assert judged.judge({}, NOW) == {"TST-01": UNKNOWN}
    assert judged.judge({"term": word("else")}, NOW) == {"TST-01": NO}
    encoding = Encoding(FIELDS, [one_of("term", *many)])
    assert len(encoding.named(encoding.encode({}, NOW))) == 3, "certain, possible, and other"
    assert len(many) > LONG_LIST


def test_bounds_become_places_among_the_limits() -> None:
    """Limits 2 and 4 have the places 0 and 2; below is -1, between 1, above 3."""
    encoding = Encoding(FIELDS, [compare("count", ">=", 2), compare("count", "<", 4)])
    expected = {
        "[2,2]": (0, 0),
        "[4,4]": (2, 2),
        "[3,3]": (1, 1),
        "(2,4)": (1, 1),
        "[1,2)": (-1, -1),
        "(4,9]": (3, 3),
        "[,]": (-1, 3),
        "[2,]": (0, 3),
        "[,4)": (-1, 1),
    }
    for text, places in expected.items():
        assert encoding.encode({"count": interval(text)}, NOW) == (places,), text
    assert encoding.named(encoding.encode({}, NOW)) == {"f0_low": -1, "f0_high": 3}


def test_only_whole_numbers_are_passed() -> None:
    random = seeded(7)
    for seed in range(20):
        made = random_rule(random, f"TST-{seed:02}")
        encoding = Encoding(RANDOM_FIELDS, [each for _, page in made.criteria for each in page])
        case = random_case(random)
        flat = encoding.named(encoding.encode(case.values, case.now))
        assert all(type(each) is int for each in flat.values())
        assert "E" not in json.dumps(list(flat.values()))


def many(number_: int) -> Rule:
    """A rule with an ``or`` of so many comparisons."""
    criteria = {f"c{each}": (compare("count", "=", each),) for each in range(number_)}
    return rule(criteria=criteria, fires=either(*criteria), code=f"TST-{number_}")


def test_a_rule_with_too_many_comparisons_is_refused_by_name() -> None:
    judged = Matcher("adverse event", [many(100), rule(GRADE)], FIELDS)
    assert judged.refused == {
        "TST-100": f"200 comparisons, and durable-rules is sound up to {MOST_COMPARISONS}"
    }
    assert judged.judge({"grade": number(3)}, NOW) == {"TST-01": YES}


def test_a_rule_with_too_many_groups_is_refused_by_name() -> None:
    criteria = {f"c{each}": (compare("count", "=", each), TERM) for each in range(20)}
    judged = Matcher("adverse event", [rule(criteria=criteria, fires=either(*criteria))], FIELDS)
    assert judged.refused == {
        "TST-01": f"21 groups of 'and' and 'or', and durable-rules is sound up to {MOST_JUNCTIONS}"
    }
    assert judged.judge({}, NOW) == {}


def test_a_rule_with_too_many_branches_is_refused_by_name() -> None:
    criteria = {f"c{each}": (compare("count", ">=", each),) for each in range(27)}
    thirds = [tuple(f"c{each}" for each in range(begin, begin + 3)) for begin in range(0, 27, 3)]
    made = rule(criteria=criteria, fires=AllOf(tuple(either(*third) for third in thirds)))
    judged = Matcher("adverse event", [made], FIELDS)
    assert judged.refused == {
        "TST-01": f"{3**9} branches, and durable-rules is sound up to {MOST_BRANCHES}"
    }


def test_many_rules_are_spread_over_rulesets_so_that_all_may_be_true() -> None:
    rules = [rule(compare("count", ">=", each), code=f"TST-{each:03}") for each in range(150)]
    judged = Matcher("adverse event", rules, FIELDS)
    assert judged.refused == {}
    assert set(judged.judge({"count": number(1000)}, NOW).values()) == {YES}
    assert set(judged.judge({"count": number(-1)}, NOW).values()) == {NO}
    assert set(judged.judge({}, NOW).values()) == {UNKNOWN}


def test_a_rule_with_several_true_branches_counts_once() -> None:
    criteria = {f"c{each}": (compare("count", ">=", each),) for each in range(10)}
    made = rule(criteria=criteria, fires=either(*criteria))
    judged = Matcher("adverse event", [made], FIELDS)
    assert judged.judge({"count": number(99)}, NOW) == {"TST-01": YES}
    assert judged.judge({"count": number(-1)}, NOW) == {"TST-01": NO}


def test_the_same_fact_may_be_judged_again_and_again() -> None:
    judged = Matcher("adverse event", [rule(GRADE)], FIELDS)
    for _ in range(3):
        assert judged.judge({"grade": number(3)}, NOW) == {"TST-01": YES}


def test_a_value_that_cannot_be_read_is_a_matcher_error() -> None:
    judged = Matcher("adverse event", [rule(GRADE)], FIELDS)
    with pytest.raises(MatcherError, match="no second opinion on a fact"):
        judged.judge({"grade": word("three")}, NOW)
    assert judged.judge({"grade": number(3)}, NOW) == {"TST-01": YES}, "and the next goes on"


def test_all_matchers_share_one_host_without_threads() -> None:
    before = threading.active_count()
    for _ in range(5):
        Matcher("adverse event", [rule(GRADE)], FIELDS).judge({"grade": number(3)}, NOW)
    assert threading.active_count() == before
    assert module._the_host() is module._the_host()


def test_memory_stays_flat_over_10_000_facts() -> None:
    """Each fact is retracted; what stays is what the first facts took."""
    random = seeded(3)
    rules = [random_rule(random, f"TST-{each}") for each in range(5)]
    judged = Matcher("a kind", rules, RANDOM_FIELDS)
    cases = [random_case(random) for _ in range(100)]

    def judge(times: int) -> int:
        for _ in range(times):
            for case in cases:
                judged.judge(case.values, case.now)
        gc.collect()
        return _resident_kilobytes()

    settled = judge(20)
    assert judge(100) - settled < 2_000
    assert threading.active_count() < 10


def _resident_kilobytes() -> int:
    status = Path("/proc/self/status")
    if not status.exists():
        pytest.skip("the memory of the matcher: this system has no /proc")
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1])


class Bare(Host):  # type: ignore[misc]
    """durable-rules itself, to show each limit that the matcher stays within."""

    def _run(self) -> None: ...


def fire(expression: dict[str, object], fact: dict[str, object]) -> tuple[int, list[object]]:
    """How often a rule fires for the fact, and the errors."""
    fired: list[int] = []
    errors: list[object] = []

    def note(_: object) -> None:
        fired.append(1)

    host = Bare()
    host.register_rulesets({"r": {"a": {"all": [{"m": expression}], "run": note}}})
    host.assert_fact("r", {**fact, "id": 1, "sid": 0}, lambda error, _: errors.append(error))
    return len(fired), [str(error) for error in errors if error is not None]


def true(number_: int) -> dict[str, object]:
    return {f"x{each}": 1 for each in range(number_)}


def test_durable_rules_fires_once_per_true_branch() -> None:
    assert fire({"$or": [{"x0": 1}, {"x1": 1}]}, true(2)) == (2, [])


def test_durable_rules_overflows_at_more_than_64_true_comparisons() -> None:
    assert fire({"$or": [{name: 1} for name in true(64)]}, true(64)) == (64, [])
    fired, errors = fire({"$or": [{name: 1} for name in true(65)]}, true(65))
    assert (fired, errors) == (0, ["Could not assert fact, error code: 303"])
    assert MOST_COMPARISONS < 64


def test_durable_rules_takes_no_more_than_15_groups() -> None:
    def groups(number_: int) -> dict[str, object]:
        pairs = [
            {"$and": [{f"x{2 * each}": 1}, {f"x{2 * each + 1}": 1}]} for each in range(number_)
        ]
        return {"$or": pairs}

    assert fire(groups(MOST_JUNCTIONS - 1), true(40)) == (MOST_JUNCTIONS - 1, [])
    with pytest.raises(Exception, match="error code: 113"):
        fire(groups(15), true(40))


def test_durable_rules_takes_no_fact_of_more_than_255_properties() -> None:
    assert fire({"x0": 1}, true(250)) == (1, [])
    assert fire({"x0": 1}, true(260)) == (0, ["Could not assert fact, error code: 302"])
    assert 2 * MOST_COMPARISONS < 250


def test_durable_rules_hangs_on_an_or_of_520_alternatives() -> None:
    """Shown in a process of its own, which is then ended."""
    script = (
        "from durable.engine import Host\n"
        "class Bare(Host):\n"
        "    def _run(self): ...\n"
        "def note(_): ...\n"
        "either = {'$or': [{'x': each} for each in range(520)]}\n"
        "Bare().register_rulesets({'r': {'a': {'all': [{'m': either}], 'run': note}}})\n"
    )
    with pytest.raises(subprocess.TimeoutExpired):
        subprocess.run([sys.executable, "-c", script], timeout=2, check=True, capture_output=True)
    assert MOST_BRANCHES < 505


def test_durable_rules_takes_an_action_with_two_arguments_for_asynchronous() -> None:
    fired: list[int] = []

    def note(_closure: object, _name: str = "") -> None:
        fired.append(1)

    host = Bare()
    host.register_rulesets({"r": {"a": {"all": [{"m": {"x": 1}}], "run": note}}})
    for number_ in (1, 2):
        host.assert_fact("r", {"x": 1, "id": number_, "sid": 0}, lambda *_: None)
    assert len(fired) == 1, "it waits for ever for the first to complete"


def test_formulas_are_flat_and_without_constants() -> None:
    one, two = Comparison("a", "$gte", 1), Comparison("b", "$eq", 1)
    assert all_of([True, one]) == one
    assert all_of([one, False]) is False
    assert any_of([False]) is False
    assert all_of([]) is True
    assert all_of([one, all_of([two, one])]) == Junction("$and", (one, two))
    assert negated(any_of([one, two])) == Junction(
        "$and", (Comparison("a", "$lt", 1), Comparison("b", "$neq", 1))
    )
    assert branches(all_of([any_of([one, two]), any_of([negated(one), two])])) == 4


def test_fields_without_conditions_are_not_passed() -> None:
    encoding = Encoding(FIELDS, [GRADE])
    values: dict[str, Value] = {"term": Coded(), "grade": Ordered(), "started": exactly(NOW)}
    assert set(encoding.named(encoding.encode(values, NOW))) == {"f0_low", "f0_high"}
