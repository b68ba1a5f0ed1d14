from decimal import Decimal

import pytest

from signals.facts.kind import FieldType
from signals.rulebook.pack import read_pack
from signals.rulebook.spec import (
    AllOf,
    AnyOf,
    Assume,
    Compare,
    Ends,
    Exception_,
    Is,
    LeaveTo,
    OneOf,
    Priority,
    PriorityWhen,
    Rule,
    Status,
)
from tests.rulebook.kinds import ADVERSE_EVENT, DICTIONARY, field, kind
from tests.rulebook.packs import RULE, read, told, with_rule

ALERT = """\
alert:
  topic: alerts.dlt
  about: [subject, adverse event]
  headline: a toxicity
  send_to: [medical monitor]
  due: obligation
"""
TWO = """\
criteria:
  suspected: {causality: related}
  bad enough: {grade: ">= 3"}
  fatal: {grade: 5}
"""


def rule_of(part: str) -> Rule:
    pack, problems = read(with_rule(part))
    assert problems == []
    assert pack is not None
    (rule,) = (*pack.rules, *pack.drafts, *pack.retired)
    return rule


def test_a_page_becomes_a_rule() -> None:
    rule = rule_of("")
    assert (rule.code, rule.title) == ("TST-01", "A toxicity that is bad enough")
    assert (rule.status, rule.judges) == (Status.ACTIVE, "adverse event")
    assert rule.criteria == (
        ("began in the window", (OneOf("window", frozenset({"inside"}), "inside"),)),
        ("suspected", (OneOf("causality", frozenset({"related"}), "related"),)),
        ("bad enough", (Compare("grade", ">=", Decimal(3), ">= 3"),)),
    )
    assert rule.fires_when == AllOf((Is("began in the window"), Is("suspected"), Is("bad enough")))
    assert (rule.unless, rule.if_unknown) == ((), ())
    assert rule.priority == (PriorityWhen(Priority.HIGH),)
    assert rule.alert.about == ("subject", "adverse event")
    assert rule.alert.ends is Ends.WHEN_NO_LONGER_TRUE
    assert (rule.alert.due, rule.alert.duties, rule.alert.notify_possible) == ("none", (), False)


def test_several_fields_of_one_criterion_all_belong_to_it() -> None:
    rule = rule_of("criteria:\n  both: {window: inside, causality: related}\nfires_when: all\n")
    assert [condition.field for condition in rule.criteria[0][1]] == ["window", "causality"]


@pytest.mark.parametrize(("word", "kind"), [("all", AllOf), ("any", AnyOf)])
def test_all_and_any_leave_out_what_only_priority_or_sign_off_use(
    word: str, kind: type[AllOf | AnyOf]
) -> None:
    rule = rule_of(
        TWO
        + "  inside: {window: inside}\n"
        + f"fires_when: {word}\n"
        + "priority:\n  - critical: when fatal\n  - high: otherwise\n"
        + ALERT
        + "  ends: never\n  sign_off_when: inside\n"
    )
    assert rule.fires_when == kind((Is("suspected"), Is("bad enough")))
    assert rule.alert.sign_off_when == Is("inside")


def test_a_criterion_of_the_expression_may_also_decide_the_priority() -> None:
    rule = rule_of(
        TWO
        + "fires_when: suspected and (bad enough or fatal)\n"
        + "priority:\n  - critical: when fatal and suspected\n  - high: otherwise\n"
    )
    assert rule.priority == (
        PriorityWhen(Priority.CRITICAL, AllOf((Is("fatal"), Is("suspected")))),
        PriorityWhen(Priority.HIGH),
    )


def test_an_exception_has_a_name_a_reason_and_conditions() -> None:
    rule = rule_of("unless:\n  a rash:\n    why: it has its own rule\n    term: {in: rashes}\n")
    assert rule.unless == (
        Exception_(
            "a rash",
            "it has its own rule",
            (OneOf("term", frozenset({"urticaria", "rash maculo-papular"}), "in: rashes"),),
        ),
    )


def test_if_unknown_asks_assumes_or_leaves() -> None:
    files = with_rule("criteria:\n  open: {causality: {known: no}}\nfires_when: all\n", "TST-02")
    files |= {
        RULE: with_rule("if_unknown:\n  window: ask\n  causality: leave to TST-02\n  grade: 4\n")[
            RULE
        ]
    }
    pack, problems = read(files)
    assert problems == []
    assert pack is not None
    assert pack.rules[0].if_unknown == (
        ("causality", LeaveTo("TST-02")),
        ("grade", Assume(Decimal(4))),
    )
    assert rule_of("if_unknown:\n  causality: not related\n").if_unknown == (
        ("causality", Assume("not related")),
    )


@pytest.mark.parametrize(
    ("words", "ends", "decision"),
    [
        ("when no longer true", Ends.WHEN_NO_LONGER_TRUE, None),
        ("needs sign-off", Ends.NEEDS_SIGN_OFF, None),
        ("never", Ends.NEVER, None),
        ('"by decision: ADJUDICATION"', Ends.BY_DECISION, "ADJUDICATION"),
        ('"by decision: SIGN_OFF"', Ends.BY_DECISION, "SIGN_OFF"),
    ],
)
def test_an_alert_ends_in_one_of_four_ways(words: str, ends: Ends, decision: str | None) -> None:
    alert = rule_of(ALERT + f"  ends: {words}\n").alert
    assert (alert.ends, alert.decision) == (ends, decision)


def test_duties_and_notify_possible() -> None:
    alert = rule_of(
        ALERT + "  ends: never\n  duties: [completion, follow-up]\n  notify possible: yes\n"
    ).alert
    assert alert.duties == ("completion", "follow-up")
    assert alert.notify_possible


@pytest.mark.parametrize(
    ("part", "code", "message"),
    [
        ("priority: urgent\n", "SR012", "'urgent' is not a priority"),
        ("priority: []\n", "SR040", "'priority' is one word, or a list of when's with an otherwise"),
        ("priority:\n  - urgent: otherwise\n", "SR012", "'urgent' is not a priority"),
        ("priority:\n  - high: otherwise\n  - low: otherwise\n", "SR040", "the last entry of 'priority', and only that, is 'otherwise'"),
        ("priority:\n  - high: if fatal\n  - low: otherwise\n", "SR040", "'if fatal' does not say when"),
        ("priority:\n  - high\n  - low: otherwise\n", "SR040", "an entry of 'priority' names one priority and when it holds"),
        ("priority:\n  - high: when fatal\n  - low: otherwise\n", "SR032", "'fatal' is not a criterion of this rule"),
        (ALERT + "  ends: sometime\n", "SR012", "'sometime' does not say how an alert ends"),
        (ALERT + "  ends: by decision\n", "SR012", "'by decision' does not say how an alert ends"),
        (ALERT + "  ends: never\n  sign_off_when: fatal\n", "SR032", "'fatal' is not a criterion of this rule"),
        (ALERT + "  ends: never\n  notify possible: maybe\n", "SR013", "'alert.notify possible': 'maybe' is not yes or no"),
        (ALERT + "  ends: never\n  duties: [initial-8]\n", "SR012", "'initial-8' is not a value of 'duties'"),
        ("if_unknown:\n  serious: yes\n", "SR037", "'if_unknown' names 'serious', and no condition of the rule uses it"),
        ("if_unknown:\n  grade: three\n", "SR028", "'three' is not a number, and 'grade' is compared with one"),
        ("criteria:\n  soon: {time_to_due: '< 4 h'}\nfires_when: all\nif_unknown:\n  time_to_due: 3 h\n", "SR037", "nothing can be assumed for 'time_to_due': it holds an instant"),
        ("unless:\n  a rash:\n    why: a reason\n", "SR035", "the exception 'a rash' has no condition"),
        ("criteria:\n  all: {window: inside}\nfires_when: all\n", "SR034", "a criterion cannot be named 'all': it is a word of the language"),
        ("criteria:\n  a (b): {window: inside}\nfires_when: all\n", "SR034", "a criterion cannot be named 'a (b)': it holds a bracket"),
        ("criteria: {}\n", "SR013", "'criteria': nothing stands here, and something must"),
        ("rule: tst-1\n", "SR013", "'rule': 'tst-1' is no code of a rule; write it as in DLT-02"),
    ],
)  # fmt: skip
def test_what_a_page_cannot_say(part: str, code: str, message: str) -> None:
    found = told(with_rule(part))
    assert (code, message) in [(each[0], each[3]) for each in found]
    assert {each[0] for each in found} <= {code, "SR033"}


def test_a_page_that_is_no_table_says_so() -> None:
    files = {**with_rule(""), "tst/tst-01.yaml": "- a\n- b\n"}
    assert told(files) == [("SR013", 1, 1, "a rule's page is a table of keys and values")]


DRAFT = """\
status: draft
criteria:
  later:
  soon: {not_built: ">= 3"}
  now: {window: inside}
fires_when: all
"""


def test_a_draft_may_name_what_is_not_built_and_leave_a_criterion_empty() -> None:
    pack, problems = read(with_rule(DRAFT))
    assert [(each.code, each.severity) for each in problems] == [
        ("SR035", "note"),
        ("SR022", "note"),
    ]
    assert pack is not None
    assert (pack.rules, [rule.code for rule in pack.drafts]) == ((), ["TST-01"])
    assert [len(conditions) for _, conditions in pack.drafts[0].criteria] == [0, 0, 1]


def test_a_draft_may_judge_a_kind_that_is_not_built() -> None:
    pack, problems = read(with_rule("status: draft\njudges: product lot\n"))
    assert {(each.code, each.severity) for each in problems} == {
        ("SR020", "note"),
        ("SR042", "note"),
    }
    assert pack is not None
    assert pack.drafts[0].judges == "product lot"


@pytest.mark.parametrize("status", ["active", "shadow"])
def test_what_runs_may_not(status: str) -> None:
    found = told(with_rule(DRAFT.replace("draft", status)))
    assert [each[0] for each in found] == ["SR035", "SR022"]
    pack, _ = read(with_rule(DRAFT.replace("draft", status)))
    assert pack is None


def test_even_a_draft_must_be_written_right() -> None:
    assert [each[0] for each in told(with_rule("status: draft\nfires_when: later\n"))] == ["SR032"]
    assert told(with_rule("status: draft\ncriteria:\n  a: {window: insde}\nfires_when: all\n")) == [
        ("SR023", 8, 15, "'insde' is not a word of 'window'")
    ]


def test_the_hash_follows_what_the_page_says_and_not_its_layout() -> None:
    page = with_rule("")
    same = {
        **page,
        "tst/tst-01.yaml": "# a comment\n" + page["tst/tst-01.yaml"].replace(": {", ":   {"),
    }
    other = with_rule("meaning: something else\n")
    assert hash_of(page) == hash_of(same)
    assert hash_of(page) != hash_of(other)
    assert hash_of(page).startswith("sha256:")


def test_the_hash_follows_the_lists_and_parameters_that_the_rule_uses_and_no_others() -> None:
    part = 'criteria:\n  a: {term: {in: rashes}, grade: ">= $dlt_min_grade"}\nfires_when: all\n'
    page = with_rule(part)

    def with_text(name: str, old: str, new: str) -> dict[str, str]:
        assert old in page[name]
        return {**page, name: page[name].replace(old, new)}

    assert hash_of(page) != hash_of(with_text("terms.yaml", "Urticaria", "Pruritus"))
    assert hash_of(page) != hash_of(with_text("study.yaml", "  min_grade: 1", "  min_grade: 2"))
    assert hash_of(page) == hash_of(with_text("terms.yaml", "nothing: []", "nothing: [Fever]"))
    assert hash_of(page) == hash_of(with_text("study.yaml", "cap_days: 12", "cap_days: 13"))


def test_the_hash_does_not_follow_what_is_built() -> None:
    draft = with_rule("status: draft\ncriteria:\n  a: {later: {in: rashes}}\nfires_when: all\n")
    before, _ = read_pack(draft, DICTIONARY)
    later = field("later", FieldType.TEXT)
    built = kind("adverse event", ADVERSE_EVENT.about, *ADVERSE_EVENT.fields.values(), later)
    after, _ = read_pack(draft, {**DICTIONARY, "adverse event": built})
    assert before is not None
    assert after is not None
    assert before.drafts[0].criteria != after.drafts[0].criteria
    assert before.drafts[0].hash == after.drafts[0].hash


def hash_of(files: dict[str, str]) -> str:
    pack, problems = read(files)
    assert pack is not None, problems
    return pack.rules[0].hash
