import pytest

from tests.rulebook.packs import told, with_rule

CRITERIA = "criteria:\n  a: {window: inside}\n  b: {causality: related}\n"
WHEN = "priority:\n  - high: when b\n  - low: otherwise\n"
SIGN = (
    "alert:\n  topic: alerts.dlt\n  about: [subject, adverse event]\n  headline: a toxicity\n"
    "  send_to: [medical monitor]\n  due: none\n  ends: never\n  sign_off_when: b\n"
)


@pytest.mark.parametrize(
    ("part", "unused"),
    [
        ("fires_when: all\n", []),
        ("fires_when: any\n", []),
        ("fires_when: a and not b\n", []),
        ("fires_when: a\n", ["nothing uses the criterion 'b'"]),
        ("fires_when: a\n" + WHEN, []),
        ("fires_when: a\n" + SIGN, []),
    ],
)
def test_every_criterion_is_used_somewhere(part: str, unused: list[str]) -> None:
    assert [each[3] for each in told(with_rule(CRITERIA + part))] == unused
