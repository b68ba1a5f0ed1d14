"""Expectedness against the reference safety information in force (DOMAIN 4.2).

Expected only if the sponsor says so and the information in force at the latest possible onset
lists the term, matched by lowest level term, preferred term or CTCAE term, letter case ignored, at
that severity.  One alone is taken as unexpected.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from signals.chart.view import View
from signals.events import Record
from signals.events.kinds.adverse_event import AdverseEvent
from signals.events.kinds.desk import ExpectedTerm
from signals.facts.grades import HIGHEST
from signals.facts.seriousness import Gravity

KIND = "reference-safety-information"


@dataclass(frozen=True, slots=True)
class Expectedness:
    """The answer, what was assumed (empty: nothing), and the information it rests on."""

    word: str
    assumed: str
    information: Record | None
    disagrees: bool


def expectedness(
    data: AdverseEvent, latest_onset: date, grave: Gravity, view: View
) -> Expectedness:
    """Expected, unexpected, or assumed unexpected."""
    information = in_force(view, latest_onset)
    listed = _lists(information, data, grave)
    if data.expected == "N":
        return Expectedness("unexpected", "", information, disagrees=listed)
    if data.expected == "Y":
        if listed:
            return Expectedness("expected", "", information, disagrees=False)
        why = (
            "the sponsor says expected, but no reference safety information was in force at onset"
            if information is None
            else "the sponsor says expected, but the reference safety information in force at "
            "onset does not list it so: taken as unexpected"
        )
        return Expectedness(
            "assumed unexpected", why, information, disagrees=information is not None
        )
    why = "the sponsor has not assessed expectedness: taken as unexpected"
    return Expectedness("assumed unexpected", why, information, disagrees=False)


def never_expected(found: Expectedness, authority: str) -> Expectedness:
    """A fatal outcome where no safety information makes one expected (DOMAIN 4.2, EU)."""
    if found.word != "expected":
        return found
    why = f"before {authority} a fatal outcome is never expected: taken as unexpected"
    return replace(found, word="assumed unexpected", assumed=why)


def in_force(view: View, day: date) -> Record | None:
    """The information in force on a day: of several the one that came into force last."""
    standing = [
        each
        for each in view.of_study(KIND)
        if each.data.valid_from is not None
        and each.data.valid_from.first_day <= day
        and (each.data.valid_to is None or day <= each.data.valid_to.last_day)
    ]
    return max(
        standing, key=lambda each: (each.data.valid_from.first_day, each.record_id), default=None
    )


def _lists(information: Record | None, data: AdverseEvent, grave: Gravity) -> bool:
    entries = (information.data.expected or ()) if information is not None else ()
    return any(_covers(entry, data, grave) for entry in entries)


def _covers(entry: ExpectedTerm, data: AdverseEvent, grave: Gravity) -> bool:
    if not _names(entry, data):
        return False
    if grave == "fatal" and not entry.fatal_expected:
        return False
    if grave in ("life-threatening", "assumed life-threatening"):
        return bool(entry.life_threatening_expected)
    if entry.max_grade is None:
        return True
    return grave == "fatal" or (data.grade or HIGHEST) <= entry.max_grade


def _names(entry: ExpectedTerm, data: AdverseEvent) -> bool:
    codes = {data.meddra.llt if data.meddra else None, data.ctcae.llt if data.ctcae else None}
    if entry.meddra_llt is not None and entry.meddra_llt in codes:
        return True
    if entry.meddra_pt is not None and data.meddra and data.meddra.pt == entry.meddra_pt:
        return True
    names = {
        name.casefold()
        for name in (
            data.term,
            data.ctcae.term if data.ctcae else None,
            data.meddra.pt_name if data.meddra else None,
        )
        if name
    }
    return entry.term is not None and entry.term.casefold() in names
