"""The script of one subject: what is meant to happen, before anything is written down."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from signals.simulate.draw import clock, days, stream
from signals.simulate.plan import Entry, Plan
from signals.simulate.tape import Place

SCHEDULE = (0, 3, 7)
PLANNED_MINUTES = 40
AFTER_LAST = 4
CAP = 12
CHEMOTHERAPY, AUTOLOGOUS, ALLOGENEIC = "CHEMOTHERAPY", "HSCT_AUTO", "HSCT_ALLO"


@dataclass(slots=True)
class Dose:
    """One infusion as it will be given."""

    number: int
    planned: datetime
    start: datetime
    end: datetime
    entered: datetime
    strength: float = 1.0
    changes: dict[str, Any] = field(default_factory=dict)
    signs: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def record_id(self) -> str:
        """Its record id."""
        return f"INF-{self.number}"


@dataclass(slots=True)
class Script:
    """A subject's course: dates, doses, blood, disease, and what scenarios change in them."""

    seed: int
    plan: Plan
    entry: Entry
    arm: str
    in_cr: bool
    first: date
    doses: list[Dose]
    anc_recovery: int
    plt_recovery: int
    lot: str
    donor: str
    therapy_entered: timedelta = timedelta()
    sheltered: bool = False
    relapse: date | None = None
    stop: date | None = None
    end: str | None = None
    fever_days: set[date] = field(default_factory=set)
    no_cbc: set[date] = field(default_factory=set)
    chemistry: dict[tuple[date, str], float] = field(default_factory=dict)
    home_fever: datetime | None = None

    @property
    def place(self) -> Place:
        """Site and subject."""
        return Place(self.entry.site, self.entry.subject)

    @property
    def anchor(self) -> date:
        """Start of the index course, or the day of the transplantation."""
        return self.first - days(7 if self.arm == CHEMOTHERAPY else 1)

    @property
    def last(self) -> date:
        """The day of the last infusion."""
        return self.doses[-1].start.date()

    @property
    def window_end(self) -> date:
        """The last day of the dose-limiting window."""
        return min(self.last + days(AFTER_LAST), self.first + days(CAP))

    @property
    def dose_days(self) -> set[date]:
        """The days of infusions."""
        return {each.start.date() for each in self.doses}

    def on(self, day: float, hour: float = 9.0) -> datetime:
        """An hour of a day, counted from the first infusion."""
        return clock(self.first + days(int(day)), hour)

    def alive(self, when: datetime) -> bool:
        """Whether the subject is still followed at an instant."""
        return self.stop is None or when.date() < self.stop


def dose(number: int, day: date, planned: date | None = None) -> Dose:
    """An infusion at 10 in the morning, entered when it ends."""
    start = clock(day, 10.0)
    end = start + timedelta(minutes=PLANNED_MINUTES)
    return Dose(number, clock(planned or day, 10.0), start, end, end + timedelta(minutes=10))


def script_of(seed: int, plan: Plan, entry: Entry) -> Script:
    """A subject's course before scenarios change it.

    Recovery of neutrophils (>= 0.5) and platelets (>= 50), days from the anchor: 21 to 30 and 20
    to 32 after induction, 10 to 15 and 12 to 22 after transplantation: assumptions in the usual
    range of intensive chemotherapy and of autologous grafts.
    """
    chance = stream(seed, entry.subject, "course")
    first = plan.first_infusion(entry)
    arm = _arm(entry, chance.random())
    if arm == CHEMOTHERAPY:
        anc, plt = round(chance.triangular(20, 31, 23)), round(chance.triangular(20, 32, 24))
    else:
        anc, plt = round(chance.triangular(10, 16, 12)), round(chance.triangular(12, 23, 16))
    return Script(
        seed=seed,
        plan=plan,
        entry=entry,
        arm=arm,
        in_cr=arm != CHEMOTHERAPY or chance.random() < 0.25,  # noqa: PLR2004 - share in remission
        first=first,
        doses=[dose(no, first + days(day)) for no, day in enumerate(SCHEDULE, 1)],
        anc_recovery=anc,
        plt_recovery=plt,
        lot=f"L{2601 + entry.position // 3}",
        donor=f"D{1 + entry.position // 15:02d}",
    )


def _arm(entry: Entry, chance: float) -> str:
    if entry.phase == "IB" or chance < 0.7:  # noqa: PLR2004 - share of chemotherapy courses
        return CHEMOTHERAPY
    return AUTOLOGOUS if chance < 0.95 else ALLOGENEIC  # noqa: PLR2004 - most are autologous
