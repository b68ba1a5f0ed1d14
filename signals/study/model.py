"""What a study lays down: the contents of ``study.yaml``, ``terms.yaml`` and the jurisdictions.

Read by ``signals.study.reading``; every value that the protocol leaves open is stated there, never
guessed here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from signals.study.ctcae.table import GradingTable

Profile: TypeAlias = Literal["REGISTERED", "G3"]


@dataclass(frozen=True, slots=True)
class Site:
    """A hospital of the study."""

    site_id: str
    name: str


@dataclass(frozen=True, slots=True)
class DoseLevel:
    """One step of the escalation, lowest first; ``cells_per_kg`` per infusion."""

    level: str
    cells_per_kg: Decimal


@dataclass(frozen=True, slots=True)
class DltSettings:
    """Dose-limiting toxicity (registered outcome 1; DOMAIN 3.1, 3.2, D3, D4).

    The window runs from the first infusion to ``days_after_last`` days after the last one, at most
    ``cap_days`` days after the first; calendar days, both ends included.
    """

    days_after_last: int
    cap_days: int
    min_grade: int
    g3_min_grade: int
    decision_profile: Profile
    min_doses: int | None
    cohort_size: int
    target_rate: Decimal
    phases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Periods:
    """How long rules look (DOMAIN 1.6)."""

    safety_days: int
    sae_years: int
    response_landmark_days: int
    remission_days: int
    late_hours: int


@dataclass(frozen=True, slots=True)
class Haematology:
    """Blood counts after the index therapy (DOMAIN 2.2, O4 to O10; D10 to D12).

    Counts in 10*9/L, haemoglobin in g/L.  ``new_course``: the kinds of therapy that, begun anew,
    end the wait for recovery.
    """

    recovered_neutrophils: Decimal
    severe_platelets: Decimal
    severe_haemoglobin: Decimal
    recovery_days: int
    recovery_span_days: int
    platelet_transfusion_days: int
    red_cell_transfusion_days: int
    new_course: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fever:
    """Fever and neutropenia (CTCAE; DOMAIN 2.1, O5), degrees Celsius and 10*9/L.

    One reading above ``single``, or readings of ``sustained`` and more for over an hour.
    ``offset``: by route in lower case, and ``not_recorded``, what is added before comparing.
    """

    single: Decimal
    sustained: Decimal
    neutrophils: Decimal
    offset: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Laboratory:
    """How laboratory results are read (DOMAIN 1.7, 7.4).

    ``blood_counts``: the tests (LBTESTCD) of the haematology set; ``albumin_range``: the lowest
    and highest albumin, g/L, for which calcium without an albumin of its sample is corrected.
    """

    blood_counts: tuple[str, ...]
    albumin_range: tuple[Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class Monitor:
    """A Bayesian monitor: it speaks when a rate above ``tolerated`` is likelier than ``certainty``."""

    tolerated: Decimal
    certainty: Decimal


@dataclass(frozen=True, slots=True)
class Aggregate:
    """The signals over all subjects (DOMAIN 3.7, 8); all of it proposals, not registered text.

    ``monitors`` by endpoint; ``mortality_days``: a death counts so long after the last infusion.
    Of a cluster at a site: the days it spans, the fewest subjects, the percentile of what the
    exposure explains, and the fewest treated subjects for that percentile to be asked.
    """

    monitors: Mapping[str, Monitor]
    mortality_days: int
    site_days: int
    site_subjects: int
    site_percentile: Decimal
    site_treated: int
    term_days: int


@dataclass(frozen=True, slots=True)
class DataQuality:
    """What is derived for the data-quality rules: a limit, and the closed list of checks of DQ-04.

    The hours of DQ-01 and DQ-02 are asked by their pages alone, as ``parameters``.
    """

    dose_deviation_pct: Decimal
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Basis:
    """The law or guideline behind one line, how far it was checked and since when it holds."""

    text: str
    citation: str
    mark: Literal["V", "P", "unverified"]
    effective: date | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """Days from day 0 (calendar days, due at the end of the day) and where that stands."""

    days: int
    basis: Basis


@dataclass(frozen=True, slots=True)
class OtherDuty:
    """A duty that people keep without a clock of this service: what, whose, by when, and why."""

    duty: str
    who: str
    limit: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """The reporting clocks of one authority (DOMAIN 4.3, 4.5).

    ``completion``: days after submission of the 7-day report, at most ``initial_15`` days after
    day 0; None where a written report at day 0 + 15 takes its place (``written_report``).
    ``clock``: ``determination`` starts the 15-day clock when the sponsor determines reportability.
    ``follow_up_fatal``: significant follow-up by which a life-threatening event became fatal.
    ``causality``: related if ``either`` party says so, or if the ``sponsor`` does.  ``exclusions``:
    terms, letter case folded, that are due only while a party says related.
    ``fatal_expected``: whether safety information can make a fatal outcome expected.
    """

    code: str
    title: str
    zone: ZoneInfo
    recipients: tuple[str, ...]
    initial_7: Limit
    initial_15: Limit
    completion: Limit | None
    written_report: bool
    follow_up: Limit
    follow_up_fatal: Limit
    clock: Literal["receipt", "determination"]
    causality: Literal["either", "sponsor"]
    exclusions: frozenset[str]
    fatal_expected: bool
    language: str
    other_duties: tuple[OtherDuty, ...]


@dataclass(frozen=True, slots=True)
class Study:
    """One study as its pack states it.

    ``terms``: word lists by name, letter case folded.  ``parameters``: every scalar of
    ``study.yaml`` by its flattened path (``dlt.g3.min_grade`` is ``dlt_g3_min_grade``), as text,
    for ``$name`` in rules.  ``jurisdictions``: the active ones.  ``grading``: the table of the
    CTCAE version that the study pins (D1).
    """

    study_id: str
    title: str
    zone: ZoneInfo
    grading: GradingTable
    suspect_product: str
    sites: Mapping[str, Site]
    dose_levels: tuple[DoseLevel, ...]
    dlt: DltSettings
    periods: Periods
    haematology: Haematology
    fever: Fever
    laboratory: Laboratory
    data_quality: DataQuality
    aggregate: Aggregate
    jurisdictions: tuple[Jurisdiction, ...]
    terms: Mapping[str, frozenset[str]]
    parameters: Mapping[str, str]

    def __hash__(self) -> int:
        return hash(self.study_id)
