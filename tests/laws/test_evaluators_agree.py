"""Law: the judge, the matcher and brute force give every random rule and fact the same answer."""

import multiprocessing
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from signals.facts.registry import dictionary
from signals.rulebook.pack import load_pack
from signals.rulebook.spec import Verdict
from tests.rulebook.agreement import Tally, ask, compared, joint_contradictions
from tests.rulebook.random_rules import random_case, seeded

PACK = Path(__file__).resolve().parents[2] / "rules" / "uc-msc"

RULES, FACTS = 10, 40
A_BATCH = RULES * FACTS


def in_renewed_workers(seeds: Sequence[int]) -> list[Tally]:
    """Ask in one process after the other: each compiled ruleset leaks inside durable-rules."""
    fresh = multiprocessing.get_context("spawn")
    tallies: list[Tally] = []
    for begin in range(0, len(seeds), 50):
        with ProcessPoolExecutor(max_workers=1, mp_context=fresh) as worker:
            tallies += worker.map(_ask, seeds[begin : begin + 50])
    return tallies


def _ask(seed: int) -> Tally:
    return ask(seed, RULES, FACTS)


def check(tallies: list[Tally], pairs: int) -> None:
    differences = [each for tally in tallies for each in tally.differences]
    assert not differences, f"{len(differences)} differ, the first:\n{differences[0]}"
    asked = sum(tally.asked for tally in tallies)
    assert asked == pairs
    assert sum(tally.matched for tally in tallies) > 0.99 * asked, "the matcher refused too many"
    for verdict in Verdict:
        share = sum(tally.verdicts[verdict] for tally in tallies) / asked
        assert share > 0.05, f"{verdict} is too rare among the random rules to prove anything"


def test_three_evaluators_agree_on_2_000_pairs() -> None:
    check([ask(seed, rules=10, facts=8) for seed in range(25)], pairs=2_000)


@pytest.mark.ci
def test_three_evaluators_agree_on_100_000_pairs() -> None:
    check(in_renewed_workers(range(1_000, 1_000 + 100_000 // A_BATCH)), pairs=100_000)


@pytest.mark.soak
def test_three_evaluators_agree_on_1_000_000_pairs() -> None:
    check(in_renewed_workers(range(10_000, 10_000 + 1_000_000 // A_BATCH)), pairs=1_000_000)


def contradictions(seeds: Iterable[int]) -> int:
    tried = 0
    for seed in seeds:
        some, contradicted = joint_contradictions(seed, RULES, 10)
        tried += some
        assert not contradicted, contradicted[0]
    return tried


def test_no_yes_or_no_is_contradicted_by_a_whole_fact() -> None:
    assert contradictions(range(5)) > 200


@pytest.mark.ci
def test_no_yes_or_no_is_contradicted_by_any_of_many_whole_facts() -> None:
    assert contradictions(range(100, 200)) > 5_000


def test_the_rules_of_the_pack_are_answered_alike() -> None:
    """The rules that go to work, on random facts of their kinds; none lacks a second opinion."""
    pack, kinds = load_pack(PACK), dictionary()
    for kind, rules in pack.by_kind.items():
        fields, random = kinds[kind].fields, seeded(11)
        tally = compared(rules, fields, [random_case(random, fields) for _ in range(40)])
        assert not tally.differences, tally.differences[0]
        assert tally.matched == tally.asked > 0
