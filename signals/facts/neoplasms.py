"""Which adverse events suggest a secondary tumour (DOMAIN 6, NEO-01).

Coded (MedDRA given, its organ class by name or code): any preferred term of the organ class
``neoplasm_soc`` outside the list
``benign_neoplasm``.  Until coded: one of the CTCAE terms of the list ``neoplasm_term``, or one of
the word parts ``neoplasm_word`` in the reporter's words, letter case ignored, once the phrases of
``not_neoplasm`` are taken out.
"""

from __future__ import annotations

from functools import lru_cache

from signals.events.kinds.adverse_event import AdverseEvent
from signals.study.model import Study

_NONE: frozenset[str] = frozenset()


def is_neoplasm(data: AdverseEvent, study: Study) -> bool:
    """Whether the event is to be taken as a possible secondary tumour."""
    coded = data.meddra
    named = (coded.soc_name, coded.soc) if coded is not None else ()
    classes = [str(each) for each in named if each]
    if classes:
        listed = any(_in_organ_class(each, study) for each in classes)
        return listed and not _is_benign(data, study)
    return _by_term(data, study) or _by_words(data, study)


def _in_organ_class(name: str, study: Study) -> bool:
    """Whether a class is listed; of a name, what MedDRA adds in brackets may be left out."""
    return name.casefold().startswith(_organ_classes(study))


@lru_cache(maxsize=8)
def _organ_classes(study: Study) -> tuple[str, ...]:
    return tuple(each.partition(" (")[0] for each in study.terms.get("neoplasm_soc", _NONE))


def _is_benign(data: AdverseEvent, study: Study) -> bool:
    benign = study.terms.get("benign_neoplasm", _NONE)
    name = data.meddra.pt_name if data.meddra else None
    return (name or data.term or "").casefold() in benign


def _by_term(data: AdverseEvent, study: Study) -> bool:
    listed = study.terms.get("neoplasm_term", _NONE)
    ctcae = data.ctcae.term if data.ctcae else None
    return any(each.casefold() in listed for each in (ctcae, data.term) if each)


def _by_words(data: AdverseEvent, study: Study) -> bool:
    text = " ".join(filter(None, (data.term_verbatim, data.term))).casefold()
    for phrase in study.terms.get("not_neoplasm", _NONE):
        text = text.replace(phrase, " ")
    return any(part in text for part in study.terms.get("neoplasm_word", _NONE))
