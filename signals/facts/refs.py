"""Pointing at record versions."""

from __future__ import annotations

from signals.events import Record
from signals.facts.value import Ref


def ref(record: Record) -> Ref:
    """The version as evidence points at it."""
    return Ref(record.kind, record.subject_id, record.record_id, record.version)


def refs(records: list[Record]) -> tuple[Ref, ...]:
    """Each once, in order."""
    return tuple(dict.fromkeys([ref(record) for record in records]))
