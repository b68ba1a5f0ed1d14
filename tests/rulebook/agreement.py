"""Asks the judge, the matcher and brute force the same questions, and tells where they differ."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from signals.facts.kind import Field
from signals.rulebook.judge import compile_rule
from signals.rulebook.matcher import Matcher
from signals.rulebook.spec import Rule, Verdict
from signals.rulebook.together import Together
from tests.rulebook import brute_force
from tests.rulebook.random_rules import FIELDS, Case, random_case, random_rule, seeded


@dataclass(frozen=True, slots=True)
class Tally:
    """How many pairs were asked, how many of them the matcher answered, and who differed."""

    asked: int
    matched: int
    verdicts: dict[Verdict, int]
    differences: list[str]


def ask(seed: int, rules: int, facts: int) -> Tally:
    """Judge ``facts`` random facts by ``rules`` random rules that share one matcher."""
    random = seeded(seed)
    made = [random_rule(random, f"TST-{number:02}") for number in range(rules)]
    return compared(made, FIELDS, [random_case(random) for _ in range(facts)], f"seed {seed}")


def compared(
    rules: Sequence[Rule], fields: Mapping[str, Field], cases: Sequence[Case], name: str = ""
) -> Tally:
    """Ask all three evaluators about every rule and case, the judges alone and together."""
    matcher = Matcher("a kind of the tests", rules, fields)
    judges = [compile_rule(rule, fields) for rule in rules]
    together = Together({judge.rule.code: judge for judge in judges}, fields)
    verdicts = dict.fromkeys(Verdict, 0)
    matched, differences = 0, []
    for case in cases:
        seconds = matcher.judge(case.values, case.now)
        of_all = together.verdicts(case.values, case.now)
        for judge in judges:
            rule = judge.rule
            answers = {
                "judge": judge.verdict(case.values, case.now),
                "judges together": of_all[rule.code],
                "brute force": brute_force.verdict(rule, fields, case.values, case.now),
            }
            if rule.code in seconds:
                answers["matcher"] = seconds[rule.code]
                matched += 1
            verdicts[answers["judge"]] += 1
            if len(set(answers.values())) > 1:
                differences.append(f"{name} {answers}\n{rule}\n{case}")
    return Tally(len(rules) * len(cases), matched, verdicts, differences)


def joint_contradictions(seed: int, rules: int, facts: int) -> tuple[int, list[str]]:
    """Try whole facts against the judge's yes and no; how many could be tried, and what differed.

    Assumptions and what is left to other rules decide without evidence, so they are taken out, and
    so are exceptions, which hold off only where they are certain.
    """
    random = seeded(seed)
    tried, contradicted = 0, []
    for number in range(rules):
        rule = _plain(random_rule(random, f"TST-{number:02}"))
        judge = compile_rule(rule, FIELDS)
        for _ in range(facts):
            case = random_case(random)
            verdict = judge.verdict(case.values, case.now)
            holds = set(_holds(rule, case))
            tried += bool(holds)
            if (verdict is Verdict.YES and False in holds) or (
                verdict is Verdict.NO and True in holds
            ):
                contradicted.append(f"seed {seed}: {verdict}, {holds}\n{rule}\n{case}")
    return tried, contradicted


def _holds(rule: Rule, case: Case) -> Iterator[bool]:
    return brute_force.whole_facts(rule, FIELDS, case.values, case.now)


def _plain(rule: Rule) -> Rule:
    return replace(rule, if_unknown=(), unless=())
