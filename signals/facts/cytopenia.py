"""Episodes of severe thrombocytopenia and anaemia (DOMAIN D11; registered outcomes 7 to 10).

An episode opens with the first value below the level in the time of observation, and closes with
the first of several results on different days at or above it, without a transfusion of the
component from some days before the first to the last of them.  One episode may follow another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from signals.chart.view import View
from signals.events import Record
from signals.facts.lab_values import LAB, Looked, Result, result_of, results, taken
from signals.facts.recovery import ONE_DAY, Day, Level, Run, days_of, first_run, is_below
from signals.facts.refs import refs
from signals.facts.value import NO, YES, Ref
from signals.facts.watch import Watch, end_of_day
from signals.immutable import immutable

_EVER = date(9999, 1, 1)
_LOOK_ON = timedelta(days=14)


@immutable(frozen=True, slots=True)
class Lineage:
    """A test, the level below which it is severe, and the transfusions that hide recovery."""

    test: str
    wanted: Level
    components: frozenset[str]
    transfusion_free: timedelta


@immutable(frozen=True, slots=True)
class Transfusions:
    """The days on which the component was surely, or may have been, given."""

    surely: tuple[date, ...]
    possible: tuple[tuple[date, date], ...]
    records: tuple[Ref, ...]

    @property
    def all_sure(self) -> bool:
        """Whether all that may have been given surely was."""
        return len(self.surely) == len(self.possible)


@immutable(frozen=True, slots=True)
class Episode:
    """From its first to its last low day, closed by ``run`` or still open.

    ``surely``: a low day lies in the time of observation, wherever the ends of that are.
    """

    days: tuple[Day, ...]
    run: Run | None
    surely: bool

    @property
    def open(self) -> bool:
        """Whether nothing shows recovery yet."""
        return self.run is None


@immutable(frozen=True, slots=True)
class Course:
    """The last episode as it stands, read cautiously, and whether that is sure.

    ``surely_open``: None if it may have ended, or may lie outside.  ``results`` are all values
    since a day before the time of observation; ``looked_until``: the last instant looked at
    (None: no end); ``closed_on``: the last day of what shows that it is surely over.
    """

    episode: Episode
    surely_open: bool | None
    results: tuple[Result, ...]
    transfusions: Transfusions
    looked_until: datetime | None
    closed_on: date | None


@immutable(frozen=True, slots=True)
class Bearing:
    """Which results can change a course: those of the time looked at, and low ones later.

    ``closed_on``: as in the course; nothing but a low value changes it on a later day.
    """

    looked: Looked
    closed_on: date | None


def may_bear(result: Record, found: Bearing | None, level: Decimal) -> bool:
    """Whether a version of a result, there or gone, can change what was found in its time.

    None: nothing was found, for no value was low; only a low one can change that.
    """
    read = result_of(result)
    if read is None:
        return False
    if found is None or found.closed_on is None:
        return found is not None or is_below(read.value, level)
    later = read.exact_day and read.day > found.closed_on
    return not later or is_below(read.value, level)


def course(view: View, lineage: Lineage, seen: Watch) -> Course | None:
    """The last episode of a person; None if there never was one."""
    soon = end_of_day(min(_EVER, seen.last.date()), seen.zone)
    if seen.end.high is not None:
        soon += _LOOK_ON
    near = _course(view, lineage, seen, soon)
    if near is None or near.surely_open is False or seen.end.high is None:
        return near
    if _ends_by(view, lineage, seen, soon):
        return replace(near, looked_until=None)
    return _course(view, lineage, seen, None)


def _ends_by(view: View, lineage: Lineage, seen: Watch, soon: datetime) -> bool:
    """Whether nothing came later, so that to look on would find the same."""
    ever = end_of_day(_EVER, seen.zone)
    later = view.of_person_within(LAB, seen.number, soon, ever, lineage.test)
    return not later and not view.of_person_within("transfusion", seen.number, soon, ever)


def _course(view: View, lineage: Lineage, seen: Watch, until: datetime | None) -> Course | None:
    last = until or end_of_day(_EVER, seen.zone)
    found = results(view, seen.number, lineage.test, seen.first - ONE_DAY, last)
    days = [
        each
        for each in days_of(found, lineage.wanted.level)
        if seen.start.low is None or each.date >= seen.start.low
    ]
    if not any(_within(each, seen) != NO for each in days if each.below):
        return None
    given = transfusions(view, seen.number, lineage, seen.first, last)
    ways = [_surely_free_of(given, lineage)]
    if not given.all_sure:
        ways.insert(0, _free_of(given, lineage))
    readings = [episodes(days, lineage, seen, is_free) for is_free in ways]
    episode = readings[-1][-1]
    ends = {each[-1].open for each in readings}
    surely = ends == {True} and episode.surely
    closing = [run.last for each in readings if (run := each[-1].run) is not None]
    return Course(
        episode=episode,
        surely_open=False if ends == {False} else True if surely else None,
        results=tuple(found),
        transfusions=given,
        looked_until=until if seen.end.high is not None else None,
        closed_on=max(closing) if ends == {False} else None,
    )


def episodes(
    days: Sequence[Day],
    lineage: Lineage,
    seen: Watch,
    is_free: Callable[[date, date], bool],
) -> list[Episode]:
    """All episodes in order."""
    found: list[Episode] = []
    start = 0
    while start < len(days):
        low = next(
            (
                place
                for place in range(start, len(days))
                if days[place].below and _within(days[place], seen) != NO
            ),
            None,
        )
        if low is None:
            break
        run = first_run(days, lineage.wanted, days[low].date, is_free)
        end = len(days)
        if run is not None:
            end = next(place for place, each in enumerate(days) if each.date == run.first)
        own = tuple(days[low:end])
        surely = any(each.below and _within(each, seen) == YES for each in own)
        found.append(Episode(own, run, surely))
        start = end
    return found


def _within(day: Day, seen: Watch) -> object:
    return seen.holds(day.date, day.date)


def transfusions(
    view: View, subject: str | None, lineage: Lineage, first: datetime, last: datetime
) -> Transfusions:
    """The transfusions of the component that may lie near; without a component it may be one."""
    before = first - lineage.transfusion_free
    records = [
        each
        for each in view.of_person_within("transfusion", subject, before, last)
        if each.data.component is None or each.data.component in lineage.components
    ]
    spans = [(each, *_days_of(each)) for each in records]
    return Transfusions(
        surely=tuple(
            low for each, low, high in spans if low == high and each.data.component is not None
        ),
        possible=tuple((low, high) for _, low, high in spans),
        records=refs(records),
    )


def _days_of(record: Record) -> tuple[date, date]:
    low, high = taken(record)
    return low.date() if low is not None else date.min, high.date()


def _free_of(given: Transfusions, lineage: Lineage) -> Callable[[date, date], bool]:
    """Spoilt by what surely was given: the earliest day is that of a transfusion and so many days."""

    def is_free(first: date, last: date) -> bool:
        since = first - lineage.transfusion_free
        return not any(since < each <= last for each in given.surely)

    return is_free


def _surely_free_of(given: Transfusions, lineage: Lineage) -> Callable[[date, date], bool]:
    """Spoilt by what may have been given."""

    def is_free(first: date, last: date) -> bool:
        since = first - lineage.transfusion_free
        return not any(since < high and low <= last for low, high in given.possible)

    return is_free


def largest_fall(found: Sequence[Result], within: timedelta, on: date) -> tuple[Decimal, Decimal]:
    """By how much the values of a day lie below one taken at most so long before: surely, at most.

    Hours are exact, both ends included (D2); a value of which only the day is known may be near.
    ``found`` are in order: of what lies so long before a value nothing earlier is near it.
    """
    surely = possible = Decimal(0)
    for late in [each for each in found if each.day == on]:
        for early in reversed(found):
            if not _may_be_near(early, late, within):
                break
            if early is late or early.earliest is None or early.earliest > late.latest:
                continue
            if _surely_near(early, late, within):
                surely = max(surely, _fall(early, late))
            possible = max(possible, _fall(early, late))
    return surely, max(surely, possible)


def _fall(early: Result, late: Result) -> Decimal:
    low, high = early.value.low, late.value.high
    if isinstance(low, Decimal) and isinstance(high, Decimal):
        return low - high
    return Decimal(0)


def _surely_near(early: Result, late: Result, within: timedelta) -> bool:
    earliest = late.earliest
    if early.earliest is None or earliest is None:
        return False
    return early.latest <= earliest and late.latest - early.earliest <= within


def _may_be_near(early: Result, late: Result, within: timedelta) -> bool:
    return late.earliest is None or late.earliest - early.latest <= within
