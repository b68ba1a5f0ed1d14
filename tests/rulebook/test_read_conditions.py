from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from signals.rulebook.read_condition import ConditionReader
from signals.rulebook.spec import Between, Compare, Condition, Known, MayBe, OneOf
from signals.study.files import load_study
from signals.study.places import Table, read_yaml
from signals.study.problems import Problems
from tests.rulebook.kinds import ADVERSE_EVENT
from tests.rulebook.packs import MINIMAL

STUDY = load_study(MINIMAL)


def read(text: str) -> tuple[Condition | None, list[tuple[str, str, str]]]:
    """The condition written as `field: condition`, and code, marked text and message of faults."""
    problems = Problems()
    node = read_yaml(text, "p.yaml", problems)
    assert isinstance(node, Table)
    ((field, value),) = node.entries
    condition = ConditionReader(STUDY, problems).read(ADVERSE_EVENT.fields[field.text], value)
    told = [
        (each.code, text[each.column - 1 :][: each.length], each.message) for each in problems.all()
    ]
    return condition, told


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("window: inside", OneOf("window", frozenset({"inside"}), "inside")),
        ("window: Inside", OneOf("window", frozenset({"Inside"}), "Inside")),
        ("serious: yes", OneOf("serious", frozenset({"yes"}), "yes")),
        ("serious: no", OneOf("serious", frozenset({"no"}), "no")),
        (
            "window: [inside, outside]",
            OneOf("window", frozenset({"inside", "outside"}), "inside, outside"),
        ),
        ("term: Fever", OneOf("term", frozenset({"Fever"}), "Fever")),
        (
            "term: {in: rashes}",
            OneOf("term", frozenset({"urticaria", "rash maculo-papular"}), "in: rashes"),
        ),
        (
            "term: {not in: rashes}",
            OneOf(
                "term", frozenset({"urticaria", "rash maculo-papular"}), "not in: rashes", True
            ),
        ),
        ("term: {in: nothing}", OneOf("term", frozenset(), "in: nothing")),
        (
            "window: {not in: [inside]}",
            OneOf("window", frozenset({"inside"}), "not in: inside", True),
        ),
        ('grade: ">= 3"', Compare("grade", ">=", Decimal(3), ">= 3")),
        ('grade: ">=3"', Compare("grade", ">=", Decimal(3), ">=3")),
        ("grade: 3", Compare("grade", "=", Decimal(3), "3")),
        ('grade: "!= 5"', Compare("grade", "!=", Decimal(5), "!= 5")),
        ('grade: "> -1"', Compare("grade", ">", Decimal(-1), "> -1")),
        ('grade: ">= $dlt_g3_min_grade"', Compare("grade", ">=", Decimal(3), ">= 3")),
        (
            'platelets: "< 50 10*9/L"',
            Compare("platelets", "<", Decimal(50), "< 50 10*9/L"),
        ),
        ('ratio: "<= 2.50"', Compare("ratio", "<=", Decimal("2.50"), "<= 2.50")),
        ('ratio: "> 1E-30"', Compare("ratio", ">", Decimal("1E-30"), "> 1E-30")),
        ('onset: "< 2026-03-01"', Compare("onset", "<", date(2026, 3, 1), "< 2026-03-01")),
        (
            'seen_at: ">= 2026-03-01T10:00+08:00"',
            Compare(
                "seen_at",
                ">=",
                datetime(2026, 3, 1, 2, tzinfo=UTC),
                ">= 2026-03-01T10:00+08:00",
            ),
        ),
        (
            'since_receipt: ">= $data_quality_causality_hours h"',
            Compare("since_receipt", ">=", timedelta(hours=48), ">= 48 h"),
        ),
        ('time_to_due: "< 0 h"', Compare("time_to_due", "<", timedelta(0), "< 0 h")),
        ('time_to_due: "<= -4 h"', Compare("time_to_due", "<=", timedelta(hours=-4), "<= -4 h")),
        ('since_receipt: "> 30 min"', Compare("since_receipt", ">", timedelta(minutes=30), "> 30 min")),
        ('since_receipt: "> 3 d"', Compare("since_receipt", ">", timedelta(days=3), "> 3 d")),
        (
            "grade: {between: [1, 3]}",
            Between("grade", Decimal(1), Decimal(3), "between: 1 and 3"),
        ),
        (
            "since_receipt: {between: [2 h, 1 d]}",
            Between("since_receipt", timedelta(hours=2), timedelta(days=1), "between: 2 h and 1 d"),
        ),
        ("grade: {between: [3, 3]}", Between("grade", Decimal(3), Decimal(3), "between: 3 and 3")),
        ("grade: {known: yes}", Known("grade", True, "known: yes")),
        ("window: {known: no}", Known("window", False, "known: no")),
        (
            "causality: {may be: related}",
            MayBe(OneOf("causality", frozenset({"related"}), "related"), "may be: related"),
        ),
        (
            'grade: {may be: ">= 3"}',
            MayBe(Compare("grade", ">=", Decimal(3), ">= 3"), "may be: >= 3"),
        ),
        (
            "term: {may be: {in: rashes}}",
            MayBe(
                OneOf("term", frozenset({"urticaria", "rash maculo-papular"}), "in: rashes"),
                "may be: in: rashes",
            ),
        ),
    ],
)  # fmt: skip
def test_a_condition_is_what_it_says(text: str, expected: Condition) -> None:
    assert read(text) == (expected, [])


WRONG = [
    ("window: insde", "SR023", "insde", "'insde' is not a word of 'window'"),
    ("window: [inside, out]", "SR023", "out", "'out' is not a word of 'window'"),
    ("window: ''", "SR023", "''", "'' is not a word of 'window'"),
    ("term: ''", "SR023", "''", "'' is not a word of 'term'"),
    ("term: {in: rash}", "SR024", "rash", "'rash' is not a word list of terms.yaml"),
    ("grade: {in: rashes}", "SR026", "rashes", "a word list stands here, and 'grade' is ordered (integer)"),
    ("grade: [1, 2]", "SR026", "[", "a list of words stands here, and 'grade' is ordered (integer)"),
    ('window: ">= 3"', "SR026", '">= 3"', "'>= 3' compares, and 'window' holds words"),
    ('window: "= inside"', "SR026", '"= inside"', "'= inside' compares, and 'window' holds words"),
    ("term: {between: [1, 2]}", "SR026", "[", "'between' compares, and 'term' holds words"),
    ('grade: ">= $dlt_min"', "SR025", "$dlt_min", "'$dlt_min' is not a parameter of study.yaml"),
    ('platelets: "< 50"', "SR027", '"< 50"', "the limit of 'platelets' has no unit"),
    ('platelets: "< 50 g/L"', "SR027", '"< 50 g/L"', "'platelets' is held in 10*9/L, not in g/L"),
    ('grade: "> 3 h"', "SR027", '"> 3 h"', "'grade' has no unit, and 'h' stands here"),
    ('grade: "> three"', "SR028", '"> three"', "'three' is not a number, and 'grade' is compared with one"),
    ('grade: "> 2.5"', "SR028", '"> 2.5"', "'grade' counts whole numbers, and '2.5' is none"),
    ('grade: ">"', "SR028", '">"', "'' is not a number, and 'grade' is compared with one"),
    ('grade: "=> 3"', "SR028", '"=> 3"', "'> 3' is not a number, and 'grade' is compared with one"),
    ('since_receipt: "> 48"', "SR028", '"> 48"', "'48' is not a duration, and 'since_receipt' runs with time"),
    ('since_receipt: "> 2 weeks"', "SR028", '"> 2 weeks"', "'2 weeks' is not a duration, and 'since_receipt' runs with time"),
    ('onset: "< 2026-02-30"', "SR028", '"< 2026-02-30"', "'2026-02-30' is not a date"),
    ('seen_at: "< 2026-03-01T10:00"', "SR028", '"< 2026-03-01T10:00"', "'2026-03-01T10:00' is not an instant with its offset"),
    ("grade: {between: [3, 1]}", "SR028", "[", "nothing lies between 3 and 1"),
    ("grade: {between: [3]}", "SR029", "[", "'between' wants two limits"),
    ("grade: {between: 3}", "SR029", "3", "'between' wants two limits"),
    ("grade:", "SR029", "", "the condition on 'grade' is empty"),
    ("grade: {}", "SR029", "{", "the condition on 'grade' has a form that is not known"),
    ("grade: {above: 3}", "SR029", "above", "the condition on 'grade' has a form that is not known"),
    ("grade: {known: maybe}", "SR029", "maybe", "'known' is yes or no"),
    ("grade: {may be: {known: yes}}", "SR029", "{", "'may be' wants a word, a list or a comparison"),
    ("window: []", "SR029", "[", "a list of words (or limits) is wanted here"),
    ("window: [[inside]]", "SR029", "[", "a list of words (or limits) is wanted here"),
    ("term: {in: {a: b}}", "SR029", "{", "'in:' wants a word list"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "marked", "message"), WRONG)
def test_what_cannot_be_read_is_marked(text: str, code: str, marked: str, message: str) -> None:
    condition, told = read(text)
    assert condition is None
    assert told == [(code, marked, message)]
