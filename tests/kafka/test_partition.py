"""A partition held: holes are read, a record that breaks the fold is passed over, alone."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from kafka import KafkaProducer

from signals.book.fold import LoadPack, pack_of
from signals.events import Record
from signals.facts.kind import Fact
from signals.facts.registry import dictionary
from signals.rulebook.pack import Pack, load_pack
from signals.rulebook.panel import Panel
from signals.rulebook.spec import Verdict
from signals.runtime.arrival import NO_TIME_AT_ALL
from signals.runtime.kafka.export import Sender
from signals.runtime.kafka.history import History
from signals.runtime.kafka.intake import Doors
from signals.runtime.kafka.partition import Burst, PartitionFold
from signals.runtime.kafka.reader import Reader
from signals.runtime.kafka.state import Mark, Writer
from signals.runtime.kafka.study import Engine
from signals.runtime.kafka.topics import partition_of
from signals.runtime.own_events import pack_activation
from tests.faults.trial import ZONE
from tests.kafka.books import pack_for
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

    def fold(
        self, make_panel: Callable[[Pack], Panel], load: LoadPack | None = None
    ) -> PartitionFold:
        partitions = self.installation.partitions
        fold = PartitionFold(
            partition_of("UC-MSC", partitions),
            partitions,
            Engine(load_pack=load or (lambda _files: self.pack), make_panel=make_panel),
            self.installation.topics,
            lambda: Reader(self.installation.settings),
        )
        fold.load_state()
        return fold


def read(pack: Pack, name: str, **changes: Any) -> Record:
    event = json.dumps(adverse_event(name, **changes)).encode()
    found = Doors([pack], trusted=True).read(event)
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
    fold.at_end()
    assert not fold.lost
    published(installation, 4)
    fold = journal.fold(brittle)
    assert fold.catch_up(3, seconds=60)
    fold.at_end()
    told = fold.lost["UC-MSC"]
    assert told.startswith(
        "UC-MSC was published up to position 4, and the journal holds 3 of its records: it was lost"
    )
    journal.append("AE-3", "AE-4")  # as many as were lost, and one more
    assert fold.catch_up(5, seconds=60)
    (change,) = fold.collect().changes
    assert (change.alerts, change.entries) == ([], {})
    assert (change.position, change.lost) == (4, told), "the mark stays, and tells why"
    assert not fold.collect(), "it is told once"
    assert not fold.studies["UC-MSC"].again([]).alerts


def test_a_study_that_was_published_and_has_no_journal_is_told(
    installation: Installation, pack: Pack
) -> None:
    published(installation, 1)
    fold = Journal(installation, pack).fold(brittle)
    fold.at_end()
    assert "up to position 1, and the journal holds 0" in fold.lost["UC-MSC"]


def test_as_many_other_records_are_told_and_no_other_study_waits_for_it(
    installation: Installation, pack: Pack, tmp_path: Path
) -> None:
    journal = Journal(installation, pack)
    journal.append("AE-1", "AE-2")
    named = neighbour(installation)
    beside = load_pack(pack_for(named, tmp_path))
    activation = pack_activation(named, beside.hash, beside.files, NO_TIME_AT_ALL, ZONE)
    with Sender(installation.settings) as sender:
        sender.journal([activation, read(beside, "AE-7", _study_id=named)])
    published(installation, 3, journal=digest_of(journal.records))
    fold = journal.fold(brittle, pack_of)
    assert fold.catch_up(5, seconds=60)
    fold.at_end()
    assert not fold.lost
    # With a book on alerts.state that fits, and with one that does not and is folded afresh.
    for generation, book in ((2, f"{0:064x}"), (3, "7" * 64)):
        published(installation, 2, journal="7" * 64, book=book, generation=generation)
        fold = journal.fold(brittle, pack_of)
        assert fold.catch_up(5, seconds=60)
        burst = fold.collect()
        assert [each.study_id for each in burst.changes] == ["UC-MSC", named]
        assert serious(burst) == ["AE-7"]
        assert fold.lost == {"UC-MSC": burst.changes[0].lost}
        assert "up to position 2 is not the one whose alerts were published" in fold.lost["UC-MSC"]
        assert burst.changes[0].position == 2
        assert fold.studies["UC-MSC"].next_wake() is None


def test_a_mark_bears_the_digest_of_what_counts_whatever_lies_between(
    installation: Installation, pack: Pack
) -> None:
    journal = Journal(installation, pack)
    journal.append("AE-1", "AE-BAD")
    published(installation, 2)  # by a version that kept no digest
    fold = journal.fold(brittle)
    transact(installation, fold.partition, (2, False))
    journal.append("AE-2")
    with Sender(installation.settings) as sender:
        sender.journal(journal.records[1:2])  # the brokers hold it twice
    found = []
    while not fold.catch_up(8, seconds=0):
        found += fold.collect().changes
    found += fold.collect().changes
    assert [(each.position, each.journal) for each in found][-1] == (4, digest_of(journal.records))
    for change in found:
        assert change.journal == digest_of(journal.records[: change.position])


def test_a_mark_without_a_digest_is_given_one_as_soon_as_its_position_is_read(
    installation: Installation, pack: Pack
) -> None:
    journal = Journal(installation, pack)
    journal.append()
    published(installation, 1)
    fold = journal.fold(brittle)
    assert fold.catch_up(1, seconds=60)
    (change,) = fold.collect().changes
    assert (change.position, change.journal) == (1, digest_of(journal.records))
    assert not fold.collect()


def test_a_loss_that_another_told_is_looked_at_before_going_on(
    installation: Installation, pack: Pack
) -> None:
    journal = Journal(installation, pack)
    journal.append("AE-1", "AE-2")
    fold = journal.fold(brittle)
    assert fold.catch_up(3, seconds=60)
    with Reader(installation.settings) as reader:
        published(installation, 3)
        assert not fold.overtaken(reader, "me")
        published(installation, 3, lost="it is another one")
        assert fold.overtaken(reader, "me")


def neighbour(installation: Installation) -> str:
    """The name of another study that lies on the same partition."""
    place = partition_of("UC-MSC", installation.partitions)
    names = (f"S-{number}" for number in count())
    return next(n for n in names if partition_of(n, installation.partitions) == place)


def digest_of(records: list[Record]) -> str:
    history = History("UC-MSC", None)
    for record in records:
        history.add(record)
    return history.digest


def published(
    installation: Installation,
    position: int,
    *,
    journal: str | None = None,
    book: str = f"{0:064x}",
    lost: str = "",
    generation: int = 1,
) -> None:
    """Say on alerts.state that the study is published up to this position."""
    place = partition_of("UC-MSC", installation.partitions)
    mark = Mark("UC-MSC", position, 9, book, (), Writer("one", generation), journal, lost)
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
