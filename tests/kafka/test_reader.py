"""The plain consumer: it hands over every record, counts what is none, and skips nothing untold."""

import pytest
from kafka import KafkaAdminClient, TopicPartition

from signals.runtime.kafka.reader import BrokerAwayError, Reader
from tests.kafka.installation import Installation
from tests.kafka.transactions import transact


def test_control_and_aborted_batches_are_passed_and_counted(installation: Installation) -> None:
    # Offsets: 0 to 2 aborted, 3 marker; 4 and 5, 6 marker; 7 aborted, 8 marker.
    topic = installation.topics.journal
    transact(installation, 0, (3, False), (2, True), (1, False))
    with Reader(installation.settings) as reader:
        found = list(reader.read(topic, 0, 0, 9))
        assert [(each.offset, each.value) for each in found] == [(4, b"3"), (5, b"4")]
        assert reader.gaps == 7
    with Reader(installation.settings) as reader:
        assert [each.offset for each in reader.read(topic, 0, 1, 5)] == [4]
        assert reader.gaps == 3
        assert list(reader.read(topic, 0, 6, 9)) == []
        assert reader.gaps == 6


def test_a_beginning_that_was_deleted_is_told_and_not_skipped(installation: Installation) -> None:
    topic = installation.topics.journal
    transact(installation, 0, (5, True))
    admin = KafkaAdminClient(bootstrap_servers=installation.bootstrap)
    admin.delete_records({TopicPartition(topic, 0): 3})
    admin.close()
    with Reader(installation.settings) as reader:
        assert [each.offset for each in reader.read(topic, 0, 3, 6)] == [3, 4]
        with pytest.raises(
            BrokerAwayError, match=r"no longer hold what was asked for.*topics plan"
        ):
            list(reader.read(topic, 0, 0, 6))


def test_an_end_that_was_lost_is_told(installation: Installation) -> None:
    topic = installation.topics.journal
    transact(installation, 0, (2, True))
    with (
        Reader(installation.settings) as reader,
        pytest.raises(BrokerAwayError, match=r"journal 0 ended at 9, and now at 3"),
    ):
        list(reader.read(topic, 0, 0, 9))
