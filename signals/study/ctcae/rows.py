"""Lines of a file of results, by the names of SDTM, and their grades as a line of JSON.

``LBTESTCD, LBORRES, LBORRESU, LBORNRLO, LBORNRHI`` and, where known, ``BASE`` (in the unit of the
result), ``LBSPEC``, ``ANTICOAG``, ``SYMPTOMATIC`` (Y or N), ``AGE`` (years), ``SEX``; ``LBFAST``
(Y or N) is read where it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from signals.events.measured import measured
from signals.study.ctcae.grade import UNIT, Graded, Grading, Quantity, Refused, Sample, grade
from signals.study.ctcae.interval import Interval
from signals.study.ctcae.table import GradingTable

REQUIRED = ("LBTESTCD", "LBORRES", "LBORRESU", "LBORNRLO", "LBORNRHI")
_WORDS = {"ANTICOAG": "anticoag", "SYMPTOMATIC": "symptomatic", "LBFAST": "fasting"}
_COLUMNS = {
    UNIT: "LBORRESU",
    "specimen": "LBSPEC",
    "LLN": "LBORNRLO",
    "ULN": "LBORNRHI",
    **{word: column for column, word in _WORDS.items()},
}
_ANSWERS = {"Y": True, "N": False}


def grade_row(table: GradingTable, row: Mapping[str, str]) -> tuple[Grading, ...]:
    """The grades of one line under every term of its test."""
    text = row["LBORRES"].strip()
    try:
        result = Interval.of(measured(text))
    except ValueError as error:
        why = f"'{text}' {error}" if text else "there is no result"
        return tuple(
            Refused(term.term, term.direction, table.version, why, ("LBORRES",))
            for term in table.by_test.get(row["LBTESTCD"].strip(), ())
        )
    unit = row["LBORRESU"].strip() or None
    return grade(table, _sample(row, Quantity(result, unit)))


def _sample(row: Mapping[str, str], result: Quantity) -> Sample:
    words = {
        word: _ANSWERS[answer]
        for column, word in _WORDS.items()
        if (answer := row.get(column, "").strip().upper()) in _ANSWERS
    }
    return Sample(
        test=row["LBTESTCD"].strip(),
        result=result,
        low=_quantity(row, "LBORNRLO", result.unit),
        high=_quantity(row, "LBORNRHI", result.unit),
        baseline=_quantity(row, "BASE", result.unit),
        specimen=row.get("LBSPEC", "").strip() or None,
        words=words,
        age=_age(row.get("AGE", "")),
    )


def _quantity(row: Mapping[str, str], column: str, unit: str | None) -> Quantity | None:
    try:
        return Quantity(Interval.of(measured(row.get(column, ""))), unit)
    except ValueError:
        return None  # blank or no number: not known, and what hangs on it is named as missing


def _age(text: str) -> Decimal | None:
    try:
        return Decimal(text.strip())
    except InvalidOperation:
        return None


def as_json(row: Mapping[str, str], gradings: tuple[Grading, ...]) -> dict[str, Any]:
    """The line with, under ``high`` and ``low``, the term, its grade (or grades), what is missing."""
    return {**row, **{each.direction: _json(each) for each in gradings}}


def _json(grading: Grading) -> dict[str, Any]:
    missing = [_COLUMNS.get(name, name) for name in grading.missing]
    head = {"term": grading.term, "ctcae_version": grading.version}
    if isinstance(grading, Refused):
        return {**head, "grade": None, "missing": missing, "why": grading.why}
    return {
        **head,
        "grade": grade_of(grading),
        "missing": missing,
        "baseline_missing": grading.baseline_missing,
        "within_reference_range": grading.within_range,
        **({"assumed": list(grading.assumed)} if grading.assumed else {}),
    }


def grade_of(grading: Grading) -> int | list[int] | None:
    """The grade, the list of those possible, or None where none is given."""
    if not isinstance(grading, Graded):
        return None
    return grading.grades[0] if len(grading.grades) == 1 else list(grading.grades)
