"""Records that show a contact with the subject (DOMAIN 3.3): each an examination or a treatment.

A test that was not done shows none.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from signals.chart.view import View
from signals.events import PartialDate, Record

CONTACTS = {
    "lab-result": "collected_at",
    "vital-signs": "at",
    "microbiology": "collected_at",
    "infusion": "start",
    "disease-status": "assessed_at",
}
"""The kinds, and the field of each that dates the contact; an adverse event is none."""

_NO_CONTACT = {"NOT DONE", "NOT_DONE", "PLANNED", "CANCELLED"}
_IN_ORDER = {"lab-result", "vital-signs", "microbiology"}
_EVER = datetime.max.replace(tzinfo=UTC) - timedelta(days=7)


def contact_after(view: View, subject: str | None, instant: datetime) -> str | None:
    """The kind of a record, in words, that surely is of later than this instant."""
    for record in _since(view, subject, instant):
        when: PartialDate | None = getattr(record.data, CONTACTS[record.kind])
        if getattr(record.data, "status", None) in _NO_CONTACT:
            continue
        if when is not None and when.earliest > instant:
            return record.kind.replace("-", " ")
    return None


def _since(view: View, subject: str | None, instant: datetime) -> Iterator[Record]:
    for kind in CONTACTS:
        if kind in _IN_ORDER:
            yield from view.of_person_within(kind, subject, instant, _EVER)
        else:
            yield from view.of_person(kind, subject)
