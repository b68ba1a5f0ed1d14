"""Upgrades: a later version makes an adverse event serious, or a serious one grave (SAE-08).

A CORRECTION that says it never was so takes the upgrade back; a later downgrade does not.
"""

from __future__ import annotations

from itertools import pairwise

from signals.events import Record
from signals.events.kinds.adverse_event import AdverseEvent
from signals.facts.seriousness import gravity, seriousness
from signals.facts.value import Coded, word
from signals.study.model import Study

_LEVELS = ("none", "serious", "fatal or life-threatening")


def upgrade(events: list[list[Record]], study: Study) -> Coded:
    """The gravest upgrade of any adverse event of a case, by its versions that are not void."""
    found = [_of_one(versions, study) for versions in events]
    return word(_LEVELS[max(found, default=0)])


def _of_one(versions: list[Record], study: Study) -> int:
    levels: list[int] = []
    for each in versions:
        level = _level(each.data, study)
        if each.change_reason == "CORRECTION":
            levels = [min(before, level) for before in levels]
        levels.append(level)
    return max((after for before, after in pairwise(levels) if after > before), default=0)


def _level(data: AdverseEvent, study: Study) -> int:
    if not seriousness(data, study, None).serious:
        return 0
    return 1 if gravity(data, study) == "neither" else 2
