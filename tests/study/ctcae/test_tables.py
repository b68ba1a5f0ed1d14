"""The tables that ship: complete, as the domain's own list has them, and refused when wrong."""

import csv
from pathlib import Path

import pytest

from signals.study.ctcae import read_table, shipped_table
from signals.study.ctcae.expression import read_expression

SPECIMENS = {
    "blood/serum/plasma": "blood",
    "arterial blood": "arterial blood",
    "24 h urine": "urine",
}
SAME_IN_6 = {
    "no change",
    "no numeric change",
    "text typo fixed only",
    "wording on symptom severity only",
}


def rows(shared: Path) -> list[dict[str, str]]:
    path = shared / "domain" / "ctcae_v5_labs.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_term_is_that_of_the_domain_with_its_words_and_limits(shared: Path) -> None:
    terms = {(each.term): each for each in shipped_table("5.0").terms}
    listed = rows(shared)
    assert len(listed) == len(terms) == 49
    for row in listed:
        term = terms[row["ctcae_term"]]
        assert term.test == row["lbtestcd"]
        assert term.direction == {"H": "high", "L": "low"}[row["direction"]]
        assert term.specimen == SPECIMENS[row["specimen"]]
        assert term.units[0] == row["unit_si_ucum"]
        limits = {limit.grade: limit for limit in term.limits}
        for grade in range(1, 5):
            says = " ".join(row[f"g{grade}_text"].split())
            assert (limits[grade].says if grade in limits else "") == says, (term.term, grade)
            for column, unit in (("si", "unit_si_ucum"), ("conv", "unit_conventional_ucum")):
                text = row[f"g{grade}_{column}"]
                have = limits[grade].conditions.get(row[unit]) if grade in limits else None
                assert have == (read_expression(text) if text else None), (term.term, grade, column)


def test_what_version_6_left_alone_is_the_same_there(shared: Path) -> None:
    five, six = (
        {(each.test, str(each.direction)): each for each in shipped_table(version).terms}
        for version in ("5.0", "6.0")
    )
    same = [row for row in rows(shared) if row["v6_difference"] in SAME_IN_6]
    assert len(same) == 31
    for row in same:
        key = row["lbtestcd"], {"H": "high", "L": "low"}[row["direction"]]
        old, new = five[key], six[key]
        assert [(each.grade, each.conditions) for each in old.limits] == [
            (each.grade, each.conditions) for each in new.limits
        ], key
        assert new.not_graded is None


def test_the_codes_of_meddra_are_not_republished(root: Path, shared: Path) -> None:
    text = "".join(
        path.read_text(encoding="utf-8") for path in sorted((root / "rules" / "ctcae").glob("*"))
    )
    assert [row["meddra_llt"] for row in rows(shared) if row["meddra_llt"] in text] == []


TERM = """version: "5.0"
title: A table of the tests
source: made up
terms:
  - term: Anemia
    analyte: Hemoglobin
    test: HGB
    direction: low
    specimen: blood
    units: [g/L, g/dL]
    grades:
      1: {says: low, limit: x < LLN}
      2:
        says: lower
        limit:
          g/L: x < 100
          g/dL: x < 10
"""


def told(text: str, path: str = "ctcae/v5.0.yaml") -> list[tuple[str, int, int, str, str]]:
    table, problems = read_table(path, text)
    assert (table is None) is bool(problems)
    return [(each.code, each.line, each.column, each.message, each.help) for each in problems]


def test_a_table_is_read() -> None:
    assert told(TERM) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("x < 100", "x < 100 g", ("SR014", 16, 24, "'g' is not expected here", "")),
        ("x < LLN", "x < LLNN", ("SR014", 12, 33, "'LLNN' is no name of a limit", "did you mean 'LLN'?")),
        ("HGB", "HBG", ("SR014", 7, 11, "no units are known for the test 'HBG'", "did you mean 'HGB'?")),
        ("[g/L, g/dL]", "[g/L, g/dL, U/L]", ("SR014", 10, 24, '"U/L" cannot be converted to "g/L" for the test HGB', "")),
        ("          g/dL: x < 10\n", "", ("SR014", 15, 9, "grade 2 has no limit in g/dL", "add 'g/dL:'")),
        ("g/dL: x < 10\n", "g/dl: x < 10\n", ("SR014", 17, 11, "'g/dl' is not among the units of this term", "did you mean 'g/dL'?")),
        ("specimen: blood", "specimen: bone", ("SR012", 9, 15, "'bone' is not a value of 'specimen'", "")),
        ('version: "5.0"', 'version: "6.0"', ("SR008", 1, 10, "the file of version '6.0' must be 'ctcae/v6.0.yaml'", "rename the file, or correct the version")),
        ("    units", "    assumed: [fastin]\n    units", ("SR014", 10, 15, "'fastin' is no word of a limit", "did you mean 'fasting'?")),
    ],
)  # fmt: skip
def test_a_mistake_in_a_table_is_told_at_its_place(
    old: str, new: str, problem: tuple[str, int, int, str, str]
) -> None:
    found = told(TERM.replace(old, new, 1))
    assert problem[:4] in [each[:4] for each in found]
    assert problem[4] in {each[4] for each in found if each[:4] == problem[:4]} or not problem[4]


def test_a_second_term_for_one_direction_is_told() -> None:
    twice = TERM + TERM[TERM.index("  - term") :].replace("Anemia", "Anaemia")
    assert (
        "SR006",
        18,
        11,
        "'Anaemia' is a second term for HGB, low",
        "delete one of the two",
    ) in told(twice)
