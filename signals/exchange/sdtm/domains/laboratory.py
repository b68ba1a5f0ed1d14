"""LB: laboratory results as the laboratory gave them (original result, unit and limits)."""

from collections.abc import Iterator, Mapping

from signals.events.unit_text import read_unit
from signals.exchange.sdtm.draft import Draft, Field, yes_no
from signals.exchange.sdtm.keys import Keys
from signals.exchange.sdtm.report import Finding, What
from signals.exchange.sdtm.study import Study
from signals.exchange.sdtm.words import NO_UNIT, folded

FIELDS = (
    Field("test", "LBTESTCD"),
    Field("loinc", "LBLOINC"),
    Field("result_raw", "LBORRES"),
    Field("range_low", "LBORNRLO"),
    Field("range_high", "LBORNRHI"),
    Field("collected_at", "LBDTC"),
    Field("specimen", "LBSPEC"),
    Field("sample_id", "LBREFID"),
    Field("fasting", "LBFAST", yes_no),
    Field("status", "LBSTAT"),
    Field("baseline", "LBBLFL", yes_no),
    Field("lab_id", "LBNAM"),
)
READ = frozenset({field.column for field in FIELDS} | {"LBORRESU", "LBCAT"})


def drafts(study: Study) -> Iterator[Draft | Finding]:
    """Map every row of LB."""
    keys = Keys("LB")
    stated = study.map.specimen_by_category
    specimens = {folded(category): specimen for category, specimen in stated.items()}
    for row in study.rows("LB"):
        draft, findings = keys.start("lab-result", row)
        yield from findings
        if draft:
            _fill(draft, specimens)
            yield from _unit(draft, study.map.units)
            yield draft


def columns_read(_study: Study) -> frozenset[str]:
    """Name the columns of LB that the mapping looks at."""
    return READ


def _fill(draft: Draft, specimens: dict[str, str]) -> None:
    row = draft.row
    draft.fill(FIELDS)
    draft.dated_by("LBDTC")
    if row["LBORRES"] and not row["LBSTAT"]:
        draft.put("status", "DONE", row, "LBSTAT")
    specimen = specimens.get(folded(row["LBCAT"]))
    if specimen and not row["LBSPEC"]:
        draft.put("specimen", specimen, row, "LBCAT")


def _unit(draft: Draft, stated: Mapping[str, str]) -> Iterator[Finding]:
    """The unit is that of the result and of its limits; no unit is no unit_raw."""
    row = draft.row
    given = row["LBORRESU"].strip()
    if folded(given) in NO_UNIT:
        return
    unit = stated.get(given, given)
    draft.put("unit_raw", unit, row, "LBORRESU")
    if row["LBORNRLO"] or row["LBORNRHI"]:
        draft.put("range_unit", unit, row, "LBORRESU")
    if read_unit(unit) is None:
        yield Finding(
            "LB", row.number, draft.key, "LBORRESU", given, What.UNIT_NOT_KNOWN,
            f"{row['LBTESTCD']} arrives with this unit, but is not graded or converted; the map "
            "can say what it means, under units",
        )  # fmt: skip
