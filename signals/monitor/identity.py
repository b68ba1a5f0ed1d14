"""The name of an alert: study, rule, and what it is about (EVENTS, one alert)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from signals.facts.kind import Key

_NOBODY = "-"


@lru_cache(maxsize=65_536)
def alert_id(study_id: str, rule: str, key: Key) -> str:
    """Study, rule and the values of ``about`` joined by ``|``; a null value is ``-``."""
    return "|".join(_written((study_id, rule, *key)))


@lru_cache(maxsize=65_536)
def read_alert_id(text: str) -> tuple[str, str, Key]:
    """Study, rule and key of an alert's name; a text that is none has an empty rule."""
    study, rest = text.split("|", 1) if "|" in text else (text, "")
    study, (rule, *values) = _read(study), map(_read, rest.split("|"))
    return study, rule, tuple(None if value == _NOBODY else value for value in values)


def _written(values: Iterable[str | None]) -> Iterable[str]:
    return (_NOBODY if value is None else value.replace("|", "%7C") for value in values)


def _read(value: str) -> str:
    return value.replace("%7C", "|")
