"""The checks of a pack: one subject, one file, one code, one page of docs/protocol-team/errors.

A check is a function over all rules that were read; it adds to the problems and returns nothing.
The readers (``read*``, ``expression``) tell what keeps a page from being read at all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from signals.rulebook.check.about import check_about
from signals.rulebook.check.codes import check_codes
from signals.rulebook.check.criteria_used import check_criteria_used
from signals.rulebook.check.duties import check_duties
from signals.rulebook.check.file_name import check_file_name
from signals.rulebook.check.group import check_group
from signals.rulebook.check.headline import check_headline
from signals.rulebook.check.left_gaps import check_left_gaps
from signals.rulebook.check.left_to import check_left_to
from signals.rulebook.check.replaces import check_replaces
from signals.rulebook.check.topic import check_topic
from signals.rulebook.read import ReadRule
from signals.study.problems import Problems

Check: TypeAlias = Callable[[Sequence[ReadRule], Problems], None]

CHECKS: tuple[Check, ...] = (
    check_about,
    check_codes,
    check_criteria_used,
    check_duties,
    check_file_name,
    check_group,
    check_headline,
    check_left_to,
    check_left_gaps,
    check_replaces,
    check_topic,
)


def check_rules(rules: Sequence[ReadRule], problems: Problems) -> None:
    """Run every check; what it finds goes to ``problems``."""
    for check in CHECKS:
        check(rules, problems)
