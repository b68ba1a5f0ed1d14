"""The fact ``participation``: whether a subject number is enrolled and still takes part (SDTM DS)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from signals.events import Record
from signals.facts.fields import text, yes_no
from signals.facts.kind import Change, Context, Fact, Field, Key, RecordChange
from signals.facts.refs import ref
from signals.facts.value import ANY_WORD, Value, flag, word

_ENDED = {"COMPLETED", "WITHDRAWN", "LOST", "DEAD"}


class ParticipationKind:
    """One fact per enrolled subject number."""

    name = "participation"
    about = ("subject",)
    reads: tuple[str, ...] = ()
    hears: frozenset[str] = frozenset({"enrolment", "subject-status"})
    fields: Mapping[str, Field] = {
        field.name: field
        for field in (
            yes_no("active", "Enrolled, and the last status ends nothing", "RULES.csv DQ-07"),
            text("site", "The site that enrolled the subject", "SDTM SITEID"),
            text("last_status", "The last status recorded", "SDTM DSDECOD"),
        )
    }

    def keys(self, ctx: Context) -> Iterator[Key]:
        """Every subject with an enrolment on file."""
        for subject in ctx.chart.subjects("enrolment"):
            yield (subject,)

    def touched_by(self, change: Change, ctx: Context) -> Iterable[Key]:
        """The subject of an enrolment or a status."""
        del ctx
        if isinstance(change, RecordChange) and change.kind in ("enrolment", "subject-status"):
            yield (change.subject_id,)

    def derive(self, key: Key, ctx: Context) -> Fact | None:
        """The fact, or None for a subject who was never enrolled."""
        enrolments = [
            each
            for each in ctx.view.of_subject("enrolment", key[0])
            # A date of enrolment that cannot be read is one all the same.
            if each.data.enrolled_at is not None or each.problems
        ]
        if key[0] is None or not enrolments:
            return None
        enrolment = max(enrolments, key=_when)
        last = max(ctx.view.of_subject("subject-status", key[0]), key=_when, default=None)
        status = last.data.status if last is not None else None
        own = [ref(each) for each in (enrolment, last) if each is not None]
        values: dict[str, Value] = {
            "active": flag(status not in _ENDED),
            "site": word(enrolment.site_id) if enrolment.site_id else ANY_WORD,
            "last_status": word(status.replace("_", " ").lower()) if status else ANY_WORD,
        }
        return Fact(
            kind=self.name,
            key=key,
            values={name: value.resting_on(*own) for name, value in values.items()},
            subject_id=key[0],
            site_id=enrolment.site_id,
        )

    def moved_to(self, key: Key, ctx: Context) -> Key | None:
        """A number does not move."""
        del key, ctx
        return None


def _when(record: Record) -> tuple[datetime, datetime, str]:
    stated = record.data.enrolled_at if record.kind == "enrolment" else record.data.at
    entered = record.recorded_at or record.arrival
    return (stated.latest if stated is not None else entered), entered, record.record_id
