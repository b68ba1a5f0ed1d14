"""What the holder of a study adds to its journal while nothing else comes."""

from __future__ import annotations

from datetime import datetime

from signals.events import Record
from signals.runtime import own_events
from signals.runtime.kafka.study import StudyFold
from signals.runtime.rule_errors import news_of_rules


def own_records(study: StudyFold, *, trusted: bool) -> list[Record]:
    """Rules that fail, and that no longer do; else the time, if a wake is due.

    ``trusted``: time is what the journal tells, so that nothing is due by the wall's clock.
    """
    if study.fold is None:
        return []
    monitor = study.fold.monitor
    zone = monitor.pack.study.zone
    # Where the machine's clock went back, the journal's stands still, as it does at the door.
    now = monitor.now if trusted else max(datetime.now(zone), monitor.now)
    news = list(news_of_rules(monitor, now))
    monitor.settle()
    wake = monitor.next_wake()
    if news or trusted or wake is None or wake > now:
        return news
    return [own_events.clock(study.study_id, now, zone)]
