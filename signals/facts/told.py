"""What the sponsor was told of an adverse event, version by version.

The chain of versions that are not void, in the order of their numbers, led by those of the record
it was moved from (receipt and day 0 travel along).  A CORRECTION of an error of the sponsor or its
delegate counts as told from the first version that bore the wrong value, for the right one stood
in its source (DOMAIN 4.4).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from signals.chart.view import View
from signals.events import Record
from signals.events.kinds.adverse_event import AdverseEvent
from signals.facts.receipts import receipt
from signals.facts.refs import ref
from signals.facts.value import Ref
from signals.immutable import immutable

_PER_VERSION = {
    "received_by_sponsor_at",
    "sponsor_determined_at",
    "error_origin",
    "significant",
    "moved_from",
}


@immutable(frozen=True, slots=True)
class Told:
    """One version with corrections applied, the record it rests on, and when the sponsor held it.

    ``stated``: whether the record states its receipt.
    """

    record: Record
    source: Ref
    at: datetime
    stated: bool

    @property
    def data(self) -> AdverseEvent:
        """What the version says."""
        data: AdverseEvent = self.record.data
        return data


def versions_of(view: View, subject: str | None, record_id: str) -> list[Record]:
    """All versions of an adverse event, those under the subject it was moved from first."""
    own = view.versions("adverse-event", subject, record_id)
    moved = next((each.data.moved_from for each in own if each.data.moved_from), None)
    if moved is None or moved.record_id is None:
        return own
    return view.versions("adverse-event", moved.subject_id, moved.record_id) + own


def chain(versions: list[Record]) -> list[Told]:
    """The chain of what was told, corrections carried back."""
    standing = [each for each in versions if each.op != "VOID"]
    told = [_told(each) for each in standing]
    for index, each in enumerate(standing):
        corrects = each.change_reason == "CORRECTION" and index > 0
        if corrects and each.data.error_origin != "SITE":
            _carry_back(told, index)
    return told


def _told(record: Record) -> Told:
    held = receipt(record)
    return Told(record, ref(record), held.at, held.stated)


def _carry_back(told: list[Told], index: int) -> None:
    right, wrong = told[index].data, told[index - 1].data
    for path in _paths(right):
        if _get(right, path) == _get(wrong, path):
            continue
        for earlier in range(index - 1, -1, -1):
            if _get(told[earlier].data, path) != _get(wrong, path):
                break
            corrected = _taking(told[earlier].data, path, right)
            record = replace(told[earlier].record, data=corrected)
            told[earlier] = replace(told[earlier], record=record)


def _paths(data: AdverseEvent) -> list[tuple[str, ...]]:
    """Fields one by one; criteria and causality by their parts."""
    names = [name for name in type(data).model_fields if name not in _PER_VERSION]
    nested = ("criteria", "causality")
    paths: list[tuple[str, ...]] = [(name,) for name in names if name not in nested]
    for name in nested:
        part = getattr(data, name)
        paths += [(name, each) for each in type(part).model_fields] if part else [(name,)]
    return paths


def _get(data: BaseModel, path: tuple[str, ...]) -> object:
    value: object = data
    for name in path:
        value = getattr(value, name, None)
    return value


def _taking(data: AdverseEvent, path: tuple[str, ...], right: AdverseEvent) -> AdverseEvent:
    """The data with what stands at the path in the right version."""
    value: Any = getattr(right, path[0])
    if len(path) > 1:
        part = getattr(data, path[0]) or type(value)()
        value = part.model_copy(update={path[1]: _get(right, path)})
    return data.model_copy(update={path[0]: value})
