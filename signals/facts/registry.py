"""All kinds of facts, each after those it reads."""

from __future__ import annotations

from collections.abc import Mapping

from signals.facts.adverse_event import AdverseEventKind
from signals.facts.case import CaseKind
from signals.facts.data_quality import DataQualityKind
from signals.facts.death import DeathKind
from signals.facts.deaths import MARKS as _OF_DEATHS
from signals.facts.infusion import InfusionKind
from signals.facts.kind import FactKind
from signals.facts.obligation import ObligationKind

KINDS: tuple[FactKind, ...] = (
    InfusionKind(),
    AdverseEventKind(),
    DeathKind(),
    CaseKind(),
    ObligationKind(),
    DataQualityKind(),
)

MARKS = {**_OF_DEATHS}
"""The questions a chart must answer for these kinds (``Chart(MARKS)``)."""


def dictionary() -> Mapping[str, FactKind]:
    """The kinds by name, for reading rules and for ``signals rules facts``."""
    return {kind.name: kind for kind in KINDS}
