"""Remission, relapse and survival (registered outcomes 17 to 20 and 23; ELN 2022, Table 9)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from signals.facts.periods import years_later
from signals.outcomes.course import COMPLETE, Course, course_of, enrolled_on
from signals.outcomes.estimates import incidence, sorted_out, survival, typical
from signals.outcomes.model import Ending, LeftOut, Measured, Outcome, Timed
from signals.outcomes.person import Person, Trial
from signals.outcomes.times import Candidate, death, flags_of_death, time_to_first

_ANY_COMPLETE = frozenset({"CR", "CRh", "CRi"})
_WORSE = frozenset({"RELAPSE", "PD"})


def _judged(
    trial: Trial, people: list[Person], judge: Callable[[Course], Timed | LeftOut]
) -> tuple[list[Timed], tuple[LeftOut, ...]]:
    """The times of the enrolled set, and who has none."""
    courses = (course_of(trial, each) for each in people if each.enrolments)
    return sorted_out(each if isinstance(each, LeftOut) else judge(each) for each in courses)


# ------------------------------------------------------------------ O17


def time_to_remission(trial: Trial, people: list[Person]) -> Outcome:
    """O17: enrolment to the first assessment with complete remission, within 28 days."""
    days = trial.study.periods.remission_days
    members, out = _judged(trial, people, lambda each: _to_remission(each, COMPLETE, days))
    wider, _ = _judged(trial, people, lambda each: _to_remission(each, _ANY_COMPLETE, days))
    responders = [
        Measured(each.subject, each.days) for each in members if each.ending is Ending.EVENT
    ]
    return Outcome(
        code="O17",
        title="Time to complete remission",
        population="enrolled, not in remission at entry (RESP)",
        window=f"enrolment to {days} days later",
        measures=(
            incidence("complete remission; death or progression competes", members),
            typical("days to complete remission, responders", "d", responders),
            incidence("CR, CRh or CRi (supportive)", wider),
        ),
        left_out=out,
    )


def _to_remission(course: Course, statuses: frozenset[str], days: int) -> Timed | LeftOut:
    at_entry = course.person.in_cr_at_entry
    if at_entry is not False:
        why = "in complete remission at entry" if at_entry else "remission at entry is not recorded"
        return LeftOut(course.person.subject, why)
    candidates = (
        Candidate(course.first(statuses), Ending.EVENT, "remission"),
        Candidate(course.first(_WORSE), Ending.COMPETING, "progression"),
        death(course.person, Ending.COMPETING),
    )
    return time_to_first(
        course.person,
        course.enrolled,
        candidates,
        stop=course.enrolled + timedelta(days=days),
        seen=course.last,
        flags=course.flags,
    )


# ------------------------------------------------------------------ O18


def duration_of_remission(trial: Trial, people: list[Person]) -> Outcome:
    """O18: first complete remission to relapse or death."""
    years = trial.study.periods.sae_years
    members, out = _judged(trial, people, lambda each: _in_remission(each, years))
    until_transplant, _ = _judged(
        trial, people, lambda each: _in_remission(each, years, to_transplant=True)
    )
    return Outcome(
        code="O18",
        title="Duration of complete remission",
        population="in complete remission at or after entry (REM)",
        window=f"to {years} years after enrolment",
        measures=(
            survival("remission", members),
            survival("remission, censored at transplantation (sensitivity)", until_transplant),
        ),
        left_out=out,
    )


def _in_remission(course: Course, years: int, *, to_transplant: bool = False) -> Timed | LeftOut:
    origin = course.remission
    if origin is None:
        return LeftOut(course.person.subject, "no complete remission")
    candidates = [
        Candidate(course.first(_WORSE, since=origin), Ending.EVENT, "relapse"),
        death(course.person, Ending.EVENT),
    ]
    if to_transplant:
        after = next((day for day in sorted(course.transplanted) if day >= origin), None)
        candidates.append(Candidate(after, Ending.CENSORED, "transplantation"))
    return time_to_first(
        course.person,
        origin,
        candidates,
        stop=max(years_later(course.enrolled, years), origin),
        seen=course.last,
        flags=course.flags,
    )


# ------------------------------------------------------------------ O19


def event_free_survival(trial: Trial, people: list[Person]) -> Outcome:
    """O19: enrolment to treatment failure, relapse, progression or death.

    Failure, and death before the landmark without response, stand on day 0 (ELN 2022, Table 9).
    """
    members, out = _judged(trial, people, lambda each: _event_free(each, trial))
    dated, _ = _judged(trial, people, lambda each: _event_free(each, trial, as_assessed=True))
    landmark = trial.study.periods.response_landmark_days
    return Outcome(
        code="O19",
        title="Event-free survival",
        population="enrolled (ENR)",
        window=f"to {trial.study.periods.sae_years} years after enrolment; landmark {landmark} days",
        measures=(
            survival("event-free", members),
            survival("event-free, failure dated at its assessment (sensitivity)", dated),
        ),
        left_out=out,
    )


def _event_free(course: Course, trial: Trial, *, as_assessed: bool = False) -> Timed | LeftOut:
    person, enrolled = course.person, course.enrolled
    if person.in_cr_at_entry is None:
        return LeftOut(person.subject, "remission at entry is not recorded")
    candidates = [
        Candidate(course.first(_WORSE), Ending.EVENT, "relapse or progression"),
        death(person, Ending.EVENT),
    ]
    seen = course.last
    if not person.in_cr_at_entry:
        landmark = enrolled + timedelta(days=trial.study.periods.response_landmark_days)
        failed = _failure(course, landmark, trial.today, as_assessed=as_assessed)
        if failed is not None:
            candidates.insert(0, failed)
        elif landmark < trial.today and not _evaluated(course, landmark):
            why = "never evaluable by the landmark"
            return Timed(person.subject, enrolled, enrolled, Ending.CENSORED, why, course.flags)
    return time_to_first(
        person,
        enrolled,
        candidates,
        stop=years_later(enrolled, trial.study.periods.sae_years),
        seen=seen,
        flags=course.flags,
    )


def _evaluated(course: Course, landmark: date) -> bool:
    return any(each.day <= landmark for each in course.assessments)


def _failure(course: Course, landmark: date, today: date, *, as_assessed: bool) -> Candidate | None:
    """No response by the landmark: shown by an assessment once it is over, or by a death before."""
    responded = course.first(_ANY_COMPLETE)
    died = course.person.died
    if responded is not None and responded <= landmark:
        return None
    if died is not None and died <= landmark:
        why = "death before the landmark without response"
        return Candidate(died if as_assessed else course.enrolled, Ending.EVENT, why)
    if not (landmark < today and _evaluated(course, landmark)):
        return None
    shown = max(each.day for each in course.assessments if each.day <= landmark)
    why = "treatment failure: no response by the landmark"
    return Candidate(shown if as_assessed else course.enrolled, Ending.EVENT, why)


# ------------------------------------------------------------------ O20


def overall_survival(trial: Trial, people: list[Person]) -> Outcome:
    """O20: enrolment to death from any cause."""
    years = trial.study.periods.sae_years
    members, out = sorted_out(_alive(each, years) for each in people if each.enrolments)
    return Outcome(
        code="O20",
        title="Overall survival",
        population="enrolled (ENR)",
        window=f"to {years} years after enrolment",
        measures=(survival("alive", members),),
        left_out=out,
    )


def _alive(person: Person, years: int) -> Timed | LeftOut:
    enrolled = enrolled_on(person)
    if isinstance(enrolled, LeftOut):
        return enrolled
    return time_to_first(
        person,
        enrolled,
        [death(person, Ending.EVENT)],
        stop=years_later(enrolled, years),
        seen=person.contact,
        flags=flags_of_death(person),
    )


# ------------------------------------------------------------------ O23


def incidence_of_relapse(trial: Trial, people: list[Person]) -> Outcome:
    """O23: relapse of those in remission at the last infusion or later, not relapsed before."""
    years = trial.study.periods.sae_years
    members, out = _judged(trial, people, lambda each: _relapsing(each, years))
    by_eln, _ = _judged(trial, people, lambda each: _relapsing(each, years, from_remission=True))
    return Outcome(
        code="O23",
        title="Cumulative incidence of relapse in 2 years",
        population="in complete remission at the last infusion or later",
        window=f"last infusion to {years} years later",
        measures=(
            incidence("relapse; death without relapse competes", members),
            incidence("relapse, from the date of remission (ELN 2022, supportive)", by_eln),
        ),
        left_out=out,
    )


def _relapsing(course: Course, years: int, *, from_remission: bool = False) -> Timed | LeftOut:
    person, remission = course.person, course.remission
    if not person.treated:
        return LeftOut(person.subject, "no infusion")
    last = person.last_infusion
    if last is None:
        return LeftOut(person.subject, "the day of the last infusion is not known")
    if remission is None:
        return LeftOut(person.subject, "no complete remission: not at risk of relapse")
    relapsed = course.first(_WORSE, since=remission)
    origin = max(last, remission)
    if relapsed is not None and relapsed <= last:
        return LeftOut(person.subject, "relapsed before the last infusion")
    flags = course.flags + (
        ("further infusions are planned",) if person.exposed.still_planned else ()
    )
    return time_to_first(
        person,
        remission if from_remission else origin,
        [Candidate(relapsed, Ending.EVENT, "relapse"), death(person, Ending.COMPETING)],
        stop=max(years_later(last, years), origin),
        seen=course.last,
        flags=flags,
    )
