"""Which specimens a term is about: glucose of urine is no hypoglycaemia.

A code of a test may stand for several specimens (PH and PROT of blood and of urine).  A result that
does not name its specimen is taken as blood where the term is about blood in general, as
laboratories leave it out there; a term about arterial blood or urine must be told.
"""

from __future__ import annotations

from functools import lru_cache

from signals.study.ctcae.table import Specimen

_URINE = ("urine", "urinary", "尿")
_BLOOD = ("blood", "serum", "plasma", "血")
_VENOUS = ("venous", "vein", "静脉")


@lru_cache(maxsize=1024)
def why_not_of(wanted: Specimen, given: str | None) -> str | None:
    """Why a result of this specimen is none of the term's, or None if it is one."""
    if given is None:
        return None if wanted == "blood" else f"the specimen is missing, and must be {wanted}"
    text = given.casefold()
    if wanted == "urine":
        fits = _any(_URINE, text)
    else:
        fits = _any(_BLOOD, text) and not _any(_URINE, text)
        fits = fits and not (wanted == "arterial blood" and _any(_VENOUS, text))
    return None if fits else f"the specimen is {given}, and must be {wanted}"


def _any(words: tuple[str, ...], text: str) -> bool:
    return any(word in text for word in words)
