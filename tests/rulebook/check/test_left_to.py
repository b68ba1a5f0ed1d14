import pytest

from tests.rulebook.packs import RULE, told, with_rule

LEAVE = "if_unknown:\n  causality: leave to TST-02\n"
OPEN = "criteria:\n  open: {causality: {known: no}}\nfires_when: all\n"
DEATH = (
    "judges: death\ncriteria:\n  dead: {dead: yes}\nfires_when: all\nalert:\n  topic: alerts.sae\n"
    "  about: [subject]\n  headline: a death\n  send_to: [medical monitor]\n  due: none\n  ends: never\n"
)


def messages(one: str, other: str) -> list[str]:
    files = with_rule(other, "TST-02")
    files[RULE] = with_rule(one)[RULE]
    return [f"{code}: {message}" for code, _, _, message in told(files)]


def test_another_rule_on_the_same_kind_takes_it() -> None:
    assert messages(LEAVE, OPEN) == []


@pytest.mark.parametrize(
    ("one", "other", "message"),
    [
        (LEAVE.replace("TST-02", "TST-03"), OPEN, "SR038: there is no rule 'TST-03' to leave it to"),
        (LEAVE.replace("TST-02", "TST-01"), OPEN, "SR038: a rule cannot leave something to itself"),
        (LEAVE, DEATH, "SR038: 'TST-02' judges death, not adverse event"),
        (LEAVE, "status: shadow\n" + OPEN, "SR038: 'TST-02' is shadow, so nobody would hear of what is left to it"),
        (LEAVE, "status: draft\n" + OPEN, "SR038: 'TST-02' is draft, so nobody would hear of what is left to it"),
    ],
)  # fmt: skip
def test_who_cannot_take_it(one: str, other: str, message: str) -> None:
    assert message in messages(one, other)


def test_a_shadow_rule_may_leave_it_to_a_shadow_rule() -> None:
    assert messages("status: shadow\n" + LEAVE, "status: shadow\n" + OPEN) == []
