"""The fields of the fact ``lab analyte``."""

from __future__ import annotations

from collections.abc import Mapping

from signals.facts.fields import instant, integer, number, ratio, text, words, yes_no
from signals.facts.kind import Field

_GRADING, _LIMITS = "CTCAE; DOMAIN 7.1", "DOMAIN 7.4"

FIELDS: Mapping[str, Field] = {
    field.name: field
    for field in (
        text("analyte", "The test, LBTESTCD", "SDTM LBTESTCD"),
        words("direction", ("high", "low"), "Too much or too little", _GRADING),
        text("term", "The term of CTCAE", _GRADING),
        text("ctcae_version", "The version of CTCAE by which it is graded", "DOMAIN D1"),
        yes_no("gradable", "Some value gives a grade in this direction", _GRADING),
        text("result", "The latest result as reported, with its unit", "SDTM LBORRES"),
        instant("taken", "When the specimen of the latest result was taken", "SDTM LBDTC"),
        integer("grade", "Grade of the latest result", _GRADING),
        text("grade_needs", "What would settle the grade: ULN, LLN, symptomatic ...", _LIMITS),
        integer("previous_grade", "Grade of the result before it", _GRADING),
        integer("baseline_grade", "Grade of the last result before the first infusion", _LIMITS),
        integer("grades_over_baseline", "How many grades worse than the baseline", _LIMITS),
        ratio("over_baseline", "The latest value over the baseline value", "RULES.csv LAB-08"),
        number(
            "concentration",
            "mmol/L",
            "The latest value of an analyte measured in mmol/L; calcium corrected for albumin",
            "DOMAIN 1.7",
        ),
        yes_no("within_reference_range", "Within the laboratory's own limits of normal", _LIMITS),
        yes_no("haemolysed", "The specimen was haemolysed", "DOMAIN 1.5"),
        yes_no("blood_count", "Of the haematology set", "RULES.csv LAB-01"),
        words(
            "anchor_window",
            ("open", "closed"),
            "Taken from the anchor to the end of the time of recovery after it, 42 days",
            "RULES.csv LAB-01; DOMAIN 2, D10",
        ),
        yes_no(
            "in_safety_period",
            "Taken from the first infusion to the end of the safety period",
            "DOMAIN 1.6",
        ),
    )
}
