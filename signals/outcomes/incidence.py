"""Adverse events and serious adverse events (registered outcome 2; D14)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from signals.facts.adverse_event import term_of
from signals.facts.grades import worsening
from signals.facts.value import Ordered
from signals.outcomes.estimates import share
from signals.outcomes.events import Event, events_of
from signals.outcomes.found import counted
from signals.outcomes.model import Answer, Counted, LeftOut, Outcome, Share
from signals.outcomes.person import Person, Trial
from signals.outcomes.windows import Window, all_of, any_of, days_after

_GRADES = (1, 2, 3, 4, 5)
_SEVERE = 3
_UNCODED = "not coded"
_LITERAL, _EMERGENT = "last dose on", "treatment-emergent"


@dataclass(frozen=True, slots=True)
class _Subject:
    """A treated person whose window is closed, and the events that are or may be in it."""

    subject: str
    window: Window
    events: tuple[tuple[Event, Answer], ...]

    def counted(self, tells: Callable[[Event], Answer]) -> Counted:
        """Whether any of the events is of a sort."""
        found = (each.found(all_of(inside, tells(each))) for each, inside in self.events)
        return counted(self.subject, found)


def incidence_of_events(trial: Trial, people: list[Person]) -> Outcome:
    """O2: subjects with an adverse event, in the literal window and treatment-emergent."""
    days = trial.study.periods.safety_days
    closed, out = _closed(trial, people, days)
    literal = [_subject(trial, each, _literal(each, days), _in_literal) for each in closed]
    emergent = [_subject(trial, each, _emergent(each, days), _in_emergent) for each in closed]
    return Outcome(
        code="O2",
        title="Adverse events and serious adverse events",
        population="treated (SAF)",
        window=f"last dose to {days} days later; treatment-emergent: from the first dose on",
        measures=tuple(
            table
            for draw in (_summary, _details)
            for where, subjects in ((_LITERAL, literal), (_EMERGENT, emergent))
            for table in draw(where, subjects)
        ),
        left_out=out,
        notes=(f"treatment-emergent events: {sum(len(_sure(each)) for each in emergent)}",),
    )


def _closed(
    trial: Trial, people: list[Person], days: int
) -> tuple[list[Person], tuple[LeftOut, ...]]:
    closed: list[Person] = []
    out: list[LeftOut] = []
    for person in people:
        why = _why_not(trial, person, days)
        if why is None:
            closed.append(person)
        else:
            out.append(why)
    return closed, tuple(out)


def _why_not(trial: Trial, person: Person, days: int) -> LeftOut | None:
    if not person.treated:
        return LeftOut(person.subject, "no infusion")
    if person.exposed.still_planned and person.death is None:
        return LeftOut(person.subject, "treatment goes on: the last dose is provisional")
    return _literal(person, days).still_open(person, trial.today)


def _literal(person: Person, days: int) -> Window:
    assert person.exposed.last is not None  # noqa: S101 - a treated person has a last infusion
    return days_after(person.exposed.last.days, days)


def _emergent(person: Person, days: int) -> Window:
    assert person.exposed.first is not None  # noqa: S101 - a treated person has a first infusion
    return Window(person.exposed.first.days, _literal(person, days).end)


def _subject(
    trial: Trial, person: Person, window: Window, place: Callable[[Event, Window], Answer]
) -> _Subject:
    placed = ((each, place(each, window)) for each in events_of(trial, person))
    return _Subject(
        person.subject, window, tuple(each for each in placed if each[1] is not Answer.NO)
    )


def _in_literal(event: Event, window: Window) -> Answer:
    """Begun in the window, or begun before and become worse in it."""
    began = window.holds(event.began)
    if began is Answer.YES or event.overlaps(window) is Answer.NO:
        return began
    worse, sure = worsening(list(event.grades), event.began, window.start)
    if worse is None:
        return any_of([began, Answer.NO if sure else Answer.UNDETERMINED])
    return any_of([began, window.holds(worse) if sure else Answer.UNDETERMINED])


def _in_emergent(event: Event, window: Window) -> Answer:
    effective = event.effective
    if effective is None:
        return event.says("treatment_emergent", "yes")
    return all_of(event.says("treatment_emergent", "yes"), window.holds(effective))


# ------------------------------------------------------------------ shares


def _summary(where: str, subjects: list[_Subject]) -> Iterator[Share]:
    yield _share("any adverse event", where, subjects, lambda _: _any)
    yield _share("any serious adverse event", where, subjects, lambda _: _serious)
    yield _share("grade 3 or higher", where, subjects, _is_severe)
    worst = [_worst(each) for each in subjects]
    for grade in (*_GRADES, None):
        name = f"worst grade {grade or 'unknown'}, {where}"
        yield share(
            name,
            [
                Counted(each.subject, Answer.YES if has_events and own == grade else Answer.NO)
                for each, (has_events, own) in zip(subjects, worst, strict=True)
            ],
        )


def _details(where: str, subjects: list[_Subject]) -> Iterator[Share]:
    """By organ class, then by term."""
    for named, what in ((_soc, "organ class"), (_term, "term")):
        for name in sorted({named(event) for each in subjects for event, _ in each.events}):
            tells = _is(named, name)
            yield _share(f"{what} {name}", where, subjects, lambda _, tells=tells: tells)  # type: ignore[misc]


def _share(
    what: str,
    where: str,
    subjects: list[_Subject],
    tells: Callable[[_Subject], Callable[[Event], Answer]],
) -> Share:
    return share(f"{what}, {where}", [each.counted(tells(each)) for each in subjects])


def _any(event: Event) -> Answer:
    del event
    return Answer.YES


def _serious(event: Event) -> Answer:
    return event.says("serious", "yes")


def _is_severe(subject: _Subject) -> Callable[[Event], Answer]:
    return lambda event: event.graded(_SEVERE, subject.window)


def _is(named: Callable[[Event], str], name: str) -> Callable[[Event], Answer]:
    return lambda event: Answer.YES if named(event) == name else Answer.NO


def _soc(event: Event) -> str:
    coded = event.record.data.meddra
    return (coded.soc_name if coded else None) or _UNCODED


def _term(event: Event) -> str:
    coded = event.record.data.meddra
    named = coded.pt_name if coded else None
    return named or next(iter(term_of(event.record).words or ()), _UNCODED)


def _sure(subject: _Subject) -> list[Event]:
    return [event for event, inside in subject.events if inside is Answer.YES]


def _worst(subject: _Subject) -> tuple[bool, int | None]:
    """Whether there are events, and their worst grade; None where a missing one may be worse."""
    values = [each.fact.values["worst_grade"] for each in _sure(subject)]
    lows = [_grade(each.low) for each in values if isinstance(each, Ordered)]
    highs = [_grade(each.high) for each in values if isinstance(each, Ordered)]
    known = max(lows, default=0) == max(highs, default=0)
    return bool(values), max(lows, default=0) if known else None


def _grade(bound: object) -> int:
    return int(bound) if isinstance(bound, Decimal) else 0
