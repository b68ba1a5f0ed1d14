"""The adverse events of a subject as dose-limiting toxicities, under either profile (DOMAIN 3.2).

REGISTERED counts any grade from the floor of the registered text on, a missing one too; G3 counts
from its own floor on and leaves out the expected terms.  A ruling of the safety review committee
goes before both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Literal, TypeAlias

from signals.chart.chart import Chart
from signals.chart.view import View
from signals.events import Record
from signals.facts import causality
from signals.facts.adverse_event import term_of
from signals.facts.deaths import implies_death, synthetic_event, untold_death
from signals.facts.decisions import ruled_on, ruling
from signals.facts.exposure import Exposure, started
from signals.facts.lab_values import KEPT
from signals.facts.refs import ref
from signals.facts.told import versions_of
from signals.facts.toxicity import Toxicity, toxicity
from signals.facts.value import NO, Coded, Ref
from signals.study.model import Profile, Study

PROFILES: tuple[Profile, ...] = ("REGISTERED", "G3")
EventClass: TypeAlias = Literal["dlt", "undetermined", "not dlt"]
STOPPED = frozenset({"DRUG WITHDRAWN", "DRUG INTERRUPTED"})
"""What is done to the treatment for toxicity, so that nothing more is outstanding (SDTM AEACN)."""
UNSAID = frozenset({None, "UNKNOWN"})
_RULED: dict[str | None, EventClass] = {"DLT": "dlt", "NOT_DLT": "not dlt"}
_EXPECTED = "expected_myelosuppression"


@dataclass(frozen=True, slots=True)
class Classified:
    """One adverse event, the record it rests on, and what it is under each profile."""

    name: str
    record: Record
    source: Ref
    under: tuple[EventClass, ...]
    behind_cap: bool

    def is_(self, profile: Profile) -> EventClass:
        """What it is under one profile."""
        return self.under[PROFILES.index(profile)]


def classified(
    chart: Chart, view: View, subject: str, exposed: Exposure, study: Study
) -> Iterator[Classified]:
    """The person's events that are, or may be, dose-limiting."""
    for number in chart.person(subject):
        ruled = ruled_on(view, number, "dlt")
        for record_id in chart.record_ids("adverse-event", number):
            record = view.current("adverse-event", number, record_id)
            if record is not None and (record_id in ruled or may_be_suspected(record, study)):
                toxic = toxicity(record, versions_of(view, number, record_id), exposed, study)
                answer = ruling(view, "adverse-event", number, record_id, "dlt")
                yield from _kept(toxic, record, ref(record), answer, study)
        death = untold_death(chart, number)
        told = synthetic_event(view, death) if death is not None else None
        if told is not None:
            toxic = toxicity(told.record, [told.record], exposed, study)
            yield from _kept(toxic, told.record, told.source, None, study)


def _kept(
    toxic: Toxicity, record: Record, source: Ref, answer: str | None, study: Study
) -> Iterator[Classified]:
    under = tuple(classify(toxic, record, answer, profile, study) for profile in PROFILES)
    if any(each != "not dlt" for each in under):
        cap = answer is None and _behind_cap(toxic)
        yield Classified(record.record_id, record, source, under, cap)


@lru_cache(maxsize=KEPT)
def may_be_suspected(record: Record, study: Study) -> bool:
    """Whether causality leaves it open at all; most events are judged unrelated, and pass."""
    data = record.data
    if data.causality_history:
        return True
    return "related" in (causality.effective_of(data.causality, study.suspect_product).words or ())


def may_count(chart: Chart, subject: str | None, record_id: str, study: Study) -> bool:
    """Whether an event, by any version and whatever is known of the infusions, may be dose-limiting.

    Most may not: unrelated in every version, or begun after any window there ever was.  They need
    not be looked at again, now or as of any instant.
    """
    versions = chart.ever("adverse-event", subject, record_id)
    own = [each for each in versions if each.op != "VOID"]
    if not own or chart.moved_to("adverse-event", subject, record_id) is not None:
        return True
    if record_id in ruled_on(chart.view, subject, "dlt") or any(_is_special(each) for each in own):
        return True
    if not any(may_be_suspected(each, study) for each in own):
        return False
    if any(each.data.action_taken in STOPPED | UNSAID for each in own):
        return True
    begin = min((each.data.onset.earliest for each in own if each.data.onset), default=None)
    last = chart.view.kept(
        ("last window ever", study, subject),
        subject,
        ("infusion",),
        lambda: _last_window_ever(chart, subject, study),
    )
    return last is not None and (begin is None or begin.date() <= last)


def _is_special(version: Record) -> bool:
    """Tells a death, came from elsewhere, or has a course that its onset does not tell."""
    data = version.data
    course = data.grade_history or data.causality_history or data.moved_from
    return bool(course) or data.onset is None or implies_death(version)


def _last_window_ever(chart: Chart, subject: str | None, study: Study) -> date | None:
    """The last day of a window by any version of the person's infusions; None: no infusion."""
    starts = [
        started(version).high
        for number in chart.person(subject)
        for record_id in chart.record_ids("infusion", number)
        for version in chart.view.versions("infusion", number, record_id)
        if version.op != "VOID"
    ]
    if None in starts:
        return date.max
    latest = max(filter(None, starts), default=None)
    return latest and latest.date() + timedelta(days=study.dlt.days_after_last)


def classify(
    toxic: Toxicity, record: Record, answer: str | None, profile: Profile, study: Study
) -> EventClass:
    """What an event is under a profile; ``answer``: the committee's ruling in force."""
    if answer in _RULED:
        return _RULED[answer]
    if toxic.window is None:
        return "not dlt"
    if _behind_cap(toxic):
        return "undetermined"
    graded = _bad_enough(toxic, record, profile, study)
    parts = (_is(toxic.dlt_window, "inside"), _is(toxic.causality, "related"), graded)
    if False in parts:
        return "not dlt"
    return "undetermined" if None in parts else "dlt"


def _is(value: Coded, wanted: str) -> bool | None:
    words = value.words or frozenset()
    return wanted in words if len(words) == 1 else (None if wanted in words else False)


def _bad_enough(toxic: Toxicity, record: Record, profile: Profile, study: Study) -> bool | None:
    floor = study.dlt.min_grade
    if profile == "G3":
        floor = study.dlt.g3_min_grade
        expected = study.terms.get(_EXPECTED, frozenset())
        if {each.casefold() for each in term_of(record).words or ()} & expected:
            return False
    low, high = toxic.grade_in_window.low, toxic.grade_in_window.high
    if isinstance(low, Decimal) and low >= floor:
        return True
    return False if isinstance(high, Decimal) and high < floor else None


def _behind_cap(toxic: Toxicity) -> bool:
    """After the cap, within the days that the last infusion alone would include (CAP_EXCLUDED)."""
    may_be_behind = "yes" in (toxic.dlt_after_cap.words or ())
    suspected = "related" in (toxic.causality.words or ())
    return may_be_behind and suspected and toxic.treatment_emergent.words != NO.words
