import pytest

from tests.rulebook.packs import told, with_rule

ALERT = (
    "alert:\n  topic: alerts.dlt\n  about: {}\n  headline: a toxicity\n"
    "  send_to: [medical monitor]\n  due: none\n  ends: never\n"
)
WRONG = "a fact of the kind 'adverse event' is about [subject, adverse event], and so is its alert"


@pytest.mark.parametrize(
    ("about", "messages"),
    [
        ("[subject, adverse event]", []),
        ("[adverse event, subject]", [WRONG]),
        ("[subject]", [WRONG]),
        ("[subject, adverse event, grade]", [WRONG]),
        ("[]", [WRONG]),
    ],
)
def test_an_alert_is_about_what_its_fact_is_about(about: str, messages: list[str]) -> None:
    assert [each[3] for each in told(with_rule(ALERT.replace("{}", about)))] == messages


def test_of_a_kind_that_is_not_built_nobody_knows() -> None:
    draft = "status: draft\njudges: product lot\n" + ALERT.replace("{}", "[lot]")
    assert [each[0] for each in told(with_rule(draft))] == ["SR020"]
