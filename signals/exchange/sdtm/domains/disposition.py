"""DS: how subjects left the study."""

from collections.abc import Iterator, Mapping

from signals.exchange.sdtm.domains.demographics import MILESTONES
from signals.exchange.sdtm.draft import Draft
from signals.exchange.sdtm.keys import Keys
from signals.exchange.sdtm.report import Finding, What
from signals.exchange.sdtm.study import Study
from signals.exchange.sdtm.study_map import Status
from signals.exchange.sdtm.tables import Row
from signals.exchange.sdtm.words import DISPOSITION, folded

READ = frozenset({"DSCAT", "DSSCAT", "DSDECOD", "DSSTDTC", "DSDTC"})


def drafts(study: Study) -> Iterator[Draft | Finding]:
    """Map the rows of DS whose word names a status; report the others, save milestones of DM."""
    keys = Keys("DS")
    stated = {folded(word): status for word, status in study.map.disposition.items()}
    for row in study.rows("DS"):
        word = folded(row["DSDECOD"])
        status = stated.get(word) or _standard(row, word)
        if status is None:
            if word not in MILESTONES:
                yield _no_status(row, stated)
            continue
        draft, findings = keys.start("subject-status", row)
        yield from findings
        if draft:
            _fill(draft, status)
            yield draft


def columns_read(_study: Study) -> frozenset[str]:
    """Name the columns of DS that the mapping looks at."""
    return READ


def _standard(row: Row, word: str) -> Status | None:
    """A standard word is about the study only in a disposition that is not one of the treatment."""
    if folded(row["DSCAT"]) not in ("", "DISPOSITION EVENT"):
        return None
    of_treatment = "TREATMENT" in folded(row["DSSCAT"])
    return None if of_treatment and word != "DEATH" else DISPOSITION.get(word)


def _no_status(row: Row, stated: Mapping[str, Status]) -> Finding:
    known = ", ".join(sorted({*DISPOSITION, *stated}))
    return Finding(
        "DS", row.number, f"{row['USUBJID'] or '-'}/DS-{row['DSSEQ']}", "DSDECOD", row["DSDECOD"],
        What.NOT_MAPPED,
        f"the word names no status of the subject (known here are {known}); the map can, "
        "under disposition",
    )  # fmt: skip


def _fill(draft: Draft, status: Status) -> None:
    row = draft.row
    draft.put("status", status.value, row, "DSDECOD")
    draft.dated_by("DSSTDTC", "DSDTC")
    if row["DSSTDTC"]:
        draft.put("at", row["DSSTDTC"], row, "DSSTDTC")
        if status is Status.DEAD:
            draft.put("death_date", row["DSSTDTC"], row, "DSSTDTC")
