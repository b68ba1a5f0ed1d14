"""Whether what is on the topics is what the journal gives: folded afresh, and compared."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from signals.book.fold import Fold, pack_of
from signals.events import Record
from signals.rulebook.pack import Pack
from signals.runtime.kafka.export import journal_of
from signals.runtime.kafka.history import History
from signals.runtime.kafka.publisher import message_of
from signals.runtime.kafka.reader import Reader
from signals.runtime.kafka.state import EntryJson, StudyState, by_study, readable
from signals.runtime.kafka.topics import ALERTS, Topics
from signals.runtime.verify import Difference

_Revision = tuple[str, int]


class TopicVerification:
    """One comparison of one study; run through ``steps``, then read ``differences``.

    ``waiting``: records at the end of the journal that are not published yet.
    """

    def __init__(self, reader: Reader, topics: Topics, study_id: str, zone: ZoneInfo) -> None:
        """Read the journal of the study and all that was published of it.

        Raises:
            BrokerAwayError: the brokers do not answer.
            PackError: this version cannot read the pack that the journal activated first.
        """
        self.differences: list[Difference] = []
        self.revisions = 0
        # First what was published, then the journal: it cannot hold less than what was published.
        self._state = states(reader, topics).get(study_id, StudyState())
        self._published = self._read_published(reader, topics, study_id)
        self._journal = list(journal_of(reader, topics, study_id, zone))
        self._first = _first_pack(self._journal)
        mark = self._state.mark
        self.folded = mark.position if mark else 0
        self.waiting = max(0, len(self._journal) - self.folded)
        self._history = History(study_id, mark)

    def steps(self) -> Iterator[int]:
        """Fold record by record and compare; the journal position after each.

        Where the journal is not the one that was published, that is all there is to tell.
        """
        if self._is_lost() or self._first is None:
            return
        fold, left = Fold(self._first), dict(self._published)
        skipped = self._state.mark.passed_over if self._state.mark else ()
        book: EntryJson = {}
        for position, record in enumerate(self._journal, start=1):
            if position not in skipped:
                for alert in fold.step(record, position):
                    self.revisions += 1
                    fresh, key = message_of(alert), (alert.alert_id, alert.revision)
                    stored = left.pop(key, None)
                    if stored != fresh and (stored is not None or position <= self.folded):
                        self._differ(position, _name(key), stored, fresh)
            if position == self.folded:
                book = json.loads(json.dumps(fold.book.state()))
            yield position
        for key, stored in left.items():
            self._differ(0, _name(key), stored, None)
        self._compare_book(book)

    def _is_lost(self) -> bool:
        for record in self._journal:
            self._history.add(record)
        self._history.at_end()
        if self._history.lost:
            had, has = (f"{n} records".encode() for n in (self.folded, len(self._journal)))
            self._differ(self.folded, self._history.lost, had, has)
        return bool(self._history.lost)

    def _compare_book(self, fresh: EntryJson) -> None:
        kept = self._state.book()
        if kept is None:
            if self.folded:
                told = b"what is kept does not fit its digest; the next worker folds it anew"
                self._differ(self.folded, "the book on alerts.state", told, None)
            return
        for name in dict.fromkeys((*kept, *fresh)):
            if kept.get(name) != fresh.get(name):
                was, now = (json.dumps(each.get(name)).encode() for each in (kept, fresh))
                self._differ(self.folded, f"{name}, what the book keeps", was, now)

    def _read_published(
        self, reader: Reader, topics: Topics, study_id: str
    ) -> dict[_Revision, bytes]:
        found: dict[_Revision, bytes] = {}
        for name in ALERTS:
            topic = topics[name]
            for partition, end in reader.ends(topic, reader.partitions(topic)).items():
                for message in reader.read(topic, partition, 0, end):
                    alert: dict[str, Any] = json.loads(message.value)
                    if alert["study_id"] != study_id:
                        continue
                    key = alert["alert_id"], alert["revision"]
                    known = found.setdefault(key, message.value)
                    if known != message.value:
                        self._differ(0, f"{_name(key)}, published twice", known, message.value)
        return found

    def _differ(self, position: int, what: str, stored: bytes | None, fresh: bytes | None) -> None:
        was, now = ("-" if each is None else each.decode() for each in (stored, fresh))
        self.differences.append(Difference(position, what, was, now))


def states(reader: Reader, topics: Topics) -> dict[str, StudyState]:
    """What ``alerts.state`` says of every study.

    Raises:
        BrokerAwayError: the brokers do not answer.
    """
    found: dict[str, StudyState] = {}
    for partition, end in reader.ends(topics.state, reader.partitions(topics.state)).items():
        found |= by_study(readable(reader.read(topics.state, partition, 0, end)))
    return found


def _first_pack(journal: list[Record]) -> Pack | None:
    for record in journal:
        if record.kind == "pack-activation" and record.data.files:
            return pack_of(record.data.files)
    return None


def _name(key: _Revision) -> str:
    return f"{key[0]} revision {key[1]}"
