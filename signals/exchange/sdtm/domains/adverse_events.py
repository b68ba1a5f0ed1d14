"""AE: adverse events, each row a record; rows that repeat another stay records of their own."""

from collections.abc import Callable, Iterator

from signals.exchange.sdtm.draft import Draft, Field, whole_number
from signals.exchange.sdtm.keys import Keys, not_mapped
from signals.exchange.sdtm.report import Finding
from signals.exchange.sdtm.study import Study
from signals.exchange.sdtm.study_map import Grade
from signals.exchange.sdtm.tables import Row
from signals.exchange.sdtm.words import CAUSALITY, folded

ONGOING = {"ONGOING": True, "BEFORE": False}
"""Words of AEENRTPT (codelist STENRF) that say whether the event had ended."""

FIELDS = (
    Field("term_verbatim", "AETERM"),
    Field("meddra.llt", "AELLTCD", whole_number),
    Field("meddra.pt", "AEPTCD", whole_number),
    Field("meddra.hlt", "AEHLTCD", whole_number),
    Field("meddra.hlgt", "AEHLGTCD", whole_number),
    Field("meddra.soc", "AEBDSYCD", whole_number),
    Field("meddra.pt_name", "AEDECOD"),
    Field("meddra.soc_name", "AEBODSYS"),
    Field("onset", "AESTDTC"),
    Field("end", "AEENDTC"),
    Field("ongoing", "AEENRTPT", lambda text: ONGOING.get(folded(text), text)),
    Field("serious", "AESER"),
    Field("criteria.death", "AESDTH"),
    Field("criteria.life_threatening", "AESLIFE"),
    Field("criteria.hospitalization", "AESHOSP"),
    Field("criteria.disability", "AESDISAB"),
    Field("criteria.congenital", "AESCONG"),
    Field("criteria.other_medically_important", "AESMIE"),
    Field("action_taken", "AEACN"),
    Field("outcome", "AEOUT"),
)
WITHOUT_PLACE = {
    "AESCAN": "the event format has no seriousness criterion for cancer",
    "AESOD": "the event format has no seriousness criterion for an overdose",
}
READ = frozenset({field.column for field in FIELDS} | set(WITHOUT_PLACE) | {"AEDTC", "AEREL"})


def drafts(study: Study) -> Iterator[Draft | Finding]:
    """Map every row of AE."""
    keys = Keys("AE")
    grade, causality = _grade(study.map.grade), _causality(study)
    for row in study.rows("AE"):
        draft, findings = keys.start("adverse-event", row)
        yield from findings
        if draft:
            _fill(draft, grade)
            _judge_product(draft, study.map.product, causality)
            yield draft
            yield from _without_place(draft, row)


def columns_read(study: Study) -> frozenset[str]:
    """Name the columns of AE that the mapping looks at."""
    return READ | {_grade(study.map.grade).column}


def _fill(draft: Draft, grade: Field) -> None:
    draft.fill((*FIELDS, grade))
    draft.dated_by("AESTDTC", "AEENDTC", "AEDTC")


def _grade(stated: Grade | None) -> Field:
    """AETOXGR holds CTCAE grades; the intensity AESEV is none, unless the map makes it one."""
    if stated is None:
        return Field("grade", "AETOXGR", whole_number)
    words = {folded(word): number for word, number in stated.words.items()}
    read: Callable[[str], int | str] = lambda text: words.get(folded(text), whole_number(text))  # noqa: E731
    return Field("grade", stated.column.upper(), read)


def _causality(study: Study) -> dict[str, str]:
    stated = {folded(word): meant.value for word, meant in study.map.causality.items()}
    return CAUSALITY | stated


def _judge_product(draft: Draft, product: str | None, words: dict[str, str]) -> None:
    """AEREL is the investigator's view on the study product."""
    if product is not None:
        draft.data["suspect_product"] = product
    given = draft.row["AEREL"]
    if not given:
        return
    judged = {"assessment": words.get(folded(given), given)}
    if product is not None:
        judged["product"] = product
    draft.put("causality.investigator", [judged], draft.row, "AEREL")


def _without_place(draft: Draft, row: Row) -> Iterator[Finding]:
    for column, why in WITHOUT_PLACE.items():
        if row[column] not in ("", "N"):
            yield not_mapped(draft, column, why)
