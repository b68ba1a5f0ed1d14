"""Blood counts in time: fall, nadir and recovery after therapy, with transfusions.

The shapes are those of intensive chemotherapy (nadir about two weeks after its start) and of
transplantation (nadir at the end of the first week).  Transfusion thresholds are the usual ones:
platelets below 10 x10^9/L, haemoglobin below 70 g/L.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from random import Random

from signals.simulate.draw import days, stream
from signals.simulate.script import CHEMOTHERAPY, Script

PLT_TRIGGER, HGB_TRIGGER = 10.0, 70.0
_PLT_PER_UNIT, _PLT_KEPT = 18.0, 0.45
_HGB_PER_COURSE = 14.0
_LEAD_DAYS = 12
_RELAPSE_DAYS = 45


@dataclass(frozen=True, slots=True)
class Counts:
    """One morning's counts: x10^9/L, haemoglobin g/L; and what was transfused that day."""

    wbc: float
    anc: float
    lym: float
    plt: float
    hgb: float
    transfused: tuple[str, ...] = ()


def course(script: Script) -> dict[date, Counts]:
    """The counts of every day from before the therapy to the end of follow-up."""
    chance = stream(script.seed, script.entry.subject, "blood")
    model = _Model(script, chance)
    first = script.anchor - days(_LEAD_DAYS)
    last = min(script.plan.cut.date(), script.stop or script.plan.cut.date())
    return {
        first + days(step): model.morning(step - _LEAD_DAYS)
        for step in range((last - first).days + 1)
    }


class _Model:
    """A subject's marrow: the untransfused counts by day from the anchor, and what is added."""

    def __init__(self, script: Script, chance: Random) -> None:
        self._script, self._chance = script, chance
        chemotherapy = script.arm == CHEMOTHERAPY
        self._nadir = 13 if chemotherapy else 6
        self._fall = 4 if chemotherapy else -2
        self._anc = (chance.uniform(1.8, 4.5), chance.uniform(0.02, 0.18))
        self._plt = (chance.uniform(70, 190), chance.uniform(2, 9))
        self._hgb = chance.uniform(78, 106)
        self._boost = 0.0

    def morning(self, day: int) -> Counts:
        """The counts of a morning; transfusions given that day show on the next."""
        anc = self._lineage(day, self._anc, self._script.anc_recovery, 0.55, 1.33) * self._noise(
            0.1
        )
        lym = (0.12 + 0.35 * min(anc, 4.0)) * self._noise(0.12)
        marrow = self._lineage(day, self._plt, self._script.plt_recovery, 54.0, 1.16)
        plt = marrow * self._noise(0.06) + self._boost
        self._hgb = max(52.0, self._hgb + self._drift(day))
        hgb = self._hgb * self._noise(0.015)
        given = self._transfuse(plt, hgb)
        return Counts(anc + lym + 0.05, anc, lym, plt, hgb, given)

    def _noise(self, spread: float) -> float:
        return math.exp(max(-2.0, min(2.0, self._chance.gauss(0, 1))) * spread)

    def _lineage(
        self,
        day: int,
        levels: tuple[float, float],
        recovery: int,
        at_recovery: float,
        growth: float,
    ) -> float:
        base, nadir = levels
        ill = self._relapsed(day)
        if day <= self._fall:
            return base
        if day <= self._nadir:
            share = (day - self._fall) / (self._nadir - self._fall)
            return base * math.pow(nadir / base, share)
        if day < recovery - 4:
            return nadir
        if day < recovery:
            return nadir * math.pow(at_recovery / nadir, (day - recovery + 4) / 4)
        grown = at_recovery * math.pow(growth, day - recovery)
        return min(base, grown) * math.pow(0.12, ill)

    def _relapsed(self, day: int) -> float:
        """How far a relapse has displaced the marrow, 0 to 1."""
        relapse = self._script.relapse
        if relapse is None:
            return 0.0
        since = (self._script.anchor + days(day) - relapse).days
        return max(0.0, min(1.0, since / _RELAPSE_DAYS))

    def _drift(self, day: int) -> float:
        if self._relapsed(day) > 0:
            return -0.5
        if self._fall <= day < self._script.anc_recovery:
            return -self._chance.uniform(1.4, 3.4)
        return 0.45 if day > 0 and self._hgb < 118 else 0.0  # noqa: PLR2004 - normal lower limit

    def _transfuse(self, plt: float, hgb: float) -> tuple[str, ...]:
        given: list[str] = []
        self._boost *= _PLT_KEPT
        if plt < PLT_TRIGGER:
            given.append("PLATELET")
            self._boost += _PLT_PER_UNIT
        if hgb < HGB_TRIGGER:
            given.append("RBC")
            self._hgb += _HGB_PER_COURSE
        return tuple(given)
