"""The service in one process: takes events in, folds them, wakes, and tells who listens."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Literal

from signals.rulebook.pack import Pack
from signals.runtime import health, own_events
from signals.runtime.activations import active_hash
from signals.runtime.arrival import NO_TIME_AT_ALL, journal_clock, wall_clock
from signals.runtime.book_file import BookFile
from signals.runtime.embedded.alone import only_one
from signals.runtime.embedded.folding import Folding
from signals.runtime.embedded.gauges import show
from signals.runtime.embedded.panels import watched_panel
from signals.runtime.gauges import AlertStates
from signals.runtime.health import Check, Condition
from signals.runtime.intake import Door, Intake, Outcome, Piece
from signals.runtime.journal import Journal
from signals.runtime.metrics import Metrics
from signals.runtime.rejected import Rejected
from signals.runtime.rule_errors import news_of_rules
from signals.runtime.schema import Store

Clock = Literal["wall", "journal"]

_LOOK_AGAIN_SECONDS = 1.0  # another process (``signals rejected replay``) may append too
_log = logging.getLogger("signals")


class Service:
    """One study, one folder.  Under the clock ``journal`` time is what the records tell."""

    def __init__(self, data: Path, pack: Pack, clock: Clock = "wall") -> None:
        """Open the folder, catch up with the journal, and put the pack in force.

        Raises:
            InUseError: another service runs on the folder.
            UnfitJournalError: the folder holds the journal of another study.
        """
        self._alone = only_one(data)
        self.study = pack.study
        self.clock: Clock = clock
        self.metrics = Metrics()
        self.states = AlertStates(self.metrics.registry)
        self.store = Store(data)
        self.door = Door(pack.study.study_id, pack.study.zone, trusted=clock == "journal")
        stamp = wall_clock(pack.study.zone) if clock == "wall" else journal_clock
        self.intake = Intake(self.store, self.door, stamp)
        self.folding = Folding(
            self.store,
            pack,
            observed=self.metrics.evaluation.observe,
            make_panel=lambda rules: watched_panel(rules, self.metrics),
        )
        self.failure: str | None = None
        self._listeners: list[Callable[[], None]] = []
        self._news = Event()
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="folding", daemon=True)
        self._put_in_force(pack)
        self._show()

    # ------------------------------------------------------------------ life

    def start(self) -> None:
        """Begin to fold and to wake."""
        self._thread.start()

    def stop(self) -> None:
        """End; what was accepted and not folded is folded after the next start."""
        self._stopping.set()
        self._news.set()
        if self._thread.is_alive():
            self._thread.join()
        self.store.close()
        self._alone.close()

    def accept(self, pieces: Iterable[Piece], backfill: str | None = None) -> list[Outcome]:
        """Take events in; when it returns they are on the disk."""
        outcomes = self.intake.accept(pieces, backfill)
        self.metrics.took_in(outcomes, timedelta(hours=self.study.periods.late_hours))
        self._news.set()
        return outcomes

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` (from the folding thread) after each publication; returns how to stop."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    # ------------------------------------------------------------------ what it knows

    def now(self) -> datetime:
        """The present of the service: the wall's, or the arrival of the journal's last record."""
        if self.clock == "wall":
            return datetime.now(self.study.zone)
        with self.store.reader() as reader:
            return Journal(reader).last()[1] or NO_TIME_AT_ALL

    @property
    def stopping(self) -> bool:
        """Whether it is about to end, so that who listens should leave."""
        return self._stopping.is_set()

    def decisions(self, alert_id: str) -> list[dict[str, object]]:
        """The decisions taken on an alert, each with its effect."""
        with self.folding.lock:
            return [asdict(one) for one in self.folding.fold.book.decisions(alert_id)]

    @contextmanager
    def book(self) -> Iterator[BookFile]:
        """What was published, to read, all at one instant."""
        with self.store.reader() as reader:
            yield BookFile(reader)

    def rejected(self, *, everything: bool) -> list[dict[str, object]]:
        """What was rejected and not yet replayed, or everything."""
        with self.store.reader() as reader:
            kept = Rejected(reader)
            return [one.to_json() for one in (kept.all() if everything else kept.waiting())]

    def alive(self) -> list[Check]:
        """Whether the process works, and why not."""
        return health.alive(self.condition())

    def ready(self) -> list[Check]:
        """Whether the alerts are up to date, and why not."""
        return health.ready(self.condition())

    def figures(self) -> bytes:
        """What Prometheus reads."""
        return self.metrics.text()

    def condition(self) -> Condition:
        """What its health is judged by."""
        now, wake = self.now(), self.folding.next_wake
        with self.store.reader() as reader:
            journal, folded = Journal(reader), BookFile(reader).position()
            last, oldest = journal.last()[0], journal.arrival(folded + 1)
        return Condition(
            folding=self._thread.is_alive(),
            failure=self.failure,
            writable=self._cannot_write(),
            journal_position=last,
            behind=last - folded,
            waiting=_seconds(oldest, now),
            overdue=_seconds(wake, now),
        )

    def _cannot_write(self) -> str | None:
        try:
            with self.store.transaction():
                return None
        except sqlite3.Error as error:
            return f"the file cannot be written: {error}"

    # ------------------------------------------------------------------ within

    def _put_in_force(self, pack: Pack) -> None:
        with self.store.reader() as reader:
            if active_hash(Journal(reader)) == pack.hash:
                return
        zone, study_id = pack.study.zone, pack.study.study_id
        self.intake.append_own(
            own_events.pack_activation(study_id, pack.hash, pack.files, self.now(), zone)
        )

    def _show(self) -> None:
        show(self)
        with self.store.reader() as reader:
            for alert in BookFile(reader).current():
                self.states.stands(alert["alert_id"], alert["rule"], alert["state"])

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                if not self._advance():
                    self._wait()
        except Exception as error:  # noqa: BLE001 - whatever it is, it must be told
            # Folding on would make another book than the journal's: stop, and say so everywhere.
            place = self.folding.position + 1
            self.failure = f"folding stopped before journal position {place}: {error!r}"
            _log.exception("folding stopped before journal position %d", place)

    def _advance(self) -> bool:
        before = self.folding.position
        alerts = self.folding.advance()
        if alerts:
            self.metrics.published(alerts, self.now() if self.clock == "wall" else None)
            for alert in alerts:
                self.states.stands(alert.alert_id, alert.rule, alert.state.value)
            for listener in [*self._listeners]:
                listener()
        return self.folding.position > before

    def _tell_of_rules(self) -> bool:
        """Write to the journal which rules fail, and which no longer do; whether there were any."""
        with self.folding.lock:
            news = list(news_of_rules(self.folding.fold.monitor, self.now()))
        for record in news:
            self.intake.append_own(record)
        return bool(news)

    def _wait(self) -> None:
        """Until something came, or a wake is due; then time itself is written to the journal."""
        if self._tell_of_rules():
            return
        wake, now = self.folding.next_wake, self.now()
        if self.clock == "journal" or wake is None:
            self._news.wait(_LOOK_AGAIN_SECONDS)
        elif wake > now:
            self._news.wait(min(_LOOK_AGAIN_SECONDS, _seconds(now, wake)))
        else:
            zone = self.study.zone
            self.intake.append_own(own_events.clock(self.study.study_id, now, zone))
        self._news.clear()


def _seconds(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())
