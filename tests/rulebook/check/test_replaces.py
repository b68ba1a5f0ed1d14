import pytest

from tests.rulebook.check.test_left_to import DEATH
from tests.rulebook.packs import RULE, told, with_rule

ALERT = (
    "alert:\n  topic: alerts.dlt\n  about: [subject, adverse event]\n  headline: a toxicity\n"
    "  send_to: [medical monitor]\n  due: none\n  ends: never\n"
)


@pytest.mark.parametrize(
    ("code", "other", "message"),
    [
        ("TST-02", "", None),
        ("TST-03", "", "there is no rule 'TST-03'"),
        ("TST-01", "", "a rule cannot replace itself"),
        ("TST-02", DEATH, "'TST-02' judges death, not adverse event"),
    ],
)
def test_it_replaces_another_rule_on_the_same_fact(
    code: str, other: str, message: str | None
) -> None:
    files = with_rule(other, "TST-02")
    files[RULE] = with_rule(f"{ALERT}  replaces: [{code}]\n")[RULE]
    assert [each[3] for each in told(files)] == ([] if message is None else [message])
