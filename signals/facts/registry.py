"""All kinds of facts, each after those it reads."""

from __future__ import annotations

from collections.abc import Mapping

from signals.facts.adverse_event import AdverseEventKind
from signals.facts.bloodstream_infection import BloodstreamInfectionKind
from signals.facts.case import CaseKind
from signals.facts.coded_neutropenia import MARKS as _OF_NEUTROPENIA
from signals.facts.cytokine_release import CytokineReleaseKind
from signals.facts.cytopenia_kinds import ANAEMIA, THROMBOCYTOPENIA
from signals.facts.data_quality import DataQualityKind
from signals.facts.death import DeathKind
from signals.facts.deaths import MARKS as _OF_DEATHS
from signals.facts.decisions import MARKS as _OF_DECISIONS
from signals.facts.dlt_status import DltStatusKind
from signals.facts.dlt_status_change import DltStatusChangeKind
from signals.facts.dose_comparison import DoseComparisonKind
from signals.facts.dose_conflict import DoseConflictKind
from signals.facts.dose_finding import DoseFindingKind
from signals.facts.dose_level import DoseLevelKind
from signals.facts.duplicate_pair import DuplicatePairKind
from signals.facts.event_after_infusion import MARKS as _OF_DYSPNEA
from signals.facts.febrile_episode import FebrileEpisodeKind
from signals.facts.follow_up import FollowUpKind
from signals.facts.infusion import InfusionKind
from signals.facts.kind import FactKind
from signals.facts.lab_analyte import LabAnalyteKind
from signals.facts.liver_injury import MARKS as _OF_THE_LIVER
from signals.facts.liver_injury_kind import LiverInjuryKind
from signals.facts.missing_reference import MissingReferenceKind
from signals.facts.monitors import MORTALITY_MONITOR, TOXICITY_MONITOR
from signals.facts.neoplasm import NeoplasmKind
from signals.facts.neutrophil_recovery_kind import NeutrophilRecoveryKind
from signals.facts.neutrophils import MARKS as _OF_NEUTROPHILS
from signals.facts.obligation import ObligationKind
from signals.facts.participation import ParticipationKind
from signals.facts.planned_visit import PlannedVisitKind
from signals.facts.product_source import ProductSourceKind
from signals.facts.response import ResponseKind
from signals.facts.serious_term import SeriousTermKind
from signals.facts.site_cluster import SiteKind
from signals.facts.source import SourceKind
from signals.facts.special_situation import SpecialSituationKind
from signals.facts.subject_events import SubjectEventsKind
from signals.facts.temperatures import MARKS as _OF_TEMPERATURES

KINDS: tuple[FactKind, ...] = (
    InfusionKind(),
    AdverseEventKind(),
    DeathKind(),
    CaseKind(),
    ObligationKind(),
    DataQualityKind(),
    SpecialSituationKind(),
    NeoplasmKind(),
    MissingReferenceKind(),
    DuplicatePairKind(),
    BloodstreamInfectionKind(),
    CytokineReleaseKind(),
    LabAnalyteKind(),
    DltStatusKind(),
    DoseFindingKind(),
    DltStatusChangeKind(),
    DoseLevelKind(),
    DoseConflictKind(),
    SubjectEventsKind(),
    FollowUpKind(),
    TOXICITY_MONITOR,
    MORTALITY_MONITOR,
    DoseComparisonKind(),
    SeriousTermKind(),
    SiteKind(),
    ProductSourceKind(),
    NeutrophilRecoveryKind(),
    THROMBOCYTOPENIA,
    ANAEMIA,
    FebrileEpisodeKind(),
    LiverInjuryKind(),
    ResponseKind(),
    PlannedVisitKind(),
    ParticipationKind(),
    SourceKind(),
)

MARKS = {
    **_OF_DEATHS,
    **_OF_DECISIONS,
    **_OF_DYSPNEA,
    **_OF_TEMPERATURES,
    **_OF_NEUTROPENIA,
    **_OF_NEUTROPHILS,
    **_OF_THE_LIVER,
}
"""The questions a chart must answer for these kinds (``Chart(MARKS)``)."""


def dictionary() -> Mapping[str, FactKind]:
    """The kinds by name, for reading rules and for ``signals rules facts``."""
    return {kind.name: kind for kind in KINDS}
