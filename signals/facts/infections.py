"""Documented infections: a culture that grew and is no contaminant, or a coded adverse event."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from signals.events import Record
from signals.facts.decisions import ruling
from signals.facts.event_after_infusion import onset_of, when_of
from signals.facts.infusion_reactions import is_listed
from signals.facts.kind import Context
from signals.facts.spans import Instants

_WITHIN = timedelta(days=7)
WITHIN_A_WEEK = timedelta(days=8)
"""Two instants within 7 calendar days of each other lie less than 8 days apart."""
_SOC = "infections and infestations"


@dataclass(frozen=True, slots=True)
class Infection:
    """A record that documents an infection, and when it began or was found."""

    record: Record
    at: Instants


def may_document(versions: Sequence[Record], ctx: Context) -> bool:
    """Whether a record by any version documents an infection."""
    own = [each for each in versions if each.op != "VOID"]
    return any(_left(each) or DOCUMENT[each.kind](each, ctx) for each in own)


def _left(record: Record) -> bool:
    """Whether it came from another subject, with what was entered there."""
    return getattr(record.data, "moved_from", None) is not None


def documented_infections(
    ctx: Context, subject: str | None, at: Instants
) -> Iterator[tuple[Infection, bool]]:
    """Those within 7 calendar days of something, either way; False where that is not certain."""
    if at.high is None:
        return
    first = _midnight((at.low or at.high) - _WITHIN)
    last = _midnight(at.high + _WITHIN + timedelta(days=1))
    for kind, is_one in DOCUMENT.items():
        for record in ctx.view.of_person_within(kind, subject, first, last):
            if is_one(record, ctx):
                began = when_of(record) if kind == "microbiology" else onset_of(record, ctx.view)
                close = _within_days(at, began)
                if close is not None:
                    yield Infection(record, began), close


def _midnight(instant: datetime) -> datetime:
    return datetime.combine(instant.date(), time.min, instant.tzinfo)


def _within_days(at: Instants, other: Instants) -> bool | None:
    """True surely within 7 calendar days, False possibly, None surely not."""
    if at.low is None or at.high is None or other.low is None or other.high is None:
        return False
    nearest = max(
        (other.low.date() - at.high.date()), (at.low.date() - other.high.date()), timedelta(0)
    )
    farthest = max(other.high.date() - at.low.date(), at.high.date() - other.low.date())
    return None if nearest > _WITHIN else farthest <= _WITHIN


def _grew(record: Record, ctx: Context) -> bool:
    data = record.data
    if data.result != "POSITIVE" or data.product_sample or data.contaminant is True:
        return False
    answer = ruling(ctx.view, record.kind, record.subject_id, record.record_id, "contaminant")
    return answer != "YES"


def _is_coded(record: Record, ctx: Context) -> bool:
    """By its system organ class; an event not coded yet, by the list sepsis."""
    coded = record.data.meddra.soc_name if record.data.meddra else None
    if coded is not None:
        return bool(coded.casefold() == _SOC)
    return is_listed(record.data, ctx.study.terms.get("sepsis", frozenset()))


DOCUMENT: Mapping[str, Callable[[Record, Context], bool]] = {
    "microbiology": _grew,
    "adverse-event": _is_coded,
}
"""By kind, whether a record documents an infection."""
