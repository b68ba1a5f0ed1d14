import pytest

from tests.rulebook.packs import read, told, with_rule

ALERT = (
    "alert:\n  topic: alerts.dlt\n  about: [subject, adverse event]\n  headline: '{}'\n"
    "  send_to: [medical monitor]\n  due: none\n  ends: never\n"
)


def page(headline: str) -> str:
    return ALERT.replace("{}", headline)


@pytest.mark.parametrize(
    ("headline", "messages"),
    [
        ("nothing filled in", []),
        ("{subject}: {adverse event} {term}", []),
        ("{subjct}", ["the headline cannot fill in '{subjct}'"]),
        ("{}", ["the headline cannot fill in '{}'"]),
        ("{subject", ["a bracket of the headline is not closed"]),
        ("subject}", ["a bracket of the headline is not closed"]),
    ],
)
def test_only_what_the_alert_has_is_filled_in(headline: str, messages: list[str]) -> None:
    assert [each[3] for each in told(with_rule(page(headline)))] == messages


def test_in_a_draft_a_field_that_is_not_built_is_a_note() -> None:
    pack, problems = read(with_rule("status: draft\n" + page("{later}")))
    assert pack is not None
    assert [(each.code, each.severity) for each in problems] == [("SR042", "note")]
