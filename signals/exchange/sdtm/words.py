"""Standard SDTM words that the event format writes otherwise (CDISC controlled terminology)."""

from signals.exchange.sdtm.study_map import Status

CAUSALITY = {
    "NOT RELATED": "UNRELATED",
    "UNRELATED": "UNRELATED",
    "UNLIKELY": "UNLIKELY",
    "UNLIKELY RELATED": "UNLIKELY",
    "POSSIBLE": "POSSIBLE",
    "POSSIBLY RELATED": "POSSIBLE",
    "LIKELY": "LIKELY",
    "PROBABLE": "LIKELY",
    "PROBABLY RELATED": "LIKELY",
    "CERTAIN": "DEFINITE",
    "DEFINITE": "DEFINITE",
    "DEFINITELY RELATED": "DEFINITE",
}
"""Words of AEREL for each word of the protocol; probable is its likely, certain its definite."""

DISPOSITION = {
    "COMPLETED": Status.COMPLETED,
    "DEATH": Status.DEAD,
    "LOST TO FOLLOW-UP": Status.LOST,
    "WITHDRAWAL BY SUBJECT": Status.WITHDRAWN,
}
"""Words of DSDECOD (codelist NCOMPLT) that say by themselves how a subject left the study.

Other reasons, such as ADVERSE EVENT, end the treatment in one study and participation in another.
"""

TEMPERATURE_ROUTE = {
    "AXILLA": "AXILLARY",
    "EAR": "TYMPANIC",
    "ORAL CAVITY": "ORAL",
    "RECTUM": "RECTAL",
    "TYMPANIC MEMBRANE": "TYMPANIC",
}
"""Words of VSLOC (codelist LOC) for the routes of a temperature."""

TEMPERATURE_UNIT = {"C": "Cel", "F": "[degF]"}
"""Words of VSORRESU (codelist VSRESU) that UCUM spells otherwise."""

NO_UNIT = frozenset({"", "NO UNITS", "UNITLESS"})
"""Words of LBORRESU that say that there is no unit."""


def folded(text: str) -> str:
    """Write a word as the codelists do: upper case, single spaces."""
    return " ".join(text.upper().split())
