"""When escalation must stop (DOMAIN 3.5; DLT-06).

Two subjects of the first six with a dose-limiting toxicity, at any time by the entries at the
source with later corrections applied to the past; beyond six, more than a third.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from signals.facts.dlt_events import PROFILES
from signals.facts.dlt_status import Course
from signals.study.model import Profile

_TWO, _SIX = 2, 6


def two_within_six(courses: Sequence[Course], profile: Profile) -> bool:
    """Whether two subjects ever had a toxicity while at most six were evaluable."""
    place = PROFILES.index(profile)
    starts = sorted({span.since for course in courses for span in course.spans[place]})
    return any(_stops(courses, place, at) for at in starts)


def _stops(courses: Sequence[Course], place: int, at: datetime) -> bool:
    evaluable = toxic = 0
    for course in courses:
        since = course.since[place]
        is_toxic = any(span.holds(at) for span in course.spans[place])
        toxic += is_toxic
        evaluable += is_toxic or (since is not None and since <= at)
    return toxic >= _TWO and evaluable <= _SIX
