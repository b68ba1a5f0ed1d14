"""The row-level report: what of the study's rows was not understood, and what was assumed."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from pathlib import Path


class What(StrEnum):
    """What is said of a row. The first group was not understood; the second is only noted."""

    NOT_MAPPED = "not mapped"
    NOT_UNDERSTOOD = "not understood"
    UNIT_NOT_KNOWN = "unit not known"
    KEY_UNUSABLE = "key unusable"
    ROW_NOT_READ = "row not read"

    NOT_DONE = "not done"
    ASSUMED = "assumed"
    COLUMN_NOT_READ = "column not read"
    FILE_NOT_READ = "file not read"
    DOMAIN_ABSENT = "domain absent"

    @property
    def is_note(self) -> bool:
        """Whether this is only noted: it leaves no row behind that was not understood."""
        return self in _NOTES


_NOTES = frozenset(
    {What.NOT_DONE, What.ASSUMED, What.COLUMN_NOT_READ, What.FILE_NOT_READ, What.DOMAIN_ABSENT}
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; `row` is None where it is about a whole column, domain or study."""

    domain: str
    row: int | None
    key: str
    column: str
    value: str
    what: What
    why: str


FIELDS = tuple(field.name for field in fields(Finding))


def counts(findings: Iterable[Finding]) -> dict[str, dict[str, int]]:
    """Count the findings by domain and by what they say."""
    counted: dict[str, Counter[str]] = {}
    for finding in findings:
        counted.setdefault(finding.domain, Counter())[finding.what.value] += 1
    return {domain: dict(sorted(numbers.items())) for domain, numbers in counted.items()}


def as_ndjson(findings: Iterable[Finding]) -> str:
    """Write one finding a line."""
    return "".join(
        json.dumps(asdict(finding), ensure_ascii=False, sort_keys=True) + "\n"
        for finding in findings
    )


def as_csv(findings: Iterable[Finding]) -> str:
    """Write the findings as a table with a header line."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, FIELDS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(finding) for finding in findings)
    return text.getvalue()


def write_report(path: Path, findings: Iterable[Finding]) -> None:
    """Write the report: CSV where the file's name ends so, else one JSON object a line."""
    is_table = path.suffix.lower() == ".csv"
    path.write_text(as_csv(findings) if is_table else as_ndjson(findings), encoding="utf-8")
