"""Small studies on disk for the tests, and how to run the import on them."""

import csv
import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from signals.exchange.sdtm import Import, StudyMap, parse_map, read_study
from tests.exchange.xport import Cell, write_xport

Rows = Sequence[Mapping[str, Cell]]


def row(domain: str, subject: Cell = "S-01-001", seq: Cell = 1, **cells: Cell) -> dict[str, Cell]:
    """A row with the keys that every domain bears."""
    start: dict[str, Cell] = {"STUDYID": "TRIAL", "DOMAIN": domain, "USUBJID": subject}
    return start | ({} if domain == "DM" else {f"{domain}SEQ": seq}) | cells


def write_csv_gz(path: Path, rows: Rows) -> None:
    with gzip.open(path, "wt", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def imported(folder: Path, text: str = "", **domains: Rows) -> tuple[list[dict[str, Any]], Import]:
    """Write the domains as transport files, import them with a map, and give events and run."""
    for domain, rows in domains.items():
        write_xport(folder / f"{domain.lower()}.xpt", domain, rows)
    run = Import(read_study(folder, parse_map(text, "map.yaml") if text else StudyMap()))
    return [json.loads(line) for line in run.lines()], run


def only(folder: Path, text: str = "", **domains: Rows) -> dict[str, Any]:
    """Give the data of the one event that the domains make."""
    events, _ = imported(folder, text, **domains)
    (event,) = events
    data: dict[str, Any] = event["data"]
    return data


def said(run: Import) -> list[tuple[str, int | None, str, str, str]]:
    """Give what the report says of rows: domain, row, column, value, what."""
    return [
        (each.domain, each.row, each.column, each.value, each.what.value)
        for each in run.findings
        if each.row is not None
    ]
