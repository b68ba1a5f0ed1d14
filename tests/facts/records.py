"""Single records and charts of them, for what is read from a chart without an engine."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from signals.chart.chart import Chart
from signals.events import Record, read_event
from signals.facts.registry import MARKS

ZONE = ZoneInfo("Asia/Shanghai")
ALWAYS = datetime(2026, 1, 1, tzinfo=ZONE), datetime(2027, 1, 1, tzinfo=ZONE)
ARRIVED = datetime(2026, 6, 1, 8, tzinfo=ZONE)


def record(kind: str, record_id: str, subject: str = "001", /, **data: Any) -> Record:
    """A first version, told on 1 June 2026."""
    sent = {
        "schema": f"{kind}/1",
        "study_id": "T-1",
        "site_id": "WHC",
        "subject_id": subject,
        "record_id": record_id,
        "version": 1,
        "op": "UPSERT",
        "change_reason": "NEW",
        "recorded_at": ARRIVED.isoformat(),
        "source": "edc",
        "actor": "site-1",
        "data": data,
    }
    read = read_event(sent, zone=ZONE)
    assert isinstance(read, Record), read
    return read.arrived(ARRIVED)


def chart_of(*records: Record) -> Chart:
    """A chart with the marks of all kinds of facts."""
    chart = Chart(MARKS)
    for position, each in enumerate(records, 1):
        chart.add(each, position)
    return chart
