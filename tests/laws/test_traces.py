"""Law: a record that is said to leave no trace corrects no evidence and moves no fact."""

from collections.abc import Iterable, Iterator

from signals.book.evidence import corrections, leaves_no_trace
from signals.chart.chart import RecordKey
from signals.facts.kind import Key
from signals.facts.registry import KINDS
from signals.monitor.monitor import Monitor
from tests.laws.generate import journal
from tests.laws.packs import reference_pack, without_matcher

KIND = {kind.name: kind for kind in KINDS}


def traces(
    monitor: Monitor, facts: Iterable[tuple[str, Key]], records: Iterable[RecordKey]
) -> Iterator[object]:
    """Where each of these facts went, and what corrected each of these records."""
    for kind, key in facts:
        yield kind, key, KIND[kind].moved_to(key, monitor.context)
    for record in records:
        yield record, [entry.record for entry in corrections(monitor.chart, [record], -1)]


def test_a_record_that_leaves_no_trace_leaves_none() -> None:
    traceless = telling = 0
    for seed in range(60):
        monitor = Monitor(reference_pack(), make_panel=without_matcher)
        facts: dict[tuple[str, Key], None] = {}
        records: dict[RecordKey, None] = {}
        for position, record in enumerate(journal([seed, seed + 1]), start=1):
            records[record.key] = None
            before = list(traces(monitor, facts, records))
            monitor.observe(record, position)
            same = list(traces(monitor, facts, records)) == before
            if leaves_no_trace(record):
                traceless += 1
                assert same, record
            telling += not same
            facts |= {(fact.kind, fact.key): None for fact in monitor.facts()}
    assert traceless > 50
    assert telling > 50, "other records do move facts and correct evidence"
