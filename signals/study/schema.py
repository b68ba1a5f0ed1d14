"""The shape of ``study.yaml``, ``terms.yaml`` and a jurisdiction, and of their JSON Schemas.

Every key must be stated: what the registered text leaves open is a decision of the study, and a
default here would be a guess.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, RootModel, WithJsonSchema

from signals.events.units import SI_UNITS
from signals.study.shape import Shape, YesNo

CHECKS = (
    "seriousness-missing",
    "grade-5-without-death-date",
    "death-then-alive",
    "fatal-below-grade-5",
    "non-serious-with-criterion",
    "serious-without-criterion",
    "grade-4-not-life-threatening",
    "end-before-start",
    "onset-after-report",
    "invalid-date",
    "unreadable-field",
    "unknown-key",
    "schedule-past-cap",
    "correction-without-origin",
    "related-before-infusion",
    "dose-deviation",
    "conflicting-content",
    "expectedness-disagrees",
    "progression-undated",
    "submission-covers-missing",
    "receipt-missing",
)
"""The checks of DQ-04 that exist; a study lists those it runs."""


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"'{name}' is no time zone; write it as in Asia/Shanghai") from None
    return name


def _test(code: str) -> str:
    if code not in SI_UNITS:
        raise ValueError(f"'{code}' is no test whose unit is known; write it as in HGB")
    return code


def _check(name: str) -> str:
    if name not in CHECKS:
        raise ValueError(f"'{name}' is no check of DQ-04; known: {', '.join(CHECKS)}")
    return name


def _all_doses(text: object) -> object:
    return None if text == "all" else text


def _no_completion(text: object) -> object:
    return None if text == "none" else text


def _none_is_a_word(schema: dict[str, Any]) -> None:
    schema["anyOf"] = [
        {"const": "none"} if each == {"type": "null"} else each for each in schema["anyOf"]
    ]


Word = Annotated[str, Field(min_length=1)]
Albumin = Annotated[Decimal, Field(ge=0, le=200)]
Zone = Annotated[str, AfterValidator(_zone)]
Days = Annotated[int, Field(ge=0, le=3650)]
Hours = Annotated[int, Field(gt=0, le=8760)]
Grade = Annotated[int, Field(ge=1, le=5)]
Share = Annotated[Decimal, Field(gt=0, lt=1)]
Cells = Annotated[Decimal, Field(gt=0)]
Count = Annotated[Decimal, Field(gt=0, le=1000)]
Temperature = Annotated[Decimal, Field(ge=38, le=42)]
Offset = Annotated[Decimal, Field(ge=-1, le=Decimal("0.5"))]
MinDoses = Annotated[
    Annotated[int, Field(ge=1)] | None,
    BeforeValidator(_all_doses),
    WithJsonSchema({"anyOf": [{"const": "all"}, {"type": "integer", "minimum": 1}]}),
]
Check = Annotated[str, AfterValidator(_check), WithJsonSchema({"enum": list(CHECKS)})]


class DoseLevelShape(Shape):
    """One dose level."""

    cells_per_kg: Cells


class GradeProfileShape(Shape):
    """The grade-threshold profile of DLT-02."""

    min_grade: Grade


class DltShape(Shape):
    """Dose-limiting toxicity (DOMAIN 3.1 to 3.3, D3, D4)."""

    anchor: Literal["first infusion"]
    days_after_last: Days
    cap_days: Days
    min_grade: Grade
    g3: GradeProfileShape
    decision_profile: Literal["REGISTERED", "G3"]
    min_doses: MinDoses
    cohort_size: Annotated[int, Field(ge=1)]
    target_rate: Share
    phases: Annotated[tuple[Literal["IB", "II"], ...], Field(min_length=1)]


class PeriodsShape(Shape):
    """How long rules look (DOMAIN 1.6)."""

    safety_days: Days
    sae_years: Annotated[int, Field(ge=1, le=20)]
    response_landmark_days: Days
    remission_days: Days
    late_hours: Hours


class HaematologyShape(Shape):
    """Blood counts after the index therapy (DOMAIN 2, O4 to O10)."""

    recovered_neutrophils: Count
    severe_platelets: Count
    severe_haemoglobin: Count
    recovery_days: Days
    recovery_span_days: Days
    platelet_transfusion_days: Days
    red_cell_transfusion_days: Days
    new_course: tuple[
        Literal[
            "CHEMOTHERAPY", "TARGETED", "RADIOTHERAPY", "CONDITIONING", "HSCT_AUTO", "HSCT_ALLO"
        ],
        ...,
    ]


class OffsetShape(Shape):
    """Degrees added to a temperature by its route (DOMAIN 2.1)."""

    oral: Offset
    tympanic: Offset
    rectal: Offset
    axillary: Offset
    not_recorded: Offset


class FeverShape(Shape):
    """Fever and neutropenia (CTCAE; DOMAIN 2, O5)."""

    single: Temperature
    sustained: Temperature
    neutrophils: Count
    offset: OffsetShape


class LaboratoryShape(Shape):
    """How laboratory results are read (DOMAIN 1.7, 7.4)."""

    blood_counts: tuple[Annotated[str, AfterValidator(_test)], ...]
    albumin_range: tuple[Albumin, Albumin]


class MonitorShape(Shape):
    """A Bayesian monitor of one endpoint (DOMAIN 3.7)."""

    tolerated: Share
    certainty: Share


class MonitorsShape(Shape):
    """The endpoints that are monitored."""

    related_grade_3: MonitorShape
    infusion_reaction: MonitorShape
    secondary_malignancy: MonitorShape
    TRM: MonitorShape


class AggregateShape(Shape):
    """The signals over all subjects (DOMAIN 3.7, 8)."""

    monitors: MonitorsShape
    mortality_days: Days
    site_days: Annotated[int, Field(ge=1, le=365)]
    site_subjects: Annotated[int, Field(ge=1)]
    site_percentile: Share
    site_treated: Annotated[int, Field(ge=1)]
    term_days: Days


class DataQualityShape(Shape):
    """Limits of the data-quality rules."""

    causality_hours: Hours
    causality_serious_hours: Hours
    narrative_hours: Hours
    dose_deviation_pct: Annotated[Decimal, Field(gt=0, le=100)]
    checks: tuple[Check, ...]


class StudyShape(Shape):
    """``study.yaml``."""

    study: Word
    title: Word
    registry: Word
    time_zone: Zone
    ctcae_version: Literal["5.0", "6.0"]
    suspect_product: Word
    sites: Annotated[dict[str, Word], Field(min_length=1)]
    dose_levels: Annotated[dict[str, DoseLevelShape], Field(min_length=1)]
    dlt: DltShape
    periods: PeriodsShape
    haematology: HaematologyShape
    fever: FeverShape
    laboratory: LaboratoryShape
    data_quality: DataQualityShape
    aggregate: AggregateShape
    jurisdictions: Annotated[tuple[str, ...], Field(min_length=1)]


class TermsShape(RootModel[dict[str, tuple[Word, ...]]]):
    """``terms.yaml``: word lists by name; an empty list is written ``[]``."""


class BasisShape(Shape):
    """Where a line of a jurisdiction stands, and how far that was checked."""

    text: Word
    citation: Word
    mark: Literal["V", "P", "unverified"]
    effective: date | None = None


class LimitShape(Shape):
    """A duty: so many calendar days."""

    days: Days
    basis: BasisShape


class OtherDutyShape(Shape):
    """A duty without a clock of this service, stated for people."""

    duty: Word
    who: Word
    limit: Word
    basis: BasisShape


class JurisdictionShape(Shape):
    """One file of ``rules/jurisdictions``."""

    code: Word
    title: Word
    time_zone: Zone
    recipients: Annotated[tuple[Word, ...], Field(min_length=1)]
    clock: Literal["receipt", "determination"]
    causality: Literal["either", "sponsor"]
    exclusions: tuple[Word, ...]
    fatal_expected: YesNo
    language: Word
    initial_7: LimitShape
    initial_15: LimitShape
    completion: Annotated[
        LimitShape | None,
        BeforeValidator(_no_completion),
        Field(json_schema_extra=_none_is_a_word),
    ]
    written_report: YesNo
    follow_up: LimitShape
    follow_up_fatal: LimitShape
    other_duties: tuple[OtherDutyShape, ...]
