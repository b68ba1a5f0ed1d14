"""Every edge case of the reference data is a test that bears its id."""

import csv
import re
from pathlib import Path

HERE = Path(__file__).resolve().parent

WAITING: dict[str, tuple[int, ...]] = {}
"""Cases whose rule is not live yet, by what they wait for."""


def test_every_case_has_a_test_of_its_name(shared: Path) -> None:
    with (shared / "domain/EDGE_CASES.csv").open(newline="") as file:
        ids = {row["id"] for row in csv.DictReader(file) if row["id"].startswith("EC-")}
    texts = [each.read_text() for each in HERE.glob("test_*.py")]
    tested = {f"EC-{n}" for text in texts for n in re.findall(r"(?m)^def test_ec_(\d{3})_", text)}
    waiting = {f"EC-{number:03}" for numbers in WAITING.values() for number in numbers}
    assert ids - tested - waiting == set()
    assert tested - ids == set(), "a test bears the id of no case"
