"""The map: what a study's SDTM does otherwise than the standard words say, stated by a person.

Nothing here has a clinical default. What the map leaves out stays unknown, and the report says so.
"""

import codecs
from enum import StrEnum
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from signals.events.unit_text import read_unit

DomainName = Literal["DM", "DS", "EX", "AE", "LB", "VS"]
Word = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"{name!r} is no time zone; write a name such as Asia/Shanghai or UTC")
    return name


def _known_encoding(name: str) -> str:
    try:
        codecs.lookup(name)
    except LookupError:
        raise ValueError(f"{name!r} is no encoding; write one such as utf-8 or gb18030") from None
    return name


def _known_unit(text: str) -> str:
    if read_unit(text) is None:
        raise ValueError(f"{text!r} is no unit that is known; write one such as 10*3/uL (UCUM)")
    return text


class RecordedAt(StrEnum):
    """When a row counts as entered: SDTM has no entry time."""

    LATEST_DAY_NAMED = "latest day named"
    STUDY_END = "study end"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Causality(StrEnum):
    """The words of the protocol for a product's part in an adverse event."""

    UNRELATED = "UNRELATED"
    UNLIKELY = "UNLIKELY"
    POSSIBLE = "POSSIBLE"
    LIKELY = "LIKELY"
    DEFINITE = "DEFINITE"


class Status(StrEnum):
    """The words of the event format for a subject's status in the study."""

    SCREENED = "SCREENED"
    ACTIVE = "ACTIVE"
    TREATMENT_DISCONTINUED = "TREATMENT_DISCONTINUED"
    WITHDRAWN = "WITHDRAWN"
    LOST = "LOST"
    COMPLETED = "COMPLETED"
    DEAD = "DEAD"


class Site(_Strict):
    """Where the site of a subject is named, if not in SITEID of DM."""

    usubjid_part: int = Field(
        ge=1,
        description="which part of USUBJID names the site, counted from 1; the parts are "
        "separated by hyphens",
    )


class Grade(_Strict):
    """Where the CTCAE grade of an adverse event stands, if not in AETOXGR."""

    column: Word = Field(description="the column of AE that holds the grade")
    words: dict[Word, Annotated[int, Field(ge=1, le=5)]] = Field(
        default_factory=dict,
        description="the words of that column and the CTCAE grade that each stands for; a digit "
        "from 1 to 5 needs no entry",
    )


class Infusions(_Strict):
    """Which rows of EX are infusions of the study product."""

    treatments: tuple[Word, ...] = Field(
        min_length=1, description="the values of EXTRT whose rows are infusions"
    )
    status: Literal["COMPLETED", "STOPPED_EARLY"] | None = Field(
        default=None,
        description="the status of an infusion whose row does not say that it was not given; "
        "EX itself does not tell whether it was completed",
    )


class StudyMap(_Strict):
    """The map file of one study; every key may be left out."""

    study_id: Word | None = Field(
        default=None, description="the study's name in the events, instead of STUDYID"
    )
    zone: Annotated[str, AfterValidator(_known_zone)] = Field(
        default="UTC", description="the time zone of the sites, a name of the tz database"
    )
    encoding: Annotated[str, AfterValidator(_known_encoding)] = Field(
        default="utf-8", description="how the files encode text"
    )
    source: Word = Field(default="sdtm", description="the `source` of every event")
    site: Site | None = Field(default=None, description="absent: SITEID of DM")
    recorded_at: RecordedAt = Field(
        default=RecordedAt.LATEST_DAY_NAMED,
        description="the entry time of a row: the end of the latest day that it names, or the end "
        "of the latest day that any row of the study names",
    )
    product: Word | None = Field(
        default=None, description="the product whose part AEREL judges; absent: not known"
    )
    causality: dict[Word, Causality] = Field(
        default_factory=dict, description="words of AEREL beyond the standard ones"
    )
    grade: Grade | None = Field(default=None, description="absent: AETOXGR, or no grade")
    infusions: Infusions | None = Field(default=None, description="absent: no row of EX is one")
    enrolled_at: Word | None = Field(
        default=None, description="the column of DM that holds the day of enrolment"
    )
    disposition: dict[Word, Status] = Field(
        default_factory=dict,
        description="words of DSDECOD, and the status of a subject that each stands for",
    )
    units: dict[Word, Annotated[str, AfterValidator(_known_unit)]] = Field(
        default_factory=dict,
        description="units of LBORRESU that are not read, and the UCUM unit that each means; "
        "upper and lower case differ",
    )
    specimen_by_category: dict[Word, Word] = Field(
        default_factory=dict,
        description="values of LBCAT, and the specimen of their tests where LBSPEC is blank",
    )
    columns: dict[DomainName, dict[Word, Word]] = Field(
        default_factory=dict,
        description="by domain: a standard variable, and the study's column that holds it",
    )

    @property
    def zone_info(self) -> ZoneInfo:
        """The time zone of the sites."""
        return ZoneInfo(self.zone)
