"""What the workers publish of one study, copied from the topics into a file to be read from.

The revisions come from the notification topics, which keep them for ever; how far a study is
published, and the decisions with their effect, from ``alerts.state``.  What belongs to a position
of the journal is shown together, once its mark is there: all alerts were acknowledged before the
mark was sent, so whoever has read the mark finds them all.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from signals.runtime.book_file import BookFile, Row, row_of_json
from signals.runtime.kafka.reader import Following, Message, Reader
from signals.runtime.kafka.state import AlertState, StudyState, UnreadableStateError, read_state
from signals.runtime.kafka.topics import ALERTS, Topics
from signals.runtime.schema import Store

_SHOWN = 3


class PublishedStudy:
    """Copies what is published of a study; to be used by one thread.

    ``strange`` names what no worker should have written: it is told, never passed over in silence.
    """

    def __init__(self, store: Store, topics: Topics, study_id: str, partition: int) -> None:
        """``store``: a file without a book; ``partition``: of the journal, where the study lies."""
        self.state = StudyState()
        self.strange: list[str] = []
        self._store = store
        self._study_id = study_id
        self._key = f"{study_id}|".encode()
        self._on_state = Following(topics.state, partition)
        self._on_alerts = [Following(topics[name]) for name in ALERTS]
        self._waiting: list[Row] = []
        self._touched: set[str] = set()
        self._shown = 0

    @property
    def position(self) -> int:
        """The position of the journal up to which the study is published."""
        return self.state.mark.position if self.state.mark else 0

    def read(self, reader: Reader) -> None:
        """Read what was published since the last time.

        Raises:
            BrokerAwayError: the brokers do not answer; reading again goes on.
        """
        for message in self._on_state.news(reader):
            self._take_state(message)
        if self._is_further():
            for topic in self._on_alerts:
                for message in topic.news(reader):
                    self._take_alert(message)

    def show(self) -> list[Row]:
        """Write what was read into the file; the revisions that are shown from now on."""
        if not self._is_further():
            return []
        position = self._shown = self.position
        rows = [row for row in self._waiting if row.position <= position]
        self._waiting = [row for row in self._waiting if row.position > position]
        self._touched |= {row.alert_id for row in rows} & set(self.state.alerts)
        rows += self._last_words(position)
        rows.sort(key=_order)  # stable: of one revision, what was sent last stays last
        with self._store.transaction():
            book = BookFile(self._store.connection)
            fresh = [row for row in rows if book.row(row.alert_id, row.revision) is None]
            for replaced in book.copy(position, rows):
                self._tell(f"{replaced.alert_id} revision {replaced.revision} has two contents")
        return list(dict.fromkeys(fresh))

    def decisions(self, alert_id: str) -> list[dict[str, object]]:
        """The decisions on an alert, each with its effect, as of the position that is shown."""
        state = self.state.alerts.get(alert_id)
        if state is None:
            return []
        entry = state.entry if state.position <= self.position else state.before
        found: list[dict[str, object]] = [] if entry is None else entry["decisions"]
        return found

    # ------------------------------------------------------------------ within

    def _take_state(self, message: Message) -> None:
        if message.key not in (self._study_id.encode(), None) and not self._is_ours(message.key):
            return
        try:
            state = read_state(message.value)
        except UnreadableStateError as error:
            self._tell(f"a message of alerts.state at offset {message.offset}: {error}")
            return
        if state.study_id != self._study_id:
            return
        self.state.take(state)
        if isinstance(state, AlertState):
            self._touched.add(state.alert_id)

    def _take_alert(self, message: Message) -> None:
        if not self._is_ours(message.key):
            return
        try:
            alert = json.loads(message.value)
            if alert["study_id"] == self._study_id:
                self._waiting.append(row_of_json(alert))
        except (ValueError, KeyError, TypeError) as error:
            self._tell(f"an alert at offset {message.offset} cannot be read: {error!r}")

    def _is_further(self) -> bool:
        """Whether there is more to be shown, or something was written anew."""
        return self.position > self._shown or any(
            self.state.alerts[name].position <= self.position for name in self._touched
        )

    def _is_ours(self, key: bytes | None) -> bool:
        return key is not None and key.startswith(self._key)

    def _last_words(self, position: int) -> Iterable[Row]:
        """The last revisions as ``alerts.state`` has them: of two contents its own counts."""
        touched, self._touched = self._touched, set()
        for name in touched:
            state = self.state.alerts[name]
            if state.position > position:
                self._touched.add(name)
            elif (alert := state.entry["alert"]) is not None:
                yield row_of_json(alert)

    def _tell(self, what: str) -> None:
        if len(self.strange) < _SHOWN:
            self.strange.append(what)


def _order(row: Row) -> tuple[int, str, str, int]:
    """The order of publication: by step, in it by instant (all are written in UTC), then by alert."""
    return row.position, row.changed_at, row.alert_id, row.revision


def alert_of(row: Row) -> dict[str, Any]:
    """The revision that a row holds."""
    found: dict[str, Any] = json.loads(row.alert)
    return found
