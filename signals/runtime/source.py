"""What the HTTP service shows, and where it takes events in: the file of one process, or the brokers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from signals.runtime.book_file import BookFile
from signals.runtime.health import Check
from signals.runtime.intake import Handed, Outcome, Piece
from signals.study.model import Study


class UnavailableError(Exception):
    """It cannot be answered now; the message says why, and that asking again later helps."""


class Source(Protocol):
    """One study, as the HTTP service sees it; every method may be called from any thread."""

    @property
    def study(self) -> Study:
        """The study that is shown."""
        ...

    @property
    def stopping(self) -> bool:
        """Whether it is about to end, so that who listens should leave."""
        ...

    def start(self) -> None:
        """Begin to work."""
        ...

    def stop(self) -> None:
        """End."""
        ...

    def now(self) -> datetime:
        """The present: the wall's, or that of the journal."""
        ...

    def accept(
        self, pieces: Iterable[Piece], backfill: str | None = None
    ) -> Sequence[Outcome | Handed]:
        """Take events in; when it returns none of them can be lost.

        Raises:
            UnavailableError: not all was taken in.
            ValueError: ``backfill`` cannot be marked here.
        """
        ...

    def book(self) -> AbstractContextManager[BookFile]:
        """What was published, to read, all at one instant.

        Raises:
            UnavailableError: it is not known yet; an empty book would say that nothing stands.
        """
        ...

    def rejected(self, *, everything: bool) -> list[dict[str, object]]:
        """What was rejected and not yet replayed, or everything.

        Raises:
            UnavailableError: it is not known yet.
        """
        ...

    def decisions(self, alert_id: str) -> list[dict[str, object]]:
        """The decisions taken on an alert, each with its effect."""
        ...

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` after each publication, from any thread; returns how to stop."""
        ...

    def alive(self) -> list[Check]:
        """What must hold for the process to work."""
        ...

    def ready(self) -> list[Check]:
        """What must hold for its alerts to be up to date."""
        ...

    def figures(self) -> bytes:
        """What Prometheus reads."""
        ...
