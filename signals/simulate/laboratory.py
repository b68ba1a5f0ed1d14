"""Laboratory results: blood counts and chemistry, with what goes wrong in laboratories.

Chemistry stays inside the limits but where a scenario says otherwise, so that only scripted
values are findings.  What the blood counts must raise (LAB-05, LAB-06) is noted as it is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from random import Random
from typing import Any

from signals.simulate.assays import BLOOD_COUNT, CHEMISTRY, TESTS, unit_of, written
from signals.simulate.blood import Counts
from signals.simulate.draw import clock, days, hours, stamp
from signals.simulate.story import Story

_WARD_FROM, _WARD_TO, _CLINIC_TO, _MONTHS_TO = -9, 30, 120, 10_000
_SEVERE_PLT, _SEVERE_HGB = 50, 80
# Left without unit or limits only where both are needed to grade.
_GRADED_BY_LIMITS = ("ALT", "AST", "BILI", "CREAT", "K")


def laboratory(story: Story, counts: dict[date, Counts], visits: set[date]) -> None:
    """All results of a subject."""
    desk = _Desk(story)
    for day in _cbc_days(story, counts, visits):
        desk.blood_count(day, counts[day])
    for day in _chemistry_days(story, counts):
        desk.chemistry(day)


def _cbc_days(story: Story, counts: dict[date, Counts], visits: set[date]) -> Iterator[date]:
    script, dense = story.script, story.script.plan.dense
    for day in counts:
        offset = (day - script.first).days
        daily = _WARD_FROM <= offset <= _WARD_TO
        clinic = _WARD_TO < offset <= _CLINIC_TO and offset % (4 if dense else 7) == 0
        later = offset > _CLINIC_TO and offset % (10 if dense else 28) == 0
        if day not in script.no_cbc and (daily or clinic or later or day in visits):
            yield day


def _chemistry_days(story: Story, counts: dict[date, Counts]) -> Iterator[date]:
    script, dense = story.script, story.script.plan.dense
    asked = {day for day, _ in script.chemistry}
    for day in counts:
        offset = (day - script.first).days
        ward = _WARD_FROM <= offset <= _WARD_TO and offset % (2 if dense else 5) == 1
        clinic = _WARD_TO < offset <= _CLINIC_TO and offset % (4 if dense else 14) == 0
        later = offset > _CLINIC_TO and offset % (15 if dense else 28) == 0
        if ward or clinic or later or day in asked:
            yield day


class _Desk:
    """The laboratory's reporting desk for one subject."""

    def __init__(self, story: Story) -> None:
        self._story = story
        self._values = story.chance("chemistry")
        self._mishaps = story.chance("laboratory")

    def blood_count(self, day: date, counts: Counts) -> None:
        """The five results of one sample, and the findings that its values make."""
        values = (counts.wbc, counts.anc, counts.lym, counts.plt, counts.hgb)
        reported = clock(day, 8.5) + hours(self._mishaps.random() / 2)
        shown = dict(zip(BLOOD_COUNT, values, strict=True))
        for test, value in shown.items():
            self._report(test, self._written(test, value), clock(day, 6), reported)
        self._note(day, shown, reported)

    def chemistry(self, day: date) -> None:
        """One chemistry panel."""
        reported = clock(day, 9.5) + hours(self._mishaps.random())
        for name in CHEMISTRY:
            test = TESTS[name]
            drawn = self._values.gauss(test.usual, test.spread)
            value = min(max(drawn, test.low), test.high)
            asked = self._story.script.chemistry.get((day, name))
            text = self._written(name, value if asked is None else asked)
            self._report(name, text, clock(day, 6), reported, scripted=asked is not None)

    def _written(self, test: str, value: float) -> str:
        return written(value, unit_of(self._story.script.entry.site, test))

    def _note(self, day: date, shown: dict[str, float], reported: datetime) -> None:
        story = self._story
        opened = min(story.script.anchor, story.script.first)
        if not opened <= day <= story.script.last + days(21):
            return
        if shown["PLAT"] < _SEVERE_PLT:
            story.tell("LAB-05", reported, "platelets below 50 after therapy", "background")
        if shown["HGB"] < _SEVERE_HGB:
            story.tell("LAB-06", reported, "haemoglobin below 80 after therapy", "background")

    def _report(
        self, test: str, text: str, taken: datetime, reported: datetime, *, scripted: bool = False
    ) -> None:
        data = self._data(test, text, taken)
        if scripted or test in BLOOD_COUNT:
            self._send(data, reported)
        else:
            self._send_or_slip(data, reported)

    def _data(self, test: str, text: str, taken: datetime) -> dict[str, Any]:
        site, limits = self._story.script.entry.site, TESTS[test]
        unit = unit_of(site, test)
        return {
            "test": test,
            "loinc": limits.loinc,
            "result_raw": text,
            "unit_raw": unit.text,
            "range_low": written(limits.low, unit),
            "range_high": written(limits.high, unit),
            "range_unit": unit.text,
            "collected_at": stamp(taken),
            "specimen": "BLOOD" if test in BLOOD_COUNT else "SERUM",
            "sample_id": f"S-{self._story.subject}-{taken:%y%m%d}-{test in BLOOD_COUNT:d}",
            "status": "DONE",
            "haemolysed": False,
            "lab_id": f"{site}-LAB",
        }

    def _send(self, data: dict[str, Any], when: datetime) -> str:
        return self._story.new("lab-result", "LB", data, when)

    def _send_or_slip(self, data: dict[str, Any], reported: datetime) -> None:
        """Send a result; about three in a hundred go through some mishap on the way."""
        slip = self._mishaps.random()
        if slip < 0.012:  # noqa: PLR2004 - share of results that arrive days late
            self._send(data, reported + days(self._mishaps.randint(2, 9)))
        elif slip < 0.018:  # noqa: PLR2004 - share of results typed again
            self._correct(data, reported, self._mishaps)
        elif slip < 0.020:  # noqa: PLR2004 - share of results voided
            record_id = self._send(data, reported)
            self._story.put(
                "lab-result", record_id, {}, reported + days(1), reason="ENTERED_IN_ERROR"
            )
        elif slip < 0.025:  # noqa: PLR2004 - share of messages sent twice
            self._send(data, reported)
            self._story.tape.repeat_last()
        elif slip < 0.028:  # noqa: PLR2004 - share of tests not done
            self._send({**data, "result_raw": None, "status": "NOT DONE"}, reported)
        elif slip < 0.031 and data["test"] in _GRADED_BY_LIMITS:  # noqa: PLR2004 - share of gaps
            self._leave_out(data, reported)
        else:
            self._send(data, reported)

    def _correct(self, data: dict[str, Any], reported: datetime, chance: Random) -> None:
        limits = TESTS[data["test"]]
        typed = self._written(data["test"], chance.uniform(limits.low, limits.high))
        record_id = self._send({**data, "result_raw": typed}, reported)
        later = reported + days(chance.randint(1, 4))
        self._story.put("lab-result", record_id, data, later, reason="CORRECTION")

    def _leave_out(self, data: dict[str, Any], reported: datetime) -> None:
        """A result without unit, without limits, or in a unit of another dimension: DQ-05."""
        gap = self._mishaps.choice(("unit", "limits", "dimension"))
        gaps: dict[str, dict[str, Any]] = {
            "unit": {"unit_raw": None},
            "limits": {"range_low": None, "range_high": None, "range_unit": None},
            "dimension": {"unit_raw": "mm[Hg]"},
        }
        record_id = self._send({**data, **gaps[gap]}, reported)
        self._story.tell_record(
            "DQ-05", f"lab-result/{record_id}", reported, f"laboratory result without its {gap}"
        )
        if self._mishaps.random() < 0.5:  # noqa: PLR2004 - half are put right
            later = reported + days(3)
            self._story.put("lab-result", record_id, data, later, reason="CORRECTION")
