"""Topic, group, duties, codes and file names: what their pages do not show already."""

import pytest

from signals.rulebook.check.topic import TOPICS
from tests.rulebook.packs import RULE, minimal, read, told, with_rule

ALERT = """\
alert:
  topic: alerts.dlt
  about: [subject, adverse event]
  headline: a toxicity
  send_to: [medical monitor]
  due: none
  ends: never
"""


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_can_be_used(topic: str) -> None:
    assert told(with_rule(ALERT.replace("alerts.dlt", topic))) == []


def test_there_are_twelve_topics() -> None:
    assert len(set(TOPICS)) == 12


@pytest.mark.parametrize(
    ("group", "messages"),
    [
        ("subject", []),
        ("adverse event", []),
        ("term", []),
        ("case", ["'case' is neither what the alert is about nor a field of its fact"]),
    ],
)
def test_a_group_is_a_name_of_about_or_a_field(group: str, messages: list[str]) -> None:
    assert [each[3] for each in told(with_rule(f"{ALERT}  group: {group}\n"))] == messages


def test_in_a_draft_a_group_that_is_not_built_is_a_note() -> None:
    pack, problems = read(with_rule(f"status: draft\n{ALERT}  group: later\n"))
    assert pack is not None
    assert [(each.code, each.severity) for each in problems] == [("SR043", "note")]


def test_duties_stand_beside_due_dates_only() -> None:
    duties = "  duties: [initial-15]\n"
    shown = ALERT.replace("due: none", "due: obligation")
    assert told(with_rule(shown + duties)) == []
    assert [each[0] for each in told(with_rule(ALERT + duties))] == ["SR046"]


def test_the_second_page_of_a_code_is_told_and_names_the_first() -> None:
    files = minimal()
    files["zzz/tst-01.yaml"] = files[RULE]
    (problem,) = read(files)[1]
    assert (problem.code, problem.path) == ("SR050", "zzz/tst-01.yaml")
    assert problem.message == "'TST-01' is the code of 'tst/tst-01.yaml' already"


def test_a_file_is_named_after_its_rule_in_whatever_folder() -> None:
    files = minimal()
    files["elsewhere/tst-01.yaml"] = files.pop(RULE)
    assert told(files) == []
    files["elsewhere/toxicity.yaml"] = files.pop("elsewhere/tst-01.yaml")
    assert told(files) == [("SR051", 1, 7, "the page of 'TST-01' must be named 'tst-01.yaml'")]
