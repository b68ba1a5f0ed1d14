"""The types of the fields of an event, as pydantic reads and describes them.

A field that cannot be read is an error of its own place; `signals.events.fields` turns it into a
problem and leaves the field unknown.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, Protocol
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    Strict,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from signals.events.dates import (
    ALLOWED_DATE,
    ALLOWED_INSTANT,
    PartialDate,
    instant,
    partial_date,
)
from signals.events.measured import ALLOWED_NUMBER, Measured, measured
from signals.events.problems import shown
from signals.immutable import immutable


@immutable(frozen=True, slots=True)
class Place:
    """Where and when a record was entered: what reading its dates depends on."""

    zone: ZoneInfo
    recorded_at: datetime | None


class _Info(Protocol):
    """What pydantic hands to a reading function."""

    @property
    def context(self) -> Place: ...


def unreadable(reason: str, allowed: str) -> PydanticCustomError:
    """The error of a field that cannot be read, with what would be."""
    return PydanticCustomError("unreadable", "{reason}", {"reason": reason, "allowed": allowed})


def _plan(value: object, info: _Info) -> PartialDate:
    if not isinstance(value, str):
        raise unreadable(f"{shown(value)} is not an ISO 8601 date in quotes", ALLOWED_DATE)
    try:
        return partial_date(value, info.context.zone)
    except ValueError as why:
        raise unreadable(f"{shown(value)} {why}", ALLOWED_DATE) from None


def _past(value: object, info: _Info) -> PartialDate:
    found = _plan(value, info)
    _not_later(found.earliest, value, info.context)
    return found


def _instant(value: object, info: _Info) -> datetime:
    if not isinstance(value, str):
        raise unreadable(f"{shown(value)} is not an instant in quotes", ALLOWED_INSTANT)
    try:
        return instant(value, info.context.zone)
    except ValueError as why:
        raise unreadable(f"{shown(value)} {why}", ALLOWED_INSTANT) from None


def _past_instant(value: object, info: _Info) -> datetime:
    found = _instant(value, info)
    _not_later(found, value, info.context)
    return found


def _not_later(found: datetime, value: object, place: Place) -> None:
    if place.recorded_at is not None and found > place.recorded_at:
        raise unreadable(
            f"{shown(value)} is later than the entry at the source (recorded_at)",
            "a date not later than recorded_at",
        )


def _number(value: object) -> Measured:
    text = value if isinstance(value, str) else _text_of(value)
    try:
        return measured(text)
    except ValueError as why:
        raise unreadable(f"{shown(value)} {why}", ALLOWED_NUMBER) from None


def _text_of(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise unreadable(f"{shown(value)} is not a number", ALLOWED_NUMBER)
    return str(value)


def _result(value: object) -> Measured | str:
    # Words have no digit: a look at the first character is enough for nearly every number.
    if isinstance(value, str) and not value[:1].isdigit() and _WORDS.fullmatch(value):
        return value
    return _number(value)


@dataclass(frozen=True, slots=True, eq=False)
class _Read:
    """A pydantic type read by one function, with the JSON Schema of what it reads."""

    function: Callable[..., object]
    schema: Mapping[str, object]
    with_place: bool = True

    def __get_pydantic_core_schema__(self, _s: object, _h: GetCoreSchemaHandler) -> CoreSchema:
        if self.with_place:
            return core_schema.with_info_plain_validator_function(self.function)
        return core_schema.no_info_plain_validator_function(self.function)

    def __get_pydantic_json_schema__(
        self, _s: CoreSchema, _h: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return dict(self.schema)


@dataclass(frozen=True, slots=True, eq=False)
class Same:
    """Other words that a list of words reads as one of its own."""

    words: Mapping[object, object]

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        words = self.words

        def own(value: object) -> object:
            return words.get(value, value) if isinstance(value, str) else value

        return core_schema.no_info_before_validator_function(own, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        plain = handler(schema)
        if "enum" in plain:
            return {**plain, "enum": [*plain["enum"], *self.words]}
        return {"anyOf": [plain, {"enum": list(self.words)}]}


_DATE = (
    r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?"
    r"(Z|[+-][0-9]{2}:?[0-9]{2})?)?)?)?$"
)
_INSTANT = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?"
    r"(Z|[+-][0-9]{2}:?[0-9]{2})?$"
)
_NUMBER = r"^\s*(<=|>=|<|>|≤|≥)?\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\s*$"
_WORDS = re.compile(r"(?=.*[^\W\d_])[^0-9<>≤≥]{1,40}")
DATE_SCHEMA: Mapping[str, object] = {"type": "string", "pattern": _DATE}
INSTANT_SCHEMA: Mapping[str, object] = {"type": "string", "pattern": _INSTANT}
_NUMBER_SCHEMA: Mapping[str, object] = {
    "anyOf": [{"type": "string", "pattern": _NUMBER, "maxLength": 40}, {"type": "number"}]
}
_RESULT_SCHEMA: Mapping[str, object] = {
    "anyOf": [
        {"type": "string", "pattern": _NUMBER, "maxLength": 40},
        {"type": "string", "pattern": "^[^0-9<>≤≥]{1,40}$"},
        {"type": "number"},
    ]
}

Text = Annotated[str, Strict(), Field(pattern=r"\S")]
Count = Annotated[int, Strict(), Field(ge=0, le=10**9)]
Code = Annotated[int, Strict(), Field(ge=1, le=10**12)]
Grade = Annotated[int, Strict(), Field(ge=1, le=5)]
Year = Annotated[int, Strict(), Field(ge=1900, le=2100)]
Flag = Annotated[bool, Strict()]
FlagOrWord = Annotated[bool, Strict(), Same({"Y": True, "N": False})]
YesNo = Literal["Y", "N"]
PastDate = Annotated[PartialDate, _Read(_past, DATE_SCHEMA)]
PlanDate = Annotated[PartialDate, _Read(_plan, DATE_SCHEMA)]
PastInstant = Annotated[datetime, _Read(_past_instant, INSTANT_SCHEMA)]
PlanInstant = Annotated[datetime, _Read(_instant, INSTANT_SCHEMA)]
Number = Annotated[Measured, _Read(_number, _NUMBER_SCHEMA, with_place=False)]
# A measurement, or the words of a test that measures nothing (NEGATIVE, YELLOW).
Result = Annotated[Measured | str, _Read(_result, _RESULT_SCHEMA, with_place=False)]


def doc(text: str, sdtm: str | None = None, *, alias: str | None = None) -> Any:
    """A field that may be unknown, with its meaning and its SDTM variable."""
    description = text if sdtm is None else f"{text} SDTM: {sdtm}."
    return Field(default=None, description=description, alias=alias)


class Part(BaseModel):
    """An object inside the data of an event. A field that is None is not known."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A field of the data that another field shows to be wrong."""

    path: tuple[str, ...]
    reason: str
    allowed: str


class Data(Part):
    """The data of an event of one kind."""

    def contradiction(self) -> Contradiction | None:
        """What cannot be right beside the other fields, if anything."""
        return None


class Moved(Part):
    """The wrong subject under which a record was entered before (its receipt travels along)."""

    subject_id: Text | None = doc("The subject under which the record was first entered.")
    record_id: Text | None = doc("The record's id there.")


class SubjectData(Data):
    """The data of an event about one subject."""

    moved_from: Moved | None = doc(
        "Where the record was entered before under a wrong subject, and is void now."
    )
