"""A partition held: holes are read, a record that breaks the fold is passed over, alone."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from kafka import KafkaProducer

from signals.events import Record
from signals.facts.kind import Fact
from signals.facts.registry import dictionary
from signals.rulebook.pack import Pack
from signals.rulebook.panel import Panel
from signals.rulebook.spec import Verdict
from signals.runtime.arrival import NO_TIME_AT_ALL
from signals.runtime.kafka.export import Sender
from signals.runtime.kafka.intake import Doors
from signals.runtime.kafka.partition import Burst, JournalLostError, PartitionFold
from signals.runtime.kafka.reader import Reader
from signals.runtime.kafka.state import Mark, Writer
from signals.runtime.kafka.study import Engine
from signals.runtime.kafka.topics import partition_of
from signals.runtime.own_events import pack_activation
from tests.faults.trial import ZONE
from tests.kafka.installation import Installation
from tests.kafka.transactions import transact
from tests.runtime.posts import adverse_event


class Brittle(Panel):
    """Breaks on one adverse event, as an error in the engine would."""

    def judge(self, fact: Fact, now: datetime) -> dict[str, Verdict]:
        if "AE-BAD" in fact.key:
            raise ArithmeticError("an error in the engine")
        return dict(super().judge(fact, now))


def brittle(pack: Pack) -> Panel:
    return Brittle(pack.by_kind, dictionary(), use_matcher=False)


@dataclass
class Journal:
    """The journal of a study on an installation."""

    installation: Installation
    pack: Pack
    records: list[Record] = field(default_factory=list)

    def append(self, *names: str) -> None:
        records = [read(self.pack, name) for name in names]
        if not self.records:
            now = NO_TIME_AT_ALL
            records = [
                pack_activation("UC-MSC", self.pack.hash, self.pack.files, now, ZONE),
                *records,
            ]
        self.records += records
        with Sender(self.installation.settings) as sender:
            sender.journal(records)

    def fold(self, make_panel: Callable[[Pack], Panel]) -> PartitionFold:
        partitions = self.installation.partitions
        fold = PartitionFold(
            partition_of("UC-MSC", partitions),
            partitions,
            Engine(load_pack=lambda _files: self.pack, make_panel=make_panel),
            self.installation.topics,
            lambda: Reader(self.installation.settings),
        )
        fold.load_state()
        return fold


def read(pack: Pack, name: str) -> Record:
    found = Doors([pack], trusted=True).read(json.dumps(adverse_event(name)).encode())
    assert isinstance(found, Record)
    return found


def serious(burst: Burst) -> list[str]:
    """The adverse events of which SAE-01 was published, in order."""
    alerts = [alert for change in burst.changes for alert in change.alerts]
    return [str(each.about["adverse event"]) for each in alerts if each.rule == "SAE-01"]


def test_a_record_that_breaks_the_fold_is_passed_over_and_all_others_are_folded(
    installation: Installation, pack: Pack
) -> None:
    journal = Journal(installation, pack)
    journal.append("AE-1", "AE-BAD", "AE-2")
    fold = journal.fold(brittle)
    assert fold.catch_up(4, seconds=60)
    burst = fold.collect()
    assert serious(burst) == ["AE-1", "AE-2"]
    (passed,) = burst.passed_over
    assert passed.why == "breaks the fold"
    assert passed.message.offset == 2
    assert "an error in the engine" in passed.rejection.reasons[0].message
    (change,) = burst.changes
    assert (change.position, change.passed_over) == (4, (3,))
    assert [alert.journal_position for alert in change.alerts][-1] == 4


def test_a_hole_is_seen_and_read(installation: Installation, pack: Pack) -> None:
    journal = Journal(installation, pack)
    journal.append("AE-1", "AE-2", "AE-3")
    fold = journal.fold(brittle)
    with Reader(installation.settings) as reader:
        messages = list(reader.read(installation.topics.journal, fold.partition, 0, 4))
    first, second, _, last = messages
    assert fold.hand([first, last], seconds=60) == [last]
    assert fold.folded == 0
    assert fold.catch_up(3, seconds=60)
    assert fold.hand([last, second], seconds=60) == [], "what was folded is not folded again"
    assert serious(fold.collect()) == ["AE-1", "AE-2", "AE-3"]


def test_a_catch_up_that_is_broken_off_goes_on(installation: Installation, pack: Pack) -> None:
    journal = Journal(installation, pack)
    journal.append("AE-1", "AE-2", "AE-3")
    fold = journal.fold(brittle)
    found: list[str] = []
    while not fold.catch_up(4, seconds=0):
        found += serious(fold.collect())
    assert found + serious(fold.collect()) == ["AE-1", "AE-2", "AE-3"]


def test_gaps_are_counted_also_if_the_time_is_over_at_the_last_record(
    installation: Installation, pack: Pack
) -> None:
    journal = Journal(installation, pack)
    journal.append("AE-1")
    fold = journal.fold(brittle)
    transact(installation, fold.partition, (2, False))
    journal.append("AE-2")
    # Offsets: the activation, AE-1, two that were aborted, the marker, AE-2.
    while not fold.catch_up(6, seconds=0):
        pass
    assert (fold.folded, fold.gaps) == (5, 3)


def test_more_published_by_another_is_seen_before_it_is_written_over(
    installation: Installation, pack: Pack
) -> None:
    journal = Journal(installation, pack)
    journal.append("AE-1", "AE-2")
    fold = journal.fold(brittle)
    assert fold.catch_up(3, seconds=60)
    with Reader(installation.settings) as reader:
        assert not fold.overtaken(reader, "me")
        published(installation, 3)  # as far as this one has folded
        assert not fold.overtaken(reader, "me")
        published(installation, 4)
        assert not fold.overtaken(reader, "one"), "that was this worker itself"
        assert fold.overtaken(reader, "me")
        fold.written_by_others(reader, "me")
        assert fold.overtaken(reader, "me"), "it is remembered"


def test_more_published_than_the_journal_holds_is_told_and_not_folded_over(
    installation: Installation, pack: Pack
) -> None:
    journal = Journal(installation, pack)
    journal.append("AE-1", "AE-2")
    published(installation, 3)
    fold = journal.fold(brittle)
    assert fold.catch_up(3, seconds=60)
    fold.assert_whole()
    published(installation, 4)
    fold = journal.fold(brittle)
    assert fold.catch_up(3, seconds=60)
    told = "UC-MSC was published up to position 4, and the journal holds 3 of its records; restore"
    with pytest.raises(JournalLostError, match=told):
        fold.assert_whole()


def test_a_study_that_was_published_and_has_no_journal_is_told(
    installation: Installation, pack: Pack
) -> None:
    published(installation, 1)
    with pytest.raises(JournalLostError, match="up to position 1, and the journal holds 0"):
        Journal(installation, pack).fold(brittle).assert_whole()


def published(installation: Installation, position: int) -> None:
    """Say on alerts.state that the study is published up to this position."""
    place = partition_of("UC-MSC", installation.partitions)
    mark = Mark("UC-MSC", position, 9, f"{0:064x}", (), Writer("one", 1))
    producer = KafkaProducer(bootstrap_servers=installation.bootstrap)
    producer.send(installation.topics.state, mark.to_json(), key=b"UC-MSC", partition=place)
    producer.close()


def test_records_wait_for_the_first_activation_whose_pack_is_in_force_from_the_beginning(
    installation: Installation, pack: Pack
) -> None:
    journal = Journal(installation, pack, records=[read(pack, "AE-0")])
    journal.append("AE-1")
    fold = journal.fold(brittle)
    assert fold.catch_up(1, seconds=60)
    assert not fold.collect()
    assert fold.studies["UC-MSC"].waits == 1
    now = datetime.now(UTC)
    with Sender(installation.settings) as sender:
        sender.journal([pack_activation("UC-MSC", pack.hash, pack.files, now, ZONE)])
    assert fold.catch_up(2, seconds=60)
    assert serious(fold.collect()) == ["AE-1"]
