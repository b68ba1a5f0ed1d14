"""Which kinds of fact are asked about which changes."""

import pytest

from signals.events.kinds import KINDS as RECORD_KINDS
from signals.facts.kind import FactKind, RecordChange, heard_as
from signals.facts.registry import KINDS
from signals.monitor.monitor import Monitor
from tests.laws.generate import journal
from tests.laws.packs import reference_pack, without_matcher


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.name))
def test_a_kind_hears_kinds_of_record_that_there_are(kind: FactKind) -> None:
    assert {each.partition("/")[0] for each in kind.hears} <= set(RECORD_KINDS)


def test_what_a_kind_does_not_hear_touches_none_of_its_facts() -> None:
    monitor = Monitor(reference_pack(), make_panel=without_matcher)
    told = 0
    for position, record in enumerate(journal([1, 2, 3, 5, 8, 13]), start=1):
        monitor.observe(record, position)
        change = RecordChange.of(record.key, monitor.chart)
        for kind in KINDS:
            touched = list(kind.touched_by(change, monitor.context))
            heard = heard_as(record.kind, [change])
            assert not touched or heard & kind.hears, (kind.name, heard)
            told += bool(touched)
    assert told, "the journal touches some fact"
