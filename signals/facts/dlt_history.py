"""How a subject's status for dose-limiting toxicity came about (DOMAIN 3.3, 3.8).

Two times are kept apart: what was known at an instant is what had arrived by then; when a toxicity
was there is told by the entry at its source, with later corrections applied to the past (DLT-06).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from signals.chart.chart import Chart
from signals.events import Record
from signals.facts.decisions import cohort_decisions, decided_at, ruled_on, ruling, settles
from signals.facts.dlt_events import PROFILES, classify, may_be_suspected, may_count
from signals.facts.evaluability import BEARING, DLT, NO_DLT, Assessment, assess
from signals.facts.exposure import exposure
from signals.facts.told import versions_of
from signals.facts.toxicity import toxicity
from signals.study.model import Profile, Study


@dataclass(frozen=True, slots=True)
class Step:
    """What was known from an instant on: the level as treated, the status by profile, the day needed."""

    at: datetime
    level: str | None
    statuses: tuple[str, ...]
    needed: date | None

    def status(self, profile: Profile) -> str:
        """The status under one profile."""
        return self.statuses[PROFILES.index(profile)]


@dataclass(frozen=True, slots=True)
class Span:
    """From one entry at the source until another (None: still)."""

    since: datetime
    until: datetime | None

    def holds(self, at: datetime) -> bool:
        """Whether it was so at an instant."""
        return self.since <= at and (self.until is None or at < self.until)


def known_steps(chart: Chart, subject: str, study: Study, now: Assessment) -> tuple[Step, ...]:
    """Everything that was ever known of the subject's status, the earliest first."""
    steps: list[Step] = []
    last = None
    for at in sorted(_moments(chart, subject, study, now)):
        then = assess(chart, chart.as_of(at), subject, study)
        if then.enrolment is None and not then.treated:
            continue
        told = then.level, tuple([each.status for each in then.under]), then.needed
        if told != last:
            steps.append(Step(at, *told))
            last = told
    return tuple(steps)


def known_at(steps: tuple[Step, ...], at: datetime) -> Step | None:
    """What was known at an instant; None: nothing yet."""
    return next((each for each in reversed(steps) if each.at <= at), None)


def _moments(chart: Chart, subject: str, study: Study, now: Assessment) -> set[datetime]:
    """When a record arrived that may have changed the status, and when the committee decided."""
    found = {decided_at(each) for each in cohort_decisions(chart.view)}
    for number in chart.person(subject):
        for kind in BEARING:
            for record_id in chart.record_ids(kind, number):
                if kind == "adverse-event" and not may_count(chart, number, record_id, study):
                    continue
                versions = chart.view.versions(kind, number, record_id)
                if kind != "decision" or any(settles(each) for each in versions):
                    found |= {each.arrival for each in versions}
    if now.observed is not None:
        observed = now.observed.record
        found |= {each.arrival for each in chart.history(observed.key)}
    return found


def dlt_spans(chart: Chart, subject: str, study: Study, profile: Profile) -> tuple[Span, ...]:
    """When the subject had a dose-limiting toxicity, by entry at the source.

    A version that corrects holds from the first entry on, and one entered in error never was.
    """
    return chart.view.kept(
        ("dlt spans", study, subject, profile),
        subject,
        ("adverse-event", "infusion", "decision"),
        lambda: tuple(
            span
            for number in chart.person(subject)
            for record_id in chart.record_ids("adverse-event", number)
            for span in _of_event(chart, number, record_id, study, profile)
        ),
    )


def _of_event(
    chart: Chart, number: str | None, record_id: str, study: Study, profile: Profile
) -> Iterator[Span]:
    view = chart.view
    versions = versions_of(view, number, record_id)
    if view.current("adverse-event", number, record_id) is None:
        return
    own = [each for each in versions if each.op != "VOID"]
    answer = None
    if record_id in ruled_on(view, number, "dlt"):
        answer = ruling(view, "adverse-event", number, record_id, "dlt")
    if answer is None and not any(may_be_suspected(each, study) for each in own):
        return
    exposed = exposure(view, number)
    standing = _corrected(own)
    since = [_entered(own[0]), *(_entered(own[place]) for place in standing[1:])]
    for place, begin, end in zip(standing, since, [*since[1:], None], strict=True):
        toxic = toxicity(own[place], own[: place + 1], exposed, study)
        if classify(toxic, own[place], answer, profile, study) == "dlt":
            yield Span(begin, end)


def _corrected(versions: list[Record]) -> list[int]:
    """The places of the versions that hold for a time: the last correction, and those after it."""
    last = max(
        (i for i, each in enumerate(versions) if each.change_reason == "CORRECTION"), default=0
    )
    return list(range(last, len(versions)))


def _entered(record: Record) -> datetime:
    return record.recorded_at or record.arrival


def evaluable_since(now: Assessment, profile: Profile) -> datetime | None:
    """Since when the subject counts for n without a toxicity, by entry at the source."""
    if now.observed is None or now.is_(profile).status not in (NO_DLT, DLT):
        return None
    return _entered(now.observed.record)
