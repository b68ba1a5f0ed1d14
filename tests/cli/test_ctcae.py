"""``signals ctcae``: a file of results graded, and by two versions."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Signals

Rows = list[dict[str, Any]]

HEAD = "LBTESTCD,LBORRES,LBORRESU,LBORNRLO,LBORNRHI,BASE,LBSPEC,ANTICOAG,SYMPTOMATIC,AGE,SEX\n"
ROWS = """HGB,79,g/L,120,160,,BLOOD,,,,
NEUT,1.6,10*9/L,,,,,,,,
K,3.2,mmol/L,3.5,5.5,,,,N,,
INR,1.1,,,,1.0,,Y,,,
PLAT,24,10*9/L,100,300,,,,,,
PLAT,24,wat,100,300,,,,,,
GLUC,NEGATIVE,mg/dL,70,110,,URINE,,,,
XYZ,5,g/L,1,2,,,,,,
"""


@pytest.fixture
def results(tmp_path: Path) -> str:
    file = tmp_path / "lb.csv"
    file.write_text(HEAD + ROWS, encoding="utf-8")
    return str(file)


@pytest.fixture
def ctcae(signals: Signals) -> Callable[..., Rows]:
    """Call the command with --json; its lines."""

    def call(*words: object, stdin: bytes = b"") -> Rows:
        ran = signals("ctcae", *words, "--json", stdin=stdin)
        assert ran.code == 0, ran.err
        return [json.loads(line) for line in ran.out.splitlines()]

    return call


def test_every_row_comes_back_with_its_grades_by_direction(
    ctcae: Callable[..., Rows], results: str
) -> None:
    rows = ctcae("grade", results, "--version", "5.0")
    assert [row["LBTESTCD"] for row in rows] == [line.split(",")[0] for line in ROWS.splitlines()]
    assert rows[0] == {
        **dict(zip(HEAD.strip().split(","), ROWS.splitlines()[0].split(","), strict=True)),
        "low": {
            "term": "Anemia",
            "ctcae_version": "5.0",
            "grade": 3,
            "missing": [],
            "baseline_missing": False,
            "within_reference_range": False,
        },
        "high": {
            "term": "Hemoglobin increased",
            "ctcae_version": "5.0",
            "grade": 0,
            "missing": [],
            "baseline_missing": False,
            "within_reference_range": False,
        },
    }
    assert [row["low"]["grade"] for row in rows if "low" in row] == [3, [0, 1], 1, 4, None, None]
    assert rows[1]["low"]["missing"] == ["LBORNRLO"]
    assert rows[3]["high"]["grade"] == 1
    assert rows[5]["low"]["missing"] == ["LBORRESU"]
    assert rows[5]["low"]["why"] == 'the unit "wat" is not known'
    assert rows[6]["low"]["missing"] == ["LBORRES"]
    assert rows[6]["low"]["why"] == "'NEGATIVE' is not a decimal number"
    assert not {"high", "low"} & rows[7].keys()


def test_a_packed_file_and_standard_input_are_read_alike(
    ctcae: Callable[..., Rows], results: str, tmp_path: Path
) -> None:
    plain = Path(results).read_bytes()
    packed = tmp_path / "lb.csv.gz"
    packed.write_bytes(gzip.compress(plain))
    expected = ctcae("grade", results)
    assert ctcae("grade", str(packed)) == expected
    assert ctcae("grade", "-", stdin=plain) == expected
    marked = tmp_path / "marked.csv"
    marked.write_bytes(b"\xef\xbb\xbf" + plain)
    assert ctcae("grade", str(marked)) == expected


def test_without_json_terms_and_grades_are_counted(signals: Signals, results: str) -> None:
    ran = signals("ctcae", "grade", results)
    assert ran.code == 0
    lines = [" ".join(line.replace("│", " ").split()) for line in ran.out.splitlines()]
    for line in (
        "Anemia 3 1",
        "Neutrophil count decreased 0 or 1 1",
        'Platelet count decreased the unit "wat" is not known 1',
        "No laboratory term of CTCAE: XYZ 1",
    ):
        assert line in lines


def test_the_results_that_change_between_versions_are_told(
    ctcae: Callable[..., Rows], signals: Signals, results: str
) -> None:
    (first, second) = ctcae("compare", "5.0", "6.0", results)
    assert (first["LBTESTCD"], first["5.0"]["low"]["grade"], first["6.0"]["low"]["grade"]) == (
        "NEUT",
        [0, 1],
        0,
    )
    assert second["6.0"]["low"] == {
        "term": "Thrombocytopenia",
        "ctcae_version": "6.0",
        "grade": 3,
        "missing": [],
        "baseline_missing": False,
        "within_reference_range": False,
    }
    shown = signals("ctcae", "compare", "5.0", "6.0", results)
    assert shown.code == 0
    assert "Platelet count decreased, 4" in shown.out
    assert "Thrombocytopenia, 3" in shown.out
    assert shown.out.endswith("2 of 8 results change\n")


@pytest.mark.parametrize(
    ("text", "arguments", "message"),
    [
        (HEAD, ["--version", "4.0"], "there is no grading table of CTCAE version '4.0'; use 5.0 or 6.0"),
        ("LBTESTCD,LBORRES\n", [], "lb.csv: there is no column LBORRESU, LBORNRLO, LBORNRHI; the first line names the columns"),
        ("", [], "lb.csv: there is no column LBTESTCD"),
        (HEAD + "HGB,1,g/L,1,2,,,,,,,\n", [], "lb.csv:2: the line has more cells than the first line names"),
        (HEAD + '"HGB', [], "lb.csv: cannot be read: unexpected end of data; give a CSV file in UTF-8"),
        (HEAD.encode() + b"\xff\xfe", [], "lb.csv: cannot be read: 'utf-8' codec can't decode"),
        (None, [], "lb.csv: cannot be read: No such file or directory; give a CSV file in UTF-8, gzipped or not, or -"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_what_to_do(
    signals: Signals, tmp_path: Path, text: str | bytes | None, arguments: list[str], message: str
) -> None:
    file = tmp_path / "lb.csv"
    if text is not None:
        file.write_bytes(text.encode() if isinstance(text, str) else text)
    ran = signals("ctcae", "grade", file, *arguments)
    assert ran.code == 2
    assert message in ran.err.replace(f"{tmp_path}/", "")


def test_a_line_with_too_few_cells_lacks_what_it_does_not_give(
    ctcae: Callable[..., Rows], tmp_path: Path
) -> None:
    file = tmp_path / "lb.csv"
    file.write_text(HEAD + "NEUT,1.6\nNEUT,0.4,10*9/L\n", encoding="utf-8")
    first, second = ctcae("grade", str(file))
    assert (first["low"]["grade"], first["low"]["missing"]) == (None, ["LBORRESU"])
    assert second["low"]["grade"] == 4
