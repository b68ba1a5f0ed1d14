"""The fact ``cytokine release``: fever with low pressure or more oxygen after an infusion (IRR-06).

From the start of the infusion to the 14th day after it; a reading after the start of the next
infusion is of that one.  A fever counts with a systolic pressure below 90 or 30 lower than before
the infusion, or more than the usual oxygen, within 24 hours of it; it is explained by an infection
documented within 7 days of it.  The grade of the ASTCT consensus is a hint, no grading.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache

from signals.chart.timeline import happened
from signals.events import PartialDate, Record
from signals.facts import vital_signs as vitals
from signals.facts.bearing import bears
from signals.facts.decisions import ruling
from signals.facts.event_after_infusion import near, when_of
from signals.facts.exposure import exposure, is_given, started
from signals.facts.fields import integer, number, words, yes_no
from signals.facts.infections import (
    DOCUMENT,
    WITHIN_A_WEEK,
    Infection,
    documented_infections,
    may_document,
)
from signals.facts.infusion_reactions import later
from signals.facts.kind import Change, Context, Fact, Field, Key, RecordChange
from signals.facts.lab_values import KEPT, Looked
from signals.facts.refs import ref, refs
from signals.facts.spans import Instants, earliest
from signals.facts.value import (
    ANY_ORDERED,
    NO,
    YES,
    YES_OR_NO,
    Coded,
    Ordered,
    Value,
    exactly,
    word,
)
from signals.facts.vital_reading import Bounds, Signs
from signals.immutable import immutable

_DAYS, _NEAR = timedelta(days=14), timedelta(hours=24)
_FEVER, _LOW_SYSTOLIC, _FALL = Decimal("38.0"), Decimal(90), Decimal(30)
_LOW_FLOW = Decimal(6)
_TO_ALL = {"infusion", "enrolment", "decision", *DOCUMENT}
_TO_NEAR = {"vital-signs", "medication"}


class CytokineReleaseKind:
    """One fact per infusion given."""

    name = "cytokine release"
    about = ("subject", "infusion")
    reads: tuple[str, ...] = ()
    hears: frozenset[str] = frozenset({*_TO_ALL, *_TO_NEAR})
    fields: Mapping[str, Field] = {
        field.name: field
        for field in (
            number("temperature_14d", "Cel", "Highest temperature, to the 14th day", "IRR-06"),
            yes_no(
                "hypotension_or_oxygen_near_fever",
                "A temperature of 38.0 or more, and within 24 h of it systolic pressure below 90 "
                "or 30 below the baseline, or more than the usual oxygen",
                "RULES.csv IRR-06",
            ),
            yes_no(
                "infection_7d",
                "Every such fever has a documented infection within 7 days of it",
                "RULES.csv IRR-06",
            ),
            words(
                "cytokine_release_ruling",
                ("none", "yes", "no"),
                "The medical monitor's ruling in force",
                "EVENTS, adjudication",
            ),
            integer("astct_hint", "What the grade may be, 1 to 4", "ASTCT consensus 2019"),
        )
    }

    def keys(self, ctx: Context) -> Iterator[Key]:
        """Every infusion on file."""
        for subject in ctx.chart.subjects("infusion"):
            for record_id in ctx.chart.record_ids("infusion", subject):
                yield (subject, record_id)

    def touched_by(self, change: Change, ctx: Context) -> Iterable[Key]:
        """What the person was given, or had as an infection; the infusions before a reading."""
        if not isinstance(change, RecordChange):
            return ()
        if change.kind in _TO_NEAR:
            return _near_to_fevers(change, ctx, _NEAR)
        if change.kind in DOCUMENT and change.moved is None:
            may = may_document(change.ever, ctx)
            return _near_to_fevers(change, ctx, WITHIN_A_WEEK) if may else ()
        if change.kind in _TO_ALL and (change.kind != "decision" or bears(change.ever)):
            return [
                (subject, record_id)
                for subject in change.numbers(ctx.chart)
                for record_id in ctx.chart.record_ids("infusion", subject)
            ]
        return ()

    def derive(self, key: Key, ctx: Context) -> Fact | None:
        """The fact, or None for an infusion that was not given."""
        record = ctx.view.current("infusion", key[0], str(key[1]))
        if record is None or not is_given(record):
            return None
        course = _course(record, ctx)
        fevers = _fevers(course, ctx)
        answer = ruling(ctx.view, "infusion", key[0], record.record_id, "cytokine_release")
        shown = [each for fever in fevers for each in fever.readings]
        evidence = [each.ref for each in shown]
        own = ref(record)
        values: dict[str, Value] = {
            "temperature_14d": course.own.highest(vitals.temperature).resting_on(
                own, *[each.ref for each, _ in course.own.during]
            ),
            "hypotension_or_oxygen_near_fever": _pattern(fevers)
            .resting_on(own, *evidence, *[each.ref for each in course.own.before])
            .assuming(*course.notes),
            "infection_7d": _explained(fevers).resting_on(
                own, *refs([each.record for fever in fevers for each, _ in fever.infections])
            ),
            "cytokine_release_ruling": word((answer or "none").lower()).resting_on(own),
            "astct_hint": _hint(fevers, course, ctx).resting_on(own, *evidence),
        }
        return Fact(
            kind=self.name,
            key=key,
            values=values,
            subject_id=key[0],
            site_id=record.site_id,
            clinical_at=max([each.latest for each in shown], default=None),
            detail=_looked(course),
        )

    def moved_to(self, key: Key, ctx: Context) -> Key | None:
        """Under the right subject, if it was entered under a wrong one."""
        moved = ctx.chart.moved_to("infusion", key[0], str(key[1]))
        return moved[1:] if moved is not None else None


def _near_to_fevers(change: RecordChange, ctx: Context, beyond: timedelta) -> list[Key]:
    """The infusions with a fever so near a record, or of which it is a reading, by any version."""
    given = exposure(ctx.view, change.subject_id).given
    if not given:
        return []
    found: list[Key] = []
    times = [happened(each) for each in change.ever]
    facts = ctx.facts.of_kind(CytokineReleaseKind.name)
    for infusion in given:
        key = (infusion.subject_id, infusion.record_id)
        fact = facts.get(key)
        looked = fact.detail if fact is not None else None
        if not isinstance(looked, _Looked) or looked.bears(times, change.kind, beyond):
            found.append(key)
    return found


@immutable(frozen=True, slots=True)
class _Looked:
    """In which time a reading is of an infusion, and in which its fevers lie (None: no fever)."""

    readings: Looked
    fevers: Looked | None

    def bears(self, times: list[PartialDate | None], kind: str, beyond: timedelta) -> bool:
        """Whether a record of one of these times is a reading of the infusion, or near a fever."""
        readings = self.readings if kind == "vital-signs" else None
        fevers = self.fevers
        for when in times:
            if when is None or (readings is not None and _overlaps(when, readings)):
                return True
            if fevers is not None and _overlaps(when, _longer(fevers, beyond)):
                return True
        return False


def _overlaps(when: PartialDate, looked: Looked) -> bool:
    first, last = looked.first, looked.last
    if last is not None and when.earliest > last:
        return False
    return first is None or when.latest >= first


def _longer(looked: Looked, beyond: timedelta) -> Looked:
    first, last = looked.first, looked.last
    return Looked(first and first - beyond, last and last + beyond)


def _end_of_window(start: datetime) -> datetime:
    """The last second of the 14th day after the day of the infusion (D2)."""
    return datetime.combine(start.date() + _DAYS, time(23, 59, 59), start.tzinfo)


@immutable(frozen=True, slots=True)
class _Course:
    """The readings of one infusion, and those of them that may be a fever, surely (True) or not."""

    infusion: Record
    own: vitals.Around
    until: Instants
    following: datetime | None
    """From when on a reading is of the next infusion."""
    fevers: list[tuple[Signs, bool]]
    pressure_before: Bounds | None
    usual: Signs | None
    """The reading that tells the usual oxygen; None: room air is assumed."""
    notes: tuple[str, ...]
    """What was assumed of the baseline."""


@lru_cache(maxsize=KEPT)
def _until(infusion: Record) -> Instants:
    """When the window of an infusion is over."""
    start = started(infusion)
    return Instants(
        start.low and _end_of_window(start.low), start.high and _end_of_window(start.high)
    )


def _course(record: Record, ctx: Context) -> _Course:
    view, subject, until = ctx.view, record.subject_id, _until(record)
    following = view.kept(
        ("next infusion", subject, record.record_id),
        subject,
        ("infusion",),
        lambda: vitals.next_start(record, exposure(view, subject).given),
    )
    own = vitals.around(view, subject, started(record), until, following)
    base, of_pressure = own.baseline(vitals.systolic)
    usual, of_oxygen = vitals.usual_oxygen(own)
    return _Course(
        infusion=record,
        own=own,
        until=until,
        following=following,
        fevers=[
            (each, surely and answer is YES)
            for each, surely in own.during
            if (answer := _at_least(each.temperature, _FEVER)) is not NO
        ],
        pressure_before=base.systolic if base is not None else None,
        usual=usual,
        notes=tuple(filter(None, (of_pressure, of_oxygen))),
    )


def _looked(course: _Course) -> _Looked:
    """Where another record can change the fact."""
    start, ends = course.own.start.low, [course.until.high, course.following]
    last = min([each for each in ends if each is not None], default=None)
    readings = Looked(start and start - vitals.BEFORE_AT_MOST, last)
    if not course.fevers:
        return _Looked(readings, None)
    first = earliest([each.earliest for each, _ in course.fevers])
    # Of a fever without a date anything may be near.
    last = None if first is None else max(each.latest for each, _ in course.fevers)
    return _Looked(readings, Looked(first, last))


@immutable(frozen=True, slots=True)
class _Fever:
    """A fever with what came with it, each surely (True) or possibly, and what may explain it."""

    reading: Signs
    surely: bool
    with_it: tuple[tuple[Signs, bool], ...]
    infections: tuple[tuple[Infection, bool], ...]

    @property
    def readings(self) -> list[Signs]:
        """The fever and what came with it."""
        return [self.reading, *(each for each, _ in self.with_it)]

    @property
    def is_pattern(self) -> bool:
        """Whether it surely is a fever with low pressure or more oxygen."""
        return self.surely and any(surely for _, surely in self.with_it)

    @property
    def is_explained(self) -> bool:
        """Whether an infection surely lies within 7 days."""
        return any(surely for _, surely in self.infections)


def _fevers(course: _Course, ctx: Context) -> list[_Fever]:
    """The fevers that have, or may have, low pressure or more oxygen beside them."""
    unstable = _unstable(course, ctx) if course.fevers else []
    found = []
    for reading, surely in course.fevers:
        at = reading.when
        with_it = tuple(
            (other, sure and close)
            for other, sure in unstable
            if (close := near(at, other.when)) is not None
        )
        if with_it:
            infections = tuple(documented_infections(ctx, course.infusion.subject_id, at))
            found.append(_Fever(reading, surely, with_it, infections))
    return found


def _unstable(course: _Course, ctx: Context) -> list[tuple[Signs, bool]]:
    """The readings with low pressure or more oxygen, surely (True) or possibly.

    Until a day after the window, and of the next infusion too: a fever may lie near them.
    """
    subject, until = course.infusion.subject_id, later(course.until, _NEAR)
    longer = vitals.around(ctx.view, subject, course.own.start, until, None)
    return [
        (each, surely and answer is YES)
        for each, surely in longer.during
        if (answer := _is_unstable(each, course)) is not NO
    ]


def _is_unstable(reading: Signs, course: _Course) -> Coded:
    if _more_oxygen(reading, course) is YES:
        return YES
    return _low_pressure(reading, course)


def _low_pressure(reading: Signs, course: _Course) -> Coded:
    bounds = reading.systolic
    if bounds is None:
        return NO
    low, high = bounds
    if high is not None and high < _LOW_SYSTOLIC:
        return YES
    before = course.pressure_before
    fall = (
        None if before is None or before[0] is None or high is None else before[0] - high,
        None if before is None or before[1] is None or low is None else before[1] - low,
    )
    may_be_low = low is None or low < _LOW_SYSTOLIC
    answer = _at_least(fall, _FALL)
    return YES_OR_NO if answer is NO and may_be_low else answer


def _more_oxygen(reading: Signs, course: _Course) -> Coded:
    """A reading that states no oxygen tells of none."""
    if reading.support is None:
        return NO
    more = reading.oxygen > vitals.oxygen_level(course.usual)
    return YES if more else NO


def _at_least(bounds: Bounds | None, limit: Decimal) -> Coded:
    if bounds is None:
        return NO
    low, high = bounds
    if low is not None and low >= limit:
        return YES
    return NO if high is not None and high < limit else YES_OR_NO


def _pattern(fevers: list[_Fever]) -> Coded:
    """By the fevers that nothing explains, if there are such."""
    counted = [each for each in fevers if not each.is_explained] or fevers
    return YES if any(each.is_pattern for each in counted) else YES_OR_NO if counted else NO


def _explained(fevers: list[_Fever]) -> Coded:
    if not fevers:
        return NO
    if all(each.is_explained for each in fevers):
        return YES
    bare = any(not each.infections for each in fevers if each.is_pattern)
    return NO if bare or not any(each.infections for each in fevers) else YES_OR_NO


def _hint(fevers: list[_Fever], course: _Course, ctx: Context) -> Ordered:
    """The highest that the oxygen given and the vasopressors suggest."""
    if not fevers:
        return ANY_ORDERED
    readings = [each for fever in fevers for each, _ in fever.with_it]
    pressors = _vasopressors(fevers, course, ctx)
    grades = [_by_oxygen(each) for each in readings if _more_oxygen(each, course) is YES]
    grades.append(2 + min(pressors, 2))
    return exactly(max(grades))


def _by_oxygen(reading: Signs) -> int:
    """2 by a nasal cannula of at most 6 L/min, 3 by mask or high flow, 4 by positive pressure."""
    support, flow = reading.support, reading.record.data.oxygen.L_per_min
    if support in ("NIV", "VENTILATED"):
        return 4
    if support == "NASAL_CANNULA" and (flow is None or flow.value <= _LOW_FLOW):
        return 2
    return 3


def _vasopressors(fevers: list[_Fever], course: _Course, ctx: Context) -> int:
    """How many vasopressors were given within 24 hours of these fevers; vasopressin adds none."""
    start, end = course.own.start.low, course.until.high
    if start is None or end is None:
        return 0
    given = ctx.view.of_person_within(
        "medication", fevers[0].reading.record.subject_id, start - _NEAR, end + _NEAR
    )
    names = {
        (each.data.name or "").casefold()
        for each in given
        if each.data.class_ == "VASOPRESSOR"
        and any(near(fever.reading.when, when_of(each)) is not None for fever in fevers)
    }
    return len(names - {"vasopressin"}) or len(names)
