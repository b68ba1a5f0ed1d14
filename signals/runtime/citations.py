"""The law behind a due date in full: an alert bears the short name of it only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from signals.study.model import Jurisdiction, Limit, Study

Citations: TypeAlias = Mapping[tuple[str, str, str], str]
"""Citation by authority, duty and short basis, as a due date of an alert names them."""


def citations(study: Study) -> Citations:
    """The citations of all duties with a clock, of the active jurisdictions."""
    found: dict[tuple[str, str, str], str] = {}
    for law in study.jurisdictions:
        for duty, limit in _duties(law):
            key = (law.code, f"{duty}, {limit.days} days", limit.basis.text)
            known = found.setdefault(key, limit.basis.citation)
            if limit.basis.citation not in known:
                # Two follow-ups of one length and basis cannot be told apart: both are named.
                found[key] = f"{known}; or {limit.basis.citation}"
    return found


def citation(due: Mapping[str, str], known: Citations) -> str | None:
    """The citation of a due date; None if the pack no longer has such a duty."""
    return known.get((due["jurisdiction"], due["duty"], due["basis"]))


def _duties(law: Jurisdiction) -> Iterator[tuple[str, Limit]]:
    yield "initial", law.initial_7
    yield "initial", law.initial_15
    if law.completion is not None:
        yield "completion", law.completion
    yield "follow-up", law.follow_up
    yield "follow-up", law.follow_up_fatal
