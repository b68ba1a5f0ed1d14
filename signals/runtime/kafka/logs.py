"""Logs as JSON, a line an event.  They name events, alerts and places, never a patient's words."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from time import monotonic

import structlog

_NOISY = ("faust", "mode", "aiokafka", "kafka")
_REPEAT_SECONDS = 10.0
_MOST_REMEMBERED = 500


class OnceInAWhile(logging.Filter):
    """Lets a line of a library through once in ten seconds, with how many like it were left out.

    Brokers that are away make the libraries say the same dozens of times a second, which buries
    what ops look for and fills a disk.  A rule that fails does so on every fact; what we say
    ourselves is let through for each rule.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        """``clock``: seconds."""
        super().__init__()
        self._clock = clock
        self._told: dict[tuple[str, str, object], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is written."""
        if record.levelno < logging.WARNING:
            return True
        kind, now = (record.name, str(record.msg), _about(record)), self._clock()
        since, left_out = self._told.get(kind, (None, 0))
        if since is not None and now - since < _REPEAT_SECONDS:
            self._told[kind] = since, left_out + 1
            return False
        if len(self._told) >= _MOST_REMEMBERED:
            self._told.clear()
        self._told[kind] = now, 0
        if left_out:
            record.msg, record.args = f"{record.getMessage()} ({left_out} more like it)", ()
        return True


def _about(record: logging.LogRecord) -> object:
    """What a line of our own is about: its first word, which names a rule or a kind of fact."""
    if record.name != "signals" or not isinstance(record.args, tuple):
        return None
    return record.args[:1]


def set_up() -> None:
    """Write structlog's and the libraries' logs to standard error, one JSON object a line."""
    shared: list[structlog.typing.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(ensure_ascii=False)],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    handler.addFilter(OnceInAWhile())
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
