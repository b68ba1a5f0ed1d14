"""The chart: every version of every record of a study, folded.

Nothing is overwritten.  A record is a history of versions; what is *current* is its highest
version, or nothing when that version is a VOID (DOMAIN 1.1); what was known *as of* an instant is
the same among the versions that had arrived by then.  The order of arrival does not matter, save
that of two contents under one id or version the first counts and the other is kept as a conflict.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from operator import attrgetter
from typing import NamedTuple, TypeAlias

from signals.chart.answers import Answers
from signals.chart.arrivals import Arrivals
from signals.chart.persons import Persons
from signals.chart.timeline import Timeline
from signals.chart.view import View
from signals.events import Record
from signals.events.kinds import KINDS, SERVICE_KINDS

RecordKey: TypeAlias = tuple[str, str | None, str]
"""Kind, subject (None: about no subject, or not known yet), record id."""

_MAY_LACK_SUBJECT, _LAB = "adverse-event", "lab-result"
_CHANGE_OTHERS = {_MAY_LACK_SUBJECT, "enrolment"}
# To ask a model for a field that it does not have is slow.
_MAY_NAME_INFUSION = {kind for kind, data in KINDS.items() if "infusion_ref" in data.model_fields}
_MAY_MOVE = {kind for kind, data in KINDS.items() if "moved_from" in data.model_fields}
_NUMBER = attrgetter("version")
_BEGINNING = datetime.min.replace(tzinfo=UTC)


class Entry(NamedTuple):
    """A version of a record, and the journal position at which it first came."""

    record: Record
    position: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A question about a single record, such as whether it implies death.

    It is answered once, when the record arrives, so that a derivation finds the few records that
    matter without looking through all.
    """

    kinds: frozenset[str]
    test: Callable[[Record], bool]


class Currents(dict[RecordKey, Record | None]):
    """The current version of every record that was asked for; None if there is none, or a VOID.

    Looking one up that is known costs no call: windows of many records are read again and again.
    """

    def __init__(self, history: Callable[[RecordKey], Sequence[Record]]) -> None:
        """``history``: all versions of a record in the order of their numbers."""
        super().__init__()
        self._history = history

    def __missing__(self, key: RecordKey) -> Record | None:
        versions = self._history(key)
        last = versions[-1] if versions else None
        found = self[key] = None if last is None or last.op == "VOID" else last
        return found


class Chart:
    """All records of one study."""

    def __init__(self, marks: Mapping[str, Mark] | None = None) -> None:
        """Start empty; ``marks`` are the questions to answer for every record."""
        self._tests: dict[str, list[tuple[str, Callable[[Record], bool]]]] = {
            kind: [(name, mark.test) for name, mark in (marks or {}).items() if kind in mark.kinds]
            for kind in KINDS
        }
        # The versions filed under a key in the order of their numbers, and by event id where each
        # first came: two dictionaries need fewer objects than an entry for every record.
        self._files: dict[RecordKey, tuple[Record, ...]] = {}
        self._positions: dict[str, int] = {}
        self._conflicts: dict[RecordKey, list[Entry]] = {}
        self._sent: dict[str, bytes] = {}
        self._ids: dict[tuple[str, str | None], dict[str, None]] = {}
        self._owners: dict[str, dict[str | None, None]] = {}
        self._marked: dict[tuple[str, str | None], dict[RecordKey, None]] = {}
        self._links: dict[tuple[str, str | None, str], dict[RecordKey, None]] = {}
        self._moves: dict[RecordKey, set[RecordKey]] = {}
        self._event_histories: dict[RecordKey, tuple[Record, ...]] = {}
        self._arrivals: defaultdict[tuple[str, str], Arrivals] = defaultdict(Arrivals)
        self._enrolled: dict[str, dict[str | None, None]] = {}
        self.currents = Currents(self.history)
        self._sorted: dict[tuple[str, str | None], list[str]] = {}
        self.answers = Answers()
        self._persons = Persons()
        self._groups = self._persons.groups
        self._timeline = Timeline()
        self.view = View(self, None)

    # ------------------------------------------------------------------ writing

    def add(self, record: Record, position: int) -> list[RecordKey]:
        """File a record; return the keys of the records that are now different.

        A repetition changes nothing, unless it came earlier than the one on file: then that
        arrival counts.
        """
        key = record.key
        filed = self._files.get(key, ())
        known = _numbered(filed, record.version) if filed else None
        if self._is_conflict(record, known):
            return self._file_conflict(key, Entry(record, position))
        if known is not None and known.arrival <= record.arrival:
            return []
        if not filed and self._stands_alone(record):
            return self._file_new(key, record, position)
        before = self._touched(key)
        self._hear(record, known)
        others = [each for each in filed if each is not known]
        self._files[key] = tuple(sorted([*others, record], key=_NUMBER))
        first = position if known is None else self._positions[known.event_id]
        self._positions[record.event_id] = first
        self._index(key, record)
        moved = (*_left(record), *self._moves.get(key, ()))
        changed = dict.fromkeys((*before, *self._touched(key), *moved))
        for each in changed:
            self._event_histories.pop(each, None)
            self.currents.pop(each, None)
            self._timeline.disturb(*each[:2])
        linked = self._link_person(key) if key[0] == "enrolment" else []
        found = [*changed, *linked]
        # Of several, some take or leave a version that came before.
        since = record.arrival if len(found) == 1 else _BEGINNING
        self.answers.forget([each[:2] for each in found], since)
        return found

    def _is_conflict(self, record: Record, on_file: Record | None) -> bool:
        sent = record.sent
        if on_file is not None and on_file.sent != sent:
            return True
        return self._sent.setdefault(record.event_id, sent) != sent

    def _stands_alone(self, record: Record) -> bool:
        """Whether no other record changes by it, as is so of nearly every record that is new."""
        kind = record.kind
        if kind in _CHANGE_OTHERS or record.key in self._moves:
            return False
        return kind not in _MAY_MOVE or record.data.moved_from is None

    def _file_new(self, key: RecordKey, record: Record, position: int) -> list[RecordKey]:
        """File the only version of a record that stands alone."""
        self._hear(record, None)
        self._files[key] = (record,)
        self._positions[record.event_id] = position
        self._index(key, record)
        self.currents[key] = None if record.op == "VOID" else record
        self.answers.forget([key[:2]], record.arrival)
        return [key]

    def _file_conflict(self, key: RecordKey, entry: Entry) -> list[RecordKey]:
        others = self._conflicts.setdefault(key, [])
        if any(other.record.sent == entry.record.sent for other in others):
            return []
        others.append(entry)
        self._name(key)
        self.answers.forget([key[:2]], _BEGINNING)
        return [key]

    def _index(self, key: RecordKey, record: Record) -> None:
        kind, subject, record_id = key
        self._name(key)
        if kind == "enrolment" and record.site_id is not None:
            self._enrolled.setdefault(record.site_id, {}).setdefault(subject)
        if kind == _MAY_LACK_SUBJECT:
            self._owners.setdefault(record_id, {}).setdefault(subject)
        marks = [name for name, holds in self._tests[kind] if holds(record)]
        for name in marks:
            self._marked.setdefault((name, subject), {}).setdefault(key)
        test = record.data.test if kind == _LAB else None
        self._timeline.add(record, marks if test is None else [*marks, test])
        infusion = record.data.infusion_ref if kind in _MAY_NAME_INFUSION else None
        if infusion is not None:
            self._links.setdefault((kind, subject, infusion), {}).setdefault(key)
        for left in _left(record):
            self._moves.setdefault(left, set()).add(key)

    def _name(self, key: RecordKey) -> None:
        place, record_id = key[:2], key[2]
        self._ids.setdefault(place, {}).setdefault(record_id)
        self._sorted.pop(place, None)

    def _hear(self, record: Record, known: Record | None) -> None:
        """Note when its source was heard; of a repetition the earlier arrival counts."""
        source = _source(record)
        if source is None:
            return
        arrivals = self._arrivals[source]
        if known is not None:
            arrivals.remove(known.arrival)
        arrivals.add(record.arrival)

    def _link_person(self, key: RecordKey) -> list[RecordKey]:
        subject = key[1]
        if subject is None:
            return []
        stated = (
            each.data.previous_subject_id for each in self.view.of_subject("enrolment", subject)
        )
        touched = self._persons.link(subject, frozenset(filter(None, stated)))
        # A number hears of it under its own enrolment, and under this one if it has none.
        return [
            ("enrolment", other, record_id)
            for other in touched
            for record_id in self._ids.get(("enrolment", other), {key[2]: None})
        ]

    # ------------------------------------------------------------------ reading

    def home(self, key: RecordKey) -> RecordKey:
        """The key under which a record is read.

        An adverse event that came without a subject's code is read under the subject that a later
        version names.
        """
        kind, subject, record_id = key
        if kind != _MAY_LACK_SUBJECT or subject is not None:
            return key
        owners = [owner for owner in self._owners.get(record_id, {}) if owner is not None]
        if len(owners) != 1:
            return key
        own = {each.version for each in self._files[kind, owners[0], record_id]}
        nameless = self._files.get(key, ())
        taken = any(each.version in own for each in nameless)
        return key if taken else (kind, owners[0], record_id)

    def _touched(self, key: RecordKey) -> tuple[RecordKey, ...]:
        """The record, and with it the one of its id without a subject: one may hold the other."""
        kind, _, record_id = key
        nameless: RecordKey = (kind, None, record_id)
        if kind != _MAY_LACK_SUBJECT or nameless not in self._files:
            return (key,)
        return (key, nameless, self.home(nameless))

    def entries(self, kind: str, subject: str | None, record_id: str) -> list[Entry]:
        """All versions of a record in the order of their numbers."""
        return [
            Entry(version, self._positions[version.event_id])
            for version in self.history((kind, subject, record_id))
        ]

    def ever(self, kind: str, subject: str | None, record_id: str) -> Sequence[Record]:
        """All versions that were ever read as the record's, in no order that means anything.

        Of an adverse event also those of its id without a subject: they may be read under another
        subject by now.
        """
        if kind != _MAY_LACK_SUBJECT:
            return self.history((kind, subject, record_id))
        own = self._files.get((kind, subject, record_id), ())
        if subject is None:
            return own
        nameless = self._files.get((kind, None, record_id), ())
        return [*own, *(replace(each, subject_id=subject) for each in nameless)]

    def conflicts(self, kind: str, subject: str | None, record_id: str) -> list[Entry]:
        """Other contents that came under an id or version already taken."""
        return self._conflicts.get((kind, subject, record_id), [])

    def moved_to(self, kind: str, subject: str | None, record_id: str) -> RecordKey | None:
        """Where a record that was entered under the wrong subject, or without one, went."""
        key = (kind, subject, record_id)
        if kind == _MAY_LACK_SUBJECT and (home := self.home(key)) != key:
            return home
        return min(self._moves[key], key=str) if key in self._moves else None

    def history(self, key: RecordKey) -> tuple[Record, ...]:
        """All versions in the order of their numbers."""
        if key[0] != _MAY_LACK_SUBJECT:
            return self._files.get(key, ())
        found = self._event_histories.get(key)
        if found is None:
            found = self._event_histories[key] = self._event_history(key)
        return found

    def _event_history(self, key: RecordKey) -> tuple[Record, ...]:
        """The versions of an adverse event, with those that came without a subject."""
        kind, subject, record_id = key
        if self.home(key) != key:
            return ()
        versions = self._files.get(key, ())
        nameless: RecordKey = (kind, None, record_id)
        if subject is None or nameless not in self._files or self.home(nameless) != key:
            return versions
        named = _named(self._files[nameless], subject, versions[0].version)
        return tuple(sorted([*versions, *named], key=_NUMBER))

    def current(self, key: RecordKey) -> Record | None:
        """The highest version, or None if there is none or it is a VOID."""
        return self.currents[key]

    def record_ids(self, kind: str, subject: str | None) -> Sequence[str]:
        """The ids of all records of a kind that are read under a subject (or under none), sorted."""
        own = self._sorted.get((kind, subject))
        if own is None:
            own = self._sorted[kind, subject] = sorted(self._ids.get((kind, subject), {}))
        if kind != _MAY_LACK_SUBJECT:
            return own
        return [each for each in own if self.home((kind, subject, each)) == (kind, subject, each)]

    def marked(self, mark: str, subject: str | None) -> list[RecordKey]:
        """Records of a subject of which some version answered a mark's question with yes."""
        own, nameless = self._marked.get((mark, subject)), self._marked.get((mark, None))
        return self._read_under(subject, own or (), nameless or ()) if own or nameless else []

    def linked(self, kind: str, subject: str | None, infusion: str) -> list[RecordKey]:
        """The records of which some version names an infusion."""
        return self._read_under(
            subject,
            self._links.get((kind, subject, infusion), {}),
            self._links.get((kind, None, infusion), {}),
        )

    def within(
        self, kind: str, subject: str | None, first: datetime, last: datetime, sort: str = ""
    ) -> list[str]:
        """The ids of records of which some version may have happened between two instants.

        ``sort``: only those of a laboratory test (LBTESTCD), or with a mark.
        """
        own = self._timeline.within(kind, subject, first, last, sort)
        if kind != _MAY_LACK_SUBJECT:
            return own
        nameless = self._timeline.within(kind, None, first, last, sort)
        keys = self._read_under(
            subject,
            ((kind, subject, each) for each in own),
            ((kind, None, each) for each in nameless),
        )
        return [record_id for _, _, record_id in keys]

    def onward(
        self, kind: str, subject: str | None, first: datetime
    ) -> Iterator[tuple[datetime, str]]:
        """The ids of versions dated ``first`` or later with their dates, in that order."""
        return self._timeline.onward(kind, subject, first)

    def backward(
        self, kind: str, subject: str | None, sort: str = "", until: datetime | None = None
    ) -> Iterator[tuple[datetime, str]]:
        """The ids of versions dated until an instant with their dates, the latest first."""
        return self._timeline.backward(kind, subject, sort, until)

    def undated(self, kind: str, subject: str | None, sort: str) -> list[str]:
        """The ids of which some version is dated to the month or year, or not at all."""
        return self._timeline.undated(kind, subject, sort)

    def changes(self, kind: str, subject: str | None, sort: str) -> int:
        """How often the records of a laboratory test, or with a mark, changed."""
        return self._timeline.changes(kind, subject, sort)

    def appended(
        self, kind: str, subject: str | None, sort: str, changes: int
    ) -> list[Record] | None:
        """See ``View.appended``."""
        found = self._timeline.appended(kind, subject, sort, changes)
        if found is None:
            return None
        currents = [self.currents[kind, subject, record_id] for _, record_id in found]
        return [record for record in currents if record is not None]

    def tests(self, subject: str | None) -> list[str]:
        """The laboratory tests (LBTESTCD) of which there is a result, and the marks these bear."""
        return self._timeline.sorts(_LAB, subject)

    def _read_under(
        self, subject: str | None, own: Iterable[RecordKey], nameless: Iterable[RecordKey]
    ) -> list[RecordKey]:
        """Of records filed under a subject, or under none, those that are read under it."""
        homes = dict.fromkeys([self.home(key) for key in (*own, *nameless)])
        return [key for key in homes if key[1] == subject]

    def person(self, subject: str | None) -> tuple[str | None, ...]:
        """All numbers of the person behind a subject's number (re-screened: EC-144)."""
        return self._groups.get(subject) or (subject,)

    def kinds_and_subjects(self) -> Iterator[tuple[str, str | None]]:
        """Every kind of record on file, with every subject it is about."""
        yield from list(self._ids)

    def subjects(self, kind: str) -> Iterator[str | None]:
        """The subjects that have records of a kind; None stands for records about no subject."""
        return (subject for each, subject in list(self._ids) if each == kind)

    def sources(self) -> Iterator[tuple[str, str]]:
        """Every site and every feed that was heard, as (``site`` or ``feed``, its id)."""
        yield from list(self._arrivals)

    def arrivals(self, source: str, name: str) -> Arrivals | None:
        """When a site or a feed was heard: a site by its records, a feed by its heartbeats."""
        return self._arrivals.get((source, name))

    def enrolled_at(self, site: str) -> Iterable[str | None]:
        """The subjects of whom some version of an enrolment names the site."""
        return self._enrolled.get(site, ())

    def as_of(self, instant: datetime) -> View:
        """The chart as it was known at an instant."""
        return View(self, instant)


def _named(versions: Iterable[Record], subject: str, named_by: int) -> list[Record]:
    """Versions without a subject: once an earlier one named it, they are about that subject."""
    return [
        replace(each, subject_id=subject) if each.version > named_by else each for each in versions
    ]


def _numbered(versions: Iterable[Record], number: int) -> Record | None:
    return next((each for each in versions if each.version == number), None)


def _source(record: Record) -> tuple[str, str] | None:
    if record.kind == "feed-heartbeat":
        return None if record.data.feed is None else ("feed", record.data.feed)
    if record.site_id is None or record.kind in SERVICE_KINDS:
        return None
    return "site", record.site_id


def _left(record: Record) -> tuple[RecordKey, ...]:
    """The key under the wrong subject that the record left, if it says so."""
    moved = record.data.moved_from if record.kind in _MAY_MOVE else None
    if moved is None or moved.record_id is None:
        return ()
    return ((record.kind, moved.subject_id, moved.record_id),)
