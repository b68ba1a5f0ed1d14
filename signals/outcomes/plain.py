"""Outcomes as plain data for JSON: figures as numbers to six places, dates as ISO 8601."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from signals.facts.value import Ref
from signals.outcomes.model import (
    Answer,
    Counted,
    Curve,
    LeftOut,
    Measure,
    Measured,
    Outcome,
    Rate,
    Share,
    Timed,
    Typical,
)
from signals.statistics.proportions import Proportion
from signals.statistics.survival import Point

_PLACES = 6


def as_json(outcome: Outcome) -> dict[str, Any]:
    """One outcome; of shares only the subjects with the event, or perhaps with it, are listed."""
    return {
        "kind": "outcome",
        "outcome": outcome.code,
        "title": outcome.title,
        "population": outcome.population,
        "window": outcome.window,
        "measures": [_measure(each) for each in outcome.measures],
        "left_out": [_left_out(each) for each in outcome.left_out],
        "notes": list(outcome.notes),
    }


def _left_out(one: LeftOut) -> dict[str, Any]:
    until = one.until.isoformat() if one.until else None
    return {"subject": one.subject, "why": one.why, "until": until}


def _measure(measure: Measure) -> dict[str, Any]:
    if isinstance(measure, Curve):
        return _curve(measure)
    if isinstance(measure, Typical):
        return _typical(measure)
    if isinstance(measure, Rate):
        return {"name": measure.name, "sort": "proportion", **_proportion(measure.proportion)}
    return _share(measure)


def _share(share: Share) -> dict[str, Any]:
    return {
        "name": share.name,
        "sort": "proportion",
        **_proportion(share.proportion),
        "at_most": share.at_most,
        "subjects": [_counted(one) for one in share.members if one.answer is not Answer.NO],
    }


def _proportion(found: Proportion) -> dict[str, Any]:
    return {
        "events": found.events,
        "of": found.of,
        "share": _number(found.share),
        "lower": _number(found.lower),
        "upper": _number(found.upper),
    }


def _counted(one: Counted) -> dict[str, Any]:
    return {
        "subject": one.subject,
        "answer": str(one.answer),
        "since": one.since.isoformat() if one.since else None,
        "why": one.why,
        "records": [_record(each) for each in one.records],
        "flags": list(one.flags),
    }


def _record(ref: Ref) -> dict[str, Any]:
    return {"record_id": f"{ref.kind}/{ref.record_id}", "version": ref.version}


def _curve(curve: Curve) -> dict[str, Any]:
    middle = curve.median
    return {
        "name": curve.name,
        "sort": curve.estimator,
        "of": len(curve.members),
        "points": [_point(each) for each in curve.points],
        "median": middle.time,
        "median_lower": middle.lower,
        "median_upper": middle.upper,
        "subjects": [_timed(each) for each in curve.members],
    }


def _point(point: Point) -> dict[str, Any]:
    return {
        "day": point.time,
        "at_risk": point.at_risk,
        "events": point.events,
        "estimate": _number(point.estimate),
        "se": _number(point.se),
        "lower": _number(point.lower),
        "upper": _number(point.upper),
    }


def _timed(one: Timed) -> dict[str, Any]:
    return {
        "subject": one.subject,
        "origin": one.origin.isoformat(),
        "until": one.until.isoformat(),
        "days": one.days,
        "ending": str(one.ending),
        "why": one.why,
        "flags": list(one.flags),
    }


def _typical(measure: Typical) -> dict[str, Any]:
    found = measure.spread
    return {
        "name": measure.name,
        "sort": "spread",
        "unit": measure.unit,
        "of": found.count,
        "median": _number(found.median),
        "lower_quartile": _number(found.lower_quartile),
        "upper_quartile": _number(found.upper_quartile),
        "least": _number(found.least),
        "most": _number(found.most),
        "subjects": [_measured(each) for each in measure.members],
    }


def _measured(one: Measured) -> dict[str, Any]:
    return {"subject": one.subject, "number": one.number, "flags": list(one.flags)}


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(round(value, _PLACES))
