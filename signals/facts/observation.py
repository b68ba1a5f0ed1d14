"""Observation of a subject: what shows that somebody looked (DOMAIN 3.3, 3.7).

A laboratory result, vital signs, a culture, an assessment of the disease, an infusion given, or the
date last known alive.  An adverse event is none, nor is a test that was not done.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from signals.chart.chart import Chart
from signals.chart.view import View
from signals.events import PartialDate, Record
from signals.facts.exposure import exposure

DATED = ("lab-result", "vital-signs", "microbiology")
"""The kinds of which a subject may have very many; the chart keeps them in order of date."""

OTHERS = ("disease-status", "infusion", "subject-status")
_FIELDS = {
    "lab-result": "collected_at",
    "vital-signs": "at",
    "microbiology": "collected_at",
    "disease-status": "assessed_at",
    "subject-status": "last_known_alive",
}
_INEXACT = {"year", "month"}
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Observed:
    """The record, and the local day or instant it is surely not before."""

    record: Record
    at: datetime

    @property
    def order(self) -> tuple[datetime, str, str, str]:
        """Of two, the one that comes first is the first observation."""
        record = self.record
        return self.at, record.kind, record.subject_id or "", record.record_id


def first_observation(chart: Chart, view: View, subject: str, day: date) -> Observed | None:
    """The first observation of the person dated on a local day or later, if there is one."""
    found = [
        each
        for number in chart.person(subject)
        for kind in DATED
        if (each := _first_dated(view, kind, str(number), day)) is not None
    ]
    found += [each for each in _others(view, subject) if each.at.date() >= day]
    return min(found, key=lambda each: each.order, default=None)


def last_contact(chart: Chart, view: View, subject: str) -> datetime | None:
    """When the person was last observed."""
    return last_dated(chart, view, subject, last_other(view, subject))


def last_dated(
    chart: Chart, view: View, subject: str, best: datetime | None = None
) -> datetime | None:
    """The last observation by the kinds of which there are many, or ``best`` if none is later."""
    for number in chart.person(subject):
        for kind in DATED:
            for dated, record in view.backward(kind, str(number)):
                # Whatever comes now is, by the date it has or had, no later.
                if best is not None and dated <= best:
                    break
                when = observes(record)
                if when is not None and (best is None or when.earliest > best):
                    best = when.earliest
    return best


def last_other(view: View, subject: str) -> datetime | None:
    """The last observation by the other kinds (``OTHERS``), of which there are few."""
    return max([each.at for each in _others(view, subject)], default=None)


def observes(record: Record) -> PartialDate | None:
    """When a record shows that the subject was observed; None where it does not."""
    field = _FIELDS.get(record.kind)
    if field is None or record.op == "VOID":
        return None
    data = record.data
    when: PartialDate | None = getattr(data, field)
    # A month may lie before the day that is asked for.
    if when is None or when.precision in _INEXACT:
        return None
    return None if record.kind == "lab-result" and data.status == "NOT DONE" else when


def _first_dated(view: View, kind: str, number: str, day: date) -> Observed | None:
    # A day earlier, for the day begins at another instant in every zone.
    first = datetime.combine(day, time.min, UTC) - _ONE_DAY
    for record in view.onward(kind, number, first):
        when = observes(record)
        if when is not None and when.first_day >= day:
            return Observed(record, when.earliest)
    return None


def _others(view: View, subject: str) -> tuple[Observed, ...]:
    """By the other kinds, of which there are few."""
    return view.kept(
        ("other observations", subject),
        subject,
        OTHERS,
        lambda: tuple(_of_others(view, subject)),
    )


def _of_others(view: View, subject: str) -> Iterator[Observed]:
    for kind in ("disease-status", "subject-status"):
        for record in view.of_person(kind, subject):
            when = observes(record)
            if when is not None:
                yield Observed(record, when.earliest)
    for record in exposure(view, subject).given:
        start = record.data.start
        if start is not None and start.precision not in _INEXACT:
            yield Observed(record, start.earliest)
