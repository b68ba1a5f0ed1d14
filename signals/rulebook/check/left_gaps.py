"""SR039: what a rule leaves to another is taken there in every case."""

from __future__ import annotations

from collections.abc import Sequence

from signals.rulebook.read import ReadRule
from signals.study.problems import Problems


def check_left_gaps(rules: Sequence[ReadRule], problems: Problems) -> None:
    """Wherever a rule is silent because it left a field to another, the other says yes."""
