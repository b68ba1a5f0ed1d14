"""Seriousness and gravity of an adverse event (ICH E2A II.B; DOMAIN 4.1).

Serious: AESER = Y, any criterion = Y, grade 5, a fatal outcome, or a suspected secondary tumour
that is not adjudicated away.  AESER missing or unreadable is taken for Y unless all six criteria
are N.  Severity is not seriousness: grade 4 alone is not serious.
"""

from __future__ import annotations

from typing import Literal

from signals.events.kinds.adverse_event import AdverseEvent
from signals.facts.neoplasms import is_neoplasm
from signals.immutable import immutable
from signals.study.model import Study

Gravity = Literal["fatal", "life-threatening", "assumed life-threatening", "neither"]

CRITERIA = (
    "death",
    "life_threatening",
    "hospitalization",
    "disability",
    "congenital",
    "other_medically_important",
)
FATAL_GRADE = 5
_LIFE_THREATENING_GRADE = 4
_ADJUDICATED_AWAY = {"BENIGN", "PRE_EXISTING", "RELAPSE"}


@immutable(frozen=True, slots=True)
class Seriousness:
    """Whether serious, why (in words), and what was assumed to say so (empty: nothing)."""

    serious: bool
    why: str
    assumed: str = ""


def criteria_met(data: AdverseEvent) -> list[str]:
    """The criteria of seriousness that are Y."""
    if data.criteria is None:
        return []
    return [name for name in CRITERIA if getattr(data.criteria, name, None) == "Y"]


def seriousness(data: AdverseEvent, study: Study, adjudicated: str | None) -> Seriousness:
    """Derived seriousness; ``adjudicated`` is the answer in force to the neoplasm question."""
    if is_fatal(data):
        return Seriousness(serious=True, why="fatal")
    met = criteria_met(data)
    if met:
        return Seriousness(serious=True, why=", ".join(name.replace("_", " ") for name in met))
    if data.serious == "Y":
        return Seriousness(serious=True, why="serious by the reporter's word")
    if is_neoplasm(data, study) and adjudicated not in _ADJUDICATED_AWAY:
        return Seriousness(serious=True, why="suspected secondary tumour, medically important")
    if data.serious is None and not _all_criteria_denied(data):
        return Seriousness(
            serious=True,
            why="seriousness not stated",
            assumed="seriousness is missing or unreadable: taken as serious",
        )
    return Seriousness(serious=False, why="not serious")


def _all_criteria_denied(data: AdverseEvent) -> bool:
    return all(getattr(data.criteria, name, None) == "N" for name in CRITERIA)


def is_fatal(data: AdverseEvent) -> bool:
    """Grade 5, outcome FATAL, or the criterion death."""
    stated = data.criteria.death if data.criteria else None
    return data.grade == FATAL_GRADE or data.outcome == "FATAL" or stated == "Y"


def gravity(data: AdverseEvent, study: Study) -> Gravity:
    """Fatal, life-threatening as recorded or as assumed, or neither, of a serious event.

    Assumed life-threatening: no criterion met and grade 4, 5 or unknown, until one is entered (six
    denials of an event called serious contradict it and answer nothing); or grade 4 of a term that
    is no laboratory term, the life-threatening criterion left blank (DOMAIN 4.1).
    """
    if is_fatal(data):
        return "fatal"
    stated = data.criteria.life_threatening if data.criteria else None
    if stated == "Y":
        return "life-threatening"
    if not criteria_met(data):
        grade_may_be_grave = data.grade is None or data.grade >= _LIFE_THREATENING_GRADE
        return "assumed life-threatening" if grade_may_be_grave else "neither"
    clinical = data.grade == _LIFE_THREATENING_GRADE and not is_laboratory_term(data, study)
    return "assumed life-threatening" if clinical and stated is None else "neither"


def is_laboratory_term(data: AdverseEvent, study: Study) -> bool:
    """Whether the event is one of the CTCAE laboratory terms (DOMAIN 7.1)."""
    listed = study.terms.get("ctcae_laboratory_terms", frozenset())
    named = (data.term, data.ctcae.term if data.ctcae else None)
    return any(each.casefold() in listed for each in named if each)
