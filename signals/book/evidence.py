"""The records an alert rests on: their hash, their arrival, and what became of them since."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import timedelta

from signals.book.alert import AssumedValue, Because, MissingField
from signals.chart.chart import Chart, Entry, RecordKey
from signals.events import Record
from signals.facts.value import Ref
from signals.rulebook.answer import Answer

_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
_CORRECTIONS = frozenset({"CORRECTION", "ENTERED_IN_ERROR"})
_MEASURED = frozenset({"lab-result", "vital-signs"})


def evidence_hash(
    because: Iterable[Because], missing: Iterable[MissingField], assumed: Iterable[AssumedValue]
) -> str:
    """What a decision is taken on: values and verdicts, without versions, rule or pack."""
    content = {
        "because": sorted((leaf.field, leaf.value, leaf.verdict) for leaf in because),
        "missing": sorted((field.field, field.value) for field in missing),
        "assumed": sorted((value.field, value.value, value.why) for value in assumed),
    }
    return f"sha256:{hashlib.sha256(_canonical(content).encode()).hexdigest()}"


def references(answer: Answer) -> tuple[Ref, ...]:
    """The record versions behind an answer, each once."""
    refs = [ref for leaf in answer.because for ref in leaf.records]
    refs += [ref for field in answer.missing for ref in field.records]
    return tuple(dict.fromkeys(refs))


def record_keys(answer: Answer) -> tuple[RecordKey, ...]:
    """The records behind an answer, whatever their version."""
    return tuple(dict.fromkeys((r.kind, r.subject_id, r.record_id) for r in references(answer)))


def corrections(chart: Chart, records: Iterable[RecordKey], since: int) -> list[Entry]:
    """Corrections and voids of the records that came after a journal position, newest last."""
    found = [
        entry
        for key in records
        for entry in chart.entries(*chart.home(key))
        if entry.position > since and _is_correction(entry.record)
    ]
    return sorted(found, key=lambda entry: entry.position)


def leaves_no_trace(record: Record) -> bool:
    """Whether it surely corrects no evidence, and tells of no fact that it moved.

    So it is with nearly every measurement, that is with nearly every record: persons, events and
    cases are told by other kinds.
    """
    if record.kind not in _MEASURED or record.data.moved_from is not None:
        return False
    return not _is_correction(record)


def is_late(chart: Chart, answer: Answer, late_hours: int) -> bool:
    """Whether the last version that made it true came long after the fact, or in a backfill."""
    entries = [entry for ref in references(answer) if (entry := _version(chart, ref)) is not None]
    if not entries:
        return False
    newest = max(entries, key=lambda entry: (entry.record.arrival, entry.position)).record
    if newest.backfill is not None:
        return True
    happened = None if answer.fact is None else answer.fact.clinical_at
    return happened is not None and newest.arrival - happened > timedelta(hours=late_hours)


def _is_correction(record: Record) -> bool:
    return record.op == "VOID" or record.change_reason in _CORRECTIONS


def _version(chart: Chart, ref: Ref) -> Entry | None:
    key = chart.home((ref.kind, ref.subject_id, ref.record_id))
    return next((e for e in chart.entries(*key) if e.record.version == ref.version), None)
