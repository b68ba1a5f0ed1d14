"""DM: enrolments, and the deaths that DM records."""

from collections.abc import Iterator

from signals.exchange.sdtm.draft import Draft, Field, whole_number
from signals.exchange.sdtm.keys import not_mapped
from signals.exchange.sdtm.report import Finding, What
from signals.exchange.sdtm.study import Study
from signals.exchange.sdtm.study_map import Status
from signals.exchange.sdtm.tables import Row
from signals.exchange.sdtm.words import folded

YEAR = len("1971")
FIELDS = (
    Field("consented_at", "RFICDTC"),
    Field("birth_year", "BRTHDTC", lambda text: whole_number(text[:YEAR])),
    Field("sex", "SEX"),
)
MILESTONES = {"INFORMED CONSENT OBTAINED": "consented_at", "ENROLLED": "enrolled_at"}
NOT_ENROLLED = {"SCRNFAIL", "SCREEN FAILURE"}
READ = frozenset(
    {each.column for each in FIELDS}
    | {"SITEID", "DTHFL", "DTHDTC", "DMDTC", "ARM", "ARMCD", "ARMNRS"}
)


def drafts(study: Study) -> Iterator[Draft | Finding]:
    """Map every row of DM to an enrolment, save screen failures; a death is a status of its own."""
    milestones = _milestones(study)
    seen: set[str] = set()
    for row in study.rows("DM"):
        subject = row["USUBJID"]
        if not subject or subject in seen:
            yield _unusable(row)
            continue
        seen.add(subject)
        enrolment = Draft("DM", "enrolment", row, f"DM-{subject}", subject)
        if _failed_screening(row):
            yield _not_enrolled(enrolment)
        else:
            _fill(enrolment, study.map.enrolled_at, milestones.get(subject, {}))
            yield enrolment
        if row["DTHFL"] == "Y" or row["DTHDTC"]:
            yield _death(row)


def columns_read(study: Study) -> frozenset[str]:
    """Name the columns of DM that the mapping looks at."""
    stated = study.map.enrolled_at
    return READ | ({stated.upper()} if stated else set())


def _milestones(study: Study) -> dict[str, dict[str, Row]]:
    """Find the rows of DS that say when a subject consented and was enrolled."""
    found: dict[str, dict[str, Row]] = {}
    for row in study.rows("DS"):
        place = MILESTONES.get(folded(row["DSDECOD"]))
        if place and row["DSSTDTC"]:
            found.setdefault(row["USUBJID"], {}).setdefault(place, row)
    return found


def _failed_screening(row: Row) -> bool:
    return any(folded(row[column]) in NOT_ENROLLED for column in ("ARMCD", "ARM", "ARMNRS"))


def _not_enrolled(draft: Draft) -> Finding:
    column = next(each for each in ("ARMCD", "ARM", "ARMNRS") if draft.row[each])
    return not_mapped(draft, column, "the subject failed screening: there is no enrolment")


def _fill(draft: Draft, enrolled_column: str | None, milestones: dict[str, Row]) -> None:
    draft.fill(FIELDS)
    if enrolled_column:
        draft.fill([Field("enrolled_at", enrolled_column.upper())])
    for place, row in milestones.items():
        if place not in draft.data:
            draft.put(place, row["DSSTDTC"], row, "DSSTDTC")
    draft.dated_by("DMDTC")
    draft.dates += [draft.data[each] for each in MILESTONES.values() if each in draft.data]


def _death(row: Row) -> Draft:
    death = Draft("DM", "subject-status", row, "DM-DTH", row["USUBJID"])
    death.put("status", Status.DEAD.value, row, "DTHFL")
    death.fill([Field("at", "DTHDTC"), Field("death_date", "DTHDTC")])
    death.dated_by("DTHDTC")
    return death


def _unusable(row: Row) -> Finding:
    why = "an earlier row is about the same subject" if row["USUBJID"] else "no subject is named"
    return Finding(
        "DM", row.number, f"{row['USUBJID'] or '-'}/DM", "USUBJID", row["USUBJID"],
        What.KEY_UNUSABLE, f"{why}; DM has one row a subject, and this one is left out",
    )  # fmt: skip
