"""The checks for contradictory safety data (DQ-04): a closed list, each one function.

A check looks at one record in the chart and says in plain words what is wrong, or nothing.  What
it says never repeats what a person wrote.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from signals.events import PartialDate, Problem, Record, partial_date
from signals.events.places import holds
from signals.facts.causality import investigators, sponsors
from signals.facts.contacts import contact_after
from signals.facts.deaths import statuses
from signals.facts.dlt_window import dlt_window
from signals.facts.expectedness import expectedness
from signals.facts.exposure import exposure, is_given, started
from signals.facts.kind import Context
from signals.facts.onset import onset
from signals.facts.seriousness import (
    FATAL_GRADE,
    criteria_met,
    gravity,
    is_fatal,
    is_laboratory_term,
    seriousness,
)
from signals.facts.told import versions_of
from signals.facts.toxicity import toxicity
from signals.facts.value import NO

Finding = str | None


@dataclass(frozen=True, slots=True)
class Look:
    """The record looked at, in its context."""

    record: Record
    ctx: Context

    @property
    def versions(self) -> list[Record]:
        """Its versions that are not void."""
        record = self.record
        found = self.ctx.view.versions(record.kind, record.subject_id, record.record_id)
        return [each for each in found if each.op != "VOID"]


def seriousness_missing(look: Look) -> Finding:
    """AESER is missing or cannot be read."""
    missing = look.record.data.serious is None
    return "whether the event is serious is missing or cannot be read" if missing else None


def grade_5_without_death_date(look: Look) -> Finding:
    """A fatal event (of grade 5, or no grade), and no record dates the death."""
    data = look.record.data
    if not is_fatal(data) or data.grade not in (None, FATAL_GRADE):
        return None
    dated = any(
        each.data.death_date is not None for each in statuses(look.ctx.view, look.record.subject_id)
    )
    return None if dated else "the event is fatal and no date of death is recorded"


def death_then_alive(look: Look) -> Finding:
    """Known to be alive after the date of death, or examined or treated after it (DOMAIN 3.3)."""
    died: PartialDate | None = look.record.data.death_date
    if died is None:
        return None
    view, subject = look.ctx.view, look.record.subject_id
    for each in view.of_person("subject-status", subject):
        for alive in (each.data.last_known_alive, _active(each)):
            if alive is not None and alive.earliest > died.latest:
                return "known to be alive after the date of death"
    contact = contact_after(view, subject, died.latest)
    return f"there is a {contact} of a day after the death" if contact else None


def _active(status: Record) -> PartialDate | None:
    at: PartialDate | None = status.data.at
    return at if status.data.status == "ACTIVE" else None


def fatal_below_grade_5(look: Look) -> Finding:
    """Outcome FATAL with another grade."""
    data = look.record.data
    odd = data.outcome == "FATAL" and data.grade is not None and data.grade < FATAL_GRADE
    return f"the outcome is fatal and the grade is {data.grade}" if odd else None


def non_serious_with_criterion(look: Look) -> Finding:
    """AESER = N although a criterion is Y."""
    met = criteria_met(look.record.data)
    if look.record.data.serious != "N" or not met:
        return None
    return f"recorded as not serious, with the criterion {', '.join(_plain(met))}"


def serious_without_criterion(look: Look) -> Finding:
    """AESER = Y and no criterion."""
    bare = look.record.data.serious == "Y" and not criteria_met(look.record.data)
    return "recorded as serious, with no criterion of seriousness" if bare else None


def grade_4_not_life_threatening(look: Look) -> Finding:
    """Clinical grade 4 with AESLIFE = N."""
    data = look.record.data
    denied = data.criteria is not None and data.criteria.life_threatening == "N"
    odd = data.grade == FATAL_GRADE - 1 and denied
    if not odd or is_laboratory_term(data, look.ctx.study):
        return None
    return "grade 4 is life-threatening by CTCAE and recorded as not life-threatening"


def end_before_start(look: Look) -> Finding:
    """The end lies before the start."""
    data = look.record.data
    start = data.onset if look.record.kind == "adverse-event" else data.start
    end = data.end
    odd = start is not None and end is not None and end.latest < start.earliest
    return "the end lies before the start" if odd else None


def onset_after_report(look: Look) -> Finding:
    """The onset lies after the receipt by the sponsor, so it was not used."""
    return _onset_late(look)


def _onset_late(look: Look) -> Finding:
    received: PartialDate | None = look.record.data.received_by_sponsor_at
    if received is None or look.record.data.onset is not None:
        return None  # an onset that was read lies before the receipt
    sent = look.record.raw.get("data")
    text = sent.get("onset") if isinstance(sent, dict) else None
    if not isinstance(text, str):
        return None
    try:
        stated = partial_date(text, look.ctx.study.zone)
    except ValueError:
        return None
    late = stated.earliest > received.latest
    return "the onset lies after the report of the event" if late else None


def invalid_date(look: Look) -> Finding:
    """A date that does not exist, or lies after the entry of its record."""
    found = [each for each in look.record.problems if _holds(look, each) == "a date"]
    if look.record.kind == "adverse-event" and _onset_late(look):
        found = [each for each in found if each.pointer != "/data/onset"]
    return _listed("a date cannot be right", found)


def unreadable_field(look: Look) -> Finding:
    """A field that cannot be read, but for seriousness, which has a check of its own."""
    found = [
        each
        for each in look.record.problems
        if _holds(look, each) == "another field"
        and not (look.record.kind == "adverse-event" and each.pointer == "/data/serious")
    ]
    return _listed("a field cannot be read", found)


def unknown_key(look: Look) -> Finding:
    """A key that no event of the kind has."""
    found = [each for each in look.record.problems if _holds(look, each) == "no known key"]
    return _listed("a key is not known", found)


def _holds(look: Look, problem: Problem) -> str:
    return holds(look.record.kind, problem.pointer)


def _listed(what: str, problems: list[Problem]) -> Finding:
    names = ", ".join(sorted({each.pointer for each in problems}))
    return f"{what}: {names}" if names else None


def schedule_past_cap(look: Look) -> Finding:
    """An infusion given after the cap of the DLT window."""
    window = dlt_window(exposure(look.ctx.view, look.record.subject_id), look.ctx.study.dlt)
    if window is None or not is_given(look.record):
        return None
    day = started(look.record).days.low
    past = day is not None and window.cap.high is not None and day > window.cap.high
    return "the schedule slipped past the cap of the DLT window" if past else None


def correction_without_origin(look: Look) -> Finding:
    """The last CORRECTION does not say whose error it corrects."""
    corrections = [each for each in look.versions if each.change_reason == "CORRECTION"]
    odd = bool(corrections) and corrections[-1].data.error_origin is None
    return "a correction does not say whose error it corrects (error_origin)" if odd else None


def related_before_infusion(look: Look) -> Finding:
    """Related, although it began before the first infusion and never became worse."""
    record, study = look.record, look.ctx.study
    exposed = exposure(look.ctx.view, record.subject_id)
    opinions = (
        investigators(record.data, study.suspect_product),
        sponsors(record.data, study.suspect_product),
    )
    if exposed.first is None or "related" not in opinions:
        return None
    versions = versions_of(look.ctx.view, record.subject_id, record.record_id)
    never = toxicity(record, versions, exposed, study).treatment_emergent == NO
    return "related, but began before the first infusion and never worsened" if never else None


def dose_deviation(look: Look) -> Finding:
    """The recorded dose per kg is off viable cells / weight."""
    data = look.record.data
    stated, cells, weight = (
        each.value if each is not None and each.comparator == "" else None
        for each in (data.dose_cells_per_kg_actual, data.total_viable_cells, data.weight_kg)
    )
    if stated is None or cells is None or weight is None or weight <= 0:
        return None
    allowed = look.ctx.study.data_quality.dose_deviation_pct * cells / Decimal(100)
    if abs(stated * weight - cells) <= allowed:
        return None
    return "the recorded dose per kg does not agree with the cells given and the weight"


def conflicting_content(look: Look) -> Finding:
    """Another content came under an id or a version already taken."""
    record = look.record
    conflicts = look.ctx.chart.conflicts(record.kind, record.subject_id, record.record_id)
    newest = max((each.record.version for each in conflicts), default=None)
    if newest is None or record.version > newest:
        return None
    return "another content came under the same id or version: the first one counts"


def expectedness_disagrees(look: Look) -> Finding:
    """The sponsor's expectedness and the reference safety information disagree."""
    record, ctx = look.record, look.ctx
    data = record.data
    if data.expected is None or not seriousness(data, ctx.study, None).serious:
        return None
    began = onset(record, look.versions)
    latest = (began.high or record.arrival).date()
    found = expectedness(data, latest, gravity(data, ctx.study), ctx.view)
    if not found.disagrees:
        return None
    return "the sponsor's expectedness and the reference safety information disagree"


def progression_undated(look: Look) -> Finding:
    """A PROGRESSION does not say from when."""
    undated = any(
        each.change_reason == "PROGRESSION" and each.effective_from is None
        for each in look.versions
    )
    history = getattr(look.record.data, "grade_history", None)
    return "a progression does not say from when" if undated and not history else None


def submission_covers_missing(look: Look) -> Finding:
    """A report does not say which obligations it meets."""
    missing = not look.record.data.covers
    return "a report does not say which obligations it meets" if missing else None


@dataclass(frozen=True, slots=True)
class Check:
    """A check, the kinds of record it looks at (empty: all), and whether it concerns a death.

    ``asks``: what a record must bear for it to find anything; most records bear neither.
    """

    look: Callable[[Look], Finding]
    kinds: frozenset[str] = frozenset()
    concerns_death: bool = False
    asks: Literal["problems", "conflicts"] | None = None

    def applies_to(self, kind: str) -> bool:
        """Whether it looks at records of a kind."""
        return not self.kinds or kind in self.kinds


_AE = frozenset({"adverse-event"})
_INFUSION = frozenset({"infusion"})
_LASTING = _AE | _INFUSION | {"therapy", "transfusion", "medication"}

CHECKS: Mapping[str, Check] = {
    "seriousness-missing": Check(seriousness_missing, _AE),
    "grade-5-without-death-date": Check(grade_5_without_death_date, _AE, concerns_death=True),
    "death-then-alive": Check(death_then_alive, frozenset({"subject-status"}), concerns_death=True),
    "fatal-below-grade-5": Check(fatal_below_grade_5, _AE, concerns_death=True),
    "non-serious-with-criterion": Check(non_serious_with_criterion, _AE),
    "serious-without-criterion": Check(serious_without_criterion, _AE),
    "grade-4-not-life-threatening": Check(grade_4_not_life_threatening, _AE),
    "end-before-start": Check(end_before_start, _LASTING),
    "onset-after-report": Check(onset_after_report, _AE),
    "invalid-date": Check(invalid_date, asks="problems"),
    "unreadable-field": Check(unreadable_field, asks="problems"),
    "unknown-key": Check(unknown_key, asks="problems"),
    "schedule-past-cap": Check(schedule_past_cap, _INFUSION),
    "correction-without-origin": Check(correction_without_origin, _AE),
    "related-before-infusion": Check(related_before_infusion, _AE),
    "dose-deviation": Check(dose_deviation, _INFUSION),
    "conflicting-content": Check(conflicting_content, asks="conflicts"),
    "expectedness-disagrees": Check(expectedness_disagrees, _AE),
    "progression-undated": Check(progression_undated, _AE),
    "submission-covers-missing": Check(submission_covers_missing, frozenset({"report-submission"})),
}


def _plain(names: list[str]) -> list[str]:
    return [name.replace("_", " ") for name in names]
