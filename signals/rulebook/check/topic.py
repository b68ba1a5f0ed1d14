"""SR041: the topics on which alerts are published."""

from __future__ import annotations

from collections.abc import Sequence

from signals.rulebook.read import ReadRule
from signals.study.problems import Problems, did_you_mean

TOPICS = (
    "alerts.dlt",
    "alerts.cohort",
    "alerts.sae",
    "alerts.expedited",
    "alerts.clock",
    "alerts.infusion",
    "alerts.neoplasm",
    "alerts.lab",
    "alerts.endpoint",
    "alerts.aggregate",
    "alerts.dq",
    "alerts.ops",
)


def check_topic(rules: Sequence[ReadRule], problems: Problems) -> None:
    """Nobody listens to a topic that is not on the list."""
    for each in rules:
        topic = each.rule.alert.topic
        if topic not in TOPICS:
            problems.error(
                "SR041",
                each.page.text("alert", "topic").place,
                f"there is no topic '{topic}'",
                did_you_mean(topic, TOPICS),
            )
