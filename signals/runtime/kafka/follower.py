"""One study over HTTP, fed from the topics: shows what the workers publish, and judges nothing.

It keeps nothing: what it shows is copied from the topics at every start, and until that is done it
answers that it does not know yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Lock, Thread
from typing import Literal

import structlog
from prometheus_client import CollectorRegistry, generate_latest

from signals.events import Rejection, read_event
from signals.runtime.arrival import NO_TIME_AT_ALL
from signals.runtime.book_file import BookFile
from signals.runtime.gauges import AlertStates, watch, watch_source
from signals.runtime.health import Check
from signals.runtime.intake import Handed, Piece, Sent, SentUnfit
from signals.runtime.kafka.mirror import Mirror
from signals.runtime.kafka.post import Post
from signals.runtime.kafka.published import alert_of
from signals.runtime.kafka.reader import BrokerAwayError, Reader
from signals.runtime.kafka.settings import KafkaSettings
from signals.runtime.kafka.topics import Topics
from signals.runtime.kafka.unfolded import monitor_group
from signals.runtime.source import UnavailableError
from signals.study.model import Study

Clock = Literal["wall", "journal"]

_LOOK_AGAIN_SECONDS = 0.25
_AGAIN_SECONDS = 1.0
_log = structlog.get_logger("signals")


class Follower:
    """The service on the brokers, as HTTP sees it (``signals.runtime.source.Source``)."""

    def __init__(self, settings: KafkaSettings, study: Study, clock: Clock = "wall") -> None:
        """``clock``: under ``journal`` the present is the arrival of the last record."""
        self.study = study
        self._clock: Clock = clock
        self._settings = settings
        self._folder = TemporaryDirectory(prefix="signals-serve-")
        self._mirror = Mirror(Topics(settings.prefix), study.study_id, Path(self._folder.name))
        self._trouble = "the topics are still being read"
        self._failure: str | None = None
        self._known = Event()
        self._post: Post | None = None
        self._posting = Lock()
        self._listeners: list[Callable[[], None]] = []
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="following", daemon=True)
        self._registry = CollectorRegistry()
        self._states = AlertStates(self._registry)
        self._show()

    # ------------------------------------------------------------------ life

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def stop(self) -> None:
        """End; nothing is lost, since nothing is kept here."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()
        self._hang_up()
        self._mirror.store.close()
        self._folder.cleanup()

    @property
    def stopping(self) -> bool:
        """Whether it is about to end, so that who listens should leave."""
        return self._stopping.is_set()

    # ------------------------------------------------------------------ taking in

    def accept(self, pieces: Iterable[Piece], backfill: str | None = None) -> list[Handed]:
        """Send events to the topics of their kinds; when it returns the brokers have them.

        Also what will be rejected is sent: the intake keeps it, with its reasons.

        Raises:
            UnavailableError: not all were acknowledged.
            ValueError: ``backfill`` is given, which a topic cannot bear.
        """
        if backfill is not None:
            raise ValueError(
                "a batch of old data cannot be marked on its way through the brokers; put it in"
                " with 'signals journal import' before the study begins, or send it without"
            )
        taken = list(pieces)
        read = [read_event(piece.raw, zone=self.study.zone) for piece in taken]
        places = self._send([piece.raw for piece in taken])
        return [
            SentUnfit(place, what.reasons) if isinstance(what, Rejection) else Sent(what)
            for place, what in zip(places, read, strict=True)
        ]

    def _send(self, raws: list[bytes]) -> list[str]:
        try:
            return self._connected().send(raws)
        except BrokerAwayError as error:
            raise UnavailableError(
                f"{error}. Not all was taken in: send it again, what comes twice counts once."
            ) from None

    def _connected(self) -> Post:
        if self._known.is_set() and self._trouble:
            raise BrokerAwayError(self._trouble)  # nobody need wait to hear it once more
        with self._posting:
            self._post = self._post or Post(self._settings)
            return self._post

    def _hang_up(self) -> None:
        with self._posting:
            if self._post is not None:
                self._post.close()
                self._post = None

    # ------------------------------------------------------------------ what it knows

    def now(self) -> datetime:
        """The present: the wall's, or the arrival of the journal's last record."""
        if self._clock == "wall":
            return datetime.now(self.study.zone)
        return (self._mirror.last_arrival or NO_TIME_AT_ALL).astimezone(self.study.zone)

    @contextmanager
    def book(self) -> Iterator[BookFile]:
        """What was published, to read, all at one instant.

        Raises:
            UnavailableError: the topics are still being read.
        """
        self._must_know()
        with self._mirror.store.reader() as reader:
            yield BookFile(reader)

    def rejected(self, *, everything: bool) -> list[dict[str, object]]:
        """What was rejected and not yet replayed, or everything; of the whole installation.

        Raises:
            UnavailableError: the topics are still being read.
        """
        self._must_know()
        return self._mirror.rejected(everything=everything)

    def decisions(self, alert_id: str) -> list[dict[str, object]]:
        """The decisions taken on an alert, each with its effect."""
        published = self._mirror.published
        return published.decisions(alert_id) if published else []

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` after each publication; returns how to stop."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def alive(self) -> list[Check]:
        """Whether the process works, and why not."""
        return [Check("following", not self._failure, self._failure or "the topics are followed")]

    def ready(self) -> list[Check]:
        """Whether the alerts are up to date, and why not."""
        brokers = Check("brokers", not self._trouble, self._trouble or "the brokers answer")
        if not self._known.is_set():
            return [*self.alive(), brokers]
        return [*self.alive(), brokers, *self._mirror.checks(self._wall())]

    def figures(self) -> bytes:
        """What Prometheus reads."""
        return generate_latest(self._registry)

    def _must_know(self) -> None:
        if not self._known.is_set():
            raise UnavailableError(
                f"What was published is not known yet: {self._failure or self._trouble}. Ask again"
                " later; /readyz tells when."
            )

    def _wall(self) -> datetime:
        return datetime.now(self.study.zone)

    def _show(self) -> None:
        gauge = partial(watch, self._registry)
        watch_source(self._registry, self)
        gauge(
            "signals_oldest_unevaluated_seconds",
            "Age of the oldest record that no worker has folded yet.",
            lambda: self._mirror.waiting(self._wall()),
        )
        gauge(
            "signals_folded_position",
            "Journal position up to which the study is published.",
            lambda: self._mirror.position,
        )
        gauge(
            "signals_folding_failed",
            "1 if reading the topics has stopped by an error: alerts are no longer up to date.",
            lambda: float(self._failure is not None),
        )

    # ------------------------------------------------------------------ reading

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._follow()
            except BrokerAwayError as error:
                if self._trouble != str(error):
                    _log.warning("the topics cannot be read; trying again", error=str(error))
                self._trouble = str(error)
                self._hang_up()
                self._stopping.wait(_AGAIN_SECONDS)
            except Exception as error:  # noqa: BLE001 - whatever it is, it must be told
                self._failure = f"reading the topics stopped: {error!r}; restart the service"
                _log.exception("reading the topics stopped")
                return

    def _follow(self) -> None:
        """Look again and again, as long as the brokers answer."""
        with Reader(self._settings) as reader, closing(monitor_group(self._settings)) as group:
            while not self._stopping.is_set():
                rows = self._mirror.look(reader, group)
                for alert in map(alert_of, rows):
                    self._states.stands(alert["alert_id"], alert["rule"], alert["state"])
                self._trouble = ""
                self._known.set()
                if rows:
                    for listener in [*self._listeners]:
                        listener()
                self._stopping.wait(_LOOK_AGAIN_SECONDS)
