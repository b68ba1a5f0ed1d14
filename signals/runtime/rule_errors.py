"""Rules that cannot be evaluated are told in the journal, so that DQ-07 stands in every runtime."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from signals.events import Record
from signals.monitor.monitor import Monitor
from signals.runtime import own_events

_KIND = "rule-error"


def news_of_rules(monitor: Monitor, now: datetime) -> Iterator[Record]:
    """The records to append: a rule that fails and is not told of, one that failed and no longer does."""
    study, view = monitor.pack.study, monitor.chart.view
    failed = monitor.failed_rules()
    told = {each.record_id: each for each in view.of_study(_KIND)}
    for rule, ((kind, key), message) in failed.items():
        before = told.get(rule)
        if before is None or before.data.message is None:
            about = dict(zip(_about(monitor, kind), key, strict=True))
            said = {"about": about, "message": message}
            yield own_events.rule_error(study, rule, _next(monitor, rule), said, now)
    for rule, record in told.items():
        if record.data.message is not None and rule not in failed:
            yield own_events.rule_error(study, rule, _next(monitor, rule), {}, now)


def _about(monitor: Monitor, kind: str) -> tuple[str, ...]:
    return next(each.about for each in monitor.kinds if each.name == kind)


def _next(monitor: Monitor, rule: str) -> int:
    return (
        max((each.version for each in monitor.chart.view.versions(_KIND, None, rule)), default=0)
        + 1
    )
