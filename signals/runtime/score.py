"""How well the rules find what a trial's own script says is there (``signals score``).

A planted line is *found* when its alert stands in its state at some instant from ``from`` to
``from`` plus the tolerance, *late* when it begins to after that, else *missed*.  An alert that
begins to fire while no line of its rule and subject matter explains it is *extra*.  Lines of rules
that the pack does not run are counted apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from signals.book.alert import Alert
from signals.rulebook.spec import Priority
from signals.runtime.truth import Line, Name, named

Outcome = Literal["found", "late", "missed"]
Source = Literal["planted", "background", "extra"]
TOLERANCE = timedelta(hours=1)


class Spell(NamedTuple):
    """A time for which an alert was in one state; ``end`` None: to the end of the play."""

    state: str
    begin: datetime
    end: datetime | None
    priority: Priority


@dataclass(slots=True)
class Course:
    """The spells of one alert, as its revisions tell them."""

    alert_id: str
    rule: str
    name: Name
    spells: list[Spell] = field(default_factory=list)

    def follow(self, alert: Alert) -> None:
        """Take the next revision."""
        last = self.spells[-1] if self.spells else None
        if last is not None and last.state == alert.state.value:
            return
        if last is not None:
            self.spells[-1] = last._replace(end=alert.changed_at)
        self.spells.append(Spell(alert.state.value, alert.changed_at, None, alert.priority))

    def in_state(self, state: str) -> list[Spell]:
        """The spells in a state."""
        return [spell for spell in self.spells if spell.state == state]


class Judged(NamedTuple):
    """A planted line and what became of it; ``at``: when its alert began, if it did."""

    line: Line
    outcome: Outcome
    at: datetime | None


class Extra(NamedTuple):
    """An alert that began without a line that explains it; ``due_from``: of a line still to come."""

    alert_id: str
    rule: str
    at: datetime
    priority: Priority
    due_from: datetime | None


@dataclass(frozen=True, slots=True)
class Score:
    """What was found of a truth.

    ``not_live``: planted lines by rule that the pack does not run.  ``alerts``: alerts that fired,
    by rule, priority when they first did, and what explains them.
    """

    planted: tuple[Judged, ...]
    extra: tuple[Extra, ...]
    not_live: Mapping[str, int]
    alerts: Mapping[tuple[str, Priority, Source], int]

    @property
    def fine(self) -> bool:
        """Nothing was missed, and nothing came that should not."""
        return not self.extra and all(each.outcome != "missed" for each in self.planted)

    def outcomes(self, rule: str) -> Counter[str]:
        """Found, late, missed and extra of one rule."""
        counted = Counter[str](each.outcome for each in self.planted if each.line.rule == rule)
        counted["extra"] = sum(each.rule == rule for each in self.extra)
        return counted

    def count(self, *, priority: Priority, sources: Collection[Source]) -> int:
        """Alerts of one priority that are explained by one of these."""
        return sum(
            number
            for (_, own, source), number in self.alerts.items()
            if own is priority and source in sources
        )


class Courses:
    """Follows the revisions of all alerts."""

    def __init__(self) -> None:
        self.by_name: dict[Name, Course] = {}

    def follow(self, alerts: Iterable[Alert]) -> None:
        """Take what a step published."""
        for alert in alerts:
            name = named(alert.rule, alert.about)
            course = self.by_name.get(name)
            if course is None:
                course = self.by_name[name] = Course(alert.alert_id, alert.rule, name)
            course.follow(alert)


def score(
    truth: Iterable[Line], courses: Courses, live: Collection[str], tolerance: timedelta = TOLERANCE
) -> Score:
    """Hold what was published against the truth; ``live``: the codes of the rules that run."""
    lines = list(truth)
    by_name: dict[Name, list[Line]] = {}
    for line in lines:
        by_name.setdefault(line.name, []).append(line)
    planted = [line for line in lines if line.kind == "planted"]
    fired = [course for course in courses.by_name.values() if course.in_state("firing")]
    return Score(
        planted=tuple(
            _judged(line, courses.by_name.get(line.name), tolerance)
            for line in planted
            if line.rule in live
        ),
        extra=tuple(_extras(courses, by_name)),
        not_live=Counter(line.rule for line in planted if line.rule not in live),
        alerts=Counter(_counted(course, by_name.get(course.name, [])) for course in fired),
    )


def _judged(line: Line, course: Course | None, tolerance: timedelta) -> Judged:
    if line.from_ is None:
        raise TypeError("a planted line has its 'from'")
    last = line.from_ + tolerance
    spells = [] if course is None else course.in_state(line.state)
    for spell in spells:
        if spell.begin <= last and (spell.end is None or spell.end > line.from_):
            return Judged(line, "found", spell.begin)
    late = [s.begin for s in spells if s.begin > last and line.covers(s.begin)]
    return Judged(line, "late", late[0]) if late else Judged(line, "missed", None)


def _extras(courses: Courses, truth: Mapping[Name, list[Line]]) -> Iterable[Extra]:
    for name, course in sorted(courses.by_name.items()):
        lines = truth.get(name, [])
        for spell in course.in_state("firing"):
            if not any(line.covers(spell.begin) for line in lines):
                coming = [line.from_ for line in lines if line.from_ and line.from_ > spell.begin]
                due = min(coming, default=None)
                yield Extra(course.alert_id, course.rule, spell.begin, spell.priority, due)


def _counted(course: Course, lines: list[Line]) -> tuple[str, Priority, Source]:
    first = course.in_state("firing")[0]
    kinds = {line.kind for line in lines if line.covers(first.begin)}
    source: Source = "planted" if "planted" in kinds else "background" if kinds else "extra"
    return course.rule, first.priority, source


def as_json(found: Score, subject_months: float) -> dict[str, Any]:
    """The whole score as plain JSON."""
    return {
        "fine": found.fine,
        "rules": {rule: dict(found.outcomes(rule)) for rule in rules_of(found)},
        "planted": [
            {
                "rule": each.line.rule,
                "about": each.line.about,
                "from": each.line.from_.isoformat() if each.line.from_ else None,
                "why": each.line.why,
                "outcome": each.outcome,
                "at": each.at.isoformat() if each.at else None,
            }
            for each in found.planted
        ],
        "extra": [
            {"alert_id": each.alert_id, "rule": each.rule, "at": each.at.isoformat()}
            for each in found.extra
        ],
        "not_live": dict(sorted(found.not_live.items())),
        "subject_months": round(subject_months, 2),
        "alerts": [
            {"rule": rule, "priority": priority.value, "source": source, "count": count}
            for (rule, priority, source), count in sorted(found.alerts.items())
        ],
    }


def rules_of(found: Score) -> list[str]:
    """The rules that were planted or fired, sorted."""
    planted = {each.line.rule for each in found.planted}
    return sorted(planted | {rule for rule, _, _ in found.alerts})
