"""EX: infusions, for the treatments that the map says are given so."""

from collections.abc import Iterator

from signals.exchange.sdtm.draft import Draft, Field, whole_number
from signals.exchange.sdtm.keys import Keys, not_mapped
from signals.exchange.sdtm.report import Finding, What
from signals.exchange.sdtm.study import Study
from signals.exchange.sdtm.study_map import Infusions
from signals.exchange.sdtm.tables import Row
from signals.exchange.sdtm.words import folded

FIELDS = (
    Field("infusion_no", "EXSEQ", whole_number),
    Field("product_id", "EXTRT"),
    Field("start", "EXSTDTC"),
    Field("end", "EXENDTC"),
    Field("lot", "EXLOT"),
    Field("access_site", "EXLOC"),
)
DOSE_FIELDS = {"ML": "volume_mL", "CELLS/KG": "dose_cells_per_kg_actual"}
ROUTES = {"INTRAVENOUS", "INTRAVENOUS DRIP"}
READ = frozenset({each.column for each in FIELDS} | {"EXDOSE", "EXDOSU", "EXROUTE", "EXOCCUR"})


def drafts(study: Study) -> Iterator[Draft | Finding]:
    """Map the rows of EX whose treatment is an infusion; report the others."""
    keys = Keys("EX")
    stated = study.map.infusions
    treatments = {folded(word) for word in stated.treatments} if stated else set()
    for row in study.rows("EX"):
        if stated is None or folded(row["EXTRT"]) not in treatments:
            yield _no_infusion(row)
            continue
        draft, findings = keys.start("infusion", row)
        yield from findings
        if draft:
            yield from _fill(draft, stated)
            yield draft


def columns_read(_study: Study) -> frozenset[str]:
    """Name the columns of EX that the mapping looks at."""
    return READ


def _no_infusion(row: Row) -> Finding:
    return Finding(
        "EX", row.number, f"{row['USUBJID'] or '-'}/EX-{row['EXSEQ']}", "EXTRT", row["EXTRT"],
        What.NOT_MAPPED, "the map does not name this treatment under infusions.treatments",
    )  # fmt: skip


def _fill(draft: Draft, stated: Infusions) -> Iterator[Finding]:
    row = draft.row
    draft.fill(FIELDS)
    draft.dated_by("EXSTDTC", "EXENDTC", "EXDTC")
    if row["EXOCCUR"] == "N":
        draft.put("status", "NOT_DONE", row, "EXOCCUR")
    elif stated.status:
        draft.data["status"] = stated.status
    yield from _dose(draft, row)
    yield from _route(draft, row)


def _dose(draft: Draft, row: Row) -> Iterator[Finding]:
    place = DOSE_FIELDS.get(folded(row["EXDOSU"]))
    if place and row["EXDOSE"]:
        draft.put(place, row["EXDOSE"], row, "EXDOSE")
    elif row["EXDOSE"]:
        unit = row["EXDOSU"] or "no unit"
        yield not_mapped(
            draft, "EXDOSE", f"a dose in {unit} has no place in an infusion (mL and cells/kg have)"
        )


def _route(draft: Draft, row: Row) -> Iterator[Finding]:
    if folded(row["EXROUTE"]) in ROUTES:
        draft.put("route", "INTRAVENOUS", row, "EXROUTE")
    elif row["EXROUTE"]:
        yield not_mapped(draft, "EXROUTE", "an infusion of the event format is INTRAVENOUS")
