"""What followed an infusion: reactions, vital signs, medication (DOMAIN 5; IRR-01 to 05, 07)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from signals.chart.view import View
from signals.events import Record
from signals.events.kinds.treatment import Medication
from signals.facts import vital_signs as vitals
from signals.facts.adverse_event import term_of
from signals.facts.exposure import PROVISIONAL, Exposure, ended, started
from signals.facts.infusion_after_fields import FIELDS
from signals.facts.infusion_reactions import (
    ACUTE,
    EARLY,
    SAME_DAY,
    Reaction,
    any_of,
    events_within,
    highest_grade,
    in_set,
    is_listed,
    later,
    linked_in_set,
    of_this_infusion,
    systems_reacting,
)
from signals.facts.lab_values import taken
from signals.facts.refs import ref, refs
from signals.facts.spans import Instants
from signals.facts.value import (
    ANY_ORDERED,
    ANY_WORD,
    NO,
    YES,
    YES_OR_NO,
    Coded,
    Ordered,
    Value,
    exactly,
    flag,
    resting,
    word,
)
from signals.immutable import immutable
from signals.study.model import Study

_ADVERSE_EVENT, _BLANK = "ADVERSE EVENT", "blank"
_LOW_SYSTOLIC, _FALL = 90, 30
_LOW_SATURATION, _DROP = 90, 5
FULL_SATURATION = Decimal(100)
_EPINEPHRINE = "C01CA24"
"""Its ATC code."""


@immutable(frozen=True, slots=True)
class _Told:
    """The values that rest on no reading, and the reactions of the first hours.

    ``following``: from when on a reading is of the next infusion.
    """

    values: Mapping[str, Value]
    early: list[Reaction]
    following: datetime | None


@immutable(frozen=True, slots=True)
class After:
    """One infusion that was given, in its context."""

    infusion: Record
    exposed: Exposure
    view: View
    study: Study

    def values(self) -> dict[str, Value]:
        """All fields of this module."""
        told = self.view.kept(
            ("told after", self.study, self.infusion.subject_id, self.infusion.record_id),
            self.infusion.subject_id,
            ("infusion", "adverse-event", "medication"),
            self._told,
        )
        start, (end, _) = started(self.infusion), ended(self.infusion)
        day = vitals.around(
            self.view, self.infusion.subject_id, start, later(end, ACUTE), told.following
        )
        four = day.until(later(end, EARLY))
        return {
            **told.values,
            **self._of_vital_signs(four, day),
            **self._of_systems(told.early, four),
        }

    def _told(self) -> _Told:
        """All that no reading changes: an infusion is looked at again with every one."""
        near = events_within(self.view, self.infusion, self.exposed, ACUTE)
        early = events_within(self.view, self.infusion, self.exposed, EARLY) if near else []
        acute = of_this_infusion(near)
        return _Told(
            {
                **self._of_reactions(acute),
                **self._of_anaphylaxis(acute),
                **self._of_interruption(near),
            },
            of_this_infusion(early),
            vitals.next_start(self.infusion, self.exposed.given),
        )

    def _rests_on(self, reactions: list[Reaction], value: Value) -> Value:
        """Resting on the events, and on an earlier infusion whose interval holds one of them too."""
        records = [each.record for each in reactions]
        shared = self._sharing(reactions)
        notes = (SAME_DAY,) if any(each.by_day for each in reactions) else ()
        return value.resting_on(ref(self.infusion), *refs(records), *refs(shared)).assuming(*notes)

    def _sharing(self, reactions: list[Reaction]) -> list[Record]:
        """The earlier infusions given so shortly before that they may have caused it as well."""
        begun = started(self.infusion)
        if not reactions or begun.high is None:
            return []
        return [
            each
            for each in self.exposed.given
            if each is not self.infusion and _is_shortly_before(each, begun)
        ]

    def _of_reactions(self, acute: list[Reaction]) -> dict[str, Value]:
        reactions = in_set(acute, self.study)
        linked = linked_in_set(self.view, self.infusion, self.study)
        terms = sorted({name for each in reactions for name in term_of(each.record).words or ()})
        return {
            "acute_reaction": self._rests_on(reactions, any_of(reactions)),
            "reaction_terms": self._rests_on(
                reactions, word(", ".join(terms)) if terms else ANY_WORD
            ),
            "reaction_grade": self._rests_on(reactions, highest_grade(reactions)),
            "reaction_entered": (YES if linked else any_of(reactions)).resting_on(
                ref(self.infusion), *refs([*(each.record for each in reactions), *linked])
            ),
        }

    def _of_vital_signs(self, four: vitals.Around, day: vitals.Around) -> dict[str, Value]:
        highest, rise = vitals.temperatures(four)
        _, no_oxygen = vitals.usual_oxygen(day)
        on_usual = vitals.on_usual_oxygen_or_more(day)
        lowest = on_usual.lowest(vitals.saturation)
        values: dict[str, Value] = {
            "temperature_read_4h": four.read(vitals.temperature),
            "temperature_4h": highest,
            "temperature_rise_4h": rise,
            "systolic_read_4h": four.read(vitals.systolic),
            "systolic_4h": four.lowest(vitals.systolic),
            "systolic_fall_4h": four.fall(vitals.systolic),
        }
        on_oxygen: dict[str, Value] = {
            "spo2_read_24h": day.read(vitals.saturation),
            "spo2_usual_oxygen_read_24h": on_usual.read(vitals.saturation),
            "spo2_usual_oxygen_24h": lowest.assuming(*filter(None, (no_oxygen,))),
            "spo2_fall_24h": day.fall(vitals.saturation, at_most=FULL_SATURATION),
        }
        own = ref(self.infusion)
        return {
            **resting(values, own, *four.records),
            **resting(on_oxygen, own, *day.records),
        }

    def _of_anaphylaxis(self, acute: list[Reaction]) -> dict[str, Value]:
        coded = [each for each in acute if is_listed(each.record.data, {"anaphylaxis"})]
        given, medication = self._epinephrine()
        return {
            "anaphylaxis_coded": self._rests_on(coded, any_of(coded)),
            "epinephrine_4h": given.resting_on(ref(self.infusion), *refs(medication)),
        }

    def _of_systems(self, early: list[Reaction], four: vitals.Around) -> dict[str, Value]:
        pressure_read = four.read(vitals.systolic)
        saturation_read = four.read(vitals.saturation)
        airways = vitals.on_usual_oxygen_or_more(four)
        low_pressure = _or(
            _below(four.lowest(vitals.systolic), _LOW_SYSTOLIC, pressure_read),
            _at_least(four.fall(vitals.systolic), _FALL, pressure_read),
        )
        low_oxygen = _or(
            _below(
                airways.lowest(vitals.saturation), _LOW_SATURATION, airways.read(vitals.saturation)
            ),
            _at_least(
                four.fall(vitals.saturation, at_most=FULL_SATURATION), _DROP, saturation_read
            ),
        )
        systems = systems_reacting(early, self.study, low_pressure, low_oxygen)
        return {
            "systems_reacting_4h": self._rests_on(early, systems).resting_on(
                ref(self.infusion), *refs([each.record for each in early]), *four.records
            )
        }

    def _epinephrine(self) -> tuple[Coded, list[Record]]:
        start, (end, _) = started(self.infusion), ended(self.infusion)
        until = later(end, EARLY)
        if start.low is None or until.high is None:
            return NO, []
        records = self.view.of_person_within(
            "medication", self.infusion.subject_id, start.low, until.high
        )
        given = [each for each in records if _is_epinephrine(each.data) != NO]
        placed = [(each, vitals.lies_within(*taken(each), start, until)) for each in given]
        near = [(each, surely) for each, surely in placed if surely is not None]
        sure = any(surely and _is_epinephrine(each.data) == YES for each, surely in near)
        answer = YES if sure else YES_OR_NO if near else NO
        return answer, [each for each, _ in near]

    def _of_interruption(self, near: list[Reaction]) -> dict[str, Value]:
        data, own = self.infusion.data, ref(self.infusion)
        pauses = data.interruptions or ()
        broken_off = bool(pauses) or data.status == "STOPPED_EARLY"
        end, recorded = ended(self.infusion)
        notes = () if recorded else (PROVISIONAL,)
        return {
            "interrupted_or_stopped": flag(broken_off).resting_on(own),
            "interruption_reason": word(_reason([each.reason for each in pauses])).resting_on(own),
            "adverse_event_24h": self._rests_on(near, any_of(near)),
            "since_end": end.value().resting_on(own).assuming(*notes),
        }


def unknown_values() -> dict[str, Value]:
    """The fields of an infusion that was not given: nothing followed it."""
    nothing: dict[str, Value] = {
        field.name: ANY_WORD if field.type == "text" else NO if field.words else ANY_ORDERED
        for field in FIELDS
    }
    return nothing | {"interruption_reason": word(_BLANK), "systems_reacting_4h": exactly(0)}


def _is_shortly_before(other: Record, begun: Instants) -> bool:
    """Whether its interval of acute reactions may reach beyond the start of the next infusion."""
    start, until = started(other), later(ended(other)[0], ACUTE)
    earlier = start.low is None or begun.high is None or start.low < begun.high
    reaches = until.high is None or begun.low is None or until.high >= begun.low
    return earlier and reaches


def _is_epinephrine(data: Medication) -> Coded:
    """By its class, else by its ATC code; with neither it may be."""
    if data.class_ is not None:
        return flag(data.class_ == "EPINEPHRINE")
    return YES_OR_NO if data.atc is None else flag(data.atc.strip().upper() == _EPINEPHRINE)


def _reason(reasons: list[str | None]) -> str:
    """Blank without a reason; an adverse event before any other."""
    folded = {(each or "").strip().upper().replace("_", " ") for each in reasons}
    if _ADVERSE_EVENT in folded:
        return "adverse event"
    return _BLANK if not folded or "" in folded else "other"


def _below(value: Ordered, limit: int, read: Coded) -> Coded:
    if read == NO:
        return NO
    low, high = _numbers(value)
    return YES if high < limit else NO if low >= limit else YES_OR_NO


def _at_least(value: Ordered, limit: int, read: Coded) -> Coded:
    if read == NO:
        return NO
    low, high = _numbers(value)
    return YES if low >= limit else NO if high < limit else YES_OR_NO


def _numbers(value: Ordered) -> tuple[Decimal, Decimal]:
    low = value.low if isinstance(value.low, Decimal) else Decimal("-Infinity")
    high = value.high if isinstance(value.high, Decimal) else Decimal("Infinity")
    return low, high


def _or(first: Coded, second: Coded) -> Coded:
    if YES in (first, second):
        return YES
    return NO if first == second == NO else YES_OR_NO
