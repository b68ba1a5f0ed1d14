"""The laboratory results of the CDISC pilot study graded in one run, and the page that shows it."""

import csv
import gzip
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from signals.events.measured import measured
from signals.study.ctcae import (
    Graded,
    Interval,
    Quantity,
    Refused,
    Sample,
    corrected_calcium,
    grade,
    shipped_table,
)

Row = dict[str, str]
PAGE = Path("docs") / "validation" / "cdisc-pilot-grades.md"
UNITS = {"THOU/uL": "10*3/uL", "MILL/uL": "10*6/uL", "NO UNITS": ""}
"""What docs/validation/cdisc-pilot.yaml maps, and the word for no unit."""


@pytest.mark.ci
def test_the_page_of_the_pilot_s_grades_is_current(root: Path, shared: Path) -> None:
    path = shared / "data" / "cdisc-pilot" / "lb.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        tables = page_tables(list(csv.DictReader(file)))
    page = (root / PAGE).read_text(encoding="utf-8")
    assert [table for table in tables if table not in page] == []


def page_tables(rows: list[Row]) -> list[str]:
    """The figures of the page, as they stand in it."""
    counts: Counter[tuple[str, str]] = Counter()
    refused: Counter[tuple[str, str]] = Counter()
    without: Counter[str] = Counter()
    table = shipped_table("5.0")
    for row, sample in samples(rows):
        if row["LBTESTCD"] not in table.by_test:
            without[row["LBTESTCD"]] += 1
        elif sample is None:
            raise AssertionError(row)  # every one of them is a number
        else:
            for each in grade(table, sample):
                if isinstance(each, Refused):
                    refused[each.term, each.why] += 1
                elif isinstance(each, Graded):
                    counts[each.term, " or ".join(map(str, each.grades))] += 1
    graded = {term for term, _ in counts}
    columns = sorted({found for _, found in counts})
    lines = ["| " + " | ".join(["term", *columns]) + " |", "| --- |" + " ---: |" * len(columns)]
    for term in [each.term for each in table.terms if each.term in graded]:
        cells = (f"{counts[term, each]:,}" if counts[term, each] else "" for each in columns)
        lines.append("| " + " | ".join([term, *cells]) + " |")
    return [
        "\n".join(lines),
        _listed(("term", "why there is no grade"), refused),
        ", ".join(f"{test} {number:,}" for test, number in sorted(without.items())),
        f"Of {len(rows):,} results {len(rows) - without.total():,} are of a test with a term.",
    ]


def _listed(heads: tuple[str, str], counts: dict[tuple[str, str], int]) -> str:
    lines = [f"| {heads[0]} | {heads[1]} | results |", "| --- | --- | ---: |"]
    lines += [f"| {one} | {other} | {n:,} |" for (one, other), n in sorted(counts.items())]
    return "\n".join(lines)


def samples(rows: list[Row]) -> Iterator[tuple[Row, Sample | None]]:
    """Every row as a sample with its baseline (LBBLFL) and calcium corrected for albumin."""
    baselines = {
        (row["USUBJID"], row["LBTESTCD"]): _result(row) for row in rows if row["LBBLFL"] == "Y"
    }
    albumin = {_drawn(row): _result(row) for row in rows if row["LBTESTCD"] == "ALB"}
    for row in rows:
        result = _result(row)
        if result is None:
            yield row, None
            continue
        sample = Sample(
            test=row["LBTESTCD"],
            result=result,
            low=_quantity(row["LBORNRLO"], row),
            high=_quantity(row["LBORNRHI"], row),
            baseline=baselines.get((row["USUBJID"], row["LBTESTCD"])),
            specimen="URINE" if row["LBCAT"] == "URINALYSIS" else "BLOOD",
        )
        protein = albumin.get(_drawn(row))
        if row["LBTESTCD"] == "CA" and protein is not None:
            sample = replace(sample, result=corrected_calcium(result, protein) or result)
        yield row, sample


def _drawn(row: Row) -> tuple[str, str]:
    return row["USUBJID"], row["LBDTC"]


def _result(row: Row) -> Quantity | None:
    return _quantity(row["LBORRES"], row)


def _quantity(text: str, row: Row) -> Quantity | None:
    try:
        return Quantity(Interval.of(measured(text)), UNITS.get(row["LBORRESU"], row["LBORRESU"]))
    except ValueError:
        return None
