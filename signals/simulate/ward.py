"""Vital signs: on the ward, around infusions, and at home.

Infusion series: before, every 15 minutes, end, +30 min, +1, +2, +4 and +24 h.  Unless a scenario
says otherwise they stay far from every limit of the infusion rules.
"""

from __future__ import annotations

from datetime import date, datetime
from random import Random
from typing import Any

from signals.simulate.draw import clock, days, hours, stamp
from signals.simulate.script import Dose
from signals.simulate.story import Story

_WARD_FROM, _WARD_TO = -9, 30
_AFTER_END = (("END", 0.0), ("END+30MIN", 0.5), ("END+1H", 1.0), ("END+2H", 2.0))
_AFTER_END_LATE = (("END+4H", 4.0), ("END+24H", 24.0))


def vital_signs(story: Story) -> None:
    """All vital signs of a subject but those of visits."""
    bed = Bed(story)
    for offset in range(_WARD_FROM, _WARD_TO + 1):
        bed.ward_day(story.script.first + days(offset))
    for dose in story.script.doses:
        bed.infusion(dose)
    if story.script.home_fever:
        bed.fever_at(story.script.home_fever)


class Bed:
    """Where a subject's vital signs are read."""

    def __init__(self, story: Story) -> None:
        self._story = story
        self._chance = story.chance("vital signs")
        self._pressure = self._chance.randint(112, 128)

    def ward_day(self, day: date) -> None:
        """The readings of one day on the ward, with fever if the script says so."""
        script = self._story.script
        hours_of_day = [6.0, 10.0, 14.0, 20.0] if script.plan.dense else [6.0, 20.0]
        if day in script.dose_days:
            hours_of_day = [6.0, 20.0]
        elif day in script.fever_days:
            hours_of_day = [6.0, 14.0, 16.0, 20.0]
        for hour in hours_of_day:
            fever = day in script.fever_days and hour > 6.0  # noqa: PLR2004 - mornings are cooler
            self._put(self._usual(self._chance, fever=fever), clock(day, hour))

    def infusion(self, dose: Dose) -> None:
        """The series around one infusion, with the readings that a scenario sets."""
        length = dose.end - dose.start
        times = [("PRE", dose.start - hours(0.25))]
        times += [
            (f"START+{minutes}MIN", dose.start + hours(minutes / 60))
            for minutes in range(15, int(length.total_seconds() // 60), 15)
        ]
        times += [(name, dose.end + hours(after)) for name, after in _AFTER_END + _AFTER_END_LATE]
        for name, when in times:
            marks = {"timepoint": name, "infusion_ref": dose.record_id}
            self._put({**self._usual(self._chance), **marks, **dose.signs.get(name, {})}, when)

    def fever_at(self, when: datetime) -> None:
        """One fever read in the clinic."""
        self._put({**self._usual(self._chance), "temperature": temperature(38.6)}, when)

    def visit(self, day: date) -> None:
        """The readings of a visit."""
        self._put(self._usual(self._chance), clock(day, 10.0))

    def _usual(self, chance: Random, *, fever: bool = False) -> dict[str, Any]:
        warm = chance.uniform(38.5, 39.6) if fever else chance.uniform(36.3, 37.1)
        pressure = self._pressure + chance.randint(-7, 7)
        return {
            "temperature": temperature(warm),
            "systolic_mmHg": str(pressure),
            "diastolic_mmHg": str(pressure - 45 + chance.randint(-4, 4)),
            "pulse_per_min": str(chance.randint(68, 92) + (18 if fever else 0)),
            "respiration_per_min": str(chance.randint(14, 19)),
            "spo2_pct": str(chance.randint(97, 99)),
            "oxygen": {"support": "ROOM_AIR"},
        }

    def _put(self, data: dict[str, Any], when: datetime) -> None:
        if not self._story.script.alive(when):
            return
        entered = when + hours(self._chance.randint(3, 12) / 60)
        if self._chance.random() < 0.004 and "infusion_ref" not in data:  # noqa: PLR2004 - paper
            entered += days(1)
        self._story.new("vital-signs", "VS", {"at": stamp(when), **data}, entered)


def temperature(celsius: float) -> dict[str, str]:
    """An axillary temperature."""
    return {"value": f"{celsius:.1f}", "unit": "Cel", "route": "AXILLARY"}
