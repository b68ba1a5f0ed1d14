"""Causality to the trial product: of each party, and effective (DOMAIN 3.2, D5).

Related are POSSIBLE, LIKELY and DEFINITE; UNLIKELY and UNRELATED are not.  Where a party names
several doses or products, the most conservative answer on the trial product counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from signals.events.kinds.adverse_event import AdverseEvent, Causality, ProductAssessment
from signals.facts.value import Coded, word

Opinion = Literal["related", "not related", "missing"]

_RELATED = {"POSSIBLE", "LIKELY", "DEFINITE"}


def opinion(assessments: Sequence[ProductAssessment] | None, product: str) -> Opinion:
    """What one party says of the trial product.

    An assessment without a product is taken for one of the trial product.
    """
    own = [
        each.assessment
        for each in assessments or ()
        if each.product is None or each.product.casefold() == product.casefold()
    ]
    if any(each in _RELATED for each in own):
        return "related"
    answered = [each for each in own if each is not None]
    return "not related" if answered and len(answered) == len(own) else "missing"


def investigators(data: AdverseEvent, product: str) -> Opinion:
    """The investigator's opinion."""
    return opinion(data.causality.investigator if data.causality else None, product)


def sponsors(data: AdverseEvent, product: str) -> Opinion:
    """The sponsor's opinion."""
    return opinion(data.causality.sponsor if data.causality else None, product)


def effective(investigator: Opinion, sponsor: Opinion) -> Coded:
    """Related if either party says so; not known while the investigator has not answered."""
    if "related" in (investigator, sponsor):
        return word("related")
    if investigator == "missing":
        return word("related", "not related")
    return word("not related")


def effective_of(causality: Causality | None, product: str) -> Coded:
    """The effective causality of one statement of both parties."""
    if causality is None:
        return effective("missing", "missing")
    return effective(opinion(causality.investigator, product), opinion(causality.sponsor, product))


def for_expedited_reporting(investigator: Opinion, sponsor: Opinion) -> str:
    """Related, assumed related, or not related (DOMAIN 4.2).

    "Not related" stands only when both parties have said it; until then the clock runs.
    """
    if "related" in (investigator, sponsor):
        return "related"
    if "missing" in (investigator, sponsor):
        return "assumed related"
    return "not related"


def why_assumed(investigator: Opinion, sponsor: Opinion) -> str:
    """Whose answer is awaited."""
    if investigator == "missing":
        return "causality not yet assessed: taken as related for expedited reporting"
    if sponsor == "missing":
        return "sponsor review pending: taken as related for expedited reporting"
    return ""
