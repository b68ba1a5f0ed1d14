"""Grades of another implementation: equal, or different for a reason that is written here.

The rows are figures of the unit tests of pharmaverse/admiral for CTCAE v4.  Most limits of v5 are
those of v4; where they are not, or where the domain reads otherwise, v5 and the domain hold.
"""

import csv
from collections import defaultdict
from pathlib import Path

from signals.events.measured import measured
from signals.events.units import SI_UNITS
from signals.study.ctcae import Graded, Interval, Quantity, Sample, grade, shipped_table

Row = dict[str, str]

TESTS = {
    "hemoglobin": "HGB", "leukocytes": "WBC", "aPTT": "APTT", "ALT": "ALT", "ALP": "ALP",
    "AST": "AST", "bilirubin_total": "BILI", "cd4_lymphocytes": "CD4", "cholesterol": "CHOL",
    "CK": "CK", "creatinine": "CREAT", "fibrinogen": "FIBRINO", "GGT": "GGT",
    "haptoglobin": "HAPTOG", "INR": "INR", "lipase": "LIPASET", "lymphocytes": "LYM",
    "neutrophils": "NEUT", "platelets": "PLAT", "amylase": "AMYLASE", "calcium_corrected": "CA",
    "calcium_ionized": "CAION", "glucose": "GLUC", "potassium": "K", "magnesium": "MG",
    "sodium": "SODIUM", "triglycerides": "TRIG", "uric_acid": "URATE", "albumin": "ALB",
    "phosphate": "PHOS",
}  # fmt: skip

# Row and our grade: 0/1 is one of the two, - is none.
DIFFERENT = {
    "The unit is known here and to the peer it is not; it is converted.": """
        0007=1 0023=1 0039=1 0055=1 0496=4 0620=1 0641=1
    """,
    "The peer ignores capitals of units; here mega and milli stay apart, and the unit is not known.": """
        0619=- 0628=- 0640=-
    """,
    "v4 had a grade 1 by baseline, v5 has none; a missing baseline is read as normal and flagged.": """
        0779=0 0780=0 0782=0
    """,
    "The peer is given the fall in percent; here it follows from a baseline, and the rows have none.": """
        0824=0/1/2/3/4 0825=0 0828=0/1/2/3/4 0829=2 0832=0/1/2/3/4 0833=1 0836=0/1/2/3/4
        0837=0 0839=0 0842=0
    """,
    "v4 counts from the baseline, v5 from the upper limit of normal (DOMAIN 7.1, L02).": """
        0980=3 0982=2 0984=1 1006=3 1008=2 1010=1
    """,
    "v4 counts multiples of ULN or baseline, v5 has absolute limits.": """
        1080=3 1081=3 1082=3 1083=3 1084=3 1086=3 1087=3 1088=3 1089=3 1090=3 1091=3 1092=3
    """,
    "Without word on symptoms the grade is a set; the peer takes its worst.": """
        1128=3/4 1129=2/3 1130=2/3 1692=3/4 1693=2/3 1694=2/3 1704=3/4 1705=2/3 1706=2/3
        3165=1/2 3166=1/2 3181=1/2 3182=1/2 3380=2/3 3386=2/3 3396=2/3 3402=2/3
    """,
    "v5 has no limits of hyperglycaemia: every grade is clinical.": """
        2172=- 2173=- 2174=- 2175=- 2176=- 2177=- 2178=- 2179=- 2180=- 2181=- 2182=- 2183=-
        2184=- 2192=- 2193=- 2194=- 2195=- 2196=- 2197=- 2198=- 2199=- 2200=- 2201=- 2202=-
        2203=- 2204=- 2232=- 2233=- 2234=- 2235=- 2236=- 2241=- 2242=- 2243=- 2244=- 2245=-
    """,
    "v5 includes 150 mg/dL (1.71 mmol/L) in grade 1 and does not ask for ULN.": """
        2571=1 2583=1
    """,
    "v5 tells grade 1 from 3 by physiologic consequences and has no limit of grade 4.": """
        2676=1/3 2677=1/3 2678=1/3 2680=0/1/3 2688=1/3 2689=1/3 2690=1/3 2692=0/1/3
    """,
    "CTCAE has no limits of ionized calcium in mg/dL: converted with 0.2495; the peer rounds the limits.": """
        2943=4 2945=3 2947=2 2951=4 2953=3 2955=2
    """,
    "v5 has no limits above grade 1.": """
        3458=0/1 3459=0/1 3460=0/1 3461=0/1 3462=0/1 3463=0/1 3464=0/1 3466=0/1 3467=0/1
        3468=0/1 3469=0/1 3470=0/1 3478=0/1 3479=0/1 3480=0/1 3481=0/1 3482=0/1 3483=0/1
        3484=0/1 3486=0/1 3487=0/1 3488=0/1 3489=0/1 3490=0/1
    """,
}


def test_every_grade_of_the_peer_is_ours_or_differs_for_a_written_reason(shared: Path) -> None:
    path = shared / "data" / "ctcae" / "peer_grades_ctcae_v4.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 1300
    units: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        units[row["peer_test"]].add(row["unit"])
    different = {}
    for row in rows:
        # Where the peer looks at no unit, its rows state none: they are in the SI unit.
        ours = _ours(row, without_units=units[row["peer_test"]] == {""})
        if (ours if len(ours) == 1 else "") != row["expected_grade"]:
            different[row["case_id"].removeprefix("adm-")] = ours or "-"
    written = [case.partition("=") for cases in DIFFERENT.values() for case in cases.split()]
    assert different == {row: grades for row, _, grades in written}
    assert len(written) == 134


def _ours(row: Row, *, without_units: bool) -> str:
    test = TESTS.get(row["analyte"])
    if test is None:
        return ""  # the peer's rows of terms that do not exist
    unit = SI_UNITS[test] if without_units else row["unit"] or None
    result = _quantity(row["value"], unit)
    if result is None:
        return ""
    sample = Sample(
        test=test,
        result=result,
        low=_quantity(row["lln"], unit),
        high=_quantity(row["uln"], unit),
        baseline=_quantity(row["baseline"], unit),
    )
    direction = {"H": "high", "L": "low"}[row["direction"]]
    (found,) = [e for e in grade(shipped_table("5.0"), sample) if e.direction == direction]
    return "/".join(map(str, found.grades)) if isinstance(found, Graded) else ""


def _quantity(text: str, unit: str | None) -> Quantity | None:
    return Quantity(Interval.of(measured(text)), unit) if text else None
