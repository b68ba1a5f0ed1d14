"""Limits of conditions, typed by the field: a number, a date, an instant or a duration."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from signals.facts.kind import Field, FieldType
from signals.rulebook.durations import UNITS, read_duration
from signals.rulebook.spec import Limit
from signals.study.problems import Place, Problems

RUNNING = frozenset({FieldType.SINCE, FieldType.UNTIL})
NUMERIC = frozenset({FieldType.INTEGER, FieldType.NUMBER})
CODED = frozenset({FieldType.WORD, FieldType.TEXT})

_NUMBER = re.compile(r"([+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?:\s+(\S.*))?")


def read_limit(text: str, field: Field, place: Place, problems: Problems) -> Limit | None:
    """The limit in the unit of its field; None, with a problem SR027 or SR028, where it is not."""
    if field.type in NUMERIC:
        return _number(text, field, place, problems)
    if field.type in RUNNING:
        return _duration(text, field, place, problems)
    return _day(text, field, place, problems)


def _number(text: str, field: Field, place: Place, problems: Problems) -> Decimal | None:
    match = _NUMBER.fullmatch(text)
    if match is None:
        problems.error(
            "SR028", place, f"'{text}' is not a number, and '{field.name}' is compared with one"
        )
        return None
    number, unit = Decimal(match[1]), match[2]
    if not _unit_fits(unit, field, match[1], place, problems):
        return None
    if field.type is FieldType.INTEGER and number != number.to_integral_value():
        problems.error("SR028", place, f"'{field.name}' counts whole numbers, and '{text}' is none")
        return None
    return number


def _unit_fits(
    unit: str | None, field: Field, number: str, place: Place, problems: Problems
) -> bool:
    if unit == field.unit:
        return True
    if field.unit is None:
        message, right = f"'{field.name}' has no unit, and '{unit}' stands here", number
    elif unit is None:
        message, right = f"the limit of '{field.name}' has no unit", f"{number} {field.unit}"
    else:
        message = f"'{field.name}' is held in {field.unit}, not in {unit}"
        right = f"the limit in {field.unit}"
        problems.error("SR027", place, message, f"write {right}")
        return False
    problems.error("SR027", place, message, f"write '{right}'")
    return False


def _duration(text: str, field: Field, place: Place, problems: Problems) -> Limit | None:
    duration = read_duration(text)
    if duration is None:
        problems.error(
            "SR028",
            place,
            f"'{text}' is not a duration, and '{field.name}' runs with time",
            f"write a whole number and one of {UNITS}, as in '48 h'",
        )
    return duration


def _day(text: str, field: Field, place: Place, problems: Problems) -> date | None:
    kind, example = (
        (datetime, "2026-03-01T10:00+08:00")
        if field.type is FieldType.INSTANT
        else (date, "2026-03-01")
    )
    try:
        found = kind.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or (isinstance(found, datetime) and found.tzinfo is None):
        what = "an instant with its offset" if kind is datetime else "a date"
        problems.error("SR028", place, f"'{text}' is not {what}", f"write it as in {example}")
        return None
    return found
