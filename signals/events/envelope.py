"""The envelope of an event: what it is about, when and by whom it was entered."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from signals.events.canonical import hash_of
from signals.events.dates import (
    ALLOWED_DATE,
    ALLOWED_INSTANT,
    PartialDate,
    instant,
    partial_date,
)
from signals.events.kinds import KINDS, SERVICE_KINDS, SUBJECT_OPTIONAL, WITHOUT_SUBJECT
from signals.events.problems import Problem, nearest, pointer, shown
from signals.events.record import ChangeReason, Op
from signals.events.values import Place

MAJOR = 1
OPS = ("UPSERT", "VOID")
CHANGE_REASONS = ("NEW", "CORRECTION", "PROGRESSION", "FOLLOW_UP", "ENTERED_IN_ERROR")
ADDED_KEYS = ("ingested_at", "problems", "backfill", "conflict")
SENT_KEYS = (
    "event_id",
    "schema",
    "study_id",
    "site_id",
    "subject_id",
    "record_id",
    "version",
    "op",
    "change_reason",
    "effective_from",
    "recorded_at",
    "source",
    "actor",
    "moved_from",
    "data",
)
SENT = frozenset(SENT_KEYS)
_NAMESPACE = UUID("b3a8a1c0-6a55-5f0e-9a43-2f6f1f1d6c3e")
UUID_FORM = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_SCHEMA = re.compile(r"([a-z0-9-]+)/([1-9][0-9]{0,3})")
_IDENTIFIER = "text that is not blank"


class Identity(NamedTuple):
    """What an event must tell to be accepted at all."""

    kind: str
    study_id: str
    subject_id: str | None
    record_id: str
    version: int


class Envelope:
    """Reads the envelope key by key, and gathers what is wrong with it.

    `reasons` are grounds for rejection, `problems` are not. A key in `known` (JSON pointers of
    problems found before) is unknown, and not listed again.
    """

    def __init__(
        self, event: dict[str, Any], zone: ZoneInfo, problems: Sequence[Problem] = ()
    ) -> None:
        self._event = event
        self.zone = zone
        self.problems = list(problems)
        self.known = {problem.pointer for problem in problems}
        self.reasons: list[Problem] = []
        self.ingested_at: datetime | None = None
        self.backfill: str | None = None
        self.conflict = False

    def read_added(self, added: dict[str, Any], trusted: bool) -> None:
        """What the service adds on acceptance; only a trusted source is believed."""
        self.ingested_at = self._arrival(added.get("ingested_at"), trusted)
        if not trusted:
            return
        backfill = added.get("backfill")
        self.backfill = backfill if isinstance(backfill, str) else None
        self.conflict = added.get("conflict") is True
        listed = added.get("problems")
        recorded = [_recorded(item) for item in listed] if isinstance(listed, list) else []
        found = [problem for problem in recorded if problem.pointer not in self.known]
        self.problems += found
        self.known.update(problem.pointer for problem in found)

    def _arrival(self, value: object, trusted: bool) -> datetime | None:
        try:
            return instant(value, self.zone) if isinstance(value, str) else None
        except ValueError as why:
            if trusted:
                self._problem("ingested_at", f"{shown(value)} {why}", ALLOWED_INSTANT)
            return None

    def identity(self, trusted: bool) -> Identity | None:
        """Study, kind, subject, record and version; None if any is unreadable (see `reasons`)."""
        kind = self._kind(trusted)
        study, record = self._identifier("study_id"), self._identifier("record_id")
        version, subject = self._version(), self._subject(kind)
        if self.reasons or kind is None or study is None or record is None or version is None:
            return None
        return Identity(kind, study, subject, record, version)

    def _value(self, key: str) -> Any:
        return None if self.known and f"/{key}" in self.known else self._event.get(key)

    def _kind(self, trusted: bool) -> str | None:
        value = self._value("schema")
        form = _SCHEMA.fullmatch(value) if isinstance(value, str) else None
        if form is None or form[1] not in KINDS:
            near = nearest(value.split("/")[0], KINDS) if isinstance(value, str) else None
            allowed = f"{near}/{MAJOR} (the nearest)" if near else ", ".join(KINDS)
            self._reject("schema", f"{shown(value)} is not a known kind of event", allowed)
            return None
        if int(form[2]) != MAJOR:
            message = f"{shown(value)} is of a major version that is not known here"
            self._reject("schema", message, f"{form[1]}/{MAJOR}")
            return None
        if form[1] in SERVICE_KINDS and not trusted:
            message = f"{shown(value)} is written by the service itself, never by a sender"
            self._reject("schema", message, "a kind of a source system")
            return None
        return form[1]

    def _identifier(self, key: str) -> str | None:
        value = self._value(key)
        if isinstance(value, str) and value.strip():
            return value
        message = f"{_shown_or_missing(value)}, so the record cannot be placed"
        self._reject(key, message, _IDENTIFIER)
        return None

    def _version(self) -> int | None:
        value = self._value("version")
        if type(value) is int and value >= 1:
            return value
        self._reject("version", _shown_or_missing(value), "an integer from 1 on")
        return None

    def _subject(self, kind: str | None) -> str | None:
        value = self._value("subject_id")
        if isinstance(value, str) and value.strip():
            return value
        if kind is None:
            return None
        if kind in WITHOUT_SUBJECT or kind in SUBJECT_OPTIONAL:
            return self.text("subject_id")
        message = f"{_shown_or_missing(value)}, and a {kind} is about a subject"
        self._reject("subject_id", message, _IDENTIFIER)
        return None

    def event_id(self, value: object, content: bytes) -> str:
        """The event's UUID in lower case; derived from the content if the sender gave none."""
        if isinstance(value, str) and UUID_FORM.fullmatch(value):
            return value.lower()
        derived = str(uuid5(_NAMESPACE, hash_of(content)))
        message = f"{_shown_or_missing(value)}; the id was derived from the content"
        self._problem("event_id", message, "a UUID")
        return derived

    def check_keys(self) -> None:
        """List the keys that no event has."""
        for key in self._event.keys() - SENT:
            if pointer((key,)) not in self.known:
                near = nearest(key, SENT_KEYS)
                message = f"{shown(key)} is not a known key; its value is kept but not used"
                allowed = f"{near} (the nearest known key)" if near else ", ".join(SENT_KEYS)
                self.problems.append(Problem(pointer((key,)), message, allowed))

    def text(self, key: str) -> str | None:
        """A text, or None if it is null, absent or unreadable."""
        value = self._value(key)
        if value is None or (isinstance(value, str) and value.strip()):
            return value
        self._problem(key, _shown_or_missing(value), _IDENTIFIER)
        return None

    def instant(self, key: str) -> datetime | None:
        """An instant that every event has, or None with a problem."""
        value = self._value(key)
        try:
            if isinstance(value, str):
                return instant(value, self.zone)
            why = "is not an instant in quotes"
        except ValueError as error:
            why = str(error)
        said = "is missing" if value is None else f"{shown(value)} {why}"
        self._problem(key, said, ALLOWED_INSTANT)
        return None

    def op(self) -> Op:
        """What the event does; UPSERT if that cannot be read."""
        return cast("Op", self._word("op", OPS) or "UPSERT")

    def change_reason(self) -> ChangeReason | None:
        """Why there is a new version."""
        return cast("ChangeReason | None", self._word("change_reason", CHANGE_REASONS))

    def _word(self, key: str, words: tuple[str, ...]) -> str | None:
        value = self._value(key)
        if isinstance(value, str) and value in words:
            return value
        near = nearest(value, words)
        hint = f" (the nearest is {near})" if near else ""
        said = f"{_shown_or_missing(value)}{hint}"
        self._problem(key, said, "one of " + ", ".join(words))
        return None

    def effective_from(self, place: Place) -> PartialDate | None:
        """From when a PROGRESSION holds; not later than the entry at the source."""
        value = self._value("effective_from")
        if value is None:
            return None
        try:
            found = partial_date(value, self.zone) if isinstance(value, str) else None
            why = "is not a date in quotes"
        except ValueError as error:
            found, why = None, str(error)
        if found is not None and place.recorded_at and found.earliest > place.recorded_at:
            found, why = None, "is later than recorded_at"
        if found is None:
            self._problem("effective_from", f"{shown(value)} {why}", ALLOWED_DATE)
        return found

    def data(self, op: Op) -> dict[str, Any]:
        """The data as decoded; a VOID may have none."""
        value = self._value("data")
        if not isinstance(value, dict):
            if value is not None or op != "VOID":
                self._problem("data", f"{_shown_or_missing(value)}; nothing is known", "an object")
            value = {}
        # Where a moved record says so was left open: beside the data is read as in it.
        moved = self._value("moved_from")
        return value if moved is None else {"moved_from": moved, **value}

    def _reject(self, key: str, message: str, allowed: str) -> None:
        before = next((found for found in self.problems if found.pointer == f"/{key}"), None)
        self.reasons.append(before or Problem(f"/{key}", message, allowed))

    def _problem(self, key: str, message: str, allowed: str) -> None:
        if f"/{key}" not in self.known:
            self.problems.append(Problem(f"/{key}", message, allowed))


def _shown_or_missing(value: object) -> str:
    return "is missing" if value is None else f"{shown(value)} cannot be read"


def _recorded(item: object) -> Problem:
    """A problem as the journal keeps it."""
    entry = item if isinstance(item, dict) else {}
    where, message, allowed = (entry.get(key) for key in ("pointer", "message", "allowed"))
    if isinstance(where, str) and isinstance(message, str) and isinstance(allowed, str):
        return Problem(where, message, allowed)
    return Problem("/problems", "holds an entry that cannot be read", "pointer, message, allowed")
