import pytest

from tests.rulebook.packs import RULE, minimal, read, told, with_rule


def gap(one: str, other: str, *, more: str = "") -> list[str]:
    """What is told of TST-01 (page `one`) that leaves something to TST-02 (page `other`)."""
    files = with_rule(other + "fires_when: all\n", "TST-02")
    files[RULE] = with_rule(one)[RULE]
    if more:
        files |= {"tst/tst-03.yaml": with_rule(more, "TST-03")["tst/tst-03.yaml"]}
    _, problems = read(files)
    assert {each.code for each in problems} <= {"SR039"}
    return [
        each.message.removeprefix("'TST-01' is silent and 'TST-02' does not say yes when ")
        for each in problems
    ]


LEAVE = "if_unknown:\n  causality: leave to TST-02\n"
SUSPECTED = "criteria:\n  suspected: {causality: related}\n"


@pytest.mark.parametrize(
    "other",
    [
        "criteria:\n  open: {causality: {known: no}}\n",
        "criteria:\n  maybe: {causality: {may be: related}}\n",
        "criteria:\n  maybe unrelated: {causality: {may be: not related}}\n",
    ],
)
def test_what_is_left_is_taken(other: str) -> None:
    assert gap(SUSPECTED + "fires_when: all\n" + LEAVE, other) == []


@pytest.mark.parametrize(
    ("other", "region"),
    [
        ("criteria:\n  suspected: {causality: related}\n", "causality is not known"),
        ("criteria:\n  open: {causality: {known: yes}}\n", "causality is not known"),
        (
            "criteria:\n  open: {causality: {known: no}}\n  serious: {serious: yes}\n",
            "causality is not known and serious is no",
        ),
        (
            "criteria:\n  open: {causality: {known: no}}\n  bad: {grade: '>= 3'}\n",
            "causality is not known and grade is 2",
        ),
        (
            "criteria:\n  open: {causality: {known: no}}\n  rash: {term: {in: rashes}}\n",
            "causality is not known and term is (another word)",
        ),
        (
            "criteria:\n  open: {causality: {known: no}}\n  few: {platelets: '< 50 10*9/L'}\n",
            "causality is not known and platelets is 50 10*9/L",
        ),
        (
            "criteria:\n  open: {causality: {known: no}}\n  early: {onset: '< 2026-03-02'}\n",
            "causality is not known and onset is 2026-03-02",
        ),
        (
            "criteria:\n  open: {causality: {known: no}}\n  late: {since_receipt: '> 48 h'}\n",
            "causality is not known and since_receipt is 1 day, 23:59:59",
        ),
        (
            "criteria:\n  open: {causality: {known: no}}\n  due: {time_to_due: '<= 4 h'}\n",
            "causality is not known and time_to_due is 4:00:01",
        ),
    ],
)
def test_a_gap_is_shown_with_the_fields_it_hangs_on(other: str, region: str) -> None:
    assert gap(SUSPECTED + "fires_when: all\n" + LEAVE, other) == [region]


def test_what_this_rule_does_not_ask_is_no_gap() -> None:
    one = "criteria:\n  suspected: {causality: related}\n  bad: {grade: '>= 3'}\nfires_when: all\n"
    other = "criteria:\n  open: {causality: {known: no}}\n  bad: {grade: {may be: '>= 3'}}\n"
    assert gap(one + LEAVE, other) == []
    fewer = "criteria:\n  open: {causality: {known: no}}\n  bad: {grade: {may be: '>= 4'}}\n"
    assert gap(one + LEAVE, fewer) == ["causality is not known and grade is 3"]


def test_a_range_over_a_limit_is_a_region_too() -> None:
    one = "criteria:\n  bad: {grade: '>= 3'}\nfires_when: all\nif_unknown:\n  grade: leave to TST-02\n"
    assert gap(one, "criteria:\n  open: {grade: {known: no}}\n") == []
    assert gap(one, "criteria:\n  open: {grade: {may be: '> 4'}}\n") == ["grade is 2 to 3"]


def test_it_counts_under_not() -> None:
    one = "criteria:\n  unsuspected: {causality: not related}\nfires_when: not unsuspected\n"
    assert gap(one + LEAVE, "criteria:\n  open: {causality: {known: no}}\n") == []
    assert gap(one + LEAVE, "criteria:\n  sure: {causality: {known: yes}}\n") == [
        "causality is not known"
    ]


def test_an_exception_of_the_other_rule_is_a_silence_with_a_reason() -> None:
    other = "criteria:\n  open: {causality: {known: no}}\nunless:\n  mild:\n    why: too mild\n    serious: no\n"
    assert gap(SUSPECTED + "fires_when: all\n" + LEAVE, other) == []


def test_an_exception_of_this_rule_leaves_nothing() -> None:
    one = SUSPECTED + "fires_when: all\nunless:\n  mild:\n    why: too mild\n    serious: no\n"
    other = "criteria:\n  open: {causality: {known: no}}\n  bad: {serious: {may be: yes}}\n"
    assert gap(one + LEAVE, other) == []


def test_one_of_two_named_rules_is_enough() -> None:
    one = (
        "criteria:\n  both: {causality: related, window: inside}\nfires_when: all\n"
        "if_unknown:\n  causality: leave to TST-02\n  window: leave to TST-03\n"
    )
    other = "criteria:\n  open: {causality: {known: no}}\n"
    more = "criteria:\n  open: {window: {known: no}}\nfires_when: all\n"
    assert gap(one, other, more=more) == []


def test_many_fields_are_gone_through_without_their_combinations() -> None:
    many = "".join(
        f"  a{number}: {{{field}}}\n"
        for number, field in enumerate(
            [
                "grade: {between: [2, 4]}",
                "platelets: {between: [20 10*9/L, 50 10*9/L]}",
                "ratio: {between: [1, 3]}",
                "onset: {between: [2026-03-01, 2026-03-09]}",
                "since_receipt: {between: [1 h, 9 h]}",
            ]
        )
    )
    one = SUSPECTED + many + "fires_when: all\n" + LEAVE
    assert gap(one, "criteria:\n  open: {causality: {known: no}}\n") == []
    (region,) = gap(one, "criteria:\n  open: {causality: {known: no}}\n  mild: {grade: '<= 3'}\n")
    assert region.startswith(
        "causality is not known and grade is 4 and platelets is 20 10*9/L and "
    )


def test_the_line_of_the_field_is_marked() -> None:
    files = with_rule(SUSPECTED + "fires_when: all\n", "TST-02")
    files[RULE] = with_rule(SUSPECTED + "fires_when: all\n" + LEAVE)[RULE]
    ((code, line, column, _),) = told(files)
    assert code == "SR039"
    assert files[RULE].splitlines()[line - 1][column - 1 :].startswith("causality: leave to")


def test_a_draft_is_not_held_to_it() -> None:
    files = with_rule(SUSPECTED + "fires_when: all\n", "TST-02")
    files[RULE] = with_rule("status: draft\n" + SUSPECTED + "fires_when: all\n" + LEAVE)[RULE]
    assert told(files) == []
    assert told(minimal()) == []
