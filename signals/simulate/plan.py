"""The trial: sites, dose levels, cohorts, who enrols when, and until when it is simulated.

Doses, cohort size and schedule are not in the registered text (NCT05672420); they follow the
bundled study file: three levels, cohorts of three, infusions on days 0, 3 and 7.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from signals.simulate.draw import ZONE, clock, stream

SITES = {"WHC": "001", "WUH": "002", "TJH": "003"}
LEVELS = {"DL1": "1.0e6", "DL2": "2.0e6", "DL3": "3.0e6"}
START = date(2026, 1, 5)
COHORT_SIZE = 3
_COHORT_DAYS = 27
_TO_FIRST_INFUSION = 10


@dataclass(frozen=True, slots=True)
class Cohort:
    """One cohort of dose escalation, the toxicities scripted in it, and what was decided on it."""

    level: str
    number: int
    toxicities: int
    outcome: str
    n: int
    x: int


class Spot(NamedTuple):
    """A place in the trial: in phase Ib a cohort and a slot in it."""

    enrolled: date
    level: str
    phase: str
    cohort_no: int | None
    slot: int | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One subject, the spot it takes, and its position in the order of enrolment."""

    subject: str
    site: str
    spot: Spot
    position: int

    @property
    def enrolled(self) -> date:
        """The day of enrolment."""
        return self.spot.enrolled

    @property
    def level(self) -> str:
        """The dose level assigned."""
        return self.spot.level

    @property
    def phase(self) -> str:
        """IB or II."""
        return self.spot.phase

    @property
    def cohort(self) -> tuple[str, int | None]:
        """The cohort: dose level and number."""
        return self.spot.level, self.spot.cohort_no


@dataclass(frozen=True, slots=True)
class Plan:
    """The size of a simulated trial.

    ``dense`` is the share of the full measuring schedule.
    """

    name: str
    cohorts: tuple[Cohort, ...]
    expansion_level: str
    subjects: int
    expansion_days: int
    length_days: int
    dense: bool

    @property
    def cut(self) -> datetime:
        """The data cut: nothing later is on the tape."""
        return clock(START + timedelta(days=self.length_days), 23.9)

    @property
    def expansion_from(self) -> date:
        """The first day of phase II."""
        return START + timedelta(days=_COHORT_DAYS * len(self.cohorts))

    def first_infusion(self, entry: Entry) -> date:
        """The day of the first infusion."""
        return entry.enrolled + timedelta(days=_TO_FIRST_INFUSION)

    def decided(self, index: int) -> datetime:
        """When the committee decided on a cohort, by its place in the trial."""
        day = START + timedelta(days=_COHORT_DAYS * (index + 1) - 1)
        return datetime(day.year, day.month, day.day, 16, 30, tzinfo=ZONE)

    @property
    def judged_again(self) -> datetime:
        """When an event is judged related after the last decision on the first level."""
        first = self.cohorts[0].level
        own = [index for index, each in enumerate(self.cohorts) if each.level == first]
        return self.decided(own[-1]) + timedelta(days=6)

    def entries(self, seed: int) -> list[Entry]:
        """All subjects in the order of enrolment."""
        chance = stream(seed, "trial", "enrolment")
        counts = dict.fromkeys(SITES, 0)
        found: list[Entry] = []
        for spot in self._places(chance.random):
            site = list(SITES)[len(found) % len(SITES)]
            counts[site] += 1
            name = f"{SITES[site]}-{counts[site]:03d}"
            position = len(found)
            found.append(Entry(name, site, spot, position))
        return found

    def _places(self, chance: Callable[[], float]) -> Iterator[Spot]:
        for index, cohort in enumerate(self.cohorts):
            first = START + timedelta(days=_COHORT_DAYS * index)
            for slot in range(COHORT_SIZE):
                day = first + timedelta(days=slot)
                yield Spot(day, cohort.level, "IB", cohort.number, slot + 1)
        remaining = self.subjects - COHORT_SIZE * len(self.cohorts)
        step = self.expansion_days / max(1, remaining - 1)
        for index in range(remaining):
            shift = index * step + chance() * step * 0.5
            day = self.expansion_from + timedelta(days=int(shift))
            yield Spot(day, self.expansion_level, "II", None, None)


FULL = Plan(
    name="full",
    cohorts=(
        Cohort("DL1", 1, 1, "EXPAND", 3, 1),
        Cohort("DL1", 2, 0, "ESCALATE", 6, 1),
        Cohort("DL2", 1, 0, "ESCALATE", 3, 0),
        Cohort("DL3", 1, 1, "EXPAND", 3, 1),
        Cohort("DL3", 2, 1, "STOP", 6, 2),
        Cohort("DL2", 2, 0, "DECLARE_MTD", 6, 0),
    ),
    expansion_level="DL2",
    subjects=181,
    expansion_days=390,
    length_days=730,
    dense=True,
)
SHORT = Plan(
    name="short",
    cohorts=(
        Cohort("DL1", 1, 1, "EXPAND", 3, 1),
        Cohort("DL1", 2, 1, "DECLARE_MTD", 6, 2),
    ),
    expansion_level="DL1",
    subjects=12,
    expansion_days=8,
    length_days=128,
    dense=False,
)
