"""What the codes of a tumour say: ICD-10, and ICD-O site and histology (DOMAIN 6, NEO-02)."""

from __future__ import annotations

from signals.facts.value import YES_OR_NO, Coded, flag

_METASTASES = ("C77", "C78", "C79")
_BENIGN = ("D10", "D36")
_MARROW = ("C90", "C91", "C92", "C93", "C94", "C95", "D45", "D46", "D47")
_BENIGN_BEHAVIOUR = ("", "0")


def is_metastasis(icd10: str | None) -> bool:
    """A code of secondary spread, C77 to C79."""
    return three(icd10) in _METASTASES


def is_benign(icd10: str | None, morphology: str | None) -> bool:
    """D10 to D36, unless the behaviour in the morphology (``/1`` and above) says otherwise."""
    behaviour = (morphology or "").partition("/")[2]
    return _BENIGN[0] <= three(icd10) <= _BENIGN[1] and behaviour in _BENIGN_BEHAVIOUR


def same_disease(icd10: str | None, primary: str | None) -> Coded:
    """Whether two ICD-10 codes agree in three characters; not known if one is missing."""
    return flag(three(icd10) == three(primary)) if icd10 and primary else YES_OR_NO


def lineage(
    topography: str | None, morphology: str | None, icd10: str | None, primary: str | None
) -> str:
    """Site and histology of a tumour against the primary's ICD-10 and ICD-O morphology.

    ``missing``: one is not known; ``conflicting``: alike in one and not in the other; ``agrees``:
    alike in both or in neither.  Histology: the first three digits of the morphology.
    """
    if not (topography and morphology and icd10 and primary):
        return "missing"
    same_site = three(topography) == _site(three(icd10))
    same_histology = morphology[:3] == primary[:3]
    return "agrees" if same_site == same_histology else "conflicting"


def three(code: str | None) -> str:
    """The three characters that name a disease."""
    return (code or "").upper()[:3]


def _site(icd10: str) -> str:
    """The ICD-O site of a primary disease: the marrow of leukaemia, myeloma and myeloid disease."""
    return "C42" if icd10 in _MARROW else icd10
