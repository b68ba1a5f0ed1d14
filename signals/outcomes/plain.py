"""Outcomes as plain data for JSON: figures as numbers to six places, dates as ISO 8601."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

from signals.facts.value import Ref
from signals.outcomes import model as found
from signals.statistics.proportions import Proportion
from signals.statistics.survival import Point

_PLACES = 6


class _Plain(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RecordVersion(_Plain):
    """The version of a record that a count rests on; ``record_id`` bears its kind in front."""

    record_id: str
    version: int


class Counted(_Plain):
    """A subject with the event, or perhaps with it; ``since``: the day of the event."""

    subject: str
    answer: found.Answer
    since: date | None
    why: str
    records: list[RecordVersion]
    flags: list[str]


class _Estimated(_Plain):
    name: str
    sort: Literal["proportion"] = "proportion"
    events: int
    of: int
    share: float | None
    lower: float | None
    upper: float | None


class Share(_Estimated):
    """Subjects with the event among all; ``at_most`` counts the undetermined too."""

    at_most: int
    subjects: list[Counted]


class Rate(_Estimated):
    """Items with the event among all, where items of one subject belong together."""


class Step(_Plain):
    """A day on which a curve steps."""

    day: int
    at_risk: int
    events: int
    estimate: float | None
    se: float | None
    lower: float | None
    upper: float | None


class Timed(_Plain):
    """A subject's time; ``days``: from ``origin`` to ``until``."""

    subject: str
    origin: date
    until: date
    days: int
    ending: found.Ending
    why: str
    flags: list[str]


class Curve(_Plain):
    """A curve with its median (days) and the interval of that."""

    name: str
    sort: Literal["Kaplan-Meier", "Aalen-Johansen"]
    of: int
    points: list[Step]
    median: int | None
    median_lower: int | None
    median_upper: int | None
    subjects: list[Timed]


class Measured(_Plain):
    """A subject's number."""

    subject: str
    number: int
    flags: list[str]


class Typical(_Plain):
    """Median, quartiles and range of a number."""

    name: str
    sort: Literal["spread"] = "spread"
    unit: str
    of: int
    median: float | None
    lower_quartile: float | None
    upper_quartile: float | None
    least: float | None
    most: float | None
    subjects: list[Measured]


class LeftOut(_Plain):
    """A subject who does not count, and why; ``until``: when, if that passes."""

    subject: str
    why: str
    until: date | None


class Outcome(_Plain):
    """One outcome of the trial with its estimates."""

    kind: Literal["outcome"] = "outcome"
    outcome: str
    title: str
    population: str
    window: str
    measures: list[Share | Rate | Curve | Typical]
    left_out: list[LeftOut]
    notes: list[str]


def as_json(outcome: found.Outcome) -> dict[str, Any]:
    """One outcome; of shares only the subjects with the event, or perhaps with it, are listed."""
    return plain(outcome).model_dump(mode="json")


def plain(outcome: found.Outcome) -> Outcome:
    """The same, as the model whose schema is published."""
    return Outcome(
        outcome=outcome.code,
        title=outcome.title,
        population=outcome.population,
        window=outcome.window,
        measures=[_measure(each) for each in outcome.measures],
        left_out=[
            LeftOut(subject=each.subject, why=each.why, until=each.until)
            for each in outcome.left_out
        ],
        notes=list(outcome.notes),
    )


_Measure: TypeAlias = Share | Rate | Curve | Typical


def _measure(measure: found.Measure) -> _Measure:
    if isinstance(measure, found.Curve):
        return _curve(measure)
    if isinstance(measure, found.Typical):
        return _typical(measure)
    if isinstance(measure, found.Rate):
        return Rate(name=measure.name, **_proportion(measure.proportion))
    return Share(
        name=measure.name,
        **_proportion(measure.proportion),
        at_most=measure.at_most,
        subjects=[_counted(one) for one in measure.members if one.answer is not found.Answer.NO],
    )


def _proportion(of: Proportion) -> dict[str, Any]:
    return {
        "events": of.events,
        "of": of.of,
        "share": _number(of.share),
        "lower": _number(of.lower),
        "upper": _number(of.upper),
    }


def _counted(one: found.Counted) -> Counted:
    return Counted(
        subject=one.subject,
        answer=one.answer,
        since=one.since,
        why=one.why,
        records=[_record(each) for each in one.records],
        flags=list(one.flags),
    )


def _record(ref: Ref) -> RecordVersion:
    return RecordVersion(record_id=f"{ref.kind}/{ref.record_id}", version=ref.version)


def _curve(curve: found.Curve) -> Curve:
    return Curve.model_validate(
        {
            "name": curve.name,
            "sort": curve.estimator,
            "of": len(curve.members),
            "points": [_step(each) for each in curve.points],
            "median": curve.median.time,
            "median_lower": curve.median.lower,
            "median_upper": curve.median.upper,
            "subjects": [_timed(each) for each in curve.members],
        }
    )


def _step(point: Point) -> Step:
    return Step(
        day=point.time,
        at_risk=point.at_risk,
        events=point.events,
        estimate=_number(point.estimate),
        se=_number(point.se),
        lower=_number(point.lower),
        upper=_number(point.upper),
    )


def _timed(one: found.Timed) -> Timed:
    return Timed(
        subject=one.subject,
        origin=one.origin,
        until=one.until,
        days=one.days,
        ending=one.ending,
        why=one.why,
        flags=list(one.flags),
    )


def _typical(measure: found.Typical) -> Typical:
    spread = measure.spread
    return Typical(
        name=measure.name,
        unit=measure.unit,
        of=spread.count,
        median=_number(spread.median),
        lower_quartile=_number(spread.lower_quartile),
        upper_quartile=_number(spread.upper_quartile),
        least=_number(spread.least),
        most=_number(spread.most),
        subjects=[
            Measured(subject=one.subject, number=one.number, flags=list(one.flags))
            for one in measure.members
        ],
    )


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(round(value, _PLACES))
