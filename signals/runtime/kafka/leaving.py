"""A worker that leaves must end, whatever the brokers do.

The libraries wait for their brokers at many places, at some for ever, and in threads that hold up
the end of the process.  To end without them loses nothing: what was not acknowledged is read again.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from threading import Event, Thread
from time import sleep

import structlog

LEAVE_SECONDS = 20.0
_log = structlog.get_logger("signals")


@dataclass(slots=True)
class Leaving:
    """That a worker leaves, and the exit code of its process: 0 if it was asked to."""

    begun: Event = field(default_factory=Event)
    code: int = 2

    def asked(self) -> None:
        """It was asked to end."""
        self.code = 0
        self.begun.set()

    def end_the_process_in_time(self) -> None:
        """See to it that this process has ended ``LEAVE_SECONDS`` after the worker began to leave."""
        Thread(target=self._end, name="leaving", daemon=True).start()

    def _end(self) -> None:
        self.begun.wait()
        sleep(LEAVE_SECONDS)
        _log.warning(
            "the brokers could not be left in order; ending without it, nothing is lost",
            seconds=LEAVE_SECONDS,
        )
        os._exit(self.code)
